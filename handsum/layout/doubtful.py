"""Lines that are most likely none: what a pattern, a stain or a rule beside the writing was taken for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from handsum.layout.labels import DIGITS
from handsum.reading import Line, Symbol

# A line whose symbols are less sure than this in the (geometric) mean, and than this share of the surest
# line's, is none. Of such lines on spoiled pages by held-out writers one in thirteen is writing.
LEAST_SURE, LEAST_SHARE = 0.5, 0.75
# No confidence counts for less: one impossible symbol does not make a line impossible.
LEAST_CONFIDENCE = 1e-6

# What is left of squares is so many in a row and more, hardly anything else is among them, and they are lower
# than this share of the digits on the page.
LEAST_CROSSINGS, CROSSINGS_SHARE, CROSSING_HEIGHT = 3, 0.65, 0.5


def without_doubtful(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page without those far less sure than its surest; one is always left of some.

    A line without a digit is none beside one that has some: it is what a rule or an edge was taken for.
    """
    sureness = [_mean_confidence(line) for line in lines]
    least = min(LEAST_SURE, LEAST_SHARE * max(sureness, default=0.0))
    kept = [line for line, sure in zip(lines, sureness, strict=True) if sure >= least]
    return [line for line in kept if _has_digit(line)] or kept


def without_crossings(lines: Sequence[Line]) -> list[Line]:
    """The lines without rows of small zeros, which the crossings of squared paper are taken for."""
    written = [line for line in lines if not _is_of_zeros(line)]
    heights = sorted(_height(symbol) for line in written for symbol in line.symbols if symbol.label in DIGITS)
    least = CROSSING_HEIGHT * heights[len(heights) // 2] if heights else 0.0
    return [line for line in lines if not _is_of_zeros(line) or max(map(_height, line.symbols)) >= least]


def _is_of_zeros(line: Line) -> bool:
    num = sum(symbol.label == "0" for symbol in line.symbols)
    return num >= max(LEAST_CROSSINGS, CROSSINGS_SHARE * len(line.symbols))


def _height(symbol: Symbol) -> float:
    return symbol.box[3] - symbol.box[1]


def _has_digit(line: Line) -> bool:
    return any(symbol.label in DIGITS for symbol in line.symbols)


def _mean_confidence(line: Line) -> float:
    """How sure what was seen is, whichever label `sense` then preferred."""
    shares = [max(s.confidence, dict(s.alternatives).get(s.raw_label, 0.0)) for s in line.symbols]
    logs = [math.log(max(LEAST_CONFIDENCE, share)) for share in shares]
    return math.exp(sum(logs) / max(1, len(logs)))
