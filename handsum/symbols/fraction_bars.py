"""Bars of stacked fractions, which the page network takes for rules: long flat ink between two numbers.

Beside them it overlooks signs, which are looked for in the ink, too, and digits, for which it is shown the
page without the bars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from handsum.layout.boxes import center_x, center_y, height, union, width
from handsum.layout.fractions import Fraction, find_fractions, fraction_of, numbers_along
from handsum.reading import Box, Symbol
from handsum.strokes import ink_of
from handsum.symbols.pieces import loose_pieces
from handsum.symbols.sizes import digit_height

# How sure such a bar is: the numbers that it parts speak for it.
BELIEF = 0.9
# How far a bar may rise or fall, as a share of its length, and how thick a short piece may be, in heights of
# a digit. Pieces of one bar, parted by what crosses it, lie so near along it, and up or down.
MOST_SLOPE, THICKEST = 0.3, 0.2
MOST_GAP, MOST_STEP = 0.8, 0.15
# A bar that is taken away for a second look is at least so long, in heights of a digit; its edge is soft.
LEAST_LENGTH = 0.8
EDGE_PX = 1
# A number that was overlooked is ink in so many rows, so near the bar, in heights of a digit.
LEAST_INKED, MOST_FAR = 0.5, 1.3
# Beside a fraction the network may take signs for pieces of its bar. How sure a sign is then, how long, how
# far from the fraction, and how far from the level of its bar, in heights of a digit.
BELIEF_IN_SIGNS = 0.8
SIGN_LENGTHS, SIGN_GAPS, SIGN_OFFSET = (0.2, 1.3), (0.08, 1.5), 0.5
# The bars of an = are so far apart at least, and another operator so far away.
HALVES_APART, OPERATOR_ROOM = 0.12, 0.3
# Ink in the box of a symbol so sure is that symbol's.
LEAST_SURE = 0.5
# Lines finer than a pixel are so faint where they lie between two rows of pixels.
FAINT = 0.25
# With more pieces of loose ink a page is no writing.
MOST_PIECES = 200


def flat_strokes(symbols: Sequence[Symbol], page: NDArray[np.uint8]) -> list[list[Box]]:
    """The boxes of flat ink on a page uint8 (H, W), bright on 0, that is in no symbol's box.

    Those are together that may be pieces of one stroke. Without digits there are none.
    """
    tall = digit_height(symbols)
    if not tall:
        return []
    # What is read twice, once more surely, may reach over the bar the other time.
    sure = [symbol for symbol in symbols if symbol.confidence >= LEAST_SURE]
    strokes: list[list[Box]] = []
    for box in sorted(loose_pieces(page, sure, most=MOST_PIECES, level=FAINT)):
        if height(box) <= max(MOST_SLOPE * width(box), THICKEST * tall):
            before = (stroke for stroke in reversed(strokes) if _goes_on(stroke[-1], box, tall))
            stroke = next(before, None)
            if stroke is None:
                strokes.append([box])
            else:
                stroke.append(box)
    return strokes


def with_fraction_bars(symbols: Sequence[Symbol], strokes: Sequence[Sequence[Box]]) -> tuple[Symbol, ...]:
    """The symbols of a page with a - for each bar of a fraction among its flat strokes.

    So have a minus and the halves of an = right beside a fraction, if the network did not see them.
    """
    found, tall = tuple(symbols), digit_height(symbols)
    bars: list[Symbol] = []
    # From top to bottom: what is below one bar may be above another.
    for pieces in sorted(strokes, key=lambda pieces: pieces[0][1]):
        bars += (Symbol("-", box, BELIEF) for box in _bars_among(pieces, (*found, *bars)))
    fractions = find_fractions((*found, *bars))
    parting = {id(fraction.bar) for fraction in fractions}
    whole = (*found, *(bar for bar in bars if id(bar) in parting))
    signs = [box for box in chain.from_iterable(strokes) if _is_sign(box, fractions, whole, tall)]
    return (*whole, *(Symbol("-", box, BELIEF_IN_SIGNS) for box in signs))


def _is_sign(box: Box, fractions: Sequence[Fraction], symbols: Sequence[Symbol], tall: float) -> bool:
    """Whether flat ink is a -, or half of an =: alone beside a fraction, level with its bar."""
    if not SIGN_LENGTHS[0] * tall <= width(box) <= SIGN_LENGTHS[1] * tall:
        return False
    for fraction in fractions:
        left, top, right, bottom = union(*(part.box for part in fraction.parts))
        gap = max(left - box[2], box[0] - right)
        is_beside = SIGN_GAPS[0] * tall <= gap <= SIGN_GAPS[1] * tall
        is_level = abs(center_y(box) - center_y(fraction.bar.box)) <= SIGN_OFFSET * tall
        row = [symbol for symbol in symbols if top < center_y(symbol.box) < bottom]
        if is_beside and is_level and not any(_is_in_place(symbol, box, tall) for symbol in row):
            return True
    return False


def _is_in_place(symbol: Symbol, box: Box, tall: float) -> bool:
    """Whether a symbol of the row leaves no room for a sign in a box: it is there, or an operator beside it.

    A - above or below it is the other half of an =.
    """
    if symbol.label == "-" and abs(center_y(symbol.box) - center_y(box)) >= HALVES_APART * tall:
        return False
    shared = min(box[2], symbol.box[2]) - max(box[0], symbol.box[0])
    if symbol.label in "+×÷=":
        return shared > -OPERATOR_ROOM * tall
    return shared > min(width(box), width(symbol.box)) / 2


def without_bars(
    symbols: Sequence[Symbol], strokes: Iterable[Sequence[Box]], page: NDArray[np.uint8]
) -> NDArray[np.uint8] | None:
    """The page without those of its flat strokes that may be bars of fractions; None where there is none."""
    tall = digit_height(symbols)
    long = [box for box in chain.from_iterable(strokes) if width(box) >= LEAST_LENGTH * tall]
    if not long:
        return None
    ink = ink_of(page, level=FAINT)
    bars = [box for box in long if _may_part(box, symbols, ink, tall)]
    if not bars:
        return None
    cleared = page.copy()
    for left, top, right, bottom in (map(int, box) for box in bars):
        cleared[max(0, top - EDGE_PX) : bottom + EDGE_PX, max(0, left - EDGE_PX) : right + EDGE_PX] = 0
    return cleared


def _may_part(box: Box, symbols: Sequence[Symbol], ink: NDArray[np.bool_], tall: float) -> bool:
    """Whether a number stands on one side of ink in a box, and on the other one, too, or ink as high."""
    above, below = numbers_along(box, symbols)
    if above == below:
        return above
    left, top, right, bottom = map(int, box)
    reach = round(MOST_FAR * tall)
    start, end = (bottom + EDGE_PX, bottom + reach) if above else (top - reach, top - EDGE_PX)
    inked = ink[max(0, start) : max(0, end), left:right].any(axis=1)
    return bool(np.count_nonzero(inked) >= LEAST_INKED * tall)


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


def _goes_on(one: Box, other: Box, tall: float) -> bool:
    """Whether one piece of a bar begins where another one ends."""
    step = abs(center_y(one) - center_y(other))
    is_behind = center_x(one) < center_x(other)
    return is_behind and other[0] - one[2] <= MOST_GAP * tall and step <= MOST_STEP * tall
