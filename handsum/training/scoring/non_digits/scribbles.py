"""Generated ink that means nothing: scribbles, dots, and pages without any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink
from handsum.training.data.labelled import CANVAS_PX, draw, place_ink
from handsum.training.scoring.non_digits.pictures import PictureSet, generated

NUM_WAVES = (4, 9)
NUM_POINTS = 160

# A circle is 2.2 times as long as its box's diagonal, and no digit much over 3 times.
LEAST_LENGTH = 4.5

PEN_WIDTHS_PX = (4.0, 28.0)

# Paper is never quite even.
MOST_GRAIN = 4.0


def scribbles(num_pictures: int) -> PictureSet:
    """One to three smooth random strokes, too long to be a digit's."""
    origin = "generated: one to three smooth random strokes, each a sum of 4 to 8 waves in x and in y"
    return generated("scribbles", origin, num_pictures, _scribble)


def blanks_and_dots(num_pictures: int) -> PictureSet:
    """Pages without ink, black, white or grainy, and single dots of any size and place: half and half."""
    origin = "generated: empty pages, black, white or a little grainy, and single dots 4 to 28 pixels wide"
    return generated(
        "blank or dot", origin, num_pictures, lambda rng: _dot(rng) if rng.random() < 0.5 else _blank(rng)
    )


def _scribble(rng: np.random.Generator) -> NDArray[np.uint8]:
    while True:
        strokes = [_wave(rng) + rng.normal(scale=0.8, size=2) for _ in range(rng.integers(1, 4))]
        length = sum(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum() for stroke in strokes)
        if length > LEAST_LENGTH * np.linalg.norm(np.ptp(np.concatenate(strokes), axis=0)):
            return draw(place_ink(Ink.of(stroke.tolist() for stroke in strokes)))


def _wave(rng: np.random.Generator) -> NDArray[np.float64]:
    """A smooth path (160, 2) within about 1 of the origin."""
    waves = np.arange(1, rng.integers(*NUM_WAVES) + 1)
    phase = rng.uniform(0, 2 * np.pi, (2, 1, len(waves)))
    size = rng.normal(size=(2, 1, len(waves))) / np.sqrt(len(waves))
    time = np.linspace(0, rng.uniform(0.5, 1) * 2 * np.pi, NUM_POINTS).reshape(1, -1, 1)
    return np.sum(size * np.sin(waves * time + phase), axis=2).T


def _blank(rng: np.random.Generator) -> NDArray[np.uint8]:
    level = int(rng.choice([0, 255, int(rng.integers(200, 250))]))
    if level in (0, 255):
        return np.full((CANVAS_PX, CANVAS_PX), level, np.uint8)
    grain = rng.normal(scale=rng.uniform(0, MOST_GRAIN), size=(CANVAS_PX, CANVAS_PX))
    return np.rint(np.clip(level + grain, 0, 255)).astype(np.uint8)


def _dot(rng: np.random.Generator) -> NDArray[np.uint8]:
    x, y = rng.uniform(0.1 * CANVAS_PX, 0.9 * CANVAS_PX, 2)
    return draw(Ink.of([[(x, y)]], rng.uniform(*PEN_WIDTHS_PX)))
