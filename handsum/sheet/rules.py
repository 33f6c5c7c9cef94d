"""Ruled and squared paper and the boxes of forms: their lines are taken away, strokes across them stay.

Lines are found as long thin runs of ink. Each is then followed column by column, and ink is erased where it
is no thicker than the line, which leaves crossing strokes whole (the method of line tracking for staff
lines: Dalitz et al., "A comparative study of staff removal algorithms", 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.sheet.ink import Sketch, pieces_of, sketch, usual_length

# A run of ink in a sketch is this long to be part of a line, and gaps as long are bridged.
RUN_PX, GAP_PX = 31, 21
# A line is this many times as long as it is thick, and at least this share of the page's longer side.
LEAST_SLENDERNESS, LEAST_SHARE = 18.0, 0.04
# A line is ink for this share of its length.
LEAST_COVERED = 0.75
# Pieces within so many pixels of where a line goes on belong to it.
STRAY_PX = 4.0

# In heights of a digit: what is shorter is a fraction bar, an underline or a sign.
LEAST_HEIGHTS = 4.5
# A lone line is a fraction's or an underline unless it runs from border to border and is this long.
LEAST_LONE_HEIGHTS, BORDER_SHARE = 8.0, 0.03
# A lone upright one is no part of any writing if it is this share of the page's height.
LEAST_UPRIGHT_SHARE = 0.4
# Lines are alike where they run side by side for this share of the longer one; with two others alike
# they are a pattern.
ALIKE_SHARE, LEAST_ALIKE = 0.7, 2

# Ink up to this many times as thick as the line, and a pixel more, is the line alone.
ALONE_THICKNESS = 1.6
# Ink clearly brighter than the line is writing along it.
BRIGHTER, BRIGHTER_BY = 1.3, 25.0
# Ink of a line is what is brighter than this share of its usual brightness.
INK_SHARE = 0.3


@dataclass(frozen=True, eq=False)
class Rule:
    """A line that goes from left to right, in pixels of a sketch (or of the sketch on its side).

    Attributes:
        start, end: its first column and the one after its last.
        curve: coefficients of its row as a polynomial of the column, the highest first.
        thickness: in rows.
    """

    start: int
    end: int
    curve: NDArray[np.float64]
    thickness: float

    @property
    def length(self) -> int:
        """From end to end."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The row in the middle of its columns."""
        return float(np.polyval(self.curve, (self.start + self.end) / 2))

    def enlarged(self, factor: int) -> Rule:
        """The same line on a page `factor` times as large."""
        powers = np.arange(len(self.curve))[::-1]
        curve = self.curve * float(factor) ** (1 - powers)
        return Rule(self.start * factor, self.end * factor, curve, self.thickness * factor)


def without_rules(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page without ruled lines; the very same where there are none, or nothing would be left."""
    sketched = sketch(page)
    level, upright = find_rules(sketched)
    if not level and not upright:
        return page
    cleared = page.copy()
    _erase(cleared, level, sketched.factor)
    _erase(cleared.T, upright, sketched.factor)
    return cleared


def find_rules(sketched: Sketch) -> tuple[list[Rule], list[Rule]]:
    """The ruled lines of a page that go across it, and those that go down (as of the page on its side)."""
    ink = sketched.ink
    level, upright = _candidates(ink), _candidates(np.ascontiguousarray(ink.T))
    if not level and not upright:
        return [], []
    height = _digit_height(ink, level, upright)
    if height == 0:
        return [], []
    return _confirmed(level, upright, height, ink.shape)


def _digit_height(ink: NDArray[np.uint8], level: list[Rule], upright: list[Rule]) -> float:
    """How high digits are on a sketch once all that may be a ruled line is gone; 0 if nothing is left.

    Not lower than the pieces of ink before that, but for those that cross half the sketch: straight sides of
    bold digits may be taken for lines, too, and what is left of such digits is low.
    """
    cleared = ink * np.uint8(255)
    _erase(cleared, level, 1)
    _erase(cleared.T, upright, 1)
    pieces = pieces_of((cleared > 0).astype(np.uint8))
    thickest = max(rule.thickness for rule in [*level, *upright])
    whole = pieces_of(ink)
    is_small = (whole.sizes < np.array(ink.shape[::-1]) / 2).all(axis=1)
    return max(
        usual_length(heights[heights > 2.5 * thickest])
        for heights in (pieces.sizes[:, 1], whole.sizes[is_small, 1])
    )


def _candidates(ink: NDArray[np.uint8]) -> list[Rule]:
    """Everything long and thin that goes from left to right."""
    import cv2

    # Thickened first, or a thin line that leans by a degree would have no long runs.
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, RUN_PX), np.uint8))
    joined = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, GAP_PX), np.uint8))
    pieces = pieces_of(joined)
    order = np.argsort(-pieces.sizes[:, 0])
    least = max(RUN_PX, LEAST_SHARE * max(ink.shape))
    rules: list[Rule] = []
    covered: list[int] = []
    for index in order[:_MOST_PIECES]:
        x0, y0, x1, y1 = pieces.boxes[index].astype(int).tolist()
        part = pieces.labels[y0:y1, x0:x1] == index + 1
        num_inked = int((part & (runs[y0:y1, x0:x1] > 0)).any(axis=0).sum())
        joined_rule = next(
            (number for number, rule in enumerate(rules) if _goes_on(rule, x0, x1, y0, y1)), None
        )
        if joined_rule is not None:
            old = rules[joined_rule]
            rules[joined_rule] = Rule(min(old.start, x0), max(old.end, x1), old.curve, old.thickness)
            covered[joined_rule] += num_inked
        elif x1 - x0 >= least:
            rule = _fitted(part, x0, y0)
            if rule.length >= LEAST_SLENDERNESS * rule.thickness:
                rules.append(rule)
                covered.append(num_inked)
    # Bars of several symbols may lie on one line, too, but with gaps.
    return [
        rule for rule, columns in zip(rules, covered, strict=True) if columns >= LEAST_COVERED * rule.length
    ]


# Enough for the finest squared paper; noise has more.
_MOST_PIECES = 400


def _goes_on(rule: Rule, x0: int, x1: int, y0: int, y1: int) -> bool:
    """Whether a piece lies where the line, which may be broken, runs or would go on."""
    row = float(np.polyval(rule.curve, (x0 + x1) / 2))
    if x0 >= rule.end or x1 <= rule.start:
        away = max(x0 - rule.end, rule.start - x1)
        if away > rule.length:
            return False
    return abs(row - (y0 + y1) / 2) <= STRAY_PX and y1 - y0 <= 2 * STRAY_PX + rule.thickness


def _fitted(part: NDArray[np.bool_], x0: int, y0: int) -> Rule:
    """The line through the middles of a piece's columns; strokes that stick to it are left out."""
    num_inked = part.sum(axis=0)
    columns = np.flatnonzero(num_inked)
    rows = (part * np.arange(len(part))[:, None]).sum(axis=0)[columns] / num_inked[columns]
    thickness = float(np.median(num_inked[columns]))
    degree = 1 if len(columns) < 200 else 2
    is_line = num_inked[columns] <= thickness + 1
    for _ in range(2):
        curve = np.polyfit(columns[is_line] + x0, rows[is_line] + y0, degree)
        is_line &= np.abs(np.polyval(curve, columns + x0) - y0 - rows) <= thickness
        if np.count_nonzero(is_line) < 10:
            break
    return Rule(x0, x0 + part.shape[1], curve, max(1.0, thickness - 2.0))


def _confirmed(
    level: list[Rule], upright: list[Rule], height: float, shape: tuple[int, ...]
) -> tuple[list[Rule], list[Rule]]:
    """Those that are no writing: long for the digits, and from border to border, alike, or a box."""
    long_level = [rule for rule in level if rule.length >= LEAST_HEIGHTS * height]
    long_upright = [rule for rule in upright if rule.length >= LEAST_HEIGHTS * height]
    boxed = [rule for rule in upright if _ends_on_two(rule, long_level, height)]
    lone_upright = LEAST_UPRIGHT_SHARE * shape[0]
    found_level = [
        rule
        for rule in long_level
        if _num_alike(rule, long_level) >= LEAST_ALIKE
        or _crosses_page(rule, shape[1], height)
        or sum(
            _ends_on_two(other, [rule, *long_level], height) and _touches(other, rule, height)
            for other in boxed
        )
        >= 2
    ]
    found_upright = [
        rule
        for rule in upright
        if (rule in boxed and len(boxed) >= 2)
        or (
            rule in long_upright
            and (_num_alike(rule, long_upright) >= LEAST_ALIKE or rule.length >= lone_upright)
        )
    ]
    return found_level, found_upright


def _num_alike(rule: Rule, rules: list[Rule]) -> int:
    """How many others run beside a line."""
    return sum(
        other is not rule
        and min(rule.end, other.end) - max(rule.start, other.start)
        >= ALIKE_SHARE * max(rule.length, other.length)
        for other in rules
    )


def _crosses_page(rule: Rule, length: int, height: float) -> bool:
    border = BORDER_SHARE * length
    is_whole = rule.start <= border and rule.end >= length - border
    return is_whole and rule.length >= LEAST_LONE_HEIGHTS * height


def _touches(upright: Rule, level: Rule, height: float) -> bool:
    """Whether an upright line begins or ends on a level one."""
    ends = min(abs(upright.start - level.middle), abs(upright.end - level.middle))
    reach = height / 3
    return ends <= reach and level.start - reach <= upright.middle <= level.end + reach


def _ends_on_two(upright: Rule, level: list[Rule], height: float) -> bool:
    """Whether an upright line is a side of a box."""
    touched = [rule for rule in level if _touches(upright, rule, height)]
    return len(touched) >= 2 and np.ptp([rule.middle for rule in touched]) >= height


def _erase(page: NDArray[np.uint8], rules: list[Rule], factor: int) -> None:
    for rule in rules:
        _erase_one(page, rule.enlarged(factor), factor)


def _erase_one(page: NDArray[np.uint8], rule: Rule, slack_px: int) -> None:
    """Set a line to 0, column by column, where its ink is not thicker than it usually is."""
    height, width = page.shape
    # Its faint ends too, which are too short to be found.
    beyond = slack_px + 2 * round(rule.thickness) + 2
    columns = np.arange(max(0, rule.start - beyond), min(width, rule.end + beyond))
    reach = round(1.5 * rule.thickness) + slack_px + 5
    middle = np.rint(np.polyval(rule.curve, columns)).astype(np.intp)
    rows = np.clip(middle + np.arange(-reach, reach + 1)[:, None], 0, height - 1)
    band = page[rows, columns]
    is_ink = band > max(6.0, INK_SHARE * float(np.median(band[reach - 1 : reach + 2].max(axis=0))))
    # The ink nearest to the middle, and from there up and down to where it ends.
    away = np.where(is_ink, np.abs(np.arange(-reach, reach + 1))[:, None], 2 * reach)
    centre = away.argmin(axis=0)
    is_near = away.min(axis=0) <= rule.thickness / 2 + 2 + slack_px
    every = np.arange(len(columns))
    first, last = centre.copy(), centre.copy()
    # What goes on for longer than the middle's ink may is a stroke, however long.
    for _ in range(reach):
        first -= (first > 0) & is_ink[np.maximum(first - 1, 0), every]
        last += (last < 2 * reach) & is_ink[np.minimum(last + 1, 2 * reach), every]
    length = last - first + 1
    if not is_near.any():
        return
    most = ALONE_THICKNESS * float(np.median(length[is_near])) + 1
    is_alone = is_near & (length <= most) & (first > 0) & (last < 2 * reach)
    brightest = np.where(is_ink, band, 0).max(axis=0)
    is_alone &= brightest <= BRIGHTER * float(np.median(brightest[is_near])) + BRIGHTER_BY
    # With a pixel of soft edge on either side.
    is_line = (np.arange(2 * reach + 1)[:, None] >= first - 1) & (
        np.arange(2 * reach + 1)[:, None] <= last + 1
    )
    is_line &= is_alone
    page[rows[is_line], np.broadcast_to(columns, rows.shape)[is_line]] = 0
