"""What is printed on paper before anybody writes on it: rules, squares, guilloche, security print.

Each takes a page's shape, the height of its digits in pixels and a generator, and gives the print as float32
(H, W), 0 for bare paper to 1 for print as dark as ink.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Shape = tuple[int, int]
Generator = np.random.Generator


def _level(rng: Generator, faint: float = 0.6) -> float:
    """How dark a print is: mostly faint, sometimes as strong as ink."""
    return float(rng.uniform(0.08, 0.35) if rng.random() < faint else rng.uniform(0.35, 0.9))


def _stripes(length: int, pitch_px: float, width_px: float, rng: Generator) -> Picture:
    """A profile float32 (length,) of lines each `pitch_px`, as thin as a part of a pixel."""
    places = (np.arange(length * 4) / 4 + rng.uniform(0, pitch_px)) % pitch_px
    return (places < width_px).reshape(length, 4).mean(axis=1).astype(np.float32)


def ruled(shape: Shape, height_px: float, rng: Generator) -> Picture:
    """Ruled lines, level or a little turned, sometimes with a margin."""
    pitch_px, width_px = height_px * rng.uniform(0.9, 2.2), max(0.5, height_px * rng.uniform(0.015, 0.06))
    level = _level(rng)
    lines = np.repeat(_stripes(shape[0], pitch_px, width_px, rng)[:, None], shape[1], axis=1) * level
    if rng.random() < 0.2:
        lines[:, int(rng.integers(shape[1]))] = level
    return _turned(lines, rng)


def squared(shape: Shape, height_px: float, rng: Generator) -> Picture:
    """Squares, or Séyès ruling: fine lines and a coarser grid."""
    pitch_px, width_px = height_px * rng.uniform(0.45, 1.4), max(0.5, height_px * rng.uniform(0.012, 0.045))
    rows = _stripes(shape[0], pitch_px, width_px, rng)[:, None]
    columns = _stripes(shape[1], pitch_px * (4 if rng.random() < 0.15 else 1), width_px, rng)[None, :]
    return _turned(np.maximum(rows, columns) * np.float32(_level(rng)), rng)


def _turned(lines: Picture, rng: Generator) -> Picture:
    """By a degree or two; the page's edges are filled by mirroring."""
    if rng.random() < 0.5:
        return lines
    height, width = lines.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 1.2)), 1.0)
    return np.asarray(cv2.warpAffine(lines, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101))


def _axes(shape: Shape, height_px: float) -> tuple[Picture, Picture]:
    """x (1, W) and y (H, 1) in heights of a digit."""
    x = np.arange(shape[1], dtype=np.float32)[None, :] / height_px
    y = np.arange(shape[0], dtype=np.float32)[:, None] / height_px
    return x, y


def guilloche(shape: Shape, height_px: float, rng: Generator) -> Picture:
    """Families of fine waving lines that cross, as on cheques and banknotes."""
    x, y = _axes(shape, height_px)
    out = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 5))):
        k, phase = rng.uniform(0.4, 3.5, 2).astype(np.float32), rng.uniform(0, 6.28, 2).astype(np.float32)
        bend = rng.uniform(0.1, 0.8) * np.sin(k[0] * x + phase[0]) + rng.uniform(0, 0.5) * np.sin(
            k[1] * y + phase[1]
        )
        angle = rng.uniform(0, np.pi)
        ramp = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle)) + bend.astype(np.float32)
        wave = np.cos(np.float32(2 * np.pi * 1.2 * 8 ** rng.random()) * ramp)
        out = np.maximum(out, np.clip((wave - rng.uniform(0.3, 0.8)) * 3, 0, 1))
    return out * np.float32(0.8 * _level(rng, faint=0.45))


def halftone(shape: Shape, height_px: float, rng: Generator) -> Picture:
    """A raster of dots whose size changes slowly."""
    x, y = _axes(shape, height_px)
    frequency = np.float32(2 * np.pi * rng.uniform(2, 6))
    shade = cv2.resize(
        rng.random((3, 4)).astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR
    )
    dots = np.cos(frequency * (x + y)) * np.cos(frequency * (x - y))
    return np.clip((dots + shade - 1) * 2.5, 0, 1).astype(np.float32) * _level(rng)


def contours(shape: Shape, height_px: float, rng: Generator) -> Picture:
    """Lines of equal height over hills at random: many wind like a wood's grain, few make a net of cells."""
    out = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        size = [max(3, int(side / (height_px * rng.uniform(0.15, 1.2))) + 2) for side in shape]
        hills = cv2.resize(
            rng.random(size).astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC
        )
        wave = np.cos(np.float32(2 * np.pi * rng.uniform(1, 4)) * hills)
        out = np.maximum(out, np.clip((wave - rng.uniform(0.5, 0.9)) * 4, 0, 1) * rng.uniform(0.5, 1))
    return out * np.float32(_level(rng))


def security_text(shape: Shape, height_px: float, rng: Generator) -> Picture:
    """Small printed words over and over, as in the ground of forms and cheques."""
    words = "".join(rng.choice(list("ABCDEFGHKLMNPRSTUVWYZabcdefghkmnprstuvwyz"), int(rng.integers(3, 9))))
    scale = max(0.2, height_px * rng.uniform(0.15, 0.45) / 22)
    (width, height), base = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    tile = np.zeros(
        (int((height + base) * rng.uniform(1.2, 2.5)) + 2, width + int(rng.integers(3, 30))), np.uint8
    )
    cv2.putText(tile, words, (1, height + 1), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 1, cv2.LINE_AA)
    repeats = shape[0] // tile.shape[0] + 1, shape[1] // tile.shape[1] + 1
    ground = np.tile(tile, repeats)[: shape[0], : shape[1]]
    return (ground * (0.7 * _level(rng) / 255)).astype(np.float32)


PATTERNS: tuple[Callable[[Shape, float, Generator], Picture], ...] = (
    ruled, squared, guilloche, halftone, contours, security_text,
)  # fmt: skip
PATTERN_SHARES = (0.22, 0.18, 0.3, 0.07, 0.14, 0.09)
