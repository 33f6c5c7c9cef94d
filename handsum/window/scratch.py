"""Scratching out: a zig-zag over what was written takes it away. Pure geometry, no Tk.

Nothing that is part of a digit or a sign goes to and fro so often: W has four sweeps, 3 and 8 have fewer. A
ring drawn several times around a sum, and a 0 or an 8 gone over again to make it bolder, do; but they are
round, and go up and down about as often as from side to side.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, Stroke
from handsum.window.stroke_shape import Places, shape_of

# From one reversal to the next is a sweep; a zig-zag has at least so many long and straight ones.
MIN_SWEEPS = 6
# A sweep is long when it covers this share of the stroke's extent along the sweeps.
LONG_SWEEP = 0.5
# It is straight when it keeps as near as this to the straight way, as a share of that: the half of a circle
# bows by 0.5, what a wrist draws to and fro by 0.1.
MAX_BOW = 0.2
# So many of a zig-zag's sweeps are straight; of an 8's, one in two.
MIN_STRAIGHT = 0.75
# What sweeps this often across for each sweep along is a ring, however flat; a zig-zag goes across once.
MAX_SWEEPS_ACROSS = 0.7
# The least it measures along and across, in pixels: a smaller one is a sign written in one trembling go, a
# thinner one a line drawn over again to make it bolder.
MIN_LENGTH_PX, MIN_BREADTH_PX = 20.0, 6.0
# What lies under the zig-zag by this share of its length is scratched out.
MIN_COVERED = 0.6


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
    places = _own_axes(places, places)
    length, breadth = np.ptp(places, axis=0)
    if length < MIN_LENGTH_PX or breadth < MIN_BREADTH_PX:
        return False
    turns = [_long_sweeps(axis) for axis in places.T]
    return _goes_to_and_fro(places, *turns) or _goes_to_and_fro(places, *reversed(turns))


def _places(stroke: Stroke) -> Places:
    return shape_of(stroke).places if stroke.points else np.empty((0, 2))


def _own_axes(places: Places, cloud: Places) -> Places:
    """Places in the frame of a cloud of points: along its length and across, from its middle."""
    middle = cloud.mean(axis=0)
    _, _, axes = np.linalg.svd(cloud - middle, full_matrices=False)
    turned: Places = (places - middle) @ axes.T
    return turned


def _goes_to_and_fro(places: Places, along: list[int], across: list[int]) -> bool:
    """Whether it does along one of its axes, given the turning points of its sweeps along and across."""
    sweeps = [places[start : end + 1] for start, end in pairwise(along)]
    num_straight = sum(map(_is_straight, sweeps))
    is_ring = len(across) - 1 >= MAX_SWEEPS_ACROSS * len(sweeps)
    return num_straight >= max(MIN_SWEEPS, MIN_STRAIGHT * len(sweeps)) and not is_ring


def _long_sweeps(along: NDArray[np.float64]) -> list[int]:
    """The turning points, as indices, between which a coordinate goes over a good part of its extent."""
    least = LONG_SWEEP * np.ptp(along)
    if least == 0:
        return []
    turns, lowest, highest, direction = [], 0, 0, 0
    for index, value in enumerate(along):
        # A turn counts once the pen has come back far enough: trembling does not.
        lowest = index if value < along[lowest] else lowest
        highest = index if value > along[highest] else highest
        if direction <= 0 and value - along[lowest] >= least:
            turns.append(lowest)
            direction, highest = 1, index
        elif direction >= 0 and along[highest] - value >= least:
            turns.append(highest)
            direction, lowest = -1, index
    return [*turns, highest if direction > 0 else lowest]


def _is_straight(sweep: Places) -> bool:
    """Whether a piece of a stroke keeps near to the straight way from its first place to its last."""
    way = sweep[-1] - sweep[0]
    aside = np.abs((sweep - sweep[0]) @ (-way[1], way[0]))  # times the length of the way
    return float(aside.max()) <= MAX_BOW * float(way @ way)


def _is_covered(stroke: Stroke, zigzag: Stroke) -> bool:
    """Whether a stroke lies mostly in the rectangle, turned as it may be, that a zig-zag fills."""
    filled = _places(zigzag)
    own = _own_axes(filled, filled)
    reach = (zigzag.width_px + stroke.width_px) / 2
    low, high = own.min(axis=0) - reach, own.max(axis=0) + reach
    turned = _own_axes(_places(stroke), filled)
    inside = ((turned >= low) & (turned <= high)).all(axis=1)
    return len(inside) > 0 and float(inside.mean()) >= MIN_COVERED
