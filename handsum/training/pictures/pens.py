"""Labelled ink drawn as other people would have: other hands, pens, tablets and sizes of paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, render
from handsum.training.data.inks import Strokes

# How many of a stroke's ends are, all told, cut short, or drawn on too, or hooked as well.
OTHER_ENDS = {"short": 0.2, "long": 0.4, "hooked": 0.5}


@dataclass(frozen=True)
class PenConfig:
    """How far drawings may differ from what was written.

    Attributes:
        rotation_deg, shear: of the hand.
        stretch: the largest ratio by which width and height part.
        bend: how far the ink is bent out of shape, in shares of its size.
        tremble: how far single points are off, in shares of the size: mice, fingers, coarse tablets.
        apart: how far the strokes of one symbol are moved against each other, in shares of its size.
        ends: the most that a stroke is cut short or drawn on at an end, in shares of the ink's size.
        thinnest, thickest: the pen's width in shares of the ink's longer side.
        height_px: the least and the largest size of the ink on its page.
    """

    rotation_deg: float = 12.0
    shear: float = 0.3
    stretch: float = 1.7
    bend: float = 0.05
    tremble: float = 0.012
    apart: float = 0.03
    ends: float = 0.08
    thinnest: float = 0.006
    thickest: float = 0.24
    height_px: tuple[float, float] = (22.0, 170.0)


def draw(strokes: Strokes, rng: np.random.Generator, config: PenConfig) -> NDArray[np.uint8]:
    """A page uint8 (H, W) with the ink on it, drawn afresh by another hand and pen."""
    points = bent(varied(normalised(strokes), rng, config), rng, config)
    low, high = config.height_px
    size_px = low * (high / low) ** rng.random()
    width_px = size_px * config.thinnest * (config.thickest / config.thinnest) ** rng.beta(2.2, 1.8)
    return page_of([stroke * size_px for stroke in points], max(1.0, width_px), rng)


def page_of(strokes: Strokes, width_px: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The strokes (in pixels) on a page with a margin of its own on every side."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    before, after = rng.uniform(1, 12, 2), rng.uniform(1, 12, 2)
    origin = low - width_px / 2 - before
    width, height = np.ceil(high - low + width_px + before + after).astype(int)
    ink = Ink.of([(stroke - origin).tolist() for stroke in strokes], width_px)
    return render(ink, width_px=int(width), height_px=int(height))


def normalised(strokes: Strokes) -> list[NDArray[np.float32]]:
    """The strokes about the origin, the longer side 1; a dot stays a dot."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    longest = max(float((high - low).max()), 1e-6)
    return [((stroke - (low + high) / 2) / longest).astype(np.float32) for stroke in strokes]


def varied(strokes: Strokes, rng: np.random.Generator, config: PenConfig) -> list[NDArray[np.float32]]:
    """Strokes of size 1 as they might have been: moved against each other, cut short, drawn on, hooked."""
    out = []
    for stroke in strokes:
        other = np.array(stroke, np.float32)
        if len(strokes) > 1:
            middle = (stroke.min(axis=0) + stroke.max(axis=0)) / 2
            size = 1 + rng.normal(0, config.apart)
            other = (middle + (stroke - middle) * size + rng.normal(0, config.apart / 2, 2)).astype(
                np.float32
            )
        for _ in range(2):  # one end, and, turned round twice, the other
            other = _with_another_end(other, rng, config.ends)[::-1]
        out.append(other)
    return out


def _with_another_end(
    stroke: NDArray[np.float32], rng: np.random.Generator, most: float
) -> NDArray[np.float32]:
    """Cut short, drawn on or hooked by up to `most`, or, more often, as it was; dots and dashes stay."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    kind, amount, turn = rng.random(), most * rng.random(), rng.choice([-1, 1]) * rng.uniform(1.0, 2.6)
    if not most or lengths[-1] < 4 * most or kind > OTHER_ENDS["hooked"]:
        return stroke
    if kind < OTHER_ENDS["short"]:
        return np.concatenate(
            [stroke[lengths < lengths[-1] - amount], [_along(stroke, lengths, lengths[-1] - amount)]]
        ).astype(np.float32)
    way = stroke[-1] - _along(stroke, lengths, lengths[-1] - most)
    way = way / max(float(np.hypot(*way)), 1e-6)
    if kind > OTHER_ENDS["long"]:
        cosine, sine = np.cos(turn), np.sin(turn)
        way = way @ np.array([[cosine, sine], [-sine, cosine]])
    return np.concatenate([stroke, [stroke[-1] + amount * way]]).astype(np.float32)


def _along(stroke: NDArray[np.float32], lengths: NDArray[np.float64], length: float) -> NDArray[np.float64]:
    """The point so far along a stroke."""
    return np.array([np.interp(length, lengths, stroke[:, axis]) for axis in (0, 1)])


def bent(strokes: Strokes, rng: np.random.Generator, config: PenConfig) -> list[NDArray[np.float32]]:
    """The strokes as another hand would have moved: turned, slanted, stretched, bent and trembling."""
    matrix = _hand(rng, config)
    waves = rng.normal(0, config.bend / 2, (2, 2)) * rng.random()
    frequencies, phases = rng.uniform(1, 5, (2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    tremble = config.tremble * rng.random() ** 3
    out = []
    for stroke in strokes:
        moved = stroke @ matrix
        swing = sum(
            waves[axis] * np.sin(frequencies[axis] * moved[:, axis : axis + 1] + phases[axis])
            for axis in (0, 1)
        )
        out.append((moved + swing + rng.normal(0, tremble, moved.shape)).astype(np.float32))
    return out


def _hand(rng: np.random.Generator, config: PenConfig) -> NDArray[np.float64]:
    """A linear map (2, 2) for row vectors (x, y): rotation, slant and stretch."""
    angle = np.deg2rad(rng.uniform(-config.rotation_deg, config.rotation_deg))
    slant = rng.uniform(-config.shear, config.shear)
    ratio = config.stretch ** (rng.uniform(-1, 1) / 2)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return turn @ np.array([[1.0, 0.0], [slant, 1.0]]) @ np.diag([ratio, 1 / ratio])
