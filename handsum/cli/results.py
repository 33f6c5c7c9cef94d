"""What became of each file, and how that is printed: as lines, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import click

from handsum.cli.files import STDIN, shown
from handsum.errors import HandsumError, ImageError

# What a probability is rounded to: float32 has no more to say.
NUM_DECIMALS = 6

Read = TypeVar("Read")

Record = dict[str, Any]


@dataclass(frozen=True)
class FileResult(Generic[Read]):
    """What became of one file: its reading, or the sentence that says why there is none."""

    file: str
    reading: Read | None
    error: str | None


@dataclass(frozen=True)
class Wording(Generic[Read]):
    """How the readings of one kind are put.

    Attributes:
        as_words: a reading as what stands after the file's name, one line each: ": 12".
        as_record: a file's result as JSON holds it; every key is always there.
        as_rows: the same as rows of CSV.
        columns: the keys of those rows, in order; "error" is one.
    """

    as_words: Callable[[Read], Iterable[str]]
    as_record: Callable[[FileResult[Read]], Record]
    as_rows: Callable[[FileResult[Read]], Iterable[Record]]
    columns: Sequence[str]


def read_file(path: str, read: Callable[[str | bytes], Read]) -> FileResult[Read]:
    """Read one file, or standard input; what is wrong with an image is said on standard error, too.

    Nothing that goes wrong with one file keeps the others from being read.
    """
    try:
        return FileResult(path, read(_stdin() if path == STDIN else path), None)
    except ImageError as error:
        # Files are named in the sentence.
        return _failed(path, f"standard input: {error}" if path == STDIN else str(error), str(error))
    except OSError as error:  # of the annotated picture
        return _failed(path, f"{error.filename or path} cannot be read or written ({error.strerror}).")
    except (HandsumError, ImportError):  # then no file can be read
        raise
    except Exception as error:  # a fault of ours, or of a library
        return _failed(
            path, f"{path} could not be read ({type(error).__name__}: {error}); please report that."
        )


def _stdin() -> bytes:
    """Standard input, as far as it is no larger than a picture may be, and a byte more."""
    from handsum.image import MOST_BYTES  # here, because help must not load Pillow

    return sys.stdin.buffer.read(MOST_BYTES + 1)


def _failed(path: str, sentence: str, error: str | None = None) -> FileResult[Any]:
    click.echo(f"handsum: {shown(sentence)}", err=True)
    return FileResult(path, None, error or sentence)


def print_lines(results: Iterable[FileResult[Read]], wording: Wording[Read]) -> int:
    """Print what was read after its file's name; return how many files were not. The others do the same."""
    num_errors = 0
    for result in results:
        if result.reading is None:
            num_errors += 1
        else:
            for words in wording.as_words(result.reading):
                click.echo(f"{shown(result.file)}{words}")
    return num_errors


def print_json(results: Iterable[FileResult[Read]], wording: Wording[Read]) -> int:
    """Print one array, with the object of each file on a line of its own."""
    records = [wording.as_record(result) for result in results]
    lines = ",\n".join(f"  {json.dumps(record)}" for record in records)
    click.echo(f"[\n{lines}\n]")
    return sum(record["error"] is not None for record in records)


def print_csv(results: Iterable[FileResult[Read]], wording: Wording[Read]) -> int:
    """Print the names of the columns, and the rows of each file as soon as it is read."""
    num_errors = 0
    _print_row(wording.columns)
    for result in results:
        num_errors += result.error is not None
        for row in wording.as_rows(result):
            _print_row([row[column] for column in wording.columns])
    return num_errors


def _print_row(values: Iterable[Any]) -> None:
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(values)
    # As bytes: a file's name need not be text, and comes out as it went in.
    click.echo(row.getvalue().encode("utf-8", "surrogateescape"), nl=False)
