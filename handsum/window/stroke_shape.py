"""Where a stroke lies: places along it and the box around them, worked out once for each. Pure, no Tk."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Stroke
from handsum.reading import Box

Places = NDArray[np.float64]  # (n, 2)

# Strokes are looked at in steps of this size, so that a fast pen's few points count like a slow one's many.
STEP_PX = 2.0


@dataclass(frozen=True, eq=False)
class StrokeShape:
    """The middle of a stroke, without the pen's width.

    Attributes:
        places: float64 (n, 2), x and y at even steps along it; n is at least 1.
        box: the box around its points; of no width or height where they stand in a row.
    """

    places: Places
    box: Box


def shape_of(stroke: Stroke) -> StrokeShape:
    """The shape of a stroke, which must have points; it is kept for as long as the stroke lives."""
    number = id(stroke)
    known = _shapes.get(number)
    if known is not None and known[0]() is stroke:
        return known[1]
    shape = _worked_out(stroke)
    _shapes[number] = weakref.ref(stroke, lambda _dead: _shapes.pop(number, None)), shape
    return shape


# By identity: a stroke is hashed by its points, all of them anew each time.
_shapes: dict[int, tuple[weakref.ref[Stroke], StrokeShape]] = {}


def _worked_out(stroke: Stroke) -> StrokeShape:
    corners = np.array([point[:2] for point in stroke.points], float)
    (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return StrokeShape(_at_even_steps(corners), (x0, y0, x1, y1))


def _at_even_steps(corners: Places) -> Places:
    if len(corners) == 1:
        return corners
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    ways = np.concatenate([[0.0], np.cumsum(lengths)])
    steps = np.linspace(0, ways[-1], int(ways[-1] / STEP_PX) + 2)
    return np.column_stack([np.interp(steps, ways, side) for side in corners.T])
