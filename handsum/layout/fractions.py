"""Stacked fractions: a bar with a number above it and one below. In a line of text it is a slash.

Boxes tell, here as everywhere in layout. A bar under a row that goes on beyond it is an underline, and so is
each of several between numbers in a list; a short one between two numbers is a minus sign, and one below two
numbers, or a row that begins with an operator, the rule of a sum in columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from statistics import median

import numpy as np

from handsum.layout.boxes import center_x, center_y, covers, height, union, width
from handsum.layout.labels import CALCULATING, DIGITS, DOTS, OPERATORS
from handsum.reading import Box, Symbol

# What a fraction's bar may be called, and how many times as long as thick its box is at least.
BAR_LABELS, SLENDER = "-/", 2.0
# All lengths are in heights of the fraction's own digits, so that of a bar: it is no speck.
LEAST_LENGTH = 0.4
# How far a number is from its bar at most, how far it may cut into it, and how far its middle may lie beyond
# the bar's ends.
MOST_DISTANCE, MOST_CUT, MOST_ASIDE = 0.8, 0.3, 0.2
# What stands so near beside a number, on its level, is part of its row; an operator from further away.
NEAR, NEAR_OPERATOR = 0.6, 1.5
# Either number may be so much wider than the bar, and the bar so much longer than the wider of the two.
MOST_OVERHANG, MOST_LENGTH = 0.8, 2.5
# The rows of a sum in columns are so far apart at most, and nothing matters that is so far from a bar.
COLUMN_PITCH, REACH = 1.25, 6.0
# A bar this short with a digit this near on both sides is a minus sign.
MINUS_LENGTH, MINUS_GAP = 1.0, 0.8


@dataclass(frozen=True)
class Fraction:
    """What stands above a bar, the bar, and what stands below it; neither in any order."""

    upper: tuple[Symbol, ...]
    bar: Symbol
    lower: tuple[Symbol, ...]

    @property
    def digit_height(self) -> float:
        """The median, in pixels."""
        return _digit_height([*self.upper, *self.lower])

    @property
    def parts(self) -> tuple[Symbol, ...]:
        """All of it."""
        return *self.upper, self.bar, *self.lower

    def as_digit(self) -> Symbol:
        """What stands for the whole fraction in its line: a digit as wide, at the level of its bar."""
        left, _, right, _ = union(*(symbol.box for symbol in self.parts))
        y, half = center_y(self.bar.box), self.digit_height / 2
        return Symbol("0", (left, y - half, right, y + half), 1.0)

    def in_line(self, upper: Sequence[Symbol], lower: Sequence[Symbol]) -> tuple[Symbol, ...]:
        """It in reading order, its numbers in theirs, and its bar a slash."""
        is_slash = self.bar.label == "/"
        slash = self.bar if is_slash else replace(self.bar, label="/", alternatives=())
        return *upper, slash, *lower


def find_fractions(symbols: Sequence[Symbol]) -> list[Fraction]:
    """The stacked fractions among symbols; none shares a symbol with another."""
    bars = [index for index, symbol in enumerate(symbols) if _may_be_bar(symbol)]
    tallest = max((height(symbol.box) for symbol in symbols if symbol.label in DIGITS), default=0.0)
    if not bars or not tallest:
        return []
    boxes = np.array([symbol.box for symbol in symbols], np.float64)
    found = []
    for index in sorted(bars, key=lambda index: symbols[index].box):
        # What is further away has no say, and pages may be full of symbols.
        low, high = boxes[index, :2] - REACH * tallest, boxes[index, 2:] + REACH * tallest
        is_near = (boxes[:, 2:] >= low).all(axis=1) & (boxes[:, :2] <= high).all(axis=1)
        near = [symbols[other] for other in np.flatnonzero(is_near).tolist() if other != index]
        fraction = _fraction_of(symbols[index], near)
        if fraction is not None:
            found.append(fraction)
    return _without_chains(found)


def _may_be_bar(symbol: Symbol) -> bool:
    return symbol.label in BAR_LABELS and width(symbol.box) >= SLENDER * height(symbol.box)


def _without_chains(fractions: Sequence[Fraction]) -> list[Fraction]:
    """Those that share no number with another one: numbers in a list, each of them underlined, are none.

    Of several bars between the same two numbers the longest stays.
    """
    longest: dict[frozenset[int], Fraction] = {}
    for fraction in fractions:
        numbers = frozenset(map(id, fraction.upper + fraction.lower))
        other = longest.get(numbers)
        if other is None or width(fraction.bar.box) > width(other.bar.box):
            longest[numbers] = fraction
    times = Counter(chain.from_iterable(longest))
    return [fraction for numbers, fraction in longest.items() if all(times[part] == 1 for part in numbers)]


def fraction_of(box: Box, symbols: Sequence[Symbol]) -> Fraction | None:
    """The fraction whose bar ink in a box, which none of the symbols is, would be."""
    return _fraction_of(Symbol("-", box, 1.0), symbols)


def numbers_along(box: Box, symbols: Iterable[Symbol]) -> tuple[bool, bool]:
    """Whether there is a digit right above ink in a box, and whether there is one right below."""
    above, below = (bool(_along(box, symbols, side)) for side in (-1, 1))
    return above, below


def _fraction_of(bar: Symbol, others: Sequence[Symbol]) -> Fraction | None:
    """The fraction that a bar parts, if it does."""
    if not _may_be_bar(bar):
        return None
    upper, lower = (_along(bar.box, others, side) for side in (-1, 1))
    if not (upper and lower):
        return None
    fraction = Fraction(tuple(upper), bar, tuple(lower))
    members = {id(symbol) for symbol in (*upper, *lower)}
    beside = [symbol for symbol in others if id(symbol) not in members]
    tall = fraction.digit_height
    is_one = (
        all(map(_is_whole, (upper, lower)))
        and _fits(bar.box, upper, lower, tall)
        and not _is_minus(bar.box, beside, tall)
        and not any(_goes_on(side, bar.box, beside, tall) for side in (upper, lower))
        and not _is_in_columns(bar.box, upper, beside, tall)
    )
    return fraction if is_one else None


def _along(bar: Box, symbols: Iterable[Symbol], side: int) -> list[Symbol]:
    """What stands along a bar, above it (side -1) or below (1), and nearest to it: one row with digits."""
    y = center_y(bar)
    there = [symbol for symbol in symbols if symbol.label != "=" and _is_on_side(symbol, bar, side)]
    near = [symbol for symbol in there if symbol.label in DIGITS and _is_near(symbol.box, y, side)]
    if not near:
        return []
    # Rows are uneven, and signs are lower than digits.
    top, bottom = min(symbol.box[1] for symbol in near), max(symbol.box[3] for symbol in near)
    return [symbol for symbol in there if top <= center_y(symbol.box) <= bottom]


def _is_near(box: Box, y: float, side: int) -> bool:
    """Whether a digit stands right above (side -1) or below (1) a bar at the height y."""
    distance = y - box[3] if side < 0 else box[1] - y
    return -MOST_CUT * height(box) <= distance <= MOST_DISTANCE * height(box)


def _is_along(symbol: Symbol, bar: Box) -> bool:
    """Whether the middle of a symbol is between the ends of a bar, or little beyond."""
    aside = MOST_ASIDE * height(symbol.box) if symbol.label in DIGITS else 0.0
    return bar[0] - aside <= center_x(symbol.box) <= bar[2] + aside


def _is_on_side(symbol: Symbol, bar: Box, side: int) -> bool:
    """Whether a symbol is along a bar and above it (side -1), or below (1)."""
    return _is_along(symbol, bar) and side * (center_y(symbol.box) - center_y(bar)) > 0


def _is_whole(side: Sequence[Symbol]) -> bool:
    """Whether nothing is missing at either end of a row: it begins and ends with no operator but a -."""
    first, last = (end(side, key=lambda symbol: symbol.box[0]).label for end in (min, max))
    return (first == "-" or first not in CALCULATING) and last not in CALCULATING


def _fits(bar: Box, upper: Sequence[Symbol], lower: Sequence[Symbol], tall: float) -> bool:
    """Whether both numbers are rows about as wide as the bar."""
    extents = [union(*(symbol.box for symbol in side)) for side in (upper, lower)]
    most = max(map(width, extents))
    return LEAST_LENGTH * tall <= width(bar) <= most + MOST_LENGTH * tall and all(
        extent[0] >= bar[0] - MOST_OVERHANG * tall and extent[2] <= bar[2] + MOST_OVERHANG * tall
        for extent in extents
    )


def _is_minus(bar: Box, beside: Iterable[Symbol], tall: float) -> bool:
    """Whether a short bar has a digit on either side."""
    if width(bar) > MINUS_LENGTH * tall:
        return False
    y = center_y(bar)
    level = [symbol.box for symbol in beside if symbol.label in DIGITS and symbol.box[1] < y < symbol.box[3]]
    before = any(0 <= bar[0] - box[2] <= MINUS_GAP * tall for box in level)
    behind = any(0 <= box[0] - bar[2] <= MINUS_GAP * tall for box in level)
    return before and behind


def _goes_on(side: Sequence[Symbol], bar: Box, beside: Iterable[Symbol], tall: float) -> bool:
    """Whether the row of a number has digits beyond it, too, or operators that are not on the bar's level."""
    first = center_y(side[0].box)
    for symbol in beside:
        if symbol.label in DIGITS:
            if _is_beside(symbol, side, NEAR * tall):
                return True
        elif symbol.label in OPERATORS:
            y = center_y(symbol.box)
            is_of_row = abs(y - first) < abs(y - center_y(bar))
            if is_of_row and _is_beside(symbol, side, NEAR_OPERATOR * tall):
                return True
    return False


def _is_in_columns(bar: Box, upper: Sequence[Symbol], beside: Sequence[Symbol], tall: float) -> bool:
    """Whether a bar is the rule of a sum in columns: above it are two numbers, one below the other.

    A row that is itself below or above another bar, or goes on beyond this one, is of another line.
    """
    top = min(symbol.box[1] for symbol in upper)
    above = [
        symbol
        for symbol in beside
        if symbol.label in DIGITS
        and _is_along(symbol, bar)
        and -MOST_CUT * tall <= top - symbol.box[3] <= COLUMN_PITCH * tall
    ]
    bars = [symbol.box for symbol in beside if _may_be_bar(symbol)]
    is_parted = any(
        _is_under(symbol.box, other) or _is_above(symbol.box, other, top)
        for symbol in above
        for other in bars
    )
    if not above or is_parted:
        return False
    _, highest, _, lowest = union(*(symbol.box for symbol in above))
    row = [symbol for symbol in beside if highest <= center_y(symbol.box) <= lowest]
    left, _, right, _ = union(*(symbol.box for symbol in row))
    is_number = all(symbol.label in DIGITS + DOTS for symbol in row)
    return is_number and left >= bar[0] - tall and right <= bar[2] + tall


def _is_above(box: Box, bar: Box, top: float) -> bool:
    """Whether a bar lies between a digit and what begins below it at the height `top`."""
    is_between = center_y(box) < center_y(bar) < top + MOST_CUT * height(box)
    return is_between and covers(bar, center_x(box))


def _is_under(box: Box, bar: Box) -> bool:
    """Whether a digit is the lower number of a bar, or part of it."""
    return _is_near(box, center_y(bar), 1) and covers(bar, center_x(box))


def _is_beside(symbol: Symbol, row: Sequence[Symbol], most_gap: float) -> bool:
    """Whether a symbol stands left or right of a row, its middle on the row's level."""
    left, _, right, _ = union(*(each.box for each in row))
    _, top, _, bottom = union(*(each.box for each in row if each.label in DIGITS))
    gap = max(left - symbol.box[2], symbol.box[0] - right)
    return top <= center_y(symbol.box) <= bottom and gap <= most_gap


def _digit_height(symbols: Iterable[Symbol]) -> float:
    return median(height(symbol.box) for symbol in symbols if symbol.label in DIGITS)


def stacks(line: Sequence[Symbol]) -> Iterator[tuple[int, int, int]]:
    """Of each stacked fraction in a line, where it starts, its bar and its end."""
    end_before = 0
    for index, bar in enumerate(line):
        if bar.label != "/" or not _may_be_bar(bar):
            continue
        start, end = index, index + 1
        while start > end_before and _is_on_side(line[start - 1], bar.box, -1):
            start -= 1
        while end < len(line) and _is_on_side(line[end], bar.box, 1):
            end += 1
        if start < index and end > index + 1:
            yield start, index, end
            end_before = end
