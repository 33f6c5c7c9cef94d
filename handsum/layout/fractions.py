"""Stacked fractions: a bar with a number above it and one below. In a line of text it is a slash.

Boxes tell, here as everywhere in layout. A bar under a row that goes on beyond it is an underline, a short
one between two numbers a minus sign, and one below a row that begins with an operator the rule of a sum in
columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from handsum.layout.boxes import center_x, center_y, height, union, width
from handsum.layout.labels import DIGITS, DOTS
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
# A bar this short with a digit this near on both sides is a minus sign.
MINUS_LENGTH, MINUS_GAP = 1.0, 0.8

SIGNS_OF_CALCULATION = "+-×÷/"


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

    def as_digit(self) -> Symbol:
        """What stands for the whole fraction in its line: a digit as wide, at the level of its bar."""
        left, _, right, _ = union(*(symbol.box for symbol in (*self.upper, self.bar, *self.lower)))
        y, half = center_y(self.bar.box), self.digit_height / 2
        return Symbol("0", (left, y - half, right, y + half), 1.0)


def find_fractions(symbols: Sequence[Symbol]) -> list[Fraction]:
    """The stacked fractions among symbols; none shares a symbol with another."""
    bars = [symbol for symbol in symbols if symbol.label in BAR_LABELS]
    found: list[Fraction] = []
    taken: set[int] = set()
    for bar in sorted(bars, key=lambda bar: bar.box):
        fraction = _fraction_of(bar, [symbol for symbol in symbols if symbol is not bar])
        if fraction is None:
            continue
        members = {id(symbol) for symbol in (*fraction.upper, bar, *fraction.lower)}
        if not members & taken:
            taken |= members
            found.append(fraction)
    return found


def is_bar_of_fraction(box: Box, symbols: Sequence[Symbol]) -> bool:
    """Whether ink in a box, which none of the symbols is, would be the bar of a stacked fraction."""
    return _fraction_of(Symbol("-", box, 1.0), symbols) is not None


def in_line(fraction: Fraction, upper: Sequence[Symbol], lower: Sequence[Symbol]) -> tuple[Symbol, ...]:
    """A fraction in reading order, its numbers in theirs, and its bar a slash."""
    bar = fraction.bar
    slash = bar if bar.label == "/" else replace(bar, label="/", alternatives=())
    return *upper, slash, *lower


def _fraction_of(bar: Symbol, others: Sequence[Symbol]) -> Fraction | None:
    """The fraction that a bar parts, if it does."""
    if width(bar.box) < SLENDER * height(bar.box):
        return None
    upper, lower = (_along(bar.box, others, side) for side in (-1, 1))
    if not (_has_digit(upper) and _has_digit(lower)):
        return None
    fraction = Fraction(tuple(upper), bar, tuple(lower))
    members = {id(symbol) for symbol in (*upper, *lower)}
    beside = [symbol for symbol in others if id(symbol) not in members]
    tall = fraction.digit_height
    is_one = (
        _fits(bar.box, upper, lower, tall)
        and not _is_minus(bar.box, beside, tall)
        and not any(_goes_on(side, beside, tall) for side in (upper, lower))
        and not _is_in_columns(bar.box, upper, beside, tall)
    )
    return fraction if is_one else None


def _along(bar: Box, symbols: Iterable[Symbol], side: int) -> list[Symbol]:
    """What stands along a bar, above it (side -1) or below (1), and nearest to it: one row."""
    y = center_y(bar)
    near = []
    for symbol in symbols:
        own = height(symbol.box)
        distance = y - symbol.box[3] if side < 0 else symbol.box[1] - y
        is_along = bar[0] - MOST_ASIDE * own <= center_x(symbol.box) <= bar[2] + MOST_ASIDE * own
        if symbol.label in DIGITS and is_along and -MOST_CUT * own <= distance <= MOST_DISTANCE * own:
            near.append(symbol)
    if not near:
        return []
    # Signs are lower than digits, and stand where these are.
    top, bottom = min(s.box[1] for s in near), max(s.box[3] for s in near)
    signs = [
        symbol
        for symbol in symbols
        if symbol.label not in DIGITS
        and bar[0] <= center_x(symbol.box) <= bar[2]
        and top <= center_y(symbol.box) <= bottom
        and side * (center_y(symbol.box) - y) > 0
    ]
    return near + signs


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


def _goes_on(side: Sequence[Symbol], beside: Iterable[Symbol], tall: float) -> bool:
    """Whether the row of a number has digits beyond it, too."""
    return any(_is_beside(symbol, side, NEAR * tall) for symbol in beside if symbol.label in DIGITS)


def _is_in_columns(bar: Box, upper: Sequence[Symbol], beside: Iterable[Symbol], tall: float) -> bool:
    """Whether the row above a bar begins with an operator, or has one before it and not before the bar."""
    first = min(upper, key=lambda symbol: symbol.box[0])
    before = [s for s in beside if s.label in SIGNS_OF_CALCULATION and s.box[0] < first.box[0]]
    return first.label in SIGNS_OF_CALCULATION or any(
        _is_beside(operator, upper, NEAR_OPERATOR * tall)
        and abs(center_y(operator.box) - center_y(first.box)) < abs(center_y(operator.box) - center_y(bar))
        for operator in before
    )


def _is_beside(symbol: Symbol, row: Sequence[Symbol], most_gap: float) -> bool:
    """Whether a symbol stands left or right of a row, its middle on the row's level."""
    left, top, right, bottom = union(*(each.box for each in row if each.label in DIGITS))
    gap = max(left - symbol.box[2], symbol.box[0] - right)
    return top <= center_y(symbol.box) <= bottom and gap <= most_gap


def _has_digit(symbols: Iterable[Symbol]) -> bool:
    return any(symbol.label in DIGITS for symbol in symbols)


def _digit_height(symbols: Iterable[Symbol]) -> float:
    return median(height(symbol.box) for symbol in symbols if symbol.label in DIGITS)


def text_of(line: Sequence[Symbol]) -> str:
    """The labels of a line's symbols in a row, stacked fractions with the brackets that they need there."""
    return "".join(
        before + symbol.label + behind for symbol, (before, behind) in zip(line, spelt(line), strict=True)
    )


def spelt(line: Sequence[Symbol]) -> list[tuple[str, str]]:
    """What has to stand before and behind each symbol for the line to mean as text what it means on paper.

    A stacked fraction is worked out before all that is beside it: 3÷(1/2), (1+2)/4, and a number right before
    it is added, (2+3/4).
    """
    before, behind = [""] * len(line), [""] * len(line)
    end_before = -1
    for start, bar, end in _stacks(line):
        for first, last in ((start, bar), (bar + 1, end)):
            if any(symbol.label in SIGNS_OF_CALCULATION for symbol in line[first:last]):
                before[first] += "("
                behind[last - 1] += ")"
        whole = start
        while whole > max(end_before, 0) and line[whole - 1].label in DIGITS + DOTS:
            whole -= 1
        if whole < start:
            before[start] = "+" + before[start]
        next_label = line[end].label if end < len(line) else ""
        follows_product = start > 0 and (line[start - 1].label in "÷/)" or start == end_before)
        if whole < start or follows_product or next_label in [*DIGITS, *DOTS]:
            before[whole] = "(" + before[whole]
            behind[end - 1] += ")"
        end_before = end
    return list(zip(before, behind, strict=True))


def _stacks(line: Sequence[Symbol]) -> Iterator[tuple[int, int, int]]:
    """Of each stacked fraction in a line, where it starts, its bar and its end."""
    for index, bar in enumerate(line):
        if bar.label != "/" or width(bar.box) < SLENDER * height(bar.box):
            continue
        start, end = index, index + 1
        while start and _is_along(line[start - 1], bar, side=-1):
            start -= 1
        while end < len(line) and _is_along(line[end], bar, side=1):
            end += 1
        if start < index and end > index + 1:
            yield start, index, end


def _is_along(symbol: Symbol, bar: Symbol, *, side: int) -> bool:
    margin = MOST_ASIDE * height(symbol.box)
    is_there = bar.box[0] - margin <= center_x(symbol.box) <= bar.box[2] + margin
    return is_there and side * (center_y(symbol.box) - center_y(bar.box)) > 0
