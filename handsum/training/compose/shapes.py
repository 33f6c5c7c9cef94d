"""Whether labelled ink has the shape that its label promises.

In UNIPEN about one + - = in fifteen lacks a stroke, a 4 in fifty too, some 0 are but the slash through a lost
ring, some 8 one ring of two, and some symbols are other than their label says. The tests are of the shape
alone, on strokes in any unit.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.training.compose.glyphs import extent
from handsum.training.data.inks import Strokes

Box = NDArray[np.float64]

# A stroke smaller than this share of its digit is no part of it: the pen touched the tablet once more.
LEAST_STROKE = 0.1

# A 4 in one stroke turns down, across and up or down again; what lacks its post turns once.
FOUR_TURNS = 150.0


def is_well_formed(label: str, strokes: Strokes) -> bool:
    """Whether these are strokes of such a symbol, by its label."""
    return SHAPES[label](strokes)


def without_touches(strokes: Strokes) -> Strokes:
    """A digit's strokes without the dots beside them, which on a page of numbers would be points."""
    least = LEAST_STROKE * max(extent(strokes))
    return [stroke for stroke in strokes if max(extent([stroke])) >= least]


def _box(stroke: NDArray[np.floating]) -> Box:
    """x0, y0, x1, y1."""
    return np.concatenate([stroke.min(axis=0), stroke.max(axis=0)]).astype(np.float64)


def _do_cross(first: Box, second: Box) -> bool:
    return bool((first[:2] <= second[2:]).all() and (second[:2] <= first[2:]).all())


def _is_plus(strokes: Strokes) -> bool:
    if len(strokes) != 2:
        return False
    bar, post = sorted(strokes, key=lambda stroke: extent([stroke])[1])
    (bar_width, bar_height), (post_width, post_height) = extent([bar]), extent([post])
    is_level = bar_height < 0.6 * bar_width and post_width < 0.7 * post_height
    middle = _box(post)[[0, 2]].mean()
    is_through = _box(bar)[0] < middle < _box(bar)[2]
    ratio = bar_width / max(post_height, 1e-6)
    return is_level and is_through and _do_cross(_box(bar), _box(post)) and 0.4 < ratio < 2.5


def _is_cross(strokes: Strokes) -> bool:
    if len(strokes) != 2:
        return False
    width, height = extent(strokes)
    are_slanting = all(0.3 < _aspect(stroke) < 3.3 for stroke in strokes)
    falling = [np.sign(np.diff(stroke[[0, -1]], axis=0).prod()) for stroke in strokes]
    overlap = np.minimum(_box(strokes[0])[2:], _box(strokes[1])[2:]) - np.maximum(
        _box(strokes[0])[:2], _box(strokes[1])[:2]
    )
    is_shared = bool((overlap > 0.4 * np.array([width, height])).all())
    return are_slanting and falling[0] != falling[1] and is_shared and 0.45 < width / max(height, 1e-6) < 2.2


def _aspect(stroke: NDArray[np.floating]) -> float:
    width, height = extent([stroke])
    return width / max(height, 1e-6)


def _is_equals(strokes: Strokes) -> bool:
    if len(strokes) != 2:
        return False
    first, second = (_box(stroke) for stroke in strokes)
    widths = [box[2] - box[0] for box in (first, second)]
    are_bars = all(_aspect(stroke) > 1.6 for stroke in strokes)
    shared = min(first[2], second[2]) - max(first[0], second[0])
    apart = abs(first[[1, 3]].mean() - second[[1, 3]].mean())
    return are_bars and shared > 0.5 * max(widths) and 0.15 * max(widths) < apart < 1.2 * max(widths)


def _is_minus(strokes: Strokes) -> bool:
    width, height = extent(strokes)
    return len(strokes) == 1 and width > 2.5 * height


def _is_divide(strokes: Strokes) -> bool:
    if len(strokes) != 3:
        return False
    bar = max(strokes, key=lambda stroke: extent([stroke])[0])
    middle, height = bar[:, 1].mean(), max(extent(strokes)[1], 1e-6)
    dots = [stroke for stroke in strokes if stroke is not bar]
    sides = sorted(float(dot[:, 1].mean() - middle) / height for dot in dots)
    are_small = all(max(extent([dot])) < 0.6 * extent([bar])[0] for dot in dots)
    return _aspect(bar) > 1.6 and sides[0] < -0.15 and sides[1] > 0.15 and are_small


def _is_slash(strokes: Strokes) -> bool:
    ends = strokes[0][np.argsort(strokes[0][[0, -1], 1]) * (len(strokes[0]) - 1)]
    leans = float(ends[0, 0] - ends[1, 0]) / max(extent(strokes)[1], 1e-6)
    return len(strokes) == 1 and 0.12 < leans < 1.6


def _is_left_bracket(strokes: Strokes) -> bool:
    return _bulge(strokes) < -0.08


def _is_right_bracket(strokes: Strokes) -> bool:
    return _bulge(strokes) > 0.08


def _bulge(strokes: Strokes) -> float:
    """How far the middle of one upright arc lies to the right of its ends, in heights; 0 for other shapes."""
    width, height = extent(strokes)
    if len(strokes) != 1 or height < 1.2 * width or height == 0:
        return 0.0
    x, y = strokes[0].T
    middle = np.abs(y - y.mean()) < 0.25 * height
    return float(x[middle].mean() - x[[0, -1]].mean()) / height if middle.any() else 0.0


def _is_comma(strokes: Strokes) -> bool:
    width, height = extent(strokes)
    return len(strokes) == 1 and height > 0.7 * width and strokes[0][0, 1] < strokes[0][-1, 1]


def _is_point(strokes: Strokes) -> bool:
    return len(strokes) == 1


def _is_one(strokes: Strokes) -> bool:
    """Neither a dot nor a level bar; with a long bar under it a 1 is as wide as high."""
    width, height = extent(strokes)
    return width < 1.5 * height


def _is_digit(strokes: Strokes) -> bool:
    """Any digit but 1: more than the bar that is left when strokes are missing."""
    return 0.15 < _aspect(np.concatenate(strokes)) < 2.0 and _length(strokes) > 1.2 * max(extent(strokes))


def _is_zero(strokes: Strokes) -> bool:
    """Once around, nearly: the ellipse in a box is about 1.6 times as long as the box's sides together."""
    return _is_digit(strokes) and _length(strokes) > 1.15 * sum(extent(strokes))


def _is_four(strokes: Strokes) -> bool:
    """Where it lacks its second stroke, what is left is a bar, or a hook that turns but once."""
    return _is_digit(strokes) and (len(strokes) > 1 or _turning(strokes[0]) > FOUR_TURNS)


def _is_eight(strokes: Strokes) -> bool:
    """An 8 comes close to its middle, where a single ring is empty."""
    if not _is_digit(strokes):
        return False
    points = _dense(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    off = np.abs((points - (low + high) / 2) / np.maximum(high - low, 1e-6)).max(axis=1)
    return float(off.min()) < 0.2


def _length(strokes: Strokes) -> float:
    return sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes)


def _turning(stroke: NDArray[np.floating]) -> float:
    """By how much a stroke turns in all, either way, in degrees; trembling and a staircase's steps aside."""
    tolerance = 0.04 * max(extent([stroke]))
    points = cv2.approxPolyDP(stroke.astype(np.float32), tolerance, False).reshape(-1, 2)
    ways = np.diff(points, axis=0)
    angles = np.degrees(np.arctan2(ways[:, 1], ways[:, 0]))
    return float(np.abs((np.diff(angles) + 180) % 360 - 180).sum())


def _dense(strokes: Strokes) -> NDArray[np.floating]:
    """Points along the strokes, some between any two."""
    steps = np.linspace(0, 1, 8)[:, None, None]
    between = [
        (stroke[:-1] * (1 - steps) + stroke[1:] * steps).reshape(-1, 2) if len(stroke) > 1 else stroke
        for stroke in strokes
    ]
    return np.concatenate(between)


def is_complex(strokes: Strokes) -> bool:
    """Whether this is more than the bar, post or dot that is left of a letter when strokes are missing."""
    width, height = extent(strokes)
    return min(width, height) > 0.3 * max(width, height) and _length(strokes) > 1.7 * max(width, height)


SHAPES: dict[str, Callable[[Strokes], bool]] = {
    "+": _is_plus, "×": _is_cross, "÷": _is_divide, "=": _is_equals, "-": _is_minus, "/": _is_slash,
    "(": _is_left_bracket, ")": _is_right_bracket, ",": _is_comma, ".": _is_point,
    **dict.fromkeys("235679", _is_digit), "0": _is_zero, "1": _is_one, "4": _is_four, "8": _is_eight,
}  # fmt: skip
