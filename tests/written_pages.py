"""Numbers and sums written as nobody would mistake them, stroke by stroke, for tests to read whole."""

from __future__ import annotations

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
    """Lines of text as ink whose digits are `height_px` high; gap and pen are in heights of a digit."""
    strokes: list[Stroke] = []
    for row, line in enumerate(text.split("\n")):
        x = 0.0
        for label in line:
            ink = Ink.of(STROKES[int(label)] if label.isdigit() else SIGN_STROKES[label], pen * HEIGHT)
            xs = [point.x for point in ink.points]
            strokes += ink.moved(x - min(xs), row * LINE_PITCH * HEIGHT).strokes
            x += max(xs) - min(xs) + gap * HEIGHT
    return Ink(tuple(strokes)).scaled(height_px / HEIGHT)


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
