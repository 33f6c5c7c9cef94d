"""Scratching out: a zig-zag over what was written takes it away. Pure geometry, no Tk.

Nothing that is part of a digit or a sign goes to and fro so often: W has four sweeps, 3 and 8 have fewer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, Stroke

Points = NDArray[np.float64]  # (n, 2)

# From one reversal to the next is a sweep; a zig-zag has at least so many long ones.
MIN_SWEEPS = 6
# A sweep is long when it covers this share of the stroke's extent along the sweeps.
LONG_SWEEP = 0.5
# The least it measures along and across, in pixels: a smaller one is a sign written in one trembling go, a
# thinner one a line drawn over again to make it bolder.
MIN_LENGTH_PX, MIN_BREADTH_PX = 20.0, 6.0
# What lies under the zig-zag by this share of its length is scratched out.
MIN_COVERED = 0.6
# Strokes are looked at in steps of this size, so that a fast pen's few points count like a slow one's many.
STEP_PX = 2.0


def without_scratched(ink: Ink) -> Ink | None:
    """The ink without what its last stroke scratches out, and without that stroke; None if it is no such."""
    before, last = ink.strokes[:-1], ink.strokes[-1:]
    if not (last and is_zigzag(last[0])):
        return None
    kept = tuple(stroke for stroke in before if not _is_covered(stroke, last[0]))
    return Ink(kept) if len(kept) < len(before) else None


def is_zigzag(stroke: Stroke) -> bool:
    """Whether a stroke goes to and fro over the same place, in any direction."""
    places = _places(stroke)
    if len(places) <= MIN_SWEEPS:
        return False
    axes = _own_axes(places, places).T
    length, breadth = (float(np.ptp(axis)) for axis in axes)
    is_large = length >= MIN_LENGTH_PX and breadth >= MIN_BREADTH_PX
    return is_large and any(_num_long_sweeps(axis) >= MIN_SWEEPS for axis in axes)


def resampled(stroke: Stroke) -> Points:
    """Points along a stroke at even steps, float64 (n, 2); n is at least 1."""
    corners = np.array([point[:2] for point in stroke.points], float)
    if len(corners) == 1:
        return corners
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    ways = np.concatenate([[0.0], np.cumsum(lengths)])
    steps = np.linspace(0, ways[-1], int(ways[-1] / STEP_PX) + 2)
    return np.column_stack([np.interp(steps, ways, side) for side in corners.T])


def _places(stroke: Stroke) -> Points:
    return resampled(stroke) if stroke.points else np.empty((0, 2))


def _own_axes(places: Points, cloud: Points) -> Points:
    """Places in the frame of a cloud of points: along its length and across, from its middle."""
    middle = cloud.mean(axis=0)
    _, _, axes = np.linalg.svd(cloud - middle, full_matrices=False)
    turned: Points = (places - middle) @ axes.T
    return turned


def _num_long_sweeps(along: Points) -> int:
    """How often a coordinate goes from one turning point to the next over a good part of its extent."""
    least = LONG_SWEEP * np.ptp(along)
    if least == 0:
        return 0
    num_sweeps, lowest, highest, direction = 0, along[0], along[0], 0
    for value in along:
        # A turn counts once the pen has come back far enough: trembling does not.
        lowest, highest = min(lowest, value), max(highest, value)
        if direction <= 0 and value - lowest >= least:
            num_sweeps, direction, highest = num_sweeps + 1, 1, value
        elif direction >= 0 and highest - value >= least:
            num_sweeps, direction, lowest = num_sweeps + 1, -1, value
    return num_sweeps


def _is_covered(stroke: Stroke, zigzag: Stroke) -> bool:
    """Whether a stroke lies mostly in the rectangle, turned as it may be, that a zig-zag fills."""
    filled = _places(zigzag)
    own = _own_axes(filled, filled)
    reach = (zigzag.width_px + stroke.width_px) / 2
    low, high = own.min(axis=0) - reach, own.max(axis=0) + reach
    turned = _own_axes(_places(stroke), filled)
    inside = ((turned >= low) & (turned <= high)).all(axis=1)
    return len(inside) > 0 and float(inside.mean()) >= MIN_COVERED
