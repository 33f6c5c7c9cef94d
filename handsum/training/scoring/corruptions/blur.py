"""What loses detail: blurs, coarse pixels, compression, and edges in place of strokes."""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Softens before and after the shuffle of `glass_blur`, as MNIST-C's mildest strength does.
GLASS_DEVIATION_PX = 0.7

# Hysteresis of the edge finder, in grey levels per pixel: strokes have slopes of several hundred.
EDGE_THRESHOLDS = (100, 200)


def gaussian_blur(
    picture: NDArray[np.float64], deviation_px: float, _rng: np.random.Generator
) -> NDArray[np.float64]:
    """Out of focus; what is brightest stays as bright as it was, as on a camera that meters."""
    blurred = cv2.GaussianBlur(picture, (0, 0), deviation_px)
    return blurred * (picture.max() / max(blurred.max(), 1e-6))


def motion_blur(
    picture: NDArray[np.float64], length_px: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """The camera moved this far, steadily, up to 45 degrees off the horizontal."""
    angle = math.radians(rng.uniform(-45, 45))
    size = 2 * math.ceil(length_px / 2) + 1
    kernel = np.zeros((size, size))
    for step in np.linspace(-length_px / 2, length_px / 2, 4 * size):
        column, row = size // 2 + step * math.cos(angle), size // 2 - step * math.sin(angle)
        kernel[round(row), round(column)] += 1
    # A little brighter than the mean, as a longer exposure is.
    return cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_CONSTANT) * 1.5


def glass_blur(picture: NDArray[np.float64], rounds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Seen through frosted glass: half of the pixels show a neighbour instead, `rounds` times over."""
    shuffled = cv2.GaussianBlur(picture, (0, 0), GLASS_DEVIATION_PX)
    places = np.indices(picture.shape)
    last = np.array(picture.shape).reshape(2, 1, 1) - 1
    for _ in range(int(rounds)):
        steps = rng.integers(-1, 2, places.shape) * rng.integers(0, 2, picture.shape)
        rows, columns = np.clip(places + steps, 0, last)
        shuffled = shuffled[rows, columns]
    return cv2.GaussianBlur(shuffled, (0, 0), GLASS_DEVIATION_PX)


def pixelation(
    picture: NDArray[np.float64], side_px: float, _rng: np.random.Generator
) -> NDArray[np.float64]:
    """Averaged down to `side_px` pixels a side, and shown as large as before in hard squares."""
    side = int(side_px)
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, picture.shape[::-1], interpolation=cv2.INTER_NEAREST)


def jpeg(picture: NDArray[np.float64], quality: float, _rng: np.random.Generator) -> NDArray[np.float64]:
    """Saved as JPEG of this quality (1..95) and opened again."""
    stream = io.BytesIO()
    Image.fromarray(np.rint(picture * 255).astype(np.uint8)).save(stream, "JPEG", quality=int(quality))
    return np.asarray(Image.open(stream)) / 255.0


def edges_only(
    picture: NDArray[np.float64], deviation_px: float, _rng: np.random.Generator
) -> NDArray[np.float64]:
    """Only outlines one pixel thin (Canny 1986), found after a blur of this deviation."""
    blurred = cv2.GaussianBlur(picture, (0, 0), deviation_px)
    grey = np.rint(blurred * 255).astype(np.uint8)
    return cv2.Canny(grey, *EDGE_THRESHOLDS, L2gradient=True) / 255.0
