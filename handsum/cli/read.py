"""``handsum read``: images in, digits out, as text, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from handsum.cli.files import STDIN, expand, shown
from handsum.cli.models import model_option, open_reader
from handsum.cli.progress import tracked
from handsum.errors import HandsumError

if TYPE_CHECKING:
    from handsum.reader import Reader
    from handsum.reading import DigitReading

CSV_COLUMNS = (
    "file", "label", "confidence", "likeliest", "runner_up", "digit_probability", "doubt", "error"
)  # fmt: skip

# What JSON says of a reading; each is null where the file could not be read.
PARTS = (
    "label", "confidence", "likeliest", "runner_up", "digit_probability", "probabilities", "doubt", "polarity"
)  # fmt: skip

# What a probability is rounded to: float32 has no more to say.
NUM_DECIMALS = 6


class FileReading(NamedTuple):
    """What became of one file: its reading, or the sentence that says why there is none."""

    file: str
    reading: DigitReading | None
    error: str | None


@click.command(
    name="read",
    epilog="\b\nExamples:\n  handsum read 7.png\n  handsum read scans --csv > digits.csv\n"
    "  handsum read --min-confidence 0.9 scans\n  handsum read --json - < 7.png",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--digit", is_flag=True, help="Read each image as one digit. So far every image is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array with an object per file.")
@click.option("--csv", "as_csv", is_flag=True, help=f"Print CSV: {', '.join(CSV_COLUMNS)}.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="0..1",
    help="Give no label to what is read with less confidence than this, e.g. 0.9.",
)
@model_option
def command(
    files: tuple[str, ...], digit: bool, as_json: bool, as_csv: bool, min_confidence: float, model: str
) -> None:
    """Read the handwritten digit in each image.

    FILE is an image, a folder (the images directly in it), a pattern such as 'scans/**/*.png', or - for
    standard input. What cannot be read is reported on standard error, and the rest is read.

    Exit code: 0 all read, 1 some unreadable, 2 bad usage. An image that is blank, holds no digit or leaves
    the reader unsure has been read: it is told apart by its words, or by "doubt" in JSON and CSV.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    paths = expand(files)
    reader = open_reader(model, min_confidence=min_confidence)
    watched = tracked(paths, "reading", stdout_is_quiet=as_json or not sys.stdout.isatty())
    readings = _report_errors(_read_file(reader, path) for path in watched)
    write = _write_json if as_json else _write_csv if as_csv else _write_lines
    sys.exit(1 if write(readings) else 0)


def describe(reading: DigitReading) -> str:
    """A reading in a few words: ``7 (98 %, else 1)``."""
    from handsum.reading import percent

    if reading.doubt == "blank":
        return "nothing written"
    if reading.doubt == "not a digit":
        return f"not a digit? (most like {reading.likeliest})"
    if reading.doubt == "too unsure":
        return f"unsure ({reading.likeliest} at {percent(reading.confidence)}, else {reading.runner_up})"
    return f"{reading.label} ({percent(reading.confidence)}, else {reading.runner_up})"


def as_record(result: FileReading) -> dict[str, Any]:
    """One file's result as JSON holds it; every key is always there."""
    parts = dict.fromkeys(PARTS) if result.reading is None else _parts(result.reading)
    return {"file": result.file, **parts, "error": result.error}


def _parts(reading: DigitReading) -> dict[str, Any]:
    """What JSON holds of a reading, by the names in PARTS; of a blank page no digit is likely."""
    return {
        "label": reading.label,
        "confidence": round(reading.confidence, NUM_DECIMALS),
        "likeliest": None if reading.is_blank else reading.likeliest,
        "runner_up": None if reading.is_blank else reading.runner_up,
        "digit_probability": round(reading.digit_probability, NUM_DECIMALS),
        "probabilities": [round(float(p), NUM_DECIMALS) for p in reading.probabilities],
        "doubt": reading.doubt,
        "polarity": reading.polarity,
    }


def _read_file(reader: Reader, path: str) -> FileReading:
    try:
        image = sys.stdin.buffer.read() if path == STDIN else path
        return FileReading(path, reader.read_digit(image), None)
    except HandsumError as error:
        return FileReading(path, None, str(error))


def _report_errors(results: Iterable[FileReading]) -> Iterator[FileReading]:
    for result in results:
        if result.error is not None:
            source = "standard input: " if result.file == STDIN else ""  # files are named in the sentence
            click.echo(f"handsum: {source}{shown(result.error)}", err=True)
        yield result


def _write_lines(results: Iterable[FileReading]) -> int:
    """Print one line per file that was read; return how many were not. The others do the same."""
    num_errors = 0
    for result in results:
        if result.reading is None:
            num_errors += 1
        else:
            click.echo(f"{shown(result.file)}: {describe(result.reading)}")
    return num_errors


def _write_json(results: Iterable[FileReading]) -> int:
    records = [as_record(result) for result in results]
    lines = ",\n".join(f"  {json.dumps(record)}" for record in records)
    click.echo(f"[\n{lines}\n]")
    return sum(record["error"] is not None for record in records)


def _write_csv(results: Iterable[FileReading]) -> int:
    num_errors = 0
    _write_row(CSV_COLUMNS)
    for result in results:
        record = as_record(result)
        num_errors += record["error"] is not None
        _write_row([record[column] for column in CSV_COLUMNS])
    return num_errors


def _write_row(values: Iterable[Any]) -> None:
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(values)
    # As bytes: a file's name need not be text, and comes out as it went in.
    click.echo(row.getvalue().encode("utf-8", "surrogateescape"), nl=False)
