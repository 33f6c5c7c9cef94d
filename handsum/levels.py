"""Grey levels counted: medians, spreads and thresholds from 256 counts instead of millions of pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]

_LEVELS = np.arange(256)

# What a median distance from the median is multiplied by to be a standard deviation, for normal noise.
DEVIATIONS_PER_SPREAD = 1.4826


def count_levels(grey: NDArray[np.uint8]) -> Counts:
    """How many pixels have each level: float64 (256,)."""
    return np.bincount(grey.ravel(), minlength=256).astype(np.float64)


def quantile_level(counts: Counts, share: float) -> int:
    """The lowest level with this share of the pixels at or below it."""
    below = np.cumsum(counts)
    return int(np.searchsorted(below, below[-1] * share))


def median_level(counts: Counts) -> int:
    """The level with half of the pixels at or below it."""
    return quantile_level(counts, 0.5)


def spread(counts: Counts) -> int:
    """The median distance from the median, in levels."""
    distances = np.abs(_LEVELS - median_level(counts))
    return median_level(np.bincount(distances, counts, 256).astype(np.float64))


def up_to(threshold: int, counts: Counts) -> Counts:
    """The counts of the levels up to and with `threshold`; none of the others."""
    return np.where(threshold >= _LEVELS, counts, 0.0)


def otsu_threshold(counts: Counts) -> int:
    """The level that best parts dark from light: Otsu, "A Threshold Selection Method" (1979)."""
    below = np.cumsum(counts)
    mass_below = np.cumsum(counts * _LEVELS)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = mass_below / below - (mass_below[-1] - mass_below) / above
        between = np.nan_to_num(below * above * gap**2)
    # An image of one level has nothing to part: all of it is at the threshold, none above.
    return int(between.argmax() if between.any() else counts.argmax())
