"""The toolbar's icons, as ink in a square."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from handsum.ink import Ink

SIDE_PX = 20  # every icon is drawn in a square of this side
LINE_PX = 1.5

Line = list[tuple[float, float]]


def arc(centre: tuple[float, float], radius: float, from_deg: float, to_deg: float) -> Line:
    """Points on a circle; 0 degrees is to the right, 90 is down."""
    turns = np.radians(np.linspace(from_deg, to_deg, 25)).tolist()
    return [(centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns]


def ray(turn_deg: float) -> Line:
    """One of the sun's."""
    return [arc((10, 10), radius, turn_deg, turn_deg)[0] for radius in (6.2, 8)]


def mirrored(lines: Iterable[Line]) -> list[Line]:
    """The same lines, left and right exchanged."""
    return [[(SIDE_PX - x, y) for x, y in line] for line in lines]


UNDO: list[Line] = [
    [(7.5, 3.5), (3.5, 7.5), (7.5, 11.5)],
    [(3.5, 7.5), (12, 7.5), *arc((12, 12), 4.5, -90, 90), (8, 16.5)],
]
LINES: dict[str, list[Line]] = {
    "pen": [
        [(3, 17), (4.2, 12.6), (13.6, 3.2), (16.8, 6.4), (7.4, 15.8), (3, 17)],
        [(11.2, 5.6), (14.4, 8.8)],
    ],
    "eraser": [
        [(8, 16.5), (2.8, 11.3), (11.3, 2.8), (17.2, 8.7), (9.4, 16.5), (8, 16.5), (17, 16.5)],
        [(7, 7.1), (12.9, 13)],
    ],
    "undo": UNDO,
    "redo": mirrored(UNDO),
    "dark": [[*arc((10, 10), 7, 25, 265), *arc((14.6, 6.4), 6.2, 217, 74)]],
    "light": [arc((10, 10), 3.5, 0, 360), *map(ray, range(0, 360, 45))],
}
ICONS = {name: Ink.of(lines, width_px=LINE_PX) for name, lines in LINES.items()}
