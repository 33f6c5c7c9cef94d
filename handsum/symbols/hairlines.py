"""Hairlines: what a fine pen wrote is thickened, since networks read it worse than ordinary writing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.layout.labels import DIGITS
from handsum.reading import Symbol
from handsum.strokes import ink_extent, pen_width
from handsum.symbols.sizes import digit_height

# A pen that is finer than this, in heights of a digit, is made as wide as that.
FINE, ORDINARY = 0.045, 1 / 16
# By no more than this, which is enough for digits of 400 pixels: on a huge page it would take too long.
MOST_GROWN_PX = 24
# So many of the surest digits tell how wide the pen is.
MOST_TOLD_FROM = 5


def thickened(page: NDArray[np.uint8], symbols: Sequence[Symbol]) -> NDArray[np.uint8] | None:
    """A page uint8 (H, W), bright ink on 0, as an ordinary pen would have written it; None where one has.

    How high digits are, those among the symbols tell that were found on it; without any, all the ink does.
    """
    digits = [symbol for symbol in symbols if symbol.label in DIGITS]
    surest_first = sorted(digits, key=lambda digit: -digit.confidence)
    extent = ink_extent(page)
    if extent is None:
        return None
    height = digit_height(digits) or extent[3] - extent[1]
    pen_px = pen_width(page, [digit.box for digit in surest_first[:MOST_TOLD_FROM]] or [extent])
    grow_px = min(MOST_GROWN_PX, round(ORDINARY * height - pen_px))
    if pen_px >= FINE * height or grow_px < 1:
        return None
    # Imported here: few pens are so fine, and all would wait for it.
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (grow_px + 1, grow_px + 1))
    return np.asarray(cv2.dilate(page, disc), np.uint8)
