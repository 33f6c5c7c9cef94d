"""``handsum score``: how well a labelled set is read."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handsum.cli.extras import require
from handsum.cli.models import model_option, open_reader
from handsum.cli.progress import tracked
from handsum.cli.score_lines import print_scorecard
from handsum.errors import DataError

if TYPE_CHECKING:
    from handsum.reader import Reader
    from handsum.training.data.labelled import LabelledSet
    from handsum.training.scoring.non_digits import PictureSet
    from handsum.training.scoring.scorecard import Scorecard


@click.command(
    name="score",
    epilog="\b\nExamples:\n  handsum score\n  handsum score --data my-digits --report what-it-missed\n"
    "  handsum score --data pens.jsonl.gz --split dev --json figures.json\n"
    "  handsum score --split held-out --limit 1000 --corruptions --report damaged",
)
@model_option
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="The labelled set: a folder of <digit>/*.png, ink as .jsonl or .jsonl.gz, the images file of an "
    "IDX pair, or .npz with the arrays images and labels. By default MNIST's test set.",
)
@click.option(
    "--split",
    help="Of a file of ink, only the entries of this split. Of MNIST, held-out: the writers that training "
    "holds out, in place of the test set.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Read at most this many, chosen by chance.")
@click.option(
    "--corruptions",
    is_flag=True,
    help="Also read the digits damaged in 60 ways, at most 1,000 of them. Only 28x28 sets (IDX) can be.",
)
@click.option(
    "--non-digits",
    is_flag=True,
    help="Also measure how confidence parts the digits from letters, scribbles and the like, some of which "
    "is ink from HANDSUM_DATA.",
)
@click.option(
    "--json", "json_path", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here too."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write report.html, with curves and every mistake as a picture, and metrics.json into this folder.",
)
def command(
    model: str,
    data: Path | None,
    split: str | None,
    limit: int | None,
    corruptions: bool,
    non_digits: bool,
    json_path: Path | None,
    report: Path | None,
) -> None:
    """Read a labelled set and compare the answers with the labels."""
    _check_usage(data, split)
    if report is not None:
        require("A report", "matplotlib")
        _make_folder(report)
    from handsum.training.data.labelled import load_labelled

    reader = open_reader(model)
    labelled = load_labelled(data, split=split)
    if limit is not None:
        labelled = labelled.sample(limit)
    card = _score(reader, labelled, model=model, with_corruptions=corruptions, with_non_digits=non_digits)
    print_scorecard(card)
    _write(card, json_path, report)


def _check_usage(data: Path | None, split: str | None) -> None:
    if split is None:
        return
    if data is None and split not in ("test", "held-out"):
        raise click.UsageError(
            "--split of MNIST is test or held-out; for a file of ink, name one with --data."
        )
    if data is not None and ".jsonl" not in data.suffixes:
        raise click.UsageError("--split is for a file of ink, or for MNIST.")


def _score(
    reader: Reader, labelled: LabelledSet, *, model: str, with_corruptions: bool, with_non_digits: bool
) -> Scorecard:
    from handsum.training.scoring.answers import read_set
    from handsum.training.scoring.scorecard import Scorecard

    watched = partial(tracked, stdout_is_quiet=True)
    robustness, rejections = None, []
    # What may refuse comes before what takes long.
    others = _load_non_digits() if with_non_digits else []
    if with_corruptions:
        require("--corruptions", "cv2")
        from handsum.training.scoring.robustness import score_corruptions

        robustness = score_corruptions(reader, labelled, tracked=partial(watched, verb="damaging"))
    answers = read_set(reader, labelled, tracked=partial(watched, verb="reading"))
    if others:
        from handsum.training.scoring.rejection import score_non_digits

        rejections = score_non_digits(reader, answers.confidences, others)
    return Scorecard(model, labelled.name, labelled.labels, answers, robustness, rejections)


def _load_non_digits() -> list[PictureSet]:
    require("--non-digits", "cv2")
    from handsum.training.scoring.non_digits import load_non_digits

    return load_non_digits()


def _make_folder(report: Path) -> None:
    """Before the reading, which may take minutes and would be lost."""
    try:
        report.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{report} cannot be made ({error.strerror or error}).") from error


def _write(card: Scorecard, json_path: Path | None, report: Path | None) -> None:
    from handsum.training.report import write_json
    from handsum.training.scoring.scorecard import record, write_report

    try:
        if json_path is not None:
            write_json(json_path, record(card))
        if report is not None:
            write_report(report, card)
    except OSError as error:
        where = report if json_path is None else json_path
        raise DataError(
            f"{error.filename or where} cannot be written ({error.strerror or error})."
        ) from error
    if report is not None:
        click.echo(f"{report / 'report.html'}")
