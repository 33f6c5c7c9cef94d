"""Clean pages made as bad as the world makes them: poor light, poor scans, dirt, lines, wrong polarity.

Each flaw is a broad family drawn at random rather than a copy of a known benchmark's: what is measured with
(`corruptions/`) is not what is trained on.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Flaw = Callable[[Picture, np.random.Generator], Picture]

# The flaws below are sized for a picture this high, and grow with larger ones.
UNIT_PX = 28.0
MOST_FLAWS = 3


def spoil(page: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The page with one to MOST_FLAWS flaws, mostly one: uint8 (H, W), the ink still bright."""
    picture = page.astype(np.float32) / 255.0
    num_flaws = 1 + int((MOST_FLAWS - 1e-9) * rng.random() ** 2)
    for flaw in rng.choice(len(FLAWS), num_flaws, replace=False, p=FLAW_SHARES):
        picture = np.clip(FLAWS[flaw](picture, rng), 0.0, 1.0)
    return np.rint(picture * 255).astype(np.uint8)


def _unit(picture: Picture) -> float:
    return max(picture.shape) / UNIT_PX


def _field(shape: tuple[int, ...], rng: np.random.Generator, cells: int) -> Picture:
    """A smooth random field over the picture, in 0..1."""
    coarse = rng.random((cells, cells)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), 0, 1)


def haze(picture: Picture, rng: np.random.Generator) -> Picture:
    """Cloudy brightness over ink and paper."""
    cells = int(rng.integers(2, 7))
    cloud = _field(picture.shape, rng, cells) * rng.uniform(0.2, 0.9)
    return picture * rng.uniform(0.5, 1.0) + cloud


def fade(picture: Picture, rng: np.random.Generator) -> Picture:
    """Less contrast, on a paper of any level."""
    contrast = rng.uniform(0.2, 1.0)
    return picture * contrast + rng.uniform(0, 1.05 - contrast)


def slope(picture: Picture, rng: np.random.Generator) -> Picture:
    """Light that falls off to one side."""
    height, width = picture.shape
    angle = rng.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, width), np.linspace(-0.5, 0.5, height))
    ramp = (x * np.cos(angle) + y * np.sin(angle) + 0.7) / 1.4
    return (picture * rng.uniform(0.4, 1) + ramp * rng.uniform(0.1, 0.7)).astype(np.float32)


def grain(picture: Picture, rng: np.random.Generator) -> Picture:
    """Noise, fine or coarse, everywhere alike or more in the ink."""
    height, width = picture.shape
    factor = rng.choice([1.0, 1.0, 0.5, 0.3])
    size = (max(2, int(height * factor)), max(2, int(width * factor)))
    noise = cv2.resize(rng.standard_normal(size).astype(np.float32), (width, height))
    scale = rng.uniform(0.03, 0.35)
    return picture + scale * noise * (np.sqrt(picture + 0.05) * 1.5 if rng.random() < 0.3 else 1.0)


def grit(picture: Picture, rng: np.random.Generator) -> Picture:
    """Single pixels that are anything."""
    hit = rng.random(picture.shape) < rng.uniform(0.005, 0.2)
    level = rng.random(picture.shape) if rng.random() < 0.5 else rng.integers(0, 2, picture.shape)
    return np.where(hit, level, picture).astype(np.float32)


def smear(picture: Picture, rng: np.random.Generator) -> Picture:
    """Blur, alike in all directions or along one."""
    reach = rng.uniform(0.4, 1.6) * _unit(picture)
    if rng.random() < 0.5:
        return cv2.GaussianBlur(picture, (0, 0), reach)
    size = max(3, int(reach * 4) | 1)
    kernel = np.zeros((size, size), np.float32)
    angle, middle = rng.uniform(0, np.pi), size // 2
    step = np.array([np.cos(angle), np.sin(angle)]) * middle
    start, end = (tuple(np.rint(middle + sign * step).astype(int).tolist()) for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def shuffle(picture: Picture, rng: np.random.Generator) -> Picture:
    """Pixels taken from nearby places, as through uneven glass."""
    height, width = picture.shape
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)
    off = rng.normal(0, rng.uniform(0.4, 1.3) * _unit(picture), grid.shape).astype(np.float32)
    if rng.random() < 0.5:
        off = cv2.GaussianBlur(off, (0, 0), _unit(picture)) * 2.5
    return cv2.remap(picture, grid + off, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def turnover(picture: Picture, rng: np.random.Generator) -> Picture:
    """A part of the picture in the opposite polarity, or lighter: bars, corners, halves."""
    height, width = picture.shape
    mask = np.zeros(picture.shape, np.uint8)
    for _ in range(int(rng.integers(1, 3))):
        side, share = rng.integers(0, 4), rng.uniform(0.05, 0.33)
        if side < 2:
            reach = int(share * width)
            mask[:, slice(0, reach) if side == 0 else slice(width - reach, width)] = 1
        else:
            reach = int(share * height)
            mask[slice(0, reach) if side == 2 else slice(height - reach, height)] = 1
    other = 1 - picture if rng.random() < 0.7 else picture + rng.uniform(0.2, 0.7)
    return np.where(mask > 0, other, picture).astype(np.float32)


def rules(picture: Picture, rng: np.random.Generator) -> Picture:
    """Lines through the writing: one stroke, a bent one, or ruled paper; bright as ink, fainter, or gaps."""
    height, width = picture.shape
    out, thickness = picture.copy(), max(1, round(float(rng.uniform(0.6, 1.6)) * _unit(picture)))
    level = float(rng.uniform(0.3, 1.0)) if rng.random() < 0.8 else 0.0
    if rng.random() < 0.25:
        gap, start = max(2, int(rng.uniform(0.15, 0.4) * height)), rng.integers(0, max(1, height // 4))
        for y in range(int(start), height, gap):
            cv2.line(out, (0, y), (width, y), level * 0.6, max(1, thickness // 2))
        return np.maximum(out, picture)
    for _ in range(int(rng.integers(1, 3))):
        num_corners = int(rng.integers(2, 6))
        along = np.linspace(-0.1, 1.1, num_corners) * width
        across = (rng.uniform(0, 1) + rng.normal(0, 0.18, num_corners)) * height
        corners = np.stack([along, across], axis=-1)
        if rng.random() < 0.4:
            corners = corners[:, ::-1] * (width / height, height / width)
        cv2.polylines(out, [np.rint(corners).astype(np.int32)], False, level, thickness, cv2.LINE_AA)
    return out


def dirt(picture: Picture, rng: np.random.Generator) -> Picture:
    """Blots of ink and of paper."""
    height, width = picture.shape
    out = picture.copy()
    for _ in range(int(rng.integers(1, 9))):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        axes = tuple(np.maximum(1, np.rint(rng.uniform(0.3, 1.7, 2) * _unit(picture))).astype(int).tolist())
        level = 0.0 if rng.random() < 0.4 else float(rng.uniform(0.4, 1))
        cv2.ellipse(out, centre, axes, float(rng.uniform(0, 180)), 0, 360, level, -1, cv2.LINE_AA)
    return out


def outline(picture: Picture, rng: np.random.Generator) -> Picture:
    """Only the rims of the strokes, as open letters or edge filters leave them."""
    kernel = np.ones((3, 3), np.uint8)
    if rng.random() < 0.5:
        rim = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, kernel)
    else:
        solid = (picture > 0.4).astype(np.float32)
        rim = solid - cv2.erode(solid, kernel) if rng.random() < 0.5 else cv2.dilate(solid, kernel) - solid
    return np.minimum(1.0, rim * float(rng.uniform(0.7, 1.3)))


def squash(picture: Picture, rng: np.random.Generator) -> Picture:
    """Few pixels, or few bytes: seen from far away, or saved as a poor JPEG."""
    height, width = picture.shape
    if rng.random() < 0.5:
        share = rng.uniform(0.35, 0.8) / max(1.0, _unit(picture) * 0.7)
        small = cv2.resize(
            picture, (max(3, int(width * share)), max(3, int(height * share))), interpolation=cv2.INTER_AREA
        )
        way = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_LINEAR
        return cv2.resize(small, (width, height), interpolation=way)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(4, 40))]
    _, content = cv2.imencode(".jpg", np.rint(picture * 255).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.float32) / np.float32(255)


def displace(picture: Picture, rng: np.random.Generator) -> Picture:
    """Smaller, moved, turned or slanted within its own borders."""
    height, width = picture.shape
    scale, angle, slant = rng.uniform(0.45, 1.0), np.deg2rad(rng.normal(0, 14)), rng.normal(0, 0.25)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = scale * turn @ np.array([[1, slant], [0, 1]])
    centre = np.array([width, height]) / 2
    shift = centre - matrix @ centre + rng.uniform(-0.2, 0.2, 2) * (width, height)
    return cv2.warpAffine(picture, np.column_stack([matrix, shift]), (width, height))


FLAWS: tuple[Flaw, ...] = (
    haze, fade, slope, grain, grit, smear, shuffle, turnover, rules, dirt, outline, squash, displace,
)  # fmt: skip
_WEIGHTS = np.array([2, 1.5, 1, 1.5, 1, 1, 1, 1, 1.5, 1.2, 0.8, 0.8, 1])
FLAW_SHARES = _WEIGHTS / _WEIGHTS.sum()
