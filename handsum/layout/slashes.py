"""Slanted fractions: a / that leads from the end of one row down to the start of another joins the two."""

from __future__ import annotations

from collections.abc import Sequence

from handsum.layout.boxes import center_x, center_y, height
from handsum.layout.rows import by_place
from handsum.reading import Symbol

# In heights of the digit beside the slash: how far it stands off, and how much of it the slash passes.
MAX_GAP = 1.0
MIN_PASSED = 0.2


def join_over_slashes(rows: Sequence[list[Symbol]], slashes: Sequence[Symbol]) -> list[list[Symbol]]:
    """The rows of digits, joined where one ends above a slash's middle and another begins below it."""
    joined = list(rows)
    for slash in sorted(slashes, key=by_place):
        upper = [row for row in joined if _is_beside(row[-1], slash, side=-1)]
        lower = [row for row in joined if _is_beside(row[0], slash, side=1)]
        if upper and lower:
            joined = [row for row in joined if row is not upper[0] and row is not lower[0]]
            joined.append(upper[0] + lower[0])
    return joined


def _is_beside(digit: Symbol, slash: Symbol, *, side: int) -> bool:
    """Whether a digit stands left of a slash and above its middle (side -1), or right and below (side 1)."""
    gap = slash.box[0] - digit.box[2] if side < 0 else digit.box[0] - slash.box[2]
    if gap > MAX_GAP * height(digit.box) or side * (center_x(digit.box) - center_x(slash.box)) <= 0:
        return False
    passed = min(digit.box[3], slash.box[3]) - max(digit.box[1], slash.box[1])
    is_past_middle = side * (center_y(digit.box) - center_y(slash.box)) > 0
    return is_past_middle and passed >= MIN_PASSED * height(digit.box)
