"""``handsum train``: the classic network, trained on MNIST."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from handsum.cli.extras import require

INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended


@click.command(name="train", epilog="\b\nExamples:\n  handsum train --quick --out tried-out")
@click.option("--epochs", type=click.IntRange(min=1), help="Passes over the training images.")
@click.option(
    "--seed", type=click.IntRange(min=0), help="The same seed on the same machine: the same weights."
)
@click.option("--batch-size", type=click.IntRange(min=1), help="Images a step.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for mnist.h5 and the results. By default results go to results/ and mnist.h5 stays here.",
)
@click.option("--quick", is_flag=True, help="Stop at about 99 %, in a fraction of the time.")
def command(
    epochs: int | None, seed: int | None, batch_size: int | None, out: Path | None, quick: bool
) -> None:
    """Train the classic network on MNIST and save it as mnist.h5.

    Progress is shown by batch and epoch. At the end the test images are read once, and metrics, learning
    curves, a confusion matrix and the misread digits are written. Ctrl-C keeps the best weights so far.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's greetings are not news
    require("Training", "keras", os.environ.get("KERAS_BACKEND", "tensorflow"))
    from handsum.training.train import TrainConfig, train

    chosen = {"epochs": epochs, "seed": seed, "batch_size": batch_size}
    paths = {} if out is None else {"out": out, "model_path": out / "mnist.h5"}
    given = {name: value for name, value in chosen.items() if value is not None}
    try:
        train(TrainConfig(**given, **paths, quick=quick))  # type: ignore[arg-type]
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
