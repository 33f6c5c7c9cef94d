"""The connected pieces of a page's ink, on a copy small enough to be quick."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Pages are looked at no larger than this: a digit of 24 pixels on the largest page keeps 9 of them.
LONGEST_SIDE_PX = 1500

# Ink is what is brighter than this, and than this share of what all but the brightest ink reaches.
LEAST_LEVEL, LEVEL_SHARE, BRIGHT_QUANTILE = 12, 0.1, 0.9

# A piece at most this high, beside the high ones, is a mark and says nothing about a digit's height.
MARK_SHARE = 0.4


@dataclass(frozen=True, eq=False)
class Sketch:
    """Where a page has ink.

    Attributes:
        ink: uint8 (h, w), 1 on 0.
        factor: page pixels per pixel of `ink`, a whole number.
    """

    ink: NDArray[np.uint8]
    factor: int


@dataclass(frozen=True, eq=False)
class Pieces:
    """The connected pieces of ink.

    Attributes:
        labels: int32 (h, w), the number of a pixel's piece, and 0 where there is no ink.
        boxes: float64 (n, 4), (x0, y0, x1, y1) of pieces 1, 2, ...
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.float64]

    @property
    def sizes(self) -> NDArray[np.float64]:
        """(n, 2), width and height."""
        return self.boxes[:, 2:] - self.boxes[:, :2]


def sketch(page: NDArray[np.uint8]) -> Sketch:
    """The page's ink, on a copy of it that is at most LONGEST_SIDE_PX long."""
    import cv2

    factor = -(-max(page.shape) // LONGEST_SIDE_PX)
    height, width = (-(-side // factor) for side in page.shape)
    small = page if factor == 1 else cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)
    return Sketch((small > ink_level(small)).astype(np.uint8), factor)


def ink_level(page: NDArray[np.uint8]) -> int:
    """The level above which a page's pixels are ink."""
    counts = np.bincount(page.ravel(), minlength=256)
    counts[:LEAST_LEVEL] = 0
    bright = int(np.searchsorted(counts.cumsum(), BRIGHT_QUANTILE * counts.sum()))
    return max(LEAST_LEVEL, round(LEVEL_SHARE * bright))


def pieces_of(ink: NDArray[np.uint8]) -> Pieces:
    """The pieces of ink that hang together, corners included."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, width, height = stats[1:, :4].T.astype(np.float64)
    return Pieces(np.asarray(labels), np.column_stack([x, y, x + width, y + height]))


def usual_length(lengths: NDArray[np.float64]) -> float:
    """The usual one of the long lengths, as of digits among marks and specks; 0 if there are none."""
    if not len(lengths):
        return 0.0
    long = np.sort(lengths)[-max(1, len(lengths) // 10) :][0]
    return float(np.median(lengths[lengths >= MARK_SHARE * long]))
