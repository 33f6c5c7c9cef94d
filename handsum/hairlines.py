"""Hairlines: what a fine pen wrote is thickened, since networks read it worse than ordinary writing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.layout.labels import DIGITS
from handsum.reading import Box, Symbol
from handsum.strokes import ink_in, pen_width

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
    surest_first = sorted(symbols, key=lambda symbol: -symbol.confidence)
    boxes = [symbol.box for symbol in surest_first if symbol.label in DIGITS] or _all_ink(page)
    if not boxes:
        return None
    height = float(np.median([bottom - top for _, top, _, bottom in boxes]))
    pen_px = pen_width(page, boxes[:MOST_TOLD_FROM])
    grow_px = min(MOST_GROWN_PX, round(ORDINARY * height - pen_px))
    if pen_px >= FINE * height or grow_px < 1:
        return None
    # Imported here: few pens are so fine, and all would wait for it.
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (grow_px + 1, grow_px + 1))
    return np.asarray(cv2.dilate(page, disc), np.uint8)


def _all_ink(page: NDArray[np.uint8]) -> list[Box]:
    """The box around all ink, if there is any."""
    if not page.any():
        return []
    ink = ink_in(page, (0, 0, page.shape[1], page.shape[0]))
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return [(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))]
