"""Sums written for the window's tests, and a reader that knows what was written where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink
from handsum.reader import Reader
from handsum.reading import Box, DigitReading, Reading, Symbol
from handsum.window.handwriting import GLYPHS, smooth

Path = list[tuple[float, float]]

# As in handsum's own hand: digit heights, from the top of the digits down.
SIGNS: dict[str, tuple[float, list[Path]]] = {
    "+": (0.5, [[(0.0, 0.55), (0.5, 0.54)], [(0.26, 0.3), (0.25, 0.8)]]),
    "×": (0.42, [[(0.0, 0.36), (0.42, 0.8)], [(0.42, 0.34), (0.0, 0.82)]]),
    "÷": (0.5, [[(0.0, 0.55), (0.5, 0.55)], [(0.25, 0.3)], [(0.25, 0.82)]]),
    "/": (0.4, [[(0.4, 0.0), (0.0, 1.05)]]),
    "=": (0.5, [[(0.0, 0.42), (0.5, 0.41)], [(0.0, 0.68), (0.5, 0.67)]]),
    **{label: (glyph.width, glyph.paths) for label, glyph in GLYPHS.items() if label not in " ≈?"},
}
GAP = 0.42
# Enough for the real pointer: it is moved for each.
POINTS_PER_PIECE = 3
TREMBLE_PX = 4.0  # a written point may lie this far from where it was meant


@dataclass(frozen=True)
class Sign:
    """One sign as it is to be drawn: its label, its strokes in pixels and the box around them."""

    label: str
    strokes: list[Path]

    @property
    def box(self) -> Box:
        """The box around its strokes, a little larger."""
        x, y = zip(*(point for stroke in self.strokes for point in stroke), strict=True)
        return min(x) - TREMBLE_PX, min(y) - TREMBLE_PX, max(x) + TREMBLE_PX, max(y) + TREMBLE_PX


def written(text: str, *, left: float = 40, top: float = 40, height: float = 70) -> list[Sign]:
    """A line of signs whose digits have this height."""
    signs = []
    for label in text:
        width, paths = SIGNS[label]
        strokes = [[(left + x * height, top + y * height) for x, y in _traced(path)] for path in paths]
        signs.append(Sign(label, strokes))
        left += (width + GAP) * height
    return signs


def _traced(path: Path) -> Path:
    curve = smooth(path)
    return [*curve[:-1:POINTS_PER_PIECE], curve[-1]]


def strokes_of(signs: Iterable[Sign]) -> list[Path]:
    """All their strokes in the order written."""
    return [stroke for sign in signs for stroke in sign.strokes]


class KnowingReader:
    """Reads sums without a network: it was told what is written where.

    A sign is found once all its strokes are on the paper. `doubts` gives labels that are read with that
    confidence, and with those alternatives.
    """

    def __init__(
        self, *lines: Sequence[Sign], doubts: dict[str, Symbol] | None = None, min_confidence: float = 0.0
    ) -> None:
        self._signs = [sign for line in lines for sign in line]
        self._doubts = doubts or {}
        self._reader = Reader(min_confidence=min_confidence)

    def read_page(self, page: NDArray[np.uint8]) -> DigitReading:
        """As the real one does."""
        return self._reader.read_page(page)

    def find_ink_symbols(self, ink: Ink) -> tuple[Symbol, ...]:
        """The signs that are whole."""
        whole = [sign for sign in self._signs if _num_strokes_in(ink, sign) >= len(sign.strokes)]
        return tuple(map(self._symbol, whole))

    def read_symbols(self, symbols: Iterable[Symbol]) -> Reading:
        """As the real one does."""
        return self._reader.read_symbols(symbols)

    def _symbol(self, sign: Sign) -> Symbol:
        if sign.label in self._doubts:
            return replace(self._doubts[sign.label], box=sign.box)
        return Symbol(sign.label, sign.box, 0.98)


def _num_strokes_in(ink: Ink, sign: Sign) -> int:
    x0, y0, x1, y1 = sign.box
    return sum(
        all(x0 - 1 <= point.x <= x1 + 1 and y0 - 1 <= point.y <= y1 + 1 for point in stroke.points)
        for stroke in ink.strokes
    )
