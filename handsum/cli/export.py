"""``handsum export``: a trained network becomes a graph that the reader opens."""

from __future__ import annotations

import os
from pathlib import Path

import click

from handsum.cli.extras import require
from handsum.errors import HandsumError


@click.command(name="export", epilog="\b\nExamples:\n  handsum export mnist.h5 --out mnist.onnx")
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False), default="mnist.h5")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The graph to write. By default beside the model, with the suffix .onnx.",
)
def command(model: Path, out: Path | None) -> None:
    """Turn a trained MODEL (mnist.h5 unless named) into one ONNX graph.

    The graph does the whole work: from a raw page of pixels to ten probabilities, or, for the page network
    (detector.h5, with scale.h5 beside it), to the boxes and labels of its symbols.
    """
    if not model.exists():
        raise HandsumError(f"There is no model {model}: train one with `handsum train`, or name another.")
    require("Exporting", "keras", os.environ.get("KERAS_BACKEND") or "tensorflow", "onnxscript")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's greetings are not news
    target = out or model.with_suffix(".onnx")
    from handsum.training.detector.export import export_page, is_detector

    if is_detector(model):
        export_page(model, target)
    else:
        from handsum.training.graphs.export import export

        export(model, target)
    click.echo(f"{target} ({target.stat().st_size / 1e6:.2f} MB)")
