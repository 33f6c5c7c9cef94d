"""Symbols drawn by rule, where real ones are few or all of one fashion.

× and ÷ are rare in the data at hand, and few of its slashes were written between digits; 1 with a long
upstroke and 7 with a bar are how most of Europe writes, and few of the writers at hand do; fewer still cross
their 0, end a 1 in a hook, put a long roof on a 5 or write a 9 as a mirrored P. Every maker draws the
proportions anew; the hand's own bends come later.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

# How many who write 1 with an upstroke give it a foot, too, so that it looks like a 2 of straight lines.
FOOTED = 0.25

Stroke = NDArray[np.float32]
Maker = Callable[[np.random.Generator], list[Stroke]]


def _line(*corners: tuple[float, float]) -> Stroke:
    """A path through the corners (x, y), in a box about 1 high, with points to bend."""
    ends = np.array(corners, np.float64)
    pieces = [np.linspace(start, end, 6, endpoint=False) for start, end in itertools.pairwise(ends)]
    return np.concatenate([*pieces, ends[-1:]]).astype(np.float32)


def _arc(start: Sequence[float], end: Sequence[float], bulge: float) -> Stroke:
    """From start to end, off the straight way by `bulge` of its length at the middle."""
    along = np.linspace(0, 1, 9)[:, None]
    a, b = np.array(start), np.array(end)
    normal = np.array([-(b - a)[1], (b - a)[0]])
    return (a + along * (b - a) + 4 * bulge * along * (1 - along) * normal).astype(np.float32)


def _dot(x: float, y: float, rng: np.random.Generator) -> Stroke:
    """A touch of the pen, a short dash, or a tiny ring filled by the pen."""
    kind = rng.random()
    if kind < 0.4:
        return np.array([[x, y], [x, y]], np.float32)
    if kind < 0.7:
        dx, dy = rng.normal(0, 0.05, 2)
        return np.array([[x, y], [x + dx, y + dy]], np.float32)
    angle = np.linspace(0, 2 * np.pi, 8)
    radius = rng.uniform(0.02, 0.06)
    return (np.array([x, y]) + radius * np.stack([np.cos(angle), np.sin(angle)], -1)).astype(np.float32)


def times(rng: np.random.Generator) -> list[Stroke]:
    """Two strokes that cross near the middle."""
    width, bulge = rng.uniform(0.6, 1.3), rng.normal(0, 0.04, 2)
    off = rng.normal(0, 0.07, (4, 2))
    a, b, c, d = (np.array([[0, 0], [width, 1], [width, 0], [0, 1]]) + off).tolist()
    return [_arc(a, b, bulge[0]), _arc(c, d, bulge[1])]


def divided_by(rng: np.random.Generator) -> list[Stroke]:
    """A bar and two dots; the bar is level, or slants as some write it."""
    width = rng.uniform(0.7, 1.6)
    tilt = rng.normal(0, 0.05) if rng.random() < 0.93 else -rng.uniform(0.15, 0.4)
    bar = _arc((0, 0.5 - tilt), (width, 0.5 + tilt), rng.normal(0, 0.03))
    x = width * rng.normal(0.5, 0.07, 2) + np.array([-1.0, 1.0]) * rng.normal(0, 0.04)
    upper, lower = 0.5 - rng.uniform(0.3, 0.55), 0.5 + rng.uniform(0.3, 0.55)
    return [bar, _dot(float(x[0]), upper, rng), _dot(float(x[1]), lower, rng)]


def equals(rng: np.random.Generator) -> list[Stroke]:
    """Two bars, about alike."""
    gap, tilt = rng.uniform(0.25, 0.6), rng.normal(0, 0.06)
    starts, ends = rng.normal(0, 0.06, 2), 1 + rng.normal(0, 0.1, 2)
    return [
        _arc(
            (starts[row], row * gap + tilt),
            (ends[row], row * gap - tilt + rng.normal(0, 0.03)),
            rng.normal(0, 0.03),
        )
        for row in (0, 1)
    ]


def plus(rng: np.random.Generator) -> list[Stroke]:
    """A bar and a post through it."""
    width, (x, y) = rng.uniform(0.7, 1.3), rng.normal(0.5, 0.06, 2)
    lean, tilt = rng.normal(0, 0.06, 2)
    bar = _arc((0, y + tilt), (width, y - tilt), rng.normal(0, 0.03))
    return [bar, _arc((x * width + lean, 0), (x * width - lean, 1), rng.normal(0, 0.03))]


def slash(rng: np.random.Generator) -> list[Stroke]:
    """A straight or slightly bent stroke that leans further than most 1s do."""
    lean = rng.uniform(0.22, 0.9)
    ends = (lean, 0.0), (0.0, 1.0)
    return [_arc(*(ends if rng.random() < 0.7 else ends[::-1]), rng.normal(0, 0.025))]


def _ring(
    middle: tuple[float, float], radii: tuple[float, float], rng: np.random.Generator, *, start: float
) -> Stroke:
    """Once around against the clock from an angle (0 is to the right), not quite closed or a bit more."""
    angle = start - np.linspace(0, 2 * np.pi + rng.normal(0.05, 0.2), 24)
    return (np.array(middle) + np.array(radii) * np.stack([np.cos(angle), np.sin(angle)], -1)).astype(
        np.float32
    )


def crossed_zero(rng: np.random.Generator) -> list[Stroke]:
    """A 0 with a slash through it, as programmers write it, or the other way, as others do."""
    radius = rng.uniform(0.24, 0.45)
    ring = _ring((radius, 0.5), (radius, 0.5), rng, start=-np.pi / 2 + rng.normal(0, 0.4))
    # From just inside the ring to well beyond it, and as steep as the ring's diagonal or steeper.
    reach_x, reach_y = rng.uniform(0.35, 1.15) * radius, rng.uniform(0.3, 0.68)
    side = 1 if rng.random() < 0.6 else -1
    off_x, off_y = rng.normal(0, 0.06 * radius), rng.normal(0, 0.04)
    upper, lower = (
        (radius + off_x + sign * side * reach_x, 0.5 + off_y - sign * reach_y) for sign in (1, -1)
    )
    return [ring, _arc(upper, lower, rng.normal(0, 0.03))]


def one(rng: np.random.Generator) -> list[Stroke]:
    """A 1 with an upstroke, or one that ends in a hook."""
    return flagged_one(rng) if rng.random() < 0.75 else hooked_one(rng)


def hooked_one(rng: np.random.Generator) -> list[Stroke]:
    """A downstroke that turns up at its foot to one side, as the pen leaves for the next digit or returns."""
    lean, rise = rng.normal(0.05, 0.2), rng.uniform(0.05, 0.35)
    out = rng.uniform(0.05, 0.35) * (1 if rng.random() < 0.7 else -1)
    down = _arc((lean, 0), (0, 1), rng.normal(0, 0.04))
    return [np.concatenate([down, _arc((0, 1), (out, 1 - rise), rng.normal(0, 0.1))[1:]])]


def roofed_five(rng: np.random.Generator) -> list[Stroke]:
    """A 5 that leans like a root sign: a long roof, a slanting neck and a shallow or small bowl."""
    width, roof = rng.uniform(0.35, 0.6), rng.uniform(0.4, 1.1)
    neck_x, neck_y = rng.uniform(-0.05, 0.15), rng.uniform(0.35, 0.55)
    top_x = neck_x + rng.uniform(0.0, 0.3)
    angle = np.linspace(-np.pi / 2, rng.uniform(0.6, 0.95) * np.pi, 16)
    radii = np.array([width * rng.uniform(0.6, 1.0), (1 - neck_y) / 2])
    bowl = np.array([neck_x, neck_y + radii[1]]) + radii * np.stack([np.cos(angle), np.sin(angle)], -1)
    neck = _arc((top_x, 0), (neck_x, neck_y), rng.normal(0, 0.05))
    roof_line = _arc(
        (top_x, rng.normal(0, 0.03)), (top_x + roof, rng.normal(-0.03, 0.06)), rng.normal(0, 0.04)
    )
    if rng.random() < 0.5:
        return [np.concatenate([roof_line[::-1], neck[1:], bowl.astype(np.float32)[1:]])]
    return [np.concatenate([neck, bowl.astype(np.float32)[1:]]), roof_line]


def stemmed_nine(rng: np.random.Generator) -> list[Stroke]:
    """A 9 of a ring and a stem: straight as of a mirrored P, or ending in a hook or a loop as of a g."""
    radii = rng.uniform(0.18, 0.3), rng.uniform(0.2, 0.3)
    ring = _ring((radii[0], radii[1]), radii, rng, start=rng.normal(-0.3, 0.3))
    x, lean = 2 * radii[0] - rng.uniform(0, 0.06), rng.normal(0.03, 0.06)
    stem = _arc((x, rng.uniform(-0.08, 0.15)), (x - lean, 1), rng.normal(0, 0.03))
    kind = rng.random()
    if kind < 0.4:
        return [ring, stem]
    reach, rise = rng.uniform(0.15, 0.6), rng.uniform(0.0, 0.3)
    tail = _arc((x - lean, 1), (x - lean - reach, 1 - rise), -rng.uniform(0.05, 0.35))[1:]
    if kind < 0.8:
        return [np.concatenate([ring, stem, tail])]
    back = _arc((x - lean - reach, 1 - rise), (x + 0.2, 0.7), rng.uniform(-0.1, 0.1))[1:]
    return [np.concatenate([ring, stem, tail, back])]


def flagged_one(rng: np.random.Generator) -> list[Stroke]:
    """A 1 that begins with an upstroke, short or from the very baseline; some have a foot.

    The upstroke may make it as wide as high, and is never as level as the bar of a 7.
    """
    reach = 0.12 + 0.9 * rng.beta(1.3, 2.4)
    top = rng.uniform(max(0.2, 0.65 * reach), 1.0)
    lean = rng.normal(0.03, 0.06)
    strokes = [np.concatenate([_arc((0, top), (reach, 0), rng.normal(0, 0.05)),
                               _arc((reach, 0), (reach - lean, 1), rng.normal(0, 0.03))])]  # fmt: skip
    if rng.random() < FOOTED:
        half = rng.uniform(0.12, 0.35)
        strokes.append(_line((reach - lean - half, 1), (reach - lean + half, 1 + rng.normal(0, 0.02))))
    return strokes


def crossed_seven(rng: np.random.Generator) -> list[Stroke]:
    """A 7 with a bar through its leg, sometimes with a serif at the start."""
    width, foot, y = rng.uniform(0.5, 0.85), rng.uniform(0.05, 0.4), rng.uniform(0.4, 0.62)
    top = _arc((0, rng.normal(0.02, 0.03)), (width, 0), rng.normal(0, 0.05))
    leg = _arc((width, 0), (foot, 1), rng.uniform(-0.12, 0.12))
    serif = [_line((0.0, rng.uniform(0.08, 0.22)), (0.0, 0.02))] if rng.random() < 0.25 else []
    middle, half = width + (foot - width) * y, rng.uniform(0.15, 0.32)
    bar = _arc((middle - half, y + rng.normal(0, 0.04)), (middle + half, y - rng.normal(0.02, 0.04)), 0.0)
    return [np.concatenate([*serif, top, leg]), bar]


MAKERS: dict[str, Maker] = {
    "×": times, "÷": divided_by, "=": equals, "+": plus, "/": slash,
    "0": crossed_zero, "1": one, "5": roofed_five, "7": crossed_seven, "9": stemmed_nine,
}  # fmt: skip
