"""Files of labelled ink, one JSON object a line, as training reads them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handsum.errors import DataError

# Strokes as float32 (n, 2), x to the right and y down, in whatever unit the pen's tablet has.
Strokes = Sequence[NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class LabelledInk:
    """One symbol as its writer wrote it."""

    label: str
    writer: str
    strokes: Strokes


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Every line of a file of ink (``.jsonl``, ``.jsonl.gz``): `label`, `strokes`, perhaps `writer`, `split`.

    Raises:
        DataError: the file is missing or damaged, or a line is not labelled ink.
    """
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    row = json.loads(line)
                    if not (isinstance(row, dict) and isinstance(row["strokes"], list) and "label" in row):
                        raise TypeError("it needs `label` and `strokes`")
                    yield row
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise not_ink(path, error) from error


def not_ink(path: Path, error: Exception) -> DataError:
    """What is said of a file with a line that is not labelled ink."""
    return DataError(f"{path} is not a file of labelled ink, one JSON object a line ({error!r}).")


def load_inks(path: Path, *, split: str | None = None) -> list[LabelledInk]:
    """Every symbol of a file; with `split`, only those of that split (a line without one is "train").

    Raises:
        DataError: the file is missing or damaged, or a line is not ink or names no writer.
    """
    rows = (row for row in read_rows(path) if split in (None, row.get("split", "train")))
    try:
        return [ink for ink in map(_labelled, rows) if ink.strokes]
    except (ValueError, KeyError, TypeError) as error:
        raise not_ink(path, error) from error


def _labelled(row: dict[str, Any]) -> LabelledInk:
    strokes = [_stroke(points) for points in row["strokes"] if points]
    return LabelledInk(str(row["label"]), str(row["writer"]), strokes)


def _stroke(points: list[list[float]]) -> NDArray[np.float32]:
    stroke = np.array(points, np.float32)
    if stroke.ndim != 2 or stroke.shape[1] != 2:
        raise ValueError(f"a stroke is a list of points [x, y], not {stroke.shape}")
    return stroke
