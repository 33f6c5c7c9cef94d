"""Specks: a point is none that is smaller than the pen's own, part of a digit, or no larger than dust."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.layout.labels import DIGITS
from handsum.reading import Symbol
from handsum.strokes import ink_in, ink_of, loose_ink, pen_width
from handsum.symbols.sizes import digit_height

# A pen set down leaves a disc as wide as its strokes, which is 0.8 of their width squared, and a light touch
# less. What covers less than this share is a speck, unless the network is so sure that it is a point.
LEAST_POINT, SURE_POINT = 0.4, 0.9
# So many of the surest digits tell how wide the pen is.
MOST_TOLD_FROM = 9
# Where so many pieces of ink that are no symbols are half as large as a point, and it is smaller than people
# make them, it is one of those pieces.
LEAST_DUST, DUST_SHARE, LARGEST_SPECK = 3, 0.5, 1.5
# Where so many pieces lie about, dust may be larger; what is larger than this is writing that is not read.
ALL_OVER, LARGEST_DUST = 20, 6.0

# A point is a piece of ink of its own: of the piece it is in, less than this share would be part of a digit,
# if the piece is so high and no wider, in heights of digits (rules join whole lines). Points do touch digits
# at times: of those the network is sure.
LEAST_OF_PIECE = 0.3
PIECE_HEIGHTS, MOST_PIECE_WIDTH = (0.5, 2.5), 4.0


def without_specks(symbols: Iterable[Symbol], page: NDArray[np.uint8]) -> tuple[Symbol, ...]:
    """The symbols of a page uint8 (H, W), bright ink on 0, without points that are specks."""
    found = tuple(symbols)
    points = [symbol for symbol in found if symbol.label == "."]
    digits = sorted((s for s in found if s.label in DIGITS), key=lambda symbol: -symbol.confidence)
    if not points or not digits:
        return found
    pen_px = pen_width(page, (digit.box for digit in digits[:MOST_TOLD_FROM]))
    areas = {point: np.count_nonzero(ink_in(page, point.box)) / max(pen_px, 1e-6) ** 2 for point in points}
    dust = _dust(found, page) / max(pen_px, 1e-6) ** 2
    small = dust[dust <= LARGEST_DUST]
    largest = LARGEST_DUST if len(small) >= ALL_OVER else LARGEST_SPECK

    def is_speck(symbol: Symbol) -> bool:
        area = areas.get(symbol, np.inf)
        is_dust = area < largest and np.count_nonzero(small >= DUST_SHARE * area) >= LEAST_DUST
        return bool((area < LEAST_POINT and symbol.confidence < SURE_POINT) or is_dust)

    specks = {point for point in points if is_speck(point)}
    unsure = [point for point in points if point not in specks and point.confidence < SURE_POINT]
    specks |= _parts_of_digits(unsure, page, digit_height(digits))
    return tuple(symbol for symbol in found if symbol not in specks)


def _parts_of_digits(points: Sequence[Symbol], page: NDArray[np.uint8], height: float) -> set[Symbol]:
    """The points whose ink goes on as strokes as high as digits, which have that height on this page."""
    if not points:
        return set()
    # Imported here: most pages have no points, and all would wait for it.
    import cv2

    _, pieces, stats, _ = cv2.connectedComponentsWithStats(ink_of(page).astype(np.uint8))
    return {point for point in points if _is_part(point, pieces, stats, height)}


def _is_part(point: Symbol, pieces: NDArray[np.int32], stats: NDArray[np.int32], height: float) -> bool:
    x0, y0, x1, y1 = (max(0, round(side)) for side in point.box)
    inside = np.bincount(pieces[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].ravel())[1:]
    if not inside.any():
        return False
    own = int(inside.argmax()) + 1
    _, _, wide, tall, area = stats[own].tolist()
    is_of_size = PIECE_HEIGHTS[0] <= tall / height <= PIECE_HEIGHTS[1] and wide <= MOST_PIECE_WIDTH * height
    return bool(is_of_size and inside[own - 1] < LEAST_OF_PIECE * area)


def _dust(symbols: Sequence[Symbol], page: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The pixels of each piece of ink outside of all symbols' boxes: float64 (n,)."""
    loose = loose_ink(ink_of(page), (symbol.box for symbol in symbols))
    if np.count_nonzero(loose) < LEAST_DUST:
        return np.zeros(0)
    # Imported here: most pages have no dust, and all would wait for it.
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(loose.astype(np.uint8))
    return np.asarray(stats[1:, cv2.CC_STAT_AREA], np.float64)
