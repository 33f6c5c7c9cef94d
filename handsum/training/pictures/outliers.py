"""What is not one digit, for a network to learn to refuse it (outlier exposure).

Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure" (2019). Left out is what
people could take for a digit: the letter O, a slash, the upper half of an 8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.training.data.inks import Strokes
from handsum.training.pictures.pens import PenConfig, bent, normalised, page_of

Page = NDArray[np.uint8]

LETTERS_LIKE_DIGITS = frozenset("OoQDlIiJjZzSsGbBgqyYpP")
SYMBOLS_LIKE_DIGITS = frozenset("()/\\|'`,[]!0123456789")

# The halves of a digit that are not digits themselves.
CUTS = {
    0: ("top", "bottom"), 2: ("top", "bottom", "left", "right"), 3: ("top", "bottom", "left", "right"),
    4: ("top", "left"), 5: ("top", "bottom", "left", "right"), 6: ("right",), 7: ("top", "left"),
    8: ("left",), 9: ("left",),
}  # fmt: skip


def side_by_side(parts: Sequence[Strokes], rng: np.random.Generator, config: PenConfig) -> Page:
    """Two or more symbols in a row, from apart to touching, written with one pen."""
    height_px = float(rng.uniform(20, 90))
    x, strokes = 0.0, []
    for part in parts:
        points = [
            stroke * height_px * rng.uniform(0.8, 1.1) for stroke in bent(normalised(part), rng, config)
        ]
        low = min(float(stroke[:, 0].min()) for stroke in points)
        offset = np.array([x - low, rng.normal(0, 0.08) * height_px], np.float32)
        moved = [stroke + offset for stroke in points]
        strokes += moved
        x = max(float(stroke[:, 0].max()) for stroke in moved) + height_px * rng.uniform(0.02, 0.5)
    return page_of(strokes, max(1.0, height_px * rng.uniform(0.02, 0.16)), rng)


def half(digit: Page, label: int, rng: np.random.Generator) -> Page | None:
    """A part of a digit's picture uint8 (H, W) that is no digit; None where every part may be one."""
    if label not in CUTS:
        return None
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    share = rng.uniform(0.4, 0.58)
    y, x = round(y0 + share * (y1 - y0)), round(x0 + share * (x1 - x0))
    parts = {"top": (slice(0, y), slice(None)), "bottom": (slice(y, None), slice(None)),
             "left": (slice(None), slice(0, x)), "right": (slice(None), slice(x, None))}  # fmt: skip
    out = np.zeros_like(digit)
    part = parts[str(rng.choice(CUTS[label]))]
    out[part] = digit[part]
    return out


def scribble(rng: np.random.Generator) -> Page:
    """A pen moved without sense: loops, zigzags, hatching."""
    num = int(rng.integers(15, 150))
    turn = np.cumsum(rng.normal(0, rng.uniform(0.2, 1.2), num)) + rng.uniform(0, 2 * np.pi)
    path = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], -1) * rng.uniform(0.3, 1, (num, 1)), axis=0)
    if rng.random() < 0.35:  # to and fro
        path = np.stack(
            [np.linspace(0, 1, num) * rng.uniform(0.2, 1), rng.uniform(0.6, 1, num) * (np.arange(num) % 2)],
            -1,
        )
        path = path[: int(rng.integers(5, num))]
    return _written([path.astype(np.float32)], rng)


def made_up_character(rng: np.random.Generator) -> Page:
    """Three to eight strokes as in the scripts of the world: bars, arcs, hooks, loops and dots."""
    strokes = [_made_up_stroke(rng) for _ in range(int(rng.integers(3, 9)))]
    return _written(strokes, rng)


def _made_up_stroke(rng: np.random.Generator) -> NDArray[np.float32]:
    """One stroke in a unit box."""
    start, along = rng.random(2), np.linspace(0, 1, 12)[:, None]
    kind = rng.random()
    if kind < 0.45:  # upright, level or slanting
        direction = rng.choice([0, 0, 1, 1, 2])
        end = [(rng.random(), start[1]), (start[0], rng.random()), rng.random(2)][direction]
        return (start + along * (np.asarray(end) - start)).astype(np.float32)
    if kind < 0.85:  # arcs and loops
        sweep, phase = rng.uniform(0.5, 2) * np.pi * rng.choice([-1, 1]), rng.uniform(0, 2 * np.pi)
        angle = phase + sweep * along
        radius = rng.uniform(0.08, 0.4, 2)
        return (start + np.concatenate([np.cos(angle), np.sin(angle)], axis=1) * radius).astype(np.float32)
    if kind < 0.93:  # hooks
        corners = np.stack([start, rng.random(2), rng.random(2)])
        return corners.astype(np.float32)
    return np.repeat(start[None], 2, axis=0).astype(np.float32)


def dots(rng: np.random.Generator) -> Page:
    """One to four dots, or short dashes."""
    places = rng.random((int(rng.integers(1, 5)), 2))
    dash = np.array([rng.uniform(0, 0.15), 0.0])
    strokes = [np.stack([place, place + dash]).astype(np.float32) for place in places]
    return _written(strokes, rng, thickest=0.5)


def _written(strokes: Strokes, rng: np.random.Generator, thickest: float = 0.16) -> Page:
    size_px = float(rng.uniform(24, 110))
    width_px = max(1.0, size_px * rng.uniform(0.015, thickest))
    return page_of([stroke * size_px for stroke in normalised(strokes)], width_px, rng)


def thing(rng: np.random.Generator) -> Page:
    """A picture of no writing at all: solid shapes, patches of light, patterns, textures."""
    size = int(rng.integers(28, 90))
    draw = (_shapes, _clouds, _pattern)[int(rng.choice(3, p=[0.45, 0.4, 0.15]))]
    picture = draw(size, rng)
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _shapes(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Filled polygons and ellipses, shaded."""
    picture = np.zeros((size, size), np.float32)
    for _ in range(int(rng.integers(1, 7))):
        level = float(rng.uniform(0.2, 1))
        centre = rng.uniform(0.2, 0.8, 2) * size
        if rng.random() < 0.5:
            corners = centre + rng.uniform(-0.45, 0.45, (int(rng.integers(3, 8)), 2)) * size
            cv2.fillPoly(picture, [np.rint(corners).astype(np.int32)], level, cv2.LINE_AA)
        else:
            axes = np.maximum(2, rng.uniform(0.1, 0.45, 2) * size).astype(int).tolist()
            cv2.ellipse(
                picture,
                centre.astype(int).tolist(),
                axes,
                float(rng.uniform(0, 180)),
                0,
                360,
                level,
                -1,
                cv2.LINE_AA,
            )
    if rng.random() < 0.5:
        picture *= 0.6 + 0.4 * cv2.resize(rng.random((4, 4)).astype(np.float32), (size, size))
    return picture


def _clouds(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise whose power falls with frequency as that of photographs does, soft or cut to two levels."""
    spectrum = np.fft.rfft2(rng.standard_normal((size, size)))
    frequency = np.hypot(*np.meshgrid(np.fft.rfftfreq(size), np.fft.fftfreq(size)))
    field = np.fft.irfft2(spectrum / np.maximum(frequency, 1 / size) ** rng.uniform(0.5, 2), (size, size))
    field = (field - field.mean()) / field.std()
    if rng.random() < 0.5:
        return (field > rng.uniform(-0.3, 1.2)).astype(np.float32)
    return (0.5 + 0.3 * field).astype(np.float32)


def _pattern(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Stripes, checks and waves."""
    x, y = np.meshgrid(np.arange(size), np.arange(size))
    angle, frequency = rng.uniform(0, np.pi), rng.uniform(0.03, 0.2)
    wave = np.sin(2 * np.pi * frequency * (x * np.cos(angle) + y * np.sin(angle)))
    if rng.random() < 0.5:
        wave = wave * np.sin(2 * np.pi * frequency * (y * np.cos(angle) - x * np.sin(angle)))
    return ((wave > 0) if rng.random() < 0.5 else 0.5 + 0.5 * wave).astype(np.float32)


MADE_UP: tuple[tuple[Callable[[np.random.Generator], Page], float], ...] = (
    (scribble, 0.24), (made_up_character, 0.40), (thing, 0.30), (dots, 0.06),
)  # fmt: skip
