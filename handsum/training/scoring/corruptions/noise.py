"""Noise of single pixels, as cameras, dim light and broken sensors make it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def shot_noise(picture: NDArray[np.float64], photons: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Light that comes in `photons` a white pixel: dark pixels stay dark, ink turns patchy."""
    return rng.poisson(picture * photons) / photons


def gaussian_noise(
    picture: NDArray[np.float64], deviation: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Normal noise of this standard deviation on every pixel."""
    return picture + rng.normal(scale=deviation, size=picture.shape)


def impulse_noise(
    picture: NDArray[np.float64], share: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Salt and pepper: this share of all pixels becomes black or white, with equal chance."""
    is_hit = rng.random(picture.shape) < share
    return np.where(is_hit, rng.integers(0, 2, picture.shape), picture)
