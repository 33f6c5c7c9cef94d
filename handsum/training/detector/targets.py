"""What the detector shall answer on a tile: a bump in every symbol's middle, its label and its box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.reading import SYMBOL_LABELS
from handsum.training.detector.network import DIGIT_HEIGHT_PX, STRIDE_X, STRIDE_Y

# The channels of a target.
HEAT, LABEL, WEIGHT, BOX, KEPT = 0, 1, 2, slice(3, 7), 7
NUM_TARGET_CHANNELS = 8

# A bump's deviation, in sides of the symbol's box, and its least and most in cells (rows, columns).
SPREAD = 0.12
LEAST_SPREAD, MOST_SPREAD = (0.7, 0.8), (1.6, 1.6)
# Cells where the bump is higher than this learn the symbol's label and box too.
LEAST_WEIGHT = 0.4

# A symbol of which less than WHOLE is on the tile is neither asked for nor denied; less than GONE: denied.
WHOLE, GONE = 0.85, 0.1

Box = tuple[float, float, float, float]


class TileSymbol(NamedTuple):
    """A label and its box (x0, y0, x1, y1) in pixels of the tile, perhaps beyond its edge."""

    label: str
    box: Box


def make_targets(height: int, width: int, symbols: Sequence[TileSymbol]) -> NDArray[np.float32]:
    """Targets float32 (height/4, width/2, 8): heat, label index, weight, box (4), whether the cell counts."""
    rows, columns = height // STRIDE_Y, width // STRIDE_X
    target = np.zeros((rows, columns, NUM_TARGET_CHANNELS), np.float32)
    target[..., KEPT] = 1
    ys, xs = np.arange(rows, dtype=np.float32)[:, None], np.arange(columns, dtype=np.float32)[None]
    for label, box in symbols:
        x0, y0, x1, y1 = box
        shown = share_inside(box, height, width)
        if shown < WHOLE:
            if shown > GONE:
                _ignore(target, box)
            continue
        row, column = (y0 + y1) / 2 / STRIDE_Y - 0.5, (x0 + x1) / 2 / STRIDE_X - 0.5
        spread_y, spread_x = (
            min(most, max(least, side * SPREAD))
            for side, least, most in zip(
                ((y1 - y0) / STRIDE_Y, (x1 - x0) / STRIDE_X), LEAST_SPREAD, MOST_SPREAD, strict=True
            )
        )
        middle_row = min(rows - 1, max(0, round(row)))
        middle_column = min(columns - 1, max(0, round(column)))
        bump = np.exp(
            -((ys - middle_row) ** 2) / (2 * spread_y**2) - ((xs - middle_column) ** 2) / (2 * spread_x**2)
        )
        higher = bump > target[..., HEAT]
        target[..., HEAT][higher] = bump[higher]
        own = higher & (bump > LEAST_WEIGHT)
        target[..., LABEL][own] = SYMBOL_LABELS.index(label)
        target[..., WEIGHT][own] = bump[own]
        target[..., 3][own] = (column - xs + 0 * ys)[own]
        target[..., 4][own] = (row - ys + 0 * xs)[own]
        target[..., 5][own] = np.log(max(x1 - x0, 1) / DIGIT_HEIGHT_PX)
        target[..., 6][own] = np.log(max(y1 - y0, 1) / DIGIT_HEIGHT_PX)
        target[..., KEPT][own] = 1
    return target


def share_inside(box: Box, height: int, width: int) -> float:
    """How much of a box's area lies on a tile."""
    x0, y0, x1, y1 = box
    inside = max(0.0, min(x1, width) - max(x0, 0.0)) * max(0.0, min(y1, height) - max(y0, 0.0))
    return inside / max(1e-6, (x1 - x0) * (y1 - y0))


def _ignore(target: NDArray[np.float32], box: Box) -> None:
    x0, y0, x1, y1 = box
    rows = slice(max(0, int(y0 // STRIDE_Y)), max(0, int(-(-y1 // STRIDE_Y))))
    columns = slice(max(0, int(x0 // STRIDE_X)), max(0, int(-(-x1 // STRIDE_X))))
    part = target[rows, columns]
    part[..., KEPT][part[..., WEIGHT] == 0] = 0
