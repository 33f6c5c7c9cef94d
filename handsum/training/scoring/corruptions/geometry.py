"""Digits that lean, shrink, turn or stand elsewhere, the direction chosen by chance."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray


def shear(picture: NDArray[np.float64], slope: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows pushed aside, `slope` pixels for each pixel up."""
    return _about_centre(picture, [[1, rng.choice([-slope, slope])], [0, 1]])


def scale(picture: NDArray[np.float64], factor: float, _rng: np.random.Generator) -> NDArray[np.float64]:
    """Shrunk to `factor` of its size."""
    return _about_centre(picture, [[factor, 0], [0, factor]])


def rotation(picture: NDArray[np.float64], angle_deg: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Turned by this angle."""
    angle = math.radians(rng.choice([-angle_deg, angle_deg]))
    cosine, sine = math.cos(angle), math.sin(angle)
    return _about_centre(picture, [[cosine, -sine], [sine, cosine]])


def shift(picture: NDArray[np.float64], distance_px: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Moved this far along both axes."""
    dx, dy = distance_px * rng.choice([-1.0, 1.0], 2)
    return _warped(picture, np.array([[1, 0, dx], [0, 1, dy]]))


def _about_centre(picture: NDArray[np.float64], matrix: list[list[float]]) -> NDArray[np.float64]:
    linear = np.array(matrix)
    centre = np.array([(side - 1) / 2 for side in picture.shape[::-1]])
    return _warped(picture, np.column_stack([linear, centre - linear @ centre]))


def _warped(picture: NDArray[np.float64], affine: NDArray[np.float64]) -> NDArray[np.float64]:
    """The picture mapped by `affine` (2, 3), from old to new places; what comes from outside is dark."""
    return cv2.warpAffine(picture, affine, picture.shape[::-1], flags=cv2.INTER_LINEAR)
