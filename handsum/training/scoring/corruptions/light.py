"""Light that is not what it should be: fog, a lifted background, hardly any contrast."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Each finer layer of a plasma fractal is this much weaker; smaller is more rugged.
PLASMA_DECAY = 1.6
PLASMA_LAYERS = 5


def fog(picture: NDArray[np.float64], density: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Plasma fog `density` times as bright as the ink, the whole darkened to what fits in a picture."""
    brightest = picture.max()
    foggy = picture + density * _plasma(picture.shape[0], rng)
    return foggy * (brightest / max(brightest + density, 1e-6))


def brightness(picture: NDArray[np.float64], lift: float, _rng: np.random.Generator) -> NDArray[np.float64]:
    """Everything brighter by `lift`, so that ink saturates on a grey ground."""
    return picture + lift


def low_contrast(
    picture: NDArray[np.float64], remainder: float, _rng: np.random.Generator
) -> NDArray[np.float64]:
    """Every pixel drawn to the mean until only this share of the contrast remains."""
    return picture.mean() + remainder * (picture - picture.mean())


def _plasma(side: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A cloud (side, side) in 0..1: noise of ever finer grain and ever less weight, added up."""
    cloud = np.zeros((side, side))
    for layer in range(PLASMA_LAYERS):
        grid = rng.uniform(-1, 1, (2**layer + 1, 2**layer + 1))
        cloud += cv2.resize(grid, (side, side), interpolation=cv2.INTER_LINEAR) / PLASMA_DECAY**layer
    return (cloud - cloud.min()) / np.ptp(cloud)
