"""Symbols laid out as written, for the tests of layout and sense; and real ones, from strokes of ink."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from handsum.reading import Box, Symbol

# (Top, bottom, width) of each sign, in digit heights, 0 the top of the digits and 1 their baseline.
SHAPES = {
    "+": (0.2, 0.9, 0.7),
    "×": (0.3, 1.0, 0.6),
    "÷": (0.25, 1.05, 0.75),
    "-": (0.5, 0.6, 0.5),
    "=": (0.5, 0.95, 0.65),
    "/": (-0.3, 1.3, 0.6),
    "(": (-0.3, 1.2, 0.4),
    ")": (-0.3, 1.2, 0.4),
    ".": (0.9, 1.0, 0.1),
    ",": (0.85, 1.3, 0.15),
}
DIGIT_SHAPE = (0.0, 1.0, 0.6)

# Texts whose signs stand where they are written.
LINES = [
    "12+7=19",
    "456-7890",
    "(2+3)×4",
    "5/27",
    "0.71",
    "1,234.50",
    "125÷176=0,71",
    "-5",
    "7",
    "2--3",
    "1=",
]


def written(
    text: str, x: float = 0, y: float = 0, height: float = 64, *, gap: float = 0.25, confidence: float = 0.9
) -> list[Symbol]:
    """The symbols of a text in a row whose digits have their top at y; `gap` in digit heights."""
    symbols = []
    for label in text:
        top, bottom, width = SHAPES.get(label, DIGIT_SHAPE)
        box = (x, y + top * height, x + width * height, y + bottom * height)
        symbols.append(Symbol(label, box, confidence))
        x += (width + gap) * height
    return symbols


def stacked(
    upper: str, lower: str, x: float = 0, y: float = 0, height: float = 64, *, apart: float = 0.25
) -> list[Symbol]:
    """The symbols of a fraction whose bar is level with digits that have their top at y."""
    middle, far = y + height / 2, apart * height
    rows = written(upper, x, middle - far - height, height), written(lower, x, middle + far, height)
    right = max(row[-1].box[2] for row in rows)
    moved = ([changed(symbol, dx=(right - row[-1].box[2]) / 2) for symbol in row] for row in rows)
    above, below = moved
    thin = 0.03 * height
    return [*above, mark("-", (x - far, middle - thin, right + far, middle + thin)), *below]


def mark(label: str, box: Box, confidence: float = 0.9, **alternatives: float) -> Symbol:
    """One symbol by its box."""
    return Symbol(label, box, confidence, tuple(alternatives.items()))


def changed(symbol: Symbol, *, dx: float = 0, dy: float = 0, scale: float = 1) -> Symbol:
    """The same symbol elsewhere, larger or smaller."""
    x0, y0, x1, y1 = (value * scale for value in symbol.box)
    box = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)
    return Symbol(symbol.label, box, symbol.confidence, symbol.alternatives, symbol.raw_label)


def texts(lines: Sequence[Sequence[Symbol]]) -> list[str]:
    """What each line says."""
    return ["".join(symbol.label for symbol in line) for line in lines]


def read_ink(path: Path) -> Iterator[tuple[str, list[Box]]]:
    """Label without spaces and boxes of the strokes of each ink of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            ink = json.loads(line)
            yield ink["label"].replace(" ", ""), [_stroke_box(stroke) for stroke in ink["strokes"]]


def _stroke_box(stroke: Sequence[Sequence[float]]) -> Box:
    xs, ys = zip(*(point[:2] for point in stroke), strict=True)
    return min(xs), min(ys), max(xs), max(ys)
