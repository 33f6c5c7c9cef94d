"""Boxes: how they lie to each other. Everything here is a ratio, so moving or scaling changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.reading import Box

# A hairline's box is one pixel thin, and two looks at the same hairline may share no pixel: for the question
# whether two boxes show the same ink, a box counts as at least this thick for its length.
MIN_THICKNESS = 0.25


def width(box: Box) -> float:
    """In pixels."""
    return box[2] - box[0]


def height(box: Box) -> float:
    """In pixels."""
    return box[3] - box[1]


def center_x(box: Box) -> float:
    """In pixels from the page's left."""
    return (box[0] + box[2]) / 2


def center_y(box: Box) -> float:
    """In pixels from the page's top."""
    return (box[1] + box[3]) / 2


def union(*boxes: Box) -> Box:
    """The smallest box around all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def overlap_ratio(first: Box, second: Box) -> float:
    """Intersection over union, 0..1, of the boxes made thick enough to meet."""
    first, second = _thickened(first), _thickened(second)
    shared = _shared_area(first, second)
    return shared / (_area(first) + _area(second) - shared)


def overlap_ratios(firsts: Sequence[Box], seconds: Sequence[Box]) -> NDArray[np.float64]:
    """The overlap ratio of each first box with each second one: float64 (num_firsts, num_seconds)."""
    one, other = (np.array([_thickened(box) for box in boxes]).reshape(-1, 4) for boxes in (firsts, seconds))
    one, other = one[:, None], other[None]
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    shared = np.maximum(sides, 0.0).prod(axis=-1)
    areas = ((boxes[..., 2:] - boxes[..., :2]).prod(axis=-1) for boxes in (one, other))
    return np.asarray(shared / (sum(areas) - shared))


def ratio_inside(inner: Box, outer: Box) -> float:
    """How much of a box's area lies in another, 0..1."""
    return _shared_area(inner, outer) / _area(inner)


def meeting(boxes: Sequence[Box]) -> list[list[int]]:
    """For each box the indices of those that touch it once they are thick enough to, in order.

    What does not meet has neither an overlap ratio nor a part inside.
    """
    thick = [_thickened(box) for box in boxes]
    lefts, tops, rights, bottoms = np.array(thick, np.float64).reshape(-1, 4).T.copy()
    found: list[list[int]] = []
    for index, (left, top, right, bottom) in enumerate(thick):
        touches = (lefts <= right) & (rights >= left) & (tops <= bottom) & (bottoms >= top)
        touches[index] = False
        found.append(np.flatnonzero(touches).tolist())
    return found


def covers(box: Box, x: float) -> bool:
    """Whether a box spans a place from left to right."""
    return box[0] <= x <= box[2]


def _area(box: Box) -> float:
    return width(box) * height(box)


def _shared_area(first: Box, second: Box) -> float:
    shared_width = min(first[2], second[2]) - max(first[0], second[0])
    shared_height = min(first[3], second[3]) - max(first[1], second[1])
    return max(0.0, shared_width) * max(0.0, shared_height)


def _thickened(box: Box) -> Box:
    thickness = MIN_THICKNESS * max(width(box), height(box))
    spare_x = max(0.0, thickness - width(box)) / 2
    spare_y = max(0.0, thickness - height(box)) / 2
    return box[0] - spare_x, box[1] - spare_y, box[2] + spare_x, box[3] + spare_y
