"""``handsum read``: images in; numbers and sums, or single digits, out."""

from __future__ import annotations

import sys

import click

from handsum.cli.annotated import annotation_targets
from handsum.cli.files import expand
from handsum.cli.models import open_reader
from handsum.cli.page_by_page import read_every_page, read_first_page, reported
from handsum.cli.progress import BAR_FROM, tracked
from handsum.cli.read_digits import DIGIT_WORDING
from handsum.cli.read_pages import PAGE_WORDING
from handsum.cli.results import print_csv, print_json, print_lines
from handsum.models import DEFAULT_DIGIT_MODEL

# Reading a page takes as long as reading many digits.
PAGE_BAR_FROM = 5


@click.command(
    name="read",
    epilog="\b\nExamples:\n  handsum read sums.jpg\n  handsum read scans --csv > numbers.csv\n"
    "  handsum read sums.jpg --annotate as-read.png\n  handsum read --min-confidence 0.9 scans\n"
    "  handsum read --json - < sums.jpg\n  handsum read --digit 7.png",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--digit", is_flag=True, help="Read each image as a single digit.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON array with an object per file, or page."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a row per line, or per digit.")
@click.option(
    "--annotate",
    metavar="OUT.png",
    help="Also write the image with what was read drawn on it. For several files OUT is a folder.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="0..1",
    help="Call unsure what is read with less confidence than this, e.g. 0.9.",
)
@click.option(
    "--model",
    help="With --digit: the network that reads, or the .onnx file of your own that `handsum export` wrote.  "
    f"[default: {DEFAULT_DIGIT_MODEL}]",
)
def command(
    files: tuple[str, ...],
    digit: bool,
    as_json: bool,
    as_csv: bool,
    annotate: str | None,
    min_confidence: float,
    model: str | None,
) -> None:
    """Read the handwritten numbers and sums in each image, and work out the sums.

    FILE is an image, a folder (the images directly in it), a pattern such as 'scans/**/*.png', or - for
    standard input. Every page of a TIFF is read, with --digit its first one; of moving pictures the first
    frame. What cannot be read is reported on standard error, and the rest is read.

    Exit code: 0 all read, 1 some unreadable, 2 bad usage. An image that is blank, holds no digit or leaves
    the reader unsure has been read: it is told apart by its words, by "doubt" in CSV and of single digits and
    lines in JSON, or by having no lines there.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    if digit and annotate is not None:
        raise click.UsageError("--annotate draws lines of numbers, and excludes --digit.")
    if model is not None and not digit:
        raise click.UsageError("--model names a network for single digits, and needs --digit.")
    paths = expand(files)
    draw = None if annotate is None else annotation_targets(annotate, paths).draw
    reader = open_reader(model or DEFAULT_DIGIT_MODEL, min_confidence=min_confidence)
    print_results = print_json if as_json else print_csv if as_csv else print_lines
    is_quiet = as_json or not sys.stdout.isatty()
    bar_from = BAR_FROM if digit else PAGE_BAR_FROM
    watched = tracked(paths, "reading", stdout_is_quiet=is_quiet, bar_from=bar_from)
    if digit:
        digits = (read_first_page(path, reader.read_digit) for path in watched)
        num_errors = print_results(reported(digits), DIGIT_WORDING)
    else:
        pages = (page for path in watched for page in read_every_page(path, reader.read, draw))
        num_errors = print_results(reported(pages), PAGE_WORDING)
    sys.exit(1 if num_errors else 0)
