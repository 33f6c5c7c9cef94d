"""Rows: the digits are chained from left to right along their baseline, and every other mark joins a chain.

A baseline may lean, bend and drift: it is fitted to the nearest few digits only. For the same reason
what stands far away on the page has no say in how a row is read.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.layout.boxes import center_x, center_y, height, union, width
from handsum.reading import Box, Symbol

# All lengths are in digit heights of the row itself.
#
# So many digits around a place say where the line runs there.
NUM_NEAREST = 6
# How far apart the digits of a fit must lie before it may lean: 1 for one digit height.
STIFFNESS = 2.0
MAX_SLOPE = 0.5

# Neighbouring digits are shifted against each other by up to 0.6 (99 of 100: 0.34), which leaves 0.4 shared;
# lines written closely are 1.4 apart.
MIN_SHARED = 0.3
MIN_SIZE, MAX_SIZE = 0.3, 3.3
# How a row leans is not known from its first digit: for each digit height of gap, the next may lie this much
# higher or lower.
UNKNOWN_LEAN = 0.08
# The widest gap between two symbols of one number is 4.4, of one sum 3.6; between two digits with an operator
# in between, 6.4.
MAX_GAP = 7.0
MAX_DIGIT_GAP = 10.0
# How far the middle of a sign may be from where it belongs.
MAX_OFFSET = 0.75
# A sign that two rows could have goes to the nearer; a gap weighs this much of a shift up or down.
GAP_WEIGHT = 0.1

# (Middle, height) of each sign in its line, 0 the top of the digits and 1 their baseline: medians.
DIGIT_SHAPE = (0.5, 1.0)
SHAPES = {
    "+": (0.55, 0.7),
    "×": (0.65, 0.7),
    "÷": (0.65, 0.8),
    "-": (0.55, 0.1),
    "=": (0.7, 0.45),
    "/": (0.5, 1.55),
    "(": (0.5, 1.5),
    ")": (0.5, 1.5),
    ".": (0.9, 0.1),
    ",": (1.05, 0.4),
}
# A bar's thickness is the pen's; its length tells the size of the writing.
BAR_WIDTHS = {"-": 0.5, "=": 0.65}


def by_place(symbol: Symbol) -> tuple[float, Box, str, float]:
    """From left to right, then by all that tells two symbols apart: no order may depend on the input's."""
    return center_x(symbol.box), symbol.box, symbol.label, symbol.confidence


def _digit_height(symbol: Symbol) -> float:
    """How high the digits beside a symbol probably are, in pixels."""
    if symbol.label in BAR_WIDTHS:
        return width(symbol.box) / BAR_WIDTHS[symbol.label]
    return height(symbol.box) / SHAPES.get(symbol.label, DIGIT_SHAPE)[1]


class Baseline(NamedTuple):
    """The middle of a line near a place, and the height of its digits, in pixels.

    Kept as an anchor and small differences to it, so that moving the page does not change a bit of what is
    worked out from them.
    """

    x: float
    y: float
    shift: float
    slope: float
    digit_height: float

    @classmethod
    def near(cls, symbols: Sequence[Symbol], box: Box) -> Baseline:
        """The line through the few of `symbols`, which go from left to right, that are nearest to a box."""
        place = center_x(box)
        index = bisect_left(symbols, place, key=lambda symbol: center_x(symbol.box))
        around = symbols[max(0, index - NUM_NEAREST) : index + NUM_NEAREST]
        nearest = sorted(around, key=lambda symbol: (abs(center_x(symbol.box) - place), by_place(symbol)))
        return cls.through(nearest[:NUM_NEAREST])

    @classmethod
    def through(cls, symbols: Sequence[Symbol]) -> Baseline:
        """The line through symbols: least squares, held level where they lie close together."""
        anchor_x, anchor_y = center_x(symbols[0].box), center_y(symbols[0].box)
        digit_height = median(map(_digit_height, symbols))
        xs = [center_x(symbol.box) - anchor_x for symbol in symbols]
        ys = [center_y(symbol.box) - anchor_y - _fall(symbol) for symbol in symbols]
        mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
        spread = sum((x - mean_x) ** 2 for x in xs) + (STIFFNESS * digit_height) ** 2
        slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
        slope = max(-MAX_SLOPE, min(MAX_SLOPE, slope))
        return cls(anchor_x, anchor_y, mean_y - slope * mean_x, slope, digit_height)

    def distance_to(self, x: Any, y: Any) -> Any:
        """How far a point, or each of an array of points, lies below the middle of the line, in pixels."""
        return (y - self.y) - self.shift - self.slope * (x - self.x)

    def place_of(self, box: Box) -> tuple[float, float]:
        """Where a box's top and bottom lie: 0 the top of the digits, 1 their baseline."""
        x = center_x(box)
        top, bottom = (self.distance_to(x, y) / self.digit_height + 0.5 for y in (box[1], box[3]))
        return top, bottom


def _fall(symbol: Symbol) -> float:
    """How far a symbol's middle lies below that of the digits beside it, in pixels."""
    return (SHAPES.get(symbol.label, DIGIT_SHAPE)[0] - 0.5) * _digit_height(symbol)


def chain(symbols: Iterable[Symbol]) -> list[list[Symbol]]:
    """Rows of symbols that follow one another along a line, each from left to right."""
    ordered = sorted(symbols, key=by_place)
    rows: list[list[Symbol]] = []
    # Of each row, where it ends, and the line there: x, y, shift, slope, digit height.
    ends = np.full((6, len(ordered)), -np.inf)
    for symbol in ordered:
        offsets = _offsets_from_ends(ends[:, : len(rows)], symbol)
        index = int(offsets.argmin()) if rows else 0
        if not rows or offsets[index] == np.inf:
            index = len(rows)
            rows.append([])
        rows[index].append(symbol)
        right = max(float(ends[0, index]), symbol.box[2])
        ends[:, index] = right, *Baseline.through(rows[index][-NUM_NEAREST:])
    return rows


def _offsets_from_ends(ends: NDArray[np.float64], symbol: Symbol) -> NDArray[np.float64]:
    """How far a symbol is from each row's line, in digit heights; infinite where it is no part of the row."""
    rights, line = ends[0], Baseline(*ends[1:])
    gap = (symbol.box[0] - rights) / line.digit_height
    size = _digit_height(symbol) / line.digit_height
    middle = line.distance_to(center_x(symbol.box), center_y(symbol.box) - _fall(symbol))
    offset = abs(middle) / line.digit_height
    allowance = UNKNOWN_LEAN * np.maximum(0.0, gap)
    smaller = np.minimum(1, size)
    shared = np.minimum((1 + size) / 2 - np.maximum(0.0, offset - allowance), smaller)
    is_part = (gap <= MAX_DIGIT_GAP) & (size >= MIN_SIZE) & (size <= MAX_SIZE)
    return np.where(is_part & (shared >= MIN_SHARED * smaller), offset, np.inf)


def join_signs(
    rows: Sequence[Sequence[Symbol]], signs: Iterable[Symbol]
) -> tuple[list[list[Symbol]], list[Symbol]]:
    """The rows of digits with each sign added where it stands, and the signs that stand in none of them."""
    joined = [list(row) for row in rows]
    left_over: list[Symbol] = []
    extents = np.array([_extent(row) for row in rows], np.float64).reshape(-1, 8).T
    for sign in sorted(signs, key=by_place):
        offsets = [
            (_offset_from(rows[index], sign, *extents[:2, index].tolist()), index)
            for index in _rows_in_reach(extents, sign)
        ]
        offset, index = min(offsets, default=(math.inf, 0))
        (joined[index] if offset < math.inf else left_over).append(sign)
    return [sorted(row, key=by_place) for row in joined], left_over


def _extent(row: Sequence[Symbol]) -> tuple[float, ...]:
    """What bounds the baselines of a row of digits, wherever they are fitted, in pixels.

    Its left and right, those of its middles, their top and bottom, how far apart `NUM_NEAREST` neighbours
    lie, which is as far as any of those nearest to a place within the row can be, and its highest digit.
    """
    boxes = [digit.box for digit in row]
    left, _, right, _ = union(*boxes)
    xs, ys = list(map(center_x, boxes)), list(map(center_y, boxes))
    spread = max(last - first for first, last in zip(xs, xs[NUM_NEAREST - 1 :] or xs[-1:], strict=False))
    return left, right, xs[0], xs[-1], min(ys), max(ys), spread, max(map(height, boxes))


def _rows_in_reach(extents: NDArray[np.float64], sign: Symbol) -> list[int]:
    """The indices of the rows that a sign may be part of, with some of a digit height to spare.

    Most rows of a page lie too far away, whichever way they lean, and a line need not be fitted to them.
    """
    left, right, first_x, last_x, top_y, bottom_y, spread, size = extents
    x, y = center_x(sign.box), center_y(sign.box)
    far = spread + np.maximum(np.maximum(first_x - x, x - last_x), 0)
    reach = MAX_SLOPE * far + MAX_OFFSET * np.maximum(size, height(sign.box)) + size
    gap = np.maximum(left - sign.box[2], sign.box[0] - right)
    is_near = (top_y - reach <= y) & (y <= bottom_y + reach) & (gap <= (MAX_DIGIT_GAP + 1) * size)
    return np.flatnonzero(is_near).tolist()


def _offset_from(row: Sequence[Symbol], sign: Symbol, left: float, right: float) -> float:
    """How badly a sign fits into a row of digits from `left` to `right`; infinite when it is no part."""
    line = Baseline.near(row, sign.box)
    top, bottom = line.place_of(sign.box)
    offset = abs((top + bottom) / 2 - SHAPES[sign.label][0]) / max(1, bottom - top)
    gap = max(left - sign.box[2], sign.box[0] - right, 0) / line.digit_height
    is_part = offset <= MAX_OFFSET and gap <= MAX_DIGIT_GAP
    return offset + GAP_WEIGHT * gap if is_part else math.inf
