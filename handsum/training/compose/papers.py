"""Clean pages as scans and photographs show them: printed paper, dirt, shadows, poor lenses and files.

Nothing here moves the ink, so that the symbols' boxes stay exact. Flaws are sized by the height of the page's
digits. Light that needs no size comes from `training.papers`.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.strokes import stroke_width
from handsum.training.compose.patterns import PATTERN_SHARES, PATTERNS, Picture
from handsum.training.pictures.papers import fade, grain, haze, slope

Generator = np.random.Generator
Flaw = Callable[[Picture, float, Generator], Picture]

DARK_INK_SHARE = 0.8

# How often paper has two prints, dust is all over it, and a scan in black and white is ragged.
TWO_PRINTS, DENSE_DUST, RAGGED = 0.2, 0.4, 0.6
# The largest speck, as a share of the pen's width; and the most of them.
SPECK_SHARE, MOST_SPECKS = 0.7, 1500

# Of smaller digits, gaps in the strokes leave nothing to read.
LEAST_SKIPPING_PX = 22.0


def spoil_page(page: NDArray[np.uint8], height_px: float, rng: Generator) -> NDArray[np.uint8]:
    """A page uint8 (H, W), ink bright on 0, as a scan or photograph of it, of either polarity.

    `height_px` is that of the page's digits.
    """
    picture = page.astype(np.float32) / 255.0
    for share, flaws in STAGES:
        if rng.random() < share:
            flaw = flaws[int(rng.integers(len(flaws)))]
            picture = np.clip(flaw(picture, height_px, rng), 0.0, 1.0)
    grey = np.rint(picture * 255).astype(np.uint8)
    return 255 - grey if rng.random() < DARK_INK_SHARE else grey


def _field(shape: tuple[int, ...], cells: int, rng: Generator) -> Picture:
    """A smooth random field over the page, in 0..1."""
    coarse = rng.random((cells, cells)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), 0, 1)


def uneven_ink(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """A pen that gives more here and less there."""
    cells = int(np.clip(max(picture.shape) / height_px * rng.uniform(0.5, 3), 2, 60))
    return picture * (1 - rng.uniform(0.2, 0.6) * _field(picture.shape, cells, rng))


def skipping_pen(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """A dry pen or a coarse scan: small gaps all over the strokes."""
    if height_px < LEAST_SKIPPING_PX:
        return picture
    step = max(1.0, height_px * rng.uniform(0.02, 0.06))
    size = max(2, int(picture.shape[1] / step)), max(2, int(picture.shape[0] / step))
    noise = cv2.resize(
        rng.random(size[::-1]).astype(np.float32), picture.shape[::-1], interpolation=cv2.INTER_LINEAR
    )
    return np.where(noise < rng.uniform(0.15, 0.3), picture * np.float32(rng.uniform(0.1, 0.5)), picture)


def printed(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """Ink over printed paper, perhaps with two prints; where they meet, both darken."""
    for _ in range(2 if rng.random() < TWO_PRINTS else 1):
        pattern = PATTERNS[int(rng.choice(len(PATTERNS), p=PATTERN_SHARES))]
        ground = pattern((picture.shape[0], picture.shape[1]), height_px, rng)
        picture = 1 - (1 - picture) * (1 - ground)
    return picture


def bleed_through(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """The writing on the back of the sheet, mirrored and blurred."""
    back = picture[:, ::-1] if rng.random() < 0.7 else picture[::-1, ::-1]
    shift = (rng.uniform(-1.5, 1.5, 2) * height_px).astype(int)
    back = cv2.GaussianBlur(
        np.roll(back, shift, axis=(0, 1)), (0, 0), max(0.6, height_px * rng.uniform(0.01, 0.05))
    )
    return np.maximum(picture, back * np.float32(rng.uniform(0.08, 0.35)))


def specks(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """Dust: dots smaller than the pen's point, dark or in the ink; a few, or all over the page."""
    is_dense = rng.random() < DENSE_DUST
    most = (4 if is_dense else 0.5) * picture.size / height_px**2
    num = int(min(MOST_SPECKS, rng.uniform(1, 4 + most)))
    # A pen's point leaves a decimal point, which is no dust; no speck is as large. A blank page knows no pen.
    is_ink = (picture > 0) & (picture >= picture.max() / 2)
    most_px = max(1.0, SPECK_SHARE * stroke_width(is_ink))
    out = picture.copy()
    for x, y in zip(
        rng.integers(0, picture.shape[1], num), rng.integers(0, picture.shape[0], num), strict=True
    ):
        width, height = (int(rng.uniform(1, most_px + 1)) for _ in range(2))
        out[y : y + height, x : x + width] = 0.0 if rng.random() < 0.3 else float(rng.uniform(0.2, 1.0))
    return out


def fold(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """A crease: a thin line with a shade to one side."""
    height, width = picture.shape
    across = rng.random() < 0.5
    length, at = (height, rng.uniform(0, height)) if across else (width, rng.uniform(0, width))
    off = (np.arange(length, dtype=np.float32) - at) / height_px
    shade = rng.uniform(0.05, 0.25) * np.exp(-np.abs(off) / rng.uniform(0.3, 2)) * (off > 0)
    shade += rng.uniform(0.1, 0.4) * np.exp(-((off / 0.03) ** 2))
    return picture + (shade[:, None] if across else shade[None, :]).astype(np.float32)


def shadow(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """The shadow of a hand or a phone: a darker part with a soft edge."""
    height, width = picture.shape
    angle = rng.uniform(0, 2 * np.pi)
    x, y = (
        np.arange(width, dtype=np.float32)[None, :] / width - 0.5,
        np.arange(height, dtype=np.float32)[:, None] / height - 0.5,
    )
    side = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle)) + np.float32(rng.uniform(-0.3, 0.3))
    side = side + np.float32(rng.uniform(0, 0.15)) * np.sin(np.float32(rng.uniform(3, 9)) * (x - y))
    dark = 1 / (1 + np.exp(np.clip(-side * np.float32(rng.uniform(8, 60)), -30, 30)))
    depth = np.float32(rng.uniform(0.1, 0.5))
    return (picture * (1 - depth * dark) + depth * dark).astype(np.float32)


def vignette(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """Corners darker than the middle."""
    x, y = (np.linspace(-1, 1, length, dtype=np.float32) for length in picture.shape[::-1])
    fall = np.float32(rng.uniform(0.1, 0.4)) * (x[None, :] ** 2 + y[:, None] ** 2) / 2
    return (picture * (1 - fall) + fall).astype(np.float32)


def blur(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(0.4, height_px * rng.uniform(0.01, 0.06))))


def shake(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """A camera that moved."""
    size = max(3, int(height_px * rng.uniform(0.05, 0.2)) | 1)
    kernel, middle, angle = np.zeros((size, size), np.float32), size // 2, rng.uniform(0, np.pi)
    step = np.array([np.cos(angle), np.sin(angle)]) * middle
    start, end = ((middle + sign * step).round().astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE))


def few_pixels(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """Seen from afar, or sent as a thumbnail, and enlarged again: digits of 9 pixels and more."""
    share = max(9.0, height_px * rng.uniform(0.2, 0.7)) / height_px
    if share >= 1:
        return picture
    size = max(3, round(picture.shape[1] * share)), max(3, round(picture.shape[0] * share))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    way = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(rng.integers(3))]
    return np.asarray(cv2.resize(small, picture.shape[::-1], interpolation=way))


def few_bytes(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """A JPEG of low quality."""
    grey = np.rint(picture * 255).astype(np.uint8)
    _, content = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(8, 60))])
    return (np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)) / 255).astype(np.float32)


def two_levels(picture: Picture, height_px: float, rng: Generator) -> Picture:
    """A fax, or a scan in black and white, perhaps of a grainy picture: ragged strokes, and specks."""
    if rng.random() < RAGGED:
        noise = rng.standard_normal(picture.shape).astype(np.float32)
        grain_px = max(0.3, height_px * rng.uniform(0.005, 0.03))
        soft = cv2.GaussianBlur(noise, (0, 0), grain_px)
        picture = picture + soft * np.float32(rng.uniform(0.05, 0.2) / soft.std())
    return (picture > rng.uniform(0.25, 0.6)).astype(np.float32)


def _any_size(flaw: Callable[[Picture, Generator], Picture]) -> Flaw:
    return lambda picture, height_px, rng: flaw(picture, rng)


# In the order in which they come about: the pen, the paper, the dirt, the light, the lens, the file.
STAGES: tuple[tuple[float, tuple[Flaw, ...]], ...] = (
    (0.15, (uneven_ink, skipping_pen)),
    (0.5, (printed,)),
    (0.3, (bleed_through, specks, specks, fold)),
    (0.4, (shadow, vignette, _any_size(slope), _any_size(haze), _any_size(fade))),
    (0.25, (blur, blur, shake)),
    (0.3, (_any_size(grain),)),
    (0.25, (few_pixels,)),
    (0.35, (few_bytes, few_bytes, two_levels)),
)
