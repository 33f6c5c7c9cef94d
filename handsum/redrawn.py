"""Ink drawn anew for reading: its digits of a known height, by a known pen, however it was written.

Of hairlines, markers and huge digits networks know less. What is far larger or smaller than the rest has a
drawing of its own, since no pen is right for both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, Stroke, render
from handsum.reading import Box
from handsum.sheet import groups_of_writing

# Digits so high, by a pen so wide, with so much background around them; at most so large.
DIGIT_HEIGHT_PX = 64
PEN_PX = 4
MARGIN_PX = 16
LONGEST_PX = 2000
# Writing is drawn by itself if it is so many times as high as other writing: up to that, the page network can
# look at each size.
OTHER_SIZE = 2.2
# Ink of more strokes is a scribble, or a page that a look for each size must do for.
MOST_STROKES = 500
# Whether two strokes touch is told from so many points on each at most.
MOST_POINTS = 200


Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawing:
    """Ink as a page uint8 (H, W), bright ink on 0, and the way back to the ink's own coordinates.

    Attributes:
        factor: page pixels per unit of the ink.
        origin: where the page's corner is, (x, y) in the ink's coordinates.
        thicker_px: how much wider, in page pixels, the pen was that wrote than the one that draws.
    """

    page: NDArray[np.uint8]
    factor: float
    origin: tuple[float, float]
    thicker_px: float

    def to_ink(self, box: Box) -> Box:
        """A box of the page in the ink's coordinates, as wide as its own pen; a hairline's is no narrower."""
        x0, y0, x1, y1 = box
        grow = max(0.0, self.thicker_px) / 2
        x, y = self.origin
        return (
            (x0 - grow) / self.factor + x,
            (y0 - grow) / self.factor + y,
            (x1 + grow) / self.factor + x,
            (y1 + grow) / self.factor + y,
        )


def redrawn(ink: Ink) -> list[Drawing]:
    """The ink drawn anew, once for each size of its writing; nothing where it has no points."""
    return [_drawing(part) for part in _by_size(ink) if part.box is not None]


def _drawing(ink: Ink) -> Drawing:
    height = ink.writing_height
    own_pen = max(stroke.width_px for stroke in ink.strokes)
    usual_pen = height * PEN_PX / DIGIT_HEIGHT_PX or own_pen
    same = ink.with_pen(usual_pen)
    assert same.box is not None
    x0, y0, x1, y1 = same.box
    factor = min(DIGIT_HEIGHT_PX / height if height else 1.0, LONGEST_PX / max(x1 - x0, y1 - y0))
    page = render(
        same.moved(-x0, -y0).scaled(factor).moved(MARGIN_PX, MARGIN_PX),
        width_px=math.ceil((x1 - x0) * factor) + 2 * MARGIN_PX,
        height_px=math.ceil((y1 - y0) * factor) + 2 * MARGIN_PX,
    )
    origin = x0 - MARGIN_PX / factor, y0 - MARGIN_PX / factor
    return Drawing(page, factor, origin, factor * (own_pen - usual_pen))


def _by_size(ink: Ink) -> list[Ink]:
    """The ink itself, or its parts where some of its writing is of another size than the rest."""
    strokes = [stroke for stroke in ink.strokes if stroke.points]
    if not 2 <= len(strokes) <= MOST_STROKES:
        return [ink]
    pieces = _pieces(strokes)
    boxes = np.array([_extent(piece) for piece in pieces])
    groups = groups_of_writing(boxes, are_strokes=True)
    heights = [_joined(pieces[index] for index in group).writing_height for group in groups]
    sizes = _numbered_sizes(heights)
    if max(sizes, default=0) == 0:
        return [ink]
    numbers = np.full(len(pieces), -1)
    for group, size in zip(groups, sizes, strict=True):
        numbers[group] = size
    placed = np.flatnonzero(numbers >= 0)
    for index in np.flatnonzero(numbers < 0):  # dots far from all: they go with what is nearest
        numbers[index] = numbers[placed[_distances(boxes[index], boxes[placed]).argmin()]]
    return [_joined(pieces[index] for index in np.flatnonzero(numbers == n)) for n in range(max(sizes) + 1)]


def _pieces(strokes: Sequence[Stroke]) -> list[Ink]:
    """The strokes, those together that touch: both loops of an 8 are one digit."""
    points = [np.array([(point.x, point.y) for point in stroke.points]) for stroke in strokes]
    lows, highs = (np.array([end(of_one, axis=0) for of_one in points]) for end in (np.min, np.max))
    reaches = np.add.outer(*2 * [[stroke.width_px / 2 for stroke in strokes]])
    gaps = np.maximum(lows[:, None] - highs[None], lows[None] - highs[:, None]).max(axis=-1)
    piece_of = list(range(len(strokes)))
    for one, other in np.argwhere(np.triu(gaps <= reaches, 1)).tolist():
        if piece_of[one] != piece_of[other] and _touch(points[one], points[other], reaches[one, other]):
            old, new = piece_of[other], piece_of[one]
            piece_of = [new if piece == old else piece for piece in piece_of]
    return [
        Ink(tuple(stroke for stroke, own in zip(strokes, piece_of, strict=True) if own == piece))
        for piece in dict.fromkeys(piece_of)
    ]


def _joined(parts: Iterable[Ink]) -> Ink:
    return Ink(tuple(stroke for part in parts for stroke in part.strokes))


def _touch(one: Points, other: Points, reach: float) -> bool:
    """Whether two strokes, points (n, 2), come as near to each other as `reach`."""
    first, second = _filled_up(one, reach), _filled_up(other, reach)
    return bool((np.square(first[:, None] - second[None]).sum(axis=-1) <= reach**2).any())


def _filled_up(points: Points, most: float) -> Points:
    """Points (n, 2) with others between them, so that no two that follow one another are further apart."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], steps.cumsum()])
    places = np.linspace(0.0, along[-1], min(MOST_POINTS, int(along[-1] / most) + 2))
    return np.column_stack([np.interp(places, along, points[:, axis]) for axis in (0, 1)])


def _numbered_sizes(heights: Sequence[float]) -> list[int]:
    """For each height the number of its size, from the smallest, 0, up."""
    numbers = [0] * len(heights)
    number, smallest = 0, min(heights, default=0.0)
    for index in np.argsort(heights, kind="stable").tolist():
        if heights[index] > OTHER_SIZE * smallest:
            number, smallest = number + 1, heights[index]
        numbers[index] = number
    return numbers


def _extent(ink: Ink) -> tuple[float, float, float, float]:
    """The box around all points, the pen's width left aside."""
    xs, ys = ([getattr(point, axis) for point in ink.points] for axis in "xy")
    return min(xs), min(ys), max(xs), max(ys)


def _distances(box: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far a box (4,) is from others (n, 4): float64 (n,)."""
    gaps = np.maximum(others[:, :2] - box[2:], box[:2] - others[:, 2:])
    return np.asarray(np.hypot(*np.maximum(gaps, 0.0).T))
