"""Generated stand-ins for photographs of things: no camera saw them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.training.scoring.non_digits.pictures import PictureSet, generated

SIDES_PX = (96, 320)

SENTENCE = "the quick brown fox jumps over the lazy dog and runs away from every sort of net"


def things(num_pictures: int) -> PictureSet:
    """Gradients, clouds, noise, patterns, shapes and lines of printed words, as many of each."""
    origin = "generated, not photographed: gradients, clouds, noise, patterns, shapes, lines of printed words"
    return generated("things", origin, num_pictures, _thing)


def _thing(rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = (int(side) for side in rng.integers(*SIDES_PX, 2))
    make = (_gradient, _cloud, _noise, _pattern, _shapes, _words)[rng.integers(6)]
    picture = make(height, width, rng)
    low = rng.uniform(0, 180)
    contrast = rng.uniform(40, 255 - low)
    return np.rint(low + contrast * np.clip(picture, 0, 1)).astype(np.uint8)


def _gradient(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Light that falls off along a line, and once more around a place."""
    rows, columns = np.indices((height, width)) / max(height, width)
    angle, x, y = rng.uniform(0, [2 * np.pi, 1, 1])
    slope = 0.5 + 0.5 * (columns * np.cos(angle) + rows * np.sin(angle))
    return slope * 0.6 + 0.6 * np.exp(-8 * ((columns - x) ** 2 + (rows - y) ** 2))


def _cloud(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise of ever finer grain: foliage, stone, cloth."""
    cloud = np.zeros((height, width))
    for layer in range(2, 8):
        grid = rng.normal(size=(2**layer, 2**layer))
        cloud += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC) / 1.7**layer
    return (cloud - cloud.min()) / np.ptp(cloud)


def _noise(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Independent pixels, fine or coarse."""
    grain = int(rng.integers(1, 12))
    small = rng.random((height // grain + 1, width // grain + 1))
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)


def _pattern(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Tiles, bars or waves, turned by chance."""
    rows, columns = np.indices((height, width))
    angle, period = rng.uniform(0, np.pi), rng.uniform(8, 40)
    along = columns * np.cos(angle) + rows * np.sin(angle)
    across = rows * np.cos(angle) - columns * np.sin(angle)
    waves = np.sin(2 * np.pi * along / period)
    crossed = waves * np.sin(2 * np.pi * across / period) if rng.random() < 0.5 else waves
    return (crossed > 0).astype(np.float64) if rng.random() < 0.5 else 0.5 + 0.5 * crossed


def _shapes(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Two to six filled shapes over one another: a table with things on it."""
    canvas = np.full((height, width), rng.uniform(0, 1))
    for _ in range(rng.integers(2, 7)):
        corners = rng.uniform(0, [width, height], (rng.integers(3, 7), 2)).astype(np.int32)
        shade = float(rng.uniform(0, 1))
        if rng.random() < 0.5:
            cv2.fillPoly(canvas, [cv2.convexHull(corners)], shade)
        else:
            axes = rng.uniform(0.1, 0.4, 2) * min(height, width)
            middle, turn = corners[0].tolist(), float(rng.uniform(0, 180))
            cv2.ellipse(canvas, middle, axes.astype(int).tolist(), turn, 0, 360, shade, -1)
    return canvas


def _words(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Lines of printed words, dark on light."""
    canvas, size = np.full((height, width), 255, np.uint8), rng.uniform(0.4, 0.9)
    words = SENTENCE.split()
    for row in range(20, height, round(32 * size) + 4):
        line = " ".join(rng.permutation(words))
        cv2.putText(canvas, line, (4, row), cv2.FONT_HERSHEY_SIMPLEX, size, 0, 1, cv2.LINE_AA)
    return canvas / 255.0
