"""What became of each file, and how that is printed: as lines, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import click

from handsum.cli.files import shown

# What a probability is rounded to: float32 has no more to say.
NUM_DECIMALS = 6

Read = TypeVar("Read")

Record = dict[str, Any]


@dataclass(frozen=True)
class FileResult(Generic[Read]):
    """What became of one file, or of one page of it.

    Attributes:
        file: as it was named.
        reading: None where it could not be read.
        error: the sentence that says what went wrong, in reading it or afterwards; None if nothing did.
        page: which page it is, counted from 1, of a file that has several.
    """

    file: str
    reading: Read | None
    error: str | None
    page: int | None = None

    @property
    def name(self) -> str:
        """What stands before its words."""
        return self.file if self.page is None else f"{self.file}, page {self.page}"


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


def print_lines(results: Iterable[FileResult[Read]], wording: Wording[Read]) -> int:
    """Print what was read after its file's name; return how often something went wrong. So do the others."""
    num_errors = 0
    for result in results:
        num_errors += result.error is not None
        for words in () if result.reading is None else wording.as_words(result.reading):
            click.echo(f"{shown(result.name)}{words}")
    return num_errors


def print_json(results: Iterable[FileResult[Read]], wording: Wording[Read]) -> int:
    """Print one array, with the object of each file, or page, on a line of its own."""
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
