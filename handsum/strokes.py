"""How wide a pen is, told from the ink that it left."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]

# A long stroke shows, over all directions alike, this many times its length as pixel sides: along each of its
# two edges 4 / pi, the mean of |cos| + |sin|.
SIDES_PER_LENGTH = 8 / np.pi
# Ink is at least this share of the brightest in a symbol's box.
INK_LEVEL = 0.5
# A symbol's ink may reach so many pixels out of its box.
EDGE_PX = 2


def stroke_width(ink: NDArray[np.bool_]) -> float:
    """The mean width of the strokes, in pixels, of ink bool (H, W); 0 where there is none.

    Area over length, of which strokes have half of their outline: Cauchy's formula (1841) gives that from the
    sides of pixels where ink and paper meet.
    """
    area = int(np.count_nonzero(ink))
    if not area:
        return 0.0
    framed = np.pad(ink, 1)
    num_level, num_upright = (np.count_nonzero(np.diff(framed, axis=axis)) for axis in (0, 1))
    return float(SIDES_PER_LENGTH * area / (num_level + num_upright))


def pen_width(page: NDArray[np.uint8], boxes: Iterable[Box]) -> float:
    """The median width of the strokes in boxes of a page uint8 (H, W), bright ink on 0; 0 without a box."""
    widths = [stroke_width(ink_in(page, box)) for box in boxes]
    return float(np.median(widths)) if widths else 0.0


def ink_in(page: NDArray[np.uint8], box: Box) -> NDArray[np.bool_]:
    """Where there is ink in a box of a page: bool (h, w)."""
    x0, y0, x1, y1 = (max(0, round(side)) for side in box)
    pixels = page[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
    return np.asarray(pixels >= max(1.0, INK_LEVEL * float(pixels.max(initial=0))))


def ink_of(page: NDArray[np.uint8], *, level: float = INK_LEVEL) -> NDArray[np.bool_]:
    """Where there is ink on a page uint8 (H, W), bright ink on 0: bool (H, W).

    Ink is at least `level` times as bright as the brightest; strokes finer than a pixel are fainter.
    """
    return np.asarray(page >= max(1.0, level * float(page.max(initial=0))))


def ink_extent(page: NDArray[np.uint8]) -> Box | None:
    """The box around all ink of a page uint8 (H, W), bright ink on 0; None of a blank one."""
    ink = ink_of(page)
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def loose_ink(ink: NDArray[np.bool_], boxes: Iterable[Box]) -> NDArray[np.bool_]:
    """The ink of a page that is in none of the boxes: bool (H, W)."""
    loose = ink.copy()
    for left, top, right, bottom in (map(round, box) for box in boxes):
        rows, columns = (
            slice(max(0, first - EDGE_PX), max(0, last + EDGE_PX))
            for first, last in ((top, bottom), (left, right))
        )
        loose[rows, columns] = False
    return loose
