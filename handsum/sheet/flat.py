"""Strokes alone: a photograph without its paper, its table, its light and its shadows, of whatever shape.

A median over more than a stroke is wide keeps the edges of paper and shadows and loses the strokes, so that
what differs from it is writing. It knows nothing of sheets, and so misses none; but it straightens none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handsum.levels import DEVIATIONS_PER_SPREAD, count_levels, quantile_level
from handsum.strokes import stroke_width

Levels = NDArray[np.uint8]
Picture = NDArray[np.float32]

# The paper is told on a copy no longer than this, which in a larger photograph is no less sharp.
LONGEST_PX = 2000
# How wide strokes are is told on a smaller one, from what is narrower than so many pixels and stands out by
# half as much as the surest part of it.
STROKES_SIDE_PX, MOST_WIDTH_PX = 640, 25
STROKE_LEVEL, SUREST_PART = 0.5, 0.002
# The median is over so many of their widths, but within these shares of the longer side.
WINDOW_WIDTHS, LEAST_WINDOW, MOST_WINDOW = 5.0, 1 / 26, 1 / 5
# OpenCV's median counts the pixels of one level in 16 bits: over more than this it fails on even paper.
LARGEST_MEDIAN = 253

# As bright as this part of the picture is what is written on.
PAPER_QUANTILE = 0.9
# What stands out is taken as a share of the paper around it, as ink in a shadow is darker only by the same
# share; but of paper darker than this share of the brightest, it is table, and counts the less.
DARKEST_SHADED, TABLE = 0.45, 0.5
# Ink stands out by this many deviations of the noise about it, or of the table's grain, which the median over
# so many pixels, or more than strokes are wide, tells, each fourth one taken.
NOISE_DEVIATIONS, SPARSE, NOISE_WINDOW = 6.0, 4, 31
# What is so many times as wide as strokes is none: where shadows cross the edge of the paper, a median leaves
# corners.
FAT_WIDTHS = 3.0
# Ink is as dark as this part of what is left; what is fainter than the first share of it is left out, what is
# darker than the second is ink in full.
INK_QUANTILE, LEAST_INK, FULL_INK = 0.9, 0.35, 1.2
# Of 255: no ink stands out less, and noise may.
LEAST_CONTRAST = 25.0


def strokes_alone(grey: Levels) -> Levels:
    """A page uint8 (H, W), bright strokes on 0, of a photograph of dark ink, grey levels uint8 (H, W)."""
    import cv2

    height, width = grey.shape
    factor = min(1.0, LONGEST_PX / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    picture = grey if factor == 1 else cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    picture = np.asarray(picture, np.uint8)
    width_px, longest = _stroke_width(picture), max(picture.shape)
    window = np.clip(WINDOW_WIDTHS * width_px, LEAST_WINDOW * longest, MOST_WINDOW * longest)
    paper = _median(picture, window)
    weights = cv2.LUT(paper, _weights(paper))
    ink = cv2.multiply(cv2.subtract(paper, picture), weights, dtype=cv2.CV_32F)
    noise = cv2.multiply(cv2.absdiff(paper, picture), weights, dtype=cv2.CV_8U)[::SPARSE, ::SPARSE]
    strokes = _clear_of_noise(np.asarray(ink, np.float32), np.asarray(noise, np.uint8), width_px)
    page = _levels(_without_fat(strokes, width_px))
    return page if factor == 1 else np.asarray(cv2.resize(page, (width, height)), np.uint8)


def _median(picture: Levels, window: float) -> Levels:
    """The median over so many pixels across and down, of a copy so small that OpenCV can count them."""
    import cv2

    factor = min(1.0, LARGEST_MEDIAN / window)
    size = tuple(max(1, round(side * factor)) for side in picture.shape[::-1])
    small = picture if factor == 1 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(small, 2 * int(window * factor / 2) + 1)
    return np.asarray(cv2.resize(paper, picture.shape[::-1]) if factor < 1 else paper, np.uint8)


def _stroke_width(picture: Levels) -> float:
    """How wide dark strokes are, in pixels, from all that is narrow and dark, by a top-hat transform."""
    import cv2

    factor = min(1.0, STROKES_SIDE_PX / max(picture.shape))
    size = tuple(max(1, round(side * factor)) for side in picture.shape[::-1])
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    around = np.ones((MOST_WIDTH_PX, MOST_WIDTH_PX), np.uint8)
    narrow = np.asarray(cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, around), np.uint8)
    level = STROKE_LEVEL * quantile_level(count_levels(narrow), 1 - SUREST_PART)
    return stroke_width(narrow >= max(1.0, level)) / factor


def _weights(paper: Levels) -> NDArray[np.float32]:
    """What a difference counts at each level of the paper, float32 (256,): to 255 for ink on good paper."""
    brightest = max(1, quantile_level(count_levels(paper), PAPER_QUANTILE))
    level = np.arange(256, dtype=np.float32)
    shaded = np.maximum(level, DARKEST_SHADED * brightest)
    return np.asarray(255 / shaded * np.minimum(1, level / (TABLE * brightest)), np.float32)


def _clear_of_noise(ink: Picture, differences: Levels, width_px: float) -> Picture:
    """The ink where it is darker than the noise around it, else 0."""
    import cv2

    window = min(max(NOISE_WINDOW, WINDOW_WIDTHS * width_px / SPARSE), LARGEST_MEDIAN)
    side = int(window / 2) + 1
    # Enlarged, since along the edge of a table half of what the median is over is paper.
    around = np.ones((side, side), np.uint8)
    noise = cv2.dilate(cv2.medianBlur(np.ascontiguousarray(differences), 2 * side - 1), around)
    least = cv2.resize(
        noise.astype(np.float32) * np.float32(NOISE_DEVIATIONS * DEVIATIONS_PER_SPREAD), ink.shape[::-1]
    )
    return np.where(ink > least, ink, np.float32(0))


def _without_fat(ink: Picture, width_px: float) -> Picture:
    """The ink without what is far wider than a stroke, and what hangs together with it."""
    import cv2

    is_ink = (ink > 0).astype(np.uint8)
    side = 2 * round(FAT_WIDTHS * max(width_px, 1.0) / 2) + 1
    is_fat = cv2.morphologyEx(is_ink, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)) > 0
    if not is_fat.any():
        return ink
    num, labels = cv2.connectedComponents(is_ink)
    is_kept = np.ones(num, bool)
    is_kept[labels[is_fat]] = False
    return np.where(is_kept[labels], ink, np.float32(0))


def _levels(ink: Picture) -> Levels:
    """What is dark enough to be ink, as levels of a page."""
    inked = ink[ink > 0]
    if not len(inked):
        return np.zeros(ink.shape, np.uint8)
    full = max(LEAST_CONTRAST, float(np.quantile(inked, INK_QUANTILE)))
    shares = (ink - LEAST_INK * full) / ((FULL_INK - LEAST_INK) * full)
    return np.asarray(np.clip(shares, 0, 1) * 255, np.uint8)
