"""Digits for tests to read: drawn here stroke by stroke, and real ones where the data folder is."""

from __future__ import annotations

import functools
import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, render
from handsum.reading import DigitReading
from handsum.training.data.labelled import place_ink
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import split_by_writer

Strokes = list[list[tuple[float, float]]]

PAPER_PX = 280
PEN_PX = 18.0


def _arc(x: float, y: float, rx: float, ry: float, start_deg: float, end_deg: float) -> list[Any]:
    """Points on an ellipse; 0 degrees is to the right, 90 down."""
    angles = np.linspace(math.radians(start_deg), math.radians(end_deg), 25)
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


# In a box about 100 wide and 160 high.
STROKES: dict[int, Strokes] = {
    0: [_arc(50, 80, 48, 80, -90, 270)],
    1: [[(50, 0), (50, 160)]],
    2: [[*_arc(50, 45, 45, 45, -170, 40), (0, 160), (105, 160)]],
    3: [[*_arc(42, 40, 42, 40, -160, 80), *_arc(42, 120, 48, 42, -80, 160)]],
    4: [[(25, 0), (0, 90), (110, 90)], [(80, 20), (80, 165)]],
    5: [[(95, 0), (15, 0), (8, 70), *_arc(45, 110, 52, 50, -100, 150)]],
    6: [[(75, 0), (30, 55), *_arc(50, 115, 45, 45, -160, 210)]],
    7: [[(0, 0), (100, 0), (40, 160)]],
    8: [_arc(50, 40, 36, 40, 90, 450), _arc(50, 122, 44, 42, -90, 270)],
    9: [[*_arc(50, 45, 44, 44, 0, -360), (94, 45), (80, 165)]],
}  # fmt: skip


def drawn_ink(digit: int, *, scale: float = 1.0, pen_px: float = PEN_PX) -> Ink:
    """A digit nobody would mistake, its path's upper left corner near the origin."""
    return Ink.of(STROKES[digit], pen_px).scaled(scale, pen_too=False)


def drawn_page(digit: int, *, width_px: int = PAPER_PX, height_px: int = PAPER_PX) -> NDArray[np.uint8]:
    """The digit in the middle of a page, bright on 0."""
    ink = drawn_ink(digit).moved((width_px - 100) / 2, (height_px - 160) / 2)
    return render(ink, width_px=width_px, height_px=height_px)


@functools.cache
def pen_digits(folder: Path, num_digits: int = 300) -> tuple[tuple[Ink, ...], tuple[int, ...]]:
    """Digits by UNIPEN's held-out writers, as many of each, always the same ones; their labels."""
    with gzip.open(folder / "ink" / "unipen-symbols.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if row["split"] == "dev" and row["label"] in "0123456789"]
    rng = np.random.default_rng(2)
    chosen: list[dict[str, Any]] = []
    for digit in range(10):
        of_digit = [row for row in rows if row["label"] == str(digit)]
        order = rng.permutation(len(of_digit))[: num_digits // 10]
        chosen += [of_digit[index] for index in order]
    inks = tuple(place_ink(Ink.of(row["strokes"])) for row in chosen)
    return inks, tuple(int(row["label"]) for row in chosen)


def fitted(ink: Ink, size_px: float, *, left_px: float, top_px: float, pen_px: float) -> Ink:
    """The ink with its path's longer side `size_px` long and the upper left corner of its path there."""
    x0, y0 = min(p.x for p in ink.points), min(p.y for p in ink.points)
    longest = max(max(p.x - x0, p.y - y0) for p in ink.points)
    scaled = ink.moved(-x0, -y0).scaled(size_px / max(longest, 1e-9), pen_too=False)
    return scaled.moved(left_px, top_px).with_pen(pen_px)


def as_frames(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 (n, 28, 28) to float32 (n, 28, 28) in 0..1."""
    return np.divide(images, 255, dtype=np.float32)


@functools.cache
def held_out_mnist(num_images: int = 1000) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images uint8 (n, 28, 28) and labels of MNIST's held-out training writers; needs HANDSUM_DATA."""
    images, labels = load_mnist("train")
    held_out = split_by_writer(len(images), load_writers("train")).held_out
    chosen = np.random.default_rng(3).permutation(held_out)[:num_images]
    return images[chosen], labels[chosen]


def assert_same(one: DigitReading, other: DigitReading) -> None:
    assert (one.label, one.doubt, one.confidence) == (other.label, other.doubt, other.confidence)
    assert one.digit_probability == other.digit_probability
    assert np.array_equal(one.probabilities, other.probabilities)
    assert np.array_equal(one.frame, other.frame)
