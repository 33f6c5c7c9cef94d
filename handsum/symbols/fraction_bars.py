"""Bars of stacked fractions, which the page network takes for rules: long flat ink between two numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.layout.boxes import center_x, center_y, height, union, width
from handsum.layout.fractions import fraction_of
from handsum.layout.labels import DIGITS
from handsum.reading import Box, Symbol
from handsum.symbols.pieces import loose_pieces
from handsum.symbols.sizes import digit_height

# How sure such a bar is: the numbers that it parts speak for it.
BELIEF = 0.9
# How far a bar may rise or fall, as a share of its length, and how thick a short piece may be, in heights of
# a digit. Pieces of one bar, parted by what crosses it, lie so near along it, and up or down.
MOST_SLOPE, THICKEST = 0.3, 0.2
MOST_GAP, MOST_STEP = 0.8, 0.15
# How far two digits above one another may be for a bar to be between them, in heights of a digit.
MOST_APART = 1.6
# Ink in the box of a symbol so sure is that symbol's.
LEAST_SURE = 0.5
# With more pieces of loose ink a page is no writing.
MOST_PIECES = 200


def with_fraction_bars(symbols: Sequence[Symbol], page: NDArray[np.uint8]) -> tuple[Symbol, ...]:
    """The symbols of a page uint8 (H, W), bright ink on 0, with a - for each bar of a fraction among them."""
    found = tuple(symbols)
    tall = digit_height(found)
    if not tall or not _has_stacked_digits(found, tall):
        return found
    bars: list[Symbol] = []
    # From top to bottom: what is below one bar may be above another.
    for pieces in sorted(_flat_pieces(found, page, tall), key=lambda pieces: pieces[0][1]):
        bars += (Symbol("-", box, BELIEF) for box in _bars_among(pieces, (*found, *bars)))
    return (*found, *_longest(bars, tall))


def _bars_among(pieces: Sequence[Box], symbols: Sequence[Symbol]) -> list[Box]:
    """Of pieces of flat ink that follow one another the bars of fractions: each its own, or all of one."""
    parted = {piece: fraction_of(piece, symbols) for piece in pieces}
    numbers = [
        id(part) for fraction in parted.values() if fraction for part in fraction.upper + fraction.lower
    ]
    if numbers and len(numbers) == len(set(numbers)):
        return [piece for piece, fraction in parted.items() if fraction]
    whole = union(*pieces)
    return [whole] if fraction_of(whole, symbols) else []


def _longest(bars: Sequence[Symbol], tall: float) -> list[Symbol]:
    """Of bars between the same two numbers the longest; others are the feet of 1s."""
    kept: list[Symbol] = []
    for bar in sorted(bars, key=lambda bar: -width(bar.box)):
        if not any(_are_same(bar.box, other.box, tall) for other in kept):
            kept.append(bar)
    return kept


def _are_same(one: Box, other: Box, tall: float) -> bool:
    step = abs(center_y(one) - center_y(other))
    return min(one[2], other[2]) > max(one[0], other[0]) and step <= MOST_APART * tall


def _has_stacked_digits(symbols: Sequence[Symbol], tall: float) -> bool:
    """Whether a digit stands a little above another one."""
    boxes = np.array([symbol.box for symbol in symbols if symbol.label in DIGITS])
    lefts, tops, rights, bottoms = boxes.T
    apart = tops[None] - bottoms[:, None]
    shared = np.minimum(rights[:, None], rights[None]) - np.maximum(lefts[:, None], lefts[None])
    return bool(((apart > -tall / 2) & (apart <= MOST_APART * tall) & (shared > -tall)).any())


def _flat_pieces(symbols: Sequence[Symbol], page: NDArray[np.uint8], tall: float) -> list[list[Box]]:
    """The boxes of flat ink that is in no symbol's box, those together that may be pieces of one stroke."""
    # What is read twice, once more surely, may reach over the bar the other time.
    sure = [symbol for symbol in symbols if symbol.confidence >= LEAST_SURE]
    strokes: list[list[Box]] = []
    for box in sorted(loose_pieces(page, sure, most=MOST_PIECES)):
        if height(box) <= max(MOST_SLOPE * width(box), THICKEST * tall):
            before = (stroke for stroke in reversed(strokes) if _goes_on(stroke[-1], box, tall))
            stroke = next(before, None)
            if stroke is None:
                strokes.append([box])
            else:
                stroke.append(box)
    return strokes


def _goes_on(one: Box, other: Box, tall: float) -> bool:
    """Whether one piece of a bar begins where another one ends."""
    step = abs(center_y(one) - center_y(other))
    is_behind = center_x(one) < center_x(other)
    return is_behind and other[0] - one[2] <= MOST_GAP * tall and step <= MOST_STEP * tall
