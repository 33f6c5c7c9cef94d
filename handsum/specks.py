"""Specks: a point that is smaller than the pen's own was not made by the pen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from handsum.layout.labels import DIGITS
from handsum.reading import Symbol
from handsum.strokes import stroke_width

# A pen set down leaves a disc as wide as its strokes, which is 0.8 of their width squared, and a light touch
# less. What covers less than this share is a speck.
LEAST_POINT = 0.4
# Ink is at least this share of the brightest in a symbol's box.
INK_LEVEL = 0.5
# So many of the surest digits tell how wide the pen is.
MOST_TOLD_FROM = 9


def without_specks(symbols: Iterable[Symbol], page: NDArray[np.uint8]) -> tuple[Symbol, ...]:
    """The symbols of a page uint8 (H, W), bright ink on 0, without points too small for its pen."""
    found = tuple(symbols)
    if all(symbol.label != "." for symbol in found):
        return found
    digits = sorted((s for s in found if s.label in DIGITS), key=lambda symbol: -symbol.confidence)
    if not digits:
        return found
    pen_px = float(np.median([stroke_width(_ink(digit, page)) for digit in digits[:MOST_TOLD_FROM]]))
    least = LEAST_POINT * pen_px**2
    return tuple(s for s in found if s.label != "." or np.count_nonzero(_ink(s, page)) >= least)


def _ink(symbol: Symbol, page: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where in its box a symbol has ink: bool (h, w)."""
    x0, y0, x1, y1 = (max(0, round(side)) for side in symbol.box)
    pixels = page[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
    return np.asarray(pixels >= max(1.0, INK_LEVEL * float(pixels.max(initial=0))))
