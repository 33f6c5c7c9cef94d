"""What lies on or across the digit: stripes, lines and spatter."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Lines are drawn this many times larger and averaged down, for soft edges.
SUPERSAMPLING = 4

ZIGZAG_HEIGHT_PX = 2.0
DOT_PX = 2

# Blobs of spatter are smooth noise above a level; this is how smooth.
BLOB_DEVIATION_PX = 1.0


def stripes(picture: NDArray[np.float64], width_px: float, _rng: np.random.Generator) -> NDArray[np.float64]:
    """A stripe of this width at the left and one at the right turned into their negatives."""
    width = int(width_px)
    striped = picture.copy()
    for side in (np.s_[:, :width], np.s_[:, -width:]):
        striped[side] = 1 - striped[side]
    return striped


def dotted_line(
    picture: NDArray[np.float64], width_px: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """A bright line of dots from the left side to the right."""
    size = picture.shape[1]
    start, end = rng.uniform(0, size, 2)
    line = _drawn(np.array([[0, start], [size, end]]), size, width_px)
    gap = (np.arange(size) // DOT_PX) % 2 == 1
    line[:, gap] = 0
    return np.maximum(picture, line)


def zigzag(picture: NDArray[np.float64], width_px: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A bright zigzag line from the left side to the right, rising or falling a little."""
    size = picture.shape[1]
    columns = np.arange(2, size - 1, 2.0)
    start, rise = rng.uniform(2, size - 2), rng.uniform(-5, 5)
    rows = start + rise * columns / size + ZIGZAG_HEIGHT_PX * (-1.0) ** np.arange(len(columns))
    return np.maximum(picture, _drawn(np.stack([columns, rows], axis=1), size, width_px))


def spatter(picture: NDArray[np.float64], share: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Blobs: bright ones on this share of the picture, and dark ones that hide as much of it."""
    dark, light = _blobs(picture.shape, share, rng), _blobs(picture.shape, share, rng)
    return np.maximum(picture * (1 - dark), light * rng.uniform(0.5, 1))


def _drawn(points: NDArray[np.float64], size: int, width_px: float) -> NDArray[np.float64]:
    """A line through points (n, 2) of x, y on a picture (size, size), ink 1.0 on 0.0."""
    large = np.zeros((size * SUPERSAMPLING, size * SUPERSAMPLING), np.uint8)
    corners = np.rint(points * SUPERSAMPLING).astype(np.int32)
    cv2.polylines(large, [corners], False, 255, round(width_px * SUPERSAMPLING))
    return cv2.resize(large, (size, size), interpolation=cv2.INTER_AREA) / 255.0


def _blobs(shape: tuple[int, ...], share: float, rng: np.random.Generator) -> NDArray[np.float64]:
    smooth = cv2.GaussianBlur(rng.normal(size=shape), (0, 0), BLOB_DEVIATION_PX)
    is_blob = smooth > np.quantile(smooth, 1 - share)
    return np.clip(cv2.GaussianBlur(is_blob.astype(np.float64), (0, 0), 0.5), 0, 1)
