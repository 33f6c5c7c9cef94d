"""Pieces of ink that no symbol has: what the page network overlooked, or took for no writing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from handsum.reading import Box, Symbol
from handsum.strokes import INK_LEVEL, ink_of, loose_ink


def loose_pieces(
    page: NDArray[np.uint8], symbols: Iterable[Symbol], *, most: int, level: float = INK_LEVEL
) -> list[Box]:
    """The boxes of connected ink on a page uint8 (H, W), bright on 0, that is in no symbol's box.

    None at all where there are more than `most`: that is dust, or print. `level` is that of `ink_of`.
    """
    loose = loose_ink(ink_of(page, level=level), (symbol.box for symbol in symbols))
    if not loose.any():
        return []
    # Imported here: on most pages nothing is left over, and all would wait for it.
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(loose.astype(np.uint8))
    if len(stats) > most:
        return []
    return [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in stats[1:].tolist()]
