"""``handsum score``: how well a labelled set is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handsum.cli.models import model_option, open_reader
from handsum.cli.progress import tracked
from handsum.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from handsum.reader import Reader
    from handsum.training.labelled import LabelledSet
    from handsum.training.score import DigitFigures, Figures

# Pages drawn and read at a time; 64 of them take 10 MB.
PAGES_AT_ONCE = 64


@click.command(
    name="score",
    epilog="\b\nExamples:\n  handsum score\n  handsum score --data my-digits\n"
    "  handsum score --data pens.jsonl.gz --split dev --json figures.json",
)
@model_option
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="The labelled set: a folder of <digit>/*.png, ink as .jsonl or .jsonl.gz, the images file of an "
    "IDX pair, or .npz with the arrays images and labels. By default MNIST's test set.",
)
@click.option("--split", help="Of a file of ink, only the entries of this split.")
@click.option(
    "--json", "json_path", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here too."
)
def command(model: str, data: Path | None, split: str | None, json_path: Path | None) -> None:
    """Read a labelled set and compare the answers with the labels."""
    if split is not None and (data is None or ".jsonl" not in data.suffixes):
        raise click.UsageError("--split is for a file of ink: name one with --data.")
    from handsum.training.labelled import load_labelled
    from handsum.training.score import score

    reader = open_reader(model)
    labelled = load_labelled(data, ink_split=split)
    probabilities, answered = _read_set(reader, labelled)
    figures = score(probabilities, labelled.labels, answered=answered)
    _print(figures, f"{labelled.name}, read by {model}")
    if json_path is not None:
        _write(json_path, model, labelled.name, figures)


def _read_set(reader: Reader, labelled: LabelledSet) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Probabilities (n, 10), and (n,) whether an answer was given; frames always get one."""
    import numpy as np

    num_images = len(labelled.labels)
    if labelled.frames is not None:
        return reader.read_frames(labelled.frames), np.ones(num_images, bool)
    readings = []
    for start in tracked(range(0, num_images, PAGES_AT_ONCE), "reading", stdout_is_quiet=True):
        indices = range(start, min(start + PAGES_AT_ONCE, num_images))
        readings += reader.read_digits(labelled.image(index) for index in indices)
    answered = [reading.label is not None for reading in readings]
    return np.stack([reading.probabilities for reading in readings]), np.array(answered)


def _print(figures: Figures, title: str) -> None:
    wrong = figures.confidently_wrong
    rows = [
        ("accuracy", figures.accuracy, _missed(figures)),
        ("answered", figures.share_answered, ""),
        ("calibration error", figures.calibration_error, "over 15 bins of confidence"),
        ("confidently wrong", wrong, "of the wrong answers, given with over 90 %"),
        *((str(digit.digit), digit.accuracy, _missed(digit)) for digit in figures.per_digit),
    ]
    click.echo(title)
    for name, share, remark in rows:
        click.echo(f"  {name:18} {'-' if share is None else f'{share:.2%}':>8}   {remark}".rstrip())


def _missed(figures: Figures | DigitFigures) -> str:
    return f"{figures.num_missed:,} of {figures.num_images:,} missed"


def _write(path: Path, model: str, name: str, figures: Figures) -> None:
    from handsum.training.report import plain, write_json

    record: dict[str, Any] = {"model": model, "data": name, **plain(figures)}
    try:
        write_json(path, record)
    except OSError as error:
        raise DataError(f"{path} cannot be written ({error.strerror or error}).") from error
