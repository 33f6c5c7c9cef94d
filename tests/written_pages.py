"""Numbers and sums written as nobody would mistake them, stroke by stroke, for tests to read whole."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, Stroke, render
from tests.samples import STROKES, Strokes

# In a box 160 high, the baseline at 160; widths are their own.
SIGN_STROKES: dict[str, Strokes] = {
    "+": [[(0, 95), (90, 95)], [(45, 50), (45, 140)]],
    "-": [[(0, 95), (80, 95)]],
    "×": [[(0, 55), (75, 135)], [(75, 55), (0, 135)]],
    "÷": [[(0, 95), (100, 95)], [(50, 50)], [(50, 140)]],
    "/": [[(70, -15), (0, 180)]],
    "(": [[(45, -25), (14, 25), (5, 80), (14, 135), (45, 185)]],
    ")": [[(0, -25), (31, 25), (40, 80), (31, 135), (0, 185)]],
    ".": [[(5, 157)]],
    ",": [[(15, 150), (15, 165), (2, 190)]],
    ":": [[(5, 60)], [(5, 135)]],
    "=": [[(0, 75), (85, 75)], [(0, 115), (85, 115)]],
}
HEIGHT = 160
LINE_PITCH = 2.2
MARGIN = 0.6


def written_ink(text: str, *, height_px: float = 64, gap: float = 0.3, pen: float = 0.1) -> Ink:
    """Lines of text as ink whose digits are `height_px` high; gap and pen are in heights of a digit.

    Digits on either side of a fraction slash (U+2044) stand above and below a bar.
    """
    strokes: list[Stroke] = []
    for row, line in enumerate(text.split("\n")):
        x = 0.0
        for part in re.findall("[0-9]+\u2044[0-9]+|.", line):
            ink = _stacked(part, gap, pen) if len(part) > 1 else _sign(part, pen)
            left, right = _sides(ink)
            strokes += ink.moved(x - left, row * LINE_PITCH * HEIGHT).strokes
            x += right - left + gap * HEIGHT
    return Ink(tuple(strokes)).scaled(height_px / HEIGHT)


def _sign(label: str, pen: float) -> Ink:
    return Ink.of(STROKES[int(label)] if label.isdigit() else SIGN_STROKES[label], pen * HEIGHT)


def _stacked(part: str, gap: float, pen: float) -> Ink:
    """A fraction, its bar at the level of a minus sign."""
    level, apart = 95, 0.25 * HEIGHT
    upper, lower = (written_ink(row, height_px=HEIGHT, gap=gap, pen=pen) for row in part.split("\u2044"))
    widths = [right - left for left, right in map(_sides, (upper, lower))]
    half = max(widths) / 2 + 0.15 * HEIGHT
    upper = upper.moved(half - sum(_sides(upper)) / 2, level - apart - HEIGHT)
    lower = lower.moved(half - sum(_sides(lower)) / 2, level + apart)
    bar = Ink.of([[(0, level), (half, level + 3), (2 * half, level)]], pen * HEIGHT)
    return Ink(upper.strokes + bar.strokes + lower.strokes)


def _sides(ink: Ink) -> tuple[float, float]:
    xs = [point.x for point in ink.points]
    return min(xs), max(xs)


def written_page(
    text: str, *, height_px: float = 64, gap: float = 0.3, pen: float = 0.1
) -> NDArray[np.uint8]:
    """The same as a page, bright on 0, with some background around it."""
    return ink_as_page(written_ink(text, height_px=height_px, gap=gap, pen=pen), margin_px=MARGIN * height_px)


def ink_as_page(ink: Ink, *, margin_px: float = 40) -> NDArray[np.uint8]:
    """Ink as a page, bright on 0, with so much background around it."""
    x0, y0, x1, y1 = ink.box or (0, 0, 1, 1)
    width, height = (round(side + 2 * margin_px) for side in (x1 - x0, y1 - y0))
    return render(ink.moved(margin_px - x0, margin_px - y0), width_px=width, height_px=height)
