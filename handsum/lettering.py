"""A reading's text as a picture: in the font that comes with Pillow, with the signs that it lacks drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from handsum.ink import Ink, Stroke, render

# All in ems. The baseline is so far below the top of the text; capitals and digits are 0.7 high.
BASELINE = 0.8
# Where the font's own + has its middle above the baseline, and how wide it is.
SIGN_MIDDLE = 0.33
SIGN_WIDTH = 0.57
SIGN_PEN = 0.075
DOT_PEN = 0.12

# What the font lacks: strokes about the sign's middle; one of a single point is a dot.
SIGNS: dict[str, list[list[tuple[float, float]]]] = {
    "×": [[(-0.17, -0.17), (0.17, 0.17)], [(-0.17, 0.17), (0.17, -0.17)]],
    "÷": [[(-0.22, 0), (0.22, 0)], [(0, -0.19)], [(0, 0.19)]],
    "≈": [
        [(step * 0.04 - 0.2, y - 0.05 * math.sin(step * math.pi / 5)) for step in range(11)]
        for y in (-0.09, 0.09)
    ],
}


def text_mask(text: str, size_px: float) -> Image.Image:
    """A line of text as a mask (mode L, 255 where it is), an em of its font being `size_px` pixels."""
    font = ImageFont.load_default(size_px)
    widths = [SIGN_WIDTH * size_px if sign in SIGNS else font.getlength(sign) for sign in text]
    mask = Image.new("L", (max(1, math.ceil(sum(widths))), max(1, math.ceil(size_px))))
    draw = ImageDraw.Draw(mask)
    strokes: list[Stroke] = []
    left = 0.0
    for sign, width in zip(text, widths, strict=True):
        if sign in SIGNS:
            strokes += _strokes(sign, left, size_px)
        else:
            draw.text((left, BASELINE * size_px), sign, fill=255, font=font, anchor="ls")
        left += width
    drawn = render(Ink(tuple(strokes)), width_px=mask.width, height_px=mask.height)
    return Image.fromarray(np.maximum(np.asarray(mask), drawn))


def _strokes(sign: str, left: float, size_px: float) -> Iterator[Stroke]:
    """The strokes of a sign whose left side is `left` pixels from that of its text."""
    for points in SIGNS[sign]:
        ink = Ink.of([points], SIGN_PEN if len(points) > 1 else DOT_PEN)
        placed = ink.moved(SIGN_WIDTH / 2, BASELINE - SIGN_MIDDLE).scaled(size_px).moved(left, 0)
        yield from placed.strokes
