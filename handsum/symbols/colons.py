"""Colons: two points above one another between numbers, which in much of the world divide (8:2=).

The page network knows no colon: it finds the lower point, or both, or none. What it does not find is looked
for in the ink.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from handsum.layout.boxes import center_x, center_y, height, union, width
from handsum.layout.labels import DIGITS
from handsum.reading import Box, Symbol
from handsum.symbols.pieces import loose_pieces
from handsum.symbols.sizes import digit_height

# In heights of a digit: how large a point is at most, how far the upper one is from the lower, how far aside,
# and how far from the numbers before and behind.
LARGEST, APART, ASIDE, GAP = 0.3, (0.2, 0.75), 0.12, 1.5
# The lower point may hang so far below the baseline.
BELOW = 0.1
# One of the two is at most so many times as large as the other.
ALIKE = 2.5
# How sure a colon is of which the page network found neither point.
UNSEEN = 0.7
# Where more pieces lie about they are dust, and two may look like a colon, or one lie above a decimal point.
MOST_DUST = 1
# With more no page is full of colons.
MOST_PIECES = 100


def with_colons(
    symbols: Iterable[Symbol], page: NDArray[np.uint8], *, are_strokes: bool
) -> tuple[Symbol, ...]:
    """The symbols of a page uint8 (H, W), bright ink on 0, with a division sign for each colon.

    Its `raw_label` is ":". Of strokes, which are never dust, the network need have seen neither point.
    """
    found = tuple(symbols)
    tall = digit_height(found)
    points = {symbol.box: symbol for symbol in found if symbol.label == "."}
    if not tall or not (points or are_strokes):
        return found
    pieces = _small_pieces(found, page, tall)
    marks = [*points, *pieces]
    pairs = [(lower, upper) for lower in marks for upper in marks if _is_above(upper, lower, tall)]
    times = Counter(chain.from_iterable(pairs))  # three above one another are no colon
    num_dust = sum(piece not in times for piece in pieces)
    colons: list[Symbol] = []
    taken: set[Box] = set()
    for lower, upper in pairs:
        seen = [points[mark].confidence for mark in (lower, upper) if mark in points]
        is_pair = times[lower] == times[upper] == 1 and bool(seen or are_strokes)
        if is_pair and num_dust <= MOST_DUST and _is_between(lower, upper, found, tall):
            taken |= {lower, upper}
            colons.append(Symbol("÷", union(lower, upper), max(seen, default=UNSEEN), raw_label=":"))
    return (*(symbol for symbol in found if symbol.box not in taken or symbol.label != "."), *colons)


def _is_between(lower: Box, upper: Box, symbols: Sequence[Symbol], tall: float) -> bool:
    """Whether two points stand in a row, with a number or bracket next to them on either side."""
    top, bottom = center_y(upper), center_y(lower)
    row = [s for s in symbols if s.label != "." and s.box[1] < top and bottom < s.box[3] + BELOW * tall]
    x = center_x(lower)
    before = max((s for s in row if s.box[2] <= x), key=lambda s: s.box[2], default=None)
    behind = min((s for s in row if s.box[0] >= x), key=lambda s: s.box[0], default=None)
    if before is None or behind is None:
        return False
    are_near = x - before.box[2] < GAP * tall and behind.box[0] - x < GAP * tall
    return are_near and before.label in f"{DIGITS})" and behind.label in f"{DIGITS}("


def _small_pieces(symbols: Sequence[Symbol], page: NDArray[np.uint8], tall: float) -> list[Box]:
    """The boxes of what may be points and is in no symbol's box."""
    boxes = loose_pieces(page, symbols, most=MOST_PIECES)
    return [box for box in boxes if max(width(box), height(box)) <= LARGEST * tall]


def _is_above(box: Box, point: Box, tall: float) -> bool:
    """Whether a piece of ink may be the upper point of a colon to this lower one."""
    sizes = sorted([max(width(box), height(box)), max(width(point), height(point))])
    return (
        APART[0] * tall <= center_y(point) - center_y(box) <= APART[1] * tall
        and abs(center_x(point) - center_x(box)) <= ASIDE * tall
        and sizes[1] <= ALIKE * sizes[0]
    )
