"""One symbol as somebody wrote it, ready to be drawn at any size: strokes of a pen, or a small picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.training.data.inks import Strokes

# Tablets that give fewer steps than this across a symbol, or move along one axis at a time, leave stairs,
# which no pen on paper does.
COARSE_UNITS = 45.0
LEAST_STAIRS, STAIR_SHARE = 6, 0.75
NUM_SMOOTHINGS = 5
# Points kept along a coarse symbol's longer side: as many as other tablets give.
POINTS_PER_SIDE = 24

# Of 255: what a scan's paper or the rim of MNIST's digits may have without being ink.
LEAST_INK = 40


@dataclass(frozen=True, eq=False)
class Glyph:
    """A symbol without a place: its picture uint8 (h, w), bright on 0, or else its strokes.

    Strokes lie about the origin, y down, and their longer side is 1 (a dot's is 0). `height` is the symbol's
    in heights of the same writer's digits; None where nothing is known of it.
    """

    strokes: Strokes = ()
    picture: NDArray[np.uint8] | None = None
    height: float | None = None

    @property
    def aspect(self) -> float:
        """Width over height."""
        if self.picture is not None:
            return self.picture.shape[1] / self.picture.shape[0]
        width, height = extent(self.strokes)
        return width / max(height, 1e-6)


def glyph_of_strokes(strokes: Strokes, *, digit_height: float | None = None) -> Glyph:
    """A glyph of a pen's raw strokes, whose writer's digits are `digit_height` high in the same unit."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    longest = max(float((high - low).max()), 1e-6)
    even = smoothed(strokes) if longest < COARSE_UNITS or _has_stairs(strokes) else strokes
    placed = [((stroke - (low + high) / 2) / longest).astype(np.float32) for stroke in even]
    return Glyph(placed, height=None if digit_height is None else float(high[1] - low[1]) / digit_height)


def glyph_of_picture(picture: NDArray[np.uint8]) -> Glyph | None:
    """A glyph of a picture uint8 (h, w), bright on 0, cut out around its ink; None if there is none."""
    ink = picture >= LEAST_INK
    if not ink.any():
        return None
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return Glyph(picture=picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy())


def _has_stairs(strokes: Strokes) -> bool:
    steps = np.concatenate([np.diff(stroke, axis=0) for stroke in strokes])
    steps = steps[steps.any(axis=1)]
    return len(steps) >= LEAST_STAIRS and float((steps == 0).any(axis=1).mean()) > STAIR_SHARE


def extent(strokes: Strokes) -> tuple[float, float]:
    """Width and height of the box around the points."""
    points = np.concatenate(strokes)
    width, height = points.max(axis=0) - points.min(axis=0)
    return float(width), float(height)


def smoothed(strokes: Strokes) -> list[NDArray[np.float32]]:
    """The strokes without the stairs of a coarse tablet: evenly many points, averaged along the way."""
    step = max(*extent(strokes), 1e-6) / POINTS_PER_SIDE
    out = []
    for stroke in strokes:
        path = resampled(stroke, step)
        for _ in range(NUM_SMOOTHINGS if len(path) > 2 else 0):
            path[1:-1] = (path[:-2] + 2 * path[1:-1] + path[2:]) / 4
        out.append(path.astype(np.float32))
    return out


def resampled(stroke: NDArray[np.floating], step: float) -> NDArray[np.float64]:
    """The same path with a point about every `step`, the ends among them."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke.astype(np.float64), axis=0).T))])
    if along[-1] == 0:
        return stroke[:1].astype(np.float64)
    places = np.linspace(0, along[-1], max(2, 1 + round(along[-1] / step)))
    return np.stack([np.interp(places, along, stroke[:, axis]) for axis in (0, 1)], axis=-1)


def slant(strokes: Sequence[NDArray[np.floating]]) -> float:
    """How far the downstrokes lean to the right, in widths per height: 0 is upright."""
    steps = np.concatenate([np.diff(stroke, axis=0) for stroke in strokes])
    down = steps[np.abs(steps[:, 1]) > np.abs(steps[:, 0])]
    travelled = float(np.abs(down[:, 1]).sum())
    return float((-down[:, 0] * np.sign(down[:, 1])).sum()) / travelled if travelled else 0.0


def picture_of_size(picture: NDArray[np.uint8], width_px: float, height_px: float) -> NDArray[np.uint8]:
    """The picture enlarged or averaged down to whole pixels, at least 1x1; its edges as sharp as before."""
    size = (max(1, round(width_px)), max(1, round(height_px)))
    if size[0] * size[1] <= picture.size:
        return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    enlarged = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    steepness = max(1.0, height_px / picture.shape[0])
    return np.clip((enlarged - 127.5) * steepness + 127.5, 0, 255).astype(np.uint8)
