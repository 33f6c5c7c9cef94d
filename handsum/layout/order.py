"""The order of rows: where one row ends and another begins beside it, and which line is read first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from handsum.layout.labels import DIGITS, DOTS, OPERATORS
from handsum.layout.rows import MAX_GAP, Baseline
from handsum.layout.spelling import gaps_between, units
from handsum.reading import Symbol

# A point or comma stands this near, in digit heights, to what it belongs to.
MAX_DOT_GAP = 2.0
# Pieces of one row may lie this much higher or lower than one another, in digit heights.
SAME_ROW = 0.5
# Two sums in one row are so far apart, in digit heights, and in gaps between the symbols of the row.
SUM_GAP, SUM_GAP_RATIO = 1.2, 2.5


def without_lost_dots(row: Sequence[Symbol]) -> list[Symbol]:
    """Drop the points and commas that stand far from all else in their row, which goes from left to right."""
    guides = _guides(row)
    others = [symbol for symbol in row if symbol.label not in DOTS]
    return [
        symbol
        for symbol in row
        if symbol.label not in DOTS
        or _gap_to_any(symbol, others) <= MAX_DOT_GAP * Baseline.near(guides, symbol.box).digit_height
    ]


def _guides(row: Sequence[Symbol]) -> Sequence[Symbol]:
    """What tells how a row runs: its digits, where it has some."""
    return [symbol for symbol in row if symbol.label in DIGITS] or row


def _gap_to_any(dot: Symbol, others: Sequence[Symbol]) -> float:
    """In pixels from left to right; below 0 where the nearest reaches over the dot."""
    return min(max(dot.box[0] - other.box[2], other.box[0] - dot.box[2]) for other in others)


def parted(row: Sequence[Symbol]) -> list[list[Symbol]]:
    """The pieces of a row that stand so far apart that each is a line of its own."""
    guides = _guides(row)
    pieces: list[list[Symbol]] = []
    right = float("-inf")
    for symbol in row:
        is_held = bool(pieces) and (symbol.label in OPERATORS or pieces[-1][-1].label in OPERATORS)
        limit = MAX_GAP * Baseline.near(guides, symbol.box).digit_height
        if is_held or symbol.box[0] - right <= limit:
            pieces[-1].append(symbol)
        else:
            pieces.append([symbol])
        right = max(right, symbol.box[2])
    return pieces


def side_by_side(line: Sequence[Symbol]) -> list[tuple[Symbol, ...]]:
    """The pieces of a line that may be sums of their own: set apart, after an =, and worked out.

    Only what they come to can tell: 3+4=7 5+6=11 is two sums, 2×3 = 6 = 12÷2 one.
    """
    parts = units(line)
    gaps = gaps_between(parts)
    heights = [symbol.box[3] - symbol.box[1] for symbol in _guides(line)]
    least = max(SUM_GAP * median(heights), SUM_GAP_RATIO * median(gaps)) if gaps else 0.0
    ends = [end for end, gap in enumerate(gaps, start=1) if gap >= least]
    pieces: list[tuple[Symbol, ...]] = []
    for start, end in pairwise([0, *ends, len(parts)]):
        # A stacked fraction is a number.
        signs = [unit[0] for unit in parts[start + 1 : end] if len(unit) == 1]
        part = tuple(chain.from_iterable(parts[start:end]))
        if pieces and not (_has(pieces[-1], "=") and _has(signs, OPERATORS)):
            pieces[-1] += part
        else:
            pieces.append(part)
    return pieces


def _has(symbols: Sequence[Symbol], labels: str) -> bool:
    return any(symbol.label in labels for symbol in symbols)


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
        guides = _guides(symbols)
        left, right = min(symbol.box[0] for symbol in symbols), max(symbol.box[2] for symbol in symbols)
        first, last = (Baseline.near(guides, end.box) for end in (symbols[0], symbols[-1]))
        return cls(tuple(symbols), left, right, first, last)


def in_reading_order(lines: Sequence[Sequence[Symbol]]) -> list[tuple[Symbol, ...]]:
    """Lines from top to bottom, those of one height from left to right.

    Two leaning lines are compared where both run, or else in the middle between them; of what is left,
    a line is read next that has none before it.
    """
    spans = sorted(map(_Span.of, lines), key=lambda span: (span.symbols[0].box[1], span.left))
    is_before = _precedence(spans)
    num_before = is_before.sum(axis=0, dtype=np.float64)
    ordered = []
    for _ in spans:
        # In a circle of leaning lines all have one before them: then the one with the fewest.
        index = int(num_before.argmin())
        ordered.append(spans[index].symbols)
        num_before -= is_before[index]
        num_before[index] = np.inf
    return ordered


def _precedence(spans: Sequence[_Span]) -> NDArray[np.bool_]:
    """Whether one line, by row, is read before another, by column: bool (n, n)."""
    lefts, rights = np.array([(span.left, span.right) for span in spans], np.float64).reshape(-1, 2).T
    # The baselines at either end, each a column: float64 (5, n).
    firsts = np.array([span.first for span in spans], np.float64).reshape(-1, 5).T
    lasts = np.array([span.last for span in spans], np.float64).reshape(-1, 5).T
    is_before = np.zeros((len(spans), len(spans)), np.bool_)
    for index in range(len(spans)):
        one = slice(index, index + 1)
        left, right = np.maximum(lefts[one], lefts), np.minimum(rights[one], rights)
        x = (left + right) / 2
        upper = Baseline(*np.where(x - lefts[one] < rights[one] - x, firsts[:, one], lasts[:, one]))
        lower = Baseline(*np.where(x - lefts < rights - x, firsts, lasts))
        below = upper.distance_to(x, lower.y) + lower.shift + lower.slope * (x - lower.x)
        same_row = SAME_ROW * np.minimum(upper.digit_height, lower.digit_height)
        is_beside = (abs(below) <= same_row) & (left >= right)
        is_before[index] = np.where(is_beside, lefts[one] < lefts, below > 0)
    np.fill_diagonal(is_before, False)
    return is_before
