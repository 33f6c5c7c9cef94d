"""Contrast: what shines through from behind the paper, or is printed on it, is fainter than writing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.layout.labels import DOTS
from handsum.reading import Symbol

# Ink less bright than this share of a page's usual ink is none. On spoiled pages by held-out writers one
# symbol in a thousand is fainter, and one in six of what is none.
FAINT = 0.5
# But so is pencil beside ink, which is read surely; points may be specks.
PENCIL, SURE = 0.25, 0.95
# A dot has at least this many pixels of ink.
LEAST_PIXELS = 3

# Pixels of a page below this (of 255) are background; so small a part of the others tells how bright ink is.
BACKGROUND, BRIGHTEST_PART = 24, 0.005
# Ink's own soft edge is so near to it, in pixels.
EDGE_PX = 3
# A pattern has at least so many times as many pixels, away from ink, as there is ink; squares about a few
# digits have no more.
LEAST_PATTERN = 0.25


def without_faint(
    found: Sequence[Sequence[Symbol]], pages: Sequence[NDArray[np.uint8]]
) -> list[tuple[Symbol, ...]]:
    """The symbols of each of the pages uint8 (H, W), bright ink on 0, without the faint ones.

    Those are far fainter than the surer half of all, so that what is left of ruled paper on a piece of a
    sheet is told from what is written on another.
    """
    levels = [
        [_level(symbol, page) for symbol in of_page] for of_page, page in zip(found, pages, strict=True)
    ]
    confidences = np.array([symbol.confidence for symbols in found for symbol in symbols])
    if len(confidences) < 2:
        return [tuple(symbols) for symbols in found]
    surest_first = np.argsort(-confidences, kind="stable")
    all_levels = np.array([level for of_page in levels for level in of_page])
    usual = float(np.median(all_levels[surest_first[: (len(all_levels) + 1) // 2]]))

    def is_ink(symbol: Symbol, level: float) -> bool:
        is_pencil = symbol.confidence >= SURE and symbol.label not in DOTS
        return level >= (PENCIL if is_pencil else FAINT) * usual

    return [
        tuple(symbol for symbol, level in zip(symbols, of_page, strict=True) if is_ink(symbol, level))
        for symbols, of_page in zip(found, levels, strict=True)
    ]


def _level(symbol: Symbol, page: NDArray[np.uint8]) -> float:
    """How bright a symbol's ink is: the mean of its brightest pixels, as many as its box is high."""
    x0, y0, x1, y1 = (max(0, round(side)) for side in symbol.box)
    pixels = page[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].ravel()
    if not pixels.size:
        return 0.0
    num = min(pixels.size, max(LEAST_PIXELS, y1 - y0))
    return float(np.partition(pixels, -num)[-num:].mean())


def without_pattern(page: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """A page uint8 (H, W) without what is far fainter than its brightest ink; None where that is little.

    Security print and writing that shines through are all over some pages, and may be read as surely as what
    was written on them. But the brightest ink may also be stains on a page in pencil: whoever reads what is
    left can tell.
    """
    inked = page[page > BACKGROUND]
    if not inked.size:
        return None
    threshold = FAINT * float(np.quantile(inked, 1 - BRIGHTEST_PART))
    is_ink = page >= threshold
    num_ink = np.count_nonzero(is_ink)
    if inked.size < (1 + LEAST_PATTERN) * num_ink:
        return None
    is_near = _grown(is_ink, EDGE_PX)
    if np.count_nonzero((page > BACKGROUND) & ~is_near) < LEAST_PATTERN * num_ink:
        return None
    return np.where(is_near, page, 0).astype(np.uint8)


def _grown(flags: NDArray[np.bool_], by_px: int) -> NDArray[np.bool_]:
    """Flags (H, W) and all places so near to them along both axes."""
    grown = flags
    for _ in range(by_px):
        rows = grown.copy()
        rows[1:] |= grown[:-1]
        rows[:-1] |= grown[1:]
        grown = rows.copy()
        grown[:, 1:] |= rows[:, :-1]
        grown[:, :-1] |= rows[:, 1:]
    return grown
