"""Files of labelled ink, one JSON object a line, as training reads them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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


def load_inks(path: Path, *, split: str | None = None) -> list[LabelledInk]:
    """Every symbol of a file; with `split`, only those of that split (a line without one is "train").

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        return list(_inks(path, split))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is not a file of ink, one JSON object a line ({error}).") from error


def _inks(path: Path, split: str | None) -> Iterator[LabelledInk]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if split is not None and entry.get("split", "train") != split:
                continue
            strokes = [_stroke(points) for points in entry["strokes"] if points]
            if strokes:
                yield LabelledInk(str(entry["label"]), str(entry["writer"]), strokes)


def _stroke(points: list[list[float]]) -> NDArray[np.float32]:
    stroke = np.array(points, np.float32)
    if stroke.ndim != 2 or stroke.shape[1] != 2:
        raise ValueError(f"a stroke is a list of points [x, y], not {stroke.shape}")
    return stroke
