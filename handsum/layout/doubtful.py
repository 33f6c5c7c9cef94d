"""Lines that are most likely none: what a pattern, a stain or a rule beside the writing was taken for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from handsum.layout.labels import DIGITS
from handsum.reading import Line

# A line whose symbols are less sure than this in the (geometric) mean, and than this share of the surest
# line's, is none. Of such lines on spoiled pages by held-out writers one in thirteen is writing.
LEAST_SURE, LEAST_SHARE = 0.5, 0.75
# No confidence counts for less: one impossible symbol does not make a line impossible.
LEAST_CONFIDENCE = 1e-6


def without_doubtful(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page without those far less sure than its surest; one is always left of some.

    A line without a digit is none beside one that has some: it is what a rule or an edge was taken for.
    """
    sureness = [_mean_confidence(line) for line in lines]
    least = min(LEAST_SURE, LEAST_SHARE * max(sureness, default=0.0))
    kept = [line for line, sure in zip(lines, sureness, strict=True) if sure >= least]
    return [line for line in kept if _has_digit(line)] or kept


def _has_digit(line: Line) -> bool:
    return any(symbol.label in DIGITS for symbol in line.symbols)


def _mean_confidence(line: Line) -> float:
    logs = [math.log(max(LEAST_CONFIDENCE, symbol.confidence)) for symbol in line.symbols]
    return math.exp(sum(logs) / max(1, len(logs)))
