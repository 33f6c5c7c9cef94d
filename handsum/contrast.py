"""Faint symbols: what shines through from behind the paper, or is printed on it, was not written there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from handsum.reading import Symbol

# Ink less bright than this share of a page's usual ink is none. On spoiled pages by held-out writers one
# symbol in a thousand is fainter, and one in six of what is none.
FAINT = 0.5
# A dot has at least this many pixels of ink.
LEAST_PIXELS = 3


def without_faint(symbols: Iterable[Symbol], page: NDArray[np.uint8]) -> tuple[Symbol, ...]:
    """The symbols of a page uint8 (H, W), bright ink on 0, without those far fainter than the surer half."""
    found = tuple(symbols)
    if len(found) < 2:
        return found
    levels = np.array([_level(symbol, page) for symbol in found])
    surest_first = np.argsort([-symbol.confidence for symbol in found], kind="stable")
    usual = float(np.median(levels[surest_first[: (len(found) + 1) // 2]]))
    return tuple(symbol for symbol, level in zip(found, levels, strict=True) if level >= FAINT * usual)


def _level(symbol: Symbol, page: NDArray[np.uint8]) -> float:
    """How bright a symbol's ink is: the mean of its brightest pixels, as many as its box is high."""
    x0, y0, x1, y1 = (max(0, round(side)) for side in symbol.box)
    pixels = page[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].ravel()
    if not pixels.size:
        return 0.0
    num = min(pixels.size, max(LEAST_PIXELS, y1 - y0))
    return float(np.partition(pixels, -num)[-num:].mean())
