"""A page to its symbols, through the page network's graph."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.models import Model
from handsum.reading import SYMBOL_LABELS, Symbol

# Alternatives less likely than this are not worth a line in a menu.
LEAST_ALTERNATIVE = 0.005
MOST_ALTERNATIVES = 4
# No box is thinner, whatever the network says: a line is at least a pixel wide.
LEAST_SIDE_PX = 1.0

OUTPUTS = ["boxes", "probabilities", "scores", "height"]


class Look(NamedTuple):
    """The symbols that the network saw on a page, in no order, and how high it took digits to be."""

    symbols: tuple[Symbol, ...]
    digit_height_px: float


class PageNetwork:
    """The page network; safe to call from several threads at once."""

    def __init__(self, model: Model) -> None:
        self._session = model.session

    def look(self, page: NDArray[np.uint8], *, digit_height_px: float = 0.0) -> Look:
        """The symbols of a page uint8 (H, W), bright ink on 0.

        Args:
            digit_height_px: how high its digits are, where that is known; 0 leaves it to the network.

        Raises:
            ValueError: the page has another shape or type.
        """
        if page.ndim != 2 or page.dtype != np.uint8:
            raise ValueError(f"a page is a uint8 array (H, W), not {page.dtype} {page.shape}")
        given = {"page": page, "digit_height": np.array([digit_height_px], np.float32)}
        boxes, probabilities, scores, height = self._session.run(OUTPUTS, given)
        symbols = (
            _symbol(box, row, float(score))
            for box, row, score in zip(boxes, probabilities, scores, strict=True)
            if np.isfinite(box).all()
        )
        return Look(tuple(symbols), float(height[0]))


def _symbol(box: NDArray[np.float32], probabilities: NDArray[np.float32], score: float) -> Symbol:
    """A symbol; what is missing to 1 in its confidence and alternatives is that there is none."""
    ranking = np.argsort(-probabilities, kind="stable")
    best, *others = ((SYMBOL_LABELS[index], score * float(probabilities[index])) for index in ranking)
    alternatives = tuple(pair for pair in others[:MOST_ALTERNATIVES] if pair[1] >= LEAST_ALTERNATIVE)
    x0, y0, x1, y1 = map(float, box)
    grow_x, grow_y = (max(0.0, LEAST_SIDE_PX - side) / 2 for side in (x1 - x0, y1 - y0))
    whole = (x0 - grow_x, y0 - grow_y, x1 + grow_x, y1 + grow_y)
    return Symbol(best[0], whole, min(1.0, best[1]), alternatives)
