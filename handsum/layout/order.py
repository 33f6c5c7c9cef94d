"""The order of rows: where one row ends and another begins beside it, and which line is read first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handsum.layout.clutter import DIGITS
from handsum.layout.rows import MAX_GAP, Baseline
from handsum.reading import Symbol

# What expects something on its other side, however far.
OPERATORS = "+-×÷/="
DOTS = ".,"
# A point or comma stands this near, in digit heights, to what it belongs to.
MAX_DOT_GAP = 2.0
# Pieces of one row may lie this much higher or lower than one another, in digit heights.
SAME_ROW = 0.5


def without_lost_dots(row: Sequence[Symbol]) -> list[Symbol]:
    """Drop the points and commas that stand far from all else in their row."""
    others = [symbol for symbol in row if symbol.label not in DOTS]
    return [symbol for symbol in row if symbol.label not in DOTS or _is_near_any(symbol, others)]


def _is_near_any(dot: Symbol, others: Sequence[Symbol]) -> bool:
    reach = MAX_DOT_GAP * _line_near(others, dot).digit_height
    return any(_gap(dot, other) <= reach for other in others)


def _gap(first: Symbol, second: Symbol) -> float:
    return max(first.box[0] - second.box[2], second.box[0] - first.box[2])


def _line_near(row: Sequence[Symbol], symbol: Symbol) -> Baseline:
    """The line at a symbol, by the row's digits where it has some."""
    return Baseline.near([other for other in row if other.label in DIGITS] or row, symbol.box)


def parted(row: Sequence[Symbol]) -> list[list[Symbol]]:
    """The pieces of a row that stand so far apart that each is a line of its own."""
    pieces: list[list[Symbol]] = []
    for symbol in row:
        if pieces and not _is_parting(row, pieces[-1], symbol):
            pieces[-1].append(symbol)
        else:
            pieces.append([symbol])
    return pieces


def _is_parting(row: Sequence[Symbol], piece: Sequence[Symbol], symbol: Symbol) -> bool:
    if piece[-1].label in OPERATORS or symbol.label in OPERATORS:
        return False
    gap = symbol.box[0] - max(other.box[2] for other in piece)
    return gap > MAX_GAP * _line_near(row, symbol).digit_height


@dataclass(frozen=True)
class _Span:
    """A line as the order sees it: from where to where it runs, and how it lies at either end."""

    symbols: tuple[Symbol, ...]
    left: float
    right: float
    first: Baseline
    last: Baseline

    @classmethod
    def of(cls, symbols: Sequence[Symbol]) -> _Span:
        left, right = min(symbol.box[0] for symbol in symbols), max(symbol.box[2] for symbol in symbols)
        return cls(
            tuple(symbols), left, right, _line_near(symbols, symbols[0]), _line_near(symbols, symbols[-1])
        )

    def line_at(self, x: float) -> Baseline:
        return self.first if x - self.left < self.right - x else self.last


def in_reading_order(lines: Sequence[Sequence[Symbol]]) -> list[tuple[Symbol, ...]]:
    """Lines from top to bottom, those of one height from left to right.

    Two leaning lines are compared where both run, or else in the middle between them; of what is left,
    a line is read next that has none before it.
    """
    spans = sorted(map(_Span.of, lines), key=lambda span: (span.symbols[0].box[1], span.left))
    num_before = [sum(_is_before(other, span) for other in spans) for span in spans]
    waiting = list(range(len(spans)))
    ordered = []
    while waiting:
        # In a circle of leaning lines all have one before them: then the one with the fewest.
        index = min(waiting, key=lambda index: (num_before[index], index))
        waiting.remove(index)
        ordered.append(spans[index].symbols)
        for later in waiting:
            num_before[later] -= _is_before(spans[index], spans[later])
    return ordered


def _is_before(first: _Span, second: _Span) -> bool:
    """Whether one line is read before another."""
    if first is second:
        return False
    left, right = max(first.left, second.left), min(first.right, second.right)
    x = (left + right) / 2
    upper, lower = first.line_at(x), second.line_at(x)
    below = upper.distance_to(x, lower.y) + lower.shift + lower.slope * (x - lower.x)
    same_row = SAME_ROW * min(upper.digit_height, lower.digit_height)
    if abs(below) <= same_row and left >= right:
        return first.left < second.left
    return below > 0
