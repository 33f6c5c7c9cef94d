"""The number of an exercise before its sum: `1) 3+4=`, `(2) 3+4=`; or `3. 3+4=`, its point unread perhaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from handsum.layout.boxes import height
from handsum.layout.labels import DIGITS
from handsum.layout.spelling import gaps_between, units
from handsum.reading import Symbol

BRACKETED = re.compile(r"\(?[0-9]{0,2}\)")
BARE = re.compile(r"[0-9]{1,2}[.,]?")
# Stands for a stacked fraction, which is a number, and none that an exercise has.
STACKED = "\u2044"
# What a sum begins with behind it, in digit heights from it. A bare number stands about as far away as sums
# that are set side by side, also in gaps between the symbols of the row.
BEGINNING = f"{DIGITS}({STACKED}"
BRACKET_GAP = 0.35
BARE_GAP, BARE_GAP_RATIO = 1.0, 2.5


def numbering(line: Sequence[Symbol]) -> int:
    """How many symbols at the beginning of a line may number it; 0 for none. Only what follows can tell."""
    parts = units(line)
    text = "".join(part[0].label if len(part) == 1 else STACKED for part in parts)
    digits = [height(symbol.box) for symbol in line if symbol.label in DIGITS]
    gaps = gaps_between(parts)
    if not gaps or not digits:
        return 0
    bracketed = BRACKETED.match(text)
    if bracketed:
        num, least = bracketed.end(), BRACKET_GAP * median(digits)
    else:
        least = max(BARE_GAP * median(digits), BARE_GAP_RATIO * median(gaps))
        num = next((end for end, gap in enumerate(gaps, start=1) if gap >= least), 0)
        if not BARE.fullmatch(text[:num]):
            return 0
    return num if num < len(parts) and gaps[num - 1] >= least and text[num] in BEGINNING else 0
