"""Ink: what a pen wrote, as strokes of points, and how it becomes a page of pixels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

# Drawn this many times larger and averaged down: edges land on a 16-step grey ramp, which is finer
# than anything that survives the shrink to a 28x28 frame.
SUPERSAMPLING = 4

DEFAULT_PEN_WIDTH_PX = 14.0

# Strokes no larger than their pen's width or this share of the largest are dots, and say nothing of how high
# writing is; nor do those smaller than half of the second largest, which are signs. The largest may be a
# frame around all.
DOT_SHARE, SIGN_SHARE = 0.1, 0.5


class Point(NamedTuple):
    """Where the pen was: page pixels from the upper left corner, milliseconds, pressure 0..1."""

    x: float
    y: float
    t_ms: float = 0.0
    pressure: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """What the pen wrote between pen-down and pen-up; `width_px` is the pen's diameter."""

    points: tuple[Point, ...]
    width_px: float = DEFAULT_PEN_WIDTH_PX

    def __post_init__(self) -> None:
        if not (math.isfinite(self.width_px) and self.width_px > 0):
            raise ValueError(f"a stroke's width must be a positive number of pixels, not {self.width_px!r}")
        if not all(math.isfinite(point.x) and math.isfinite(point.y) for point in self.points):
            raise ValueError("a stroke's points must be finite numbers")

    @property
    def width(self) -> float:
        """How far the pen went sideways."""
        return _span(point.x for point in self.points)

    @property
    def height(self) -> float:
        """How far the pen went up and down."""
        return _span(point.y for point in self.points)


@dataclass(frozen=True)
class Ink:
    """Strokes in the order they were written. Immutable: every change gives a new ink."""

    strokes: tuple[Stroke, ...] = ()

    @classmethod
    def of(cls, strokes: Iterable[Iterable[Sequence[float]]], width_px: float = DEFAULT_PEN_WIDTH_PX) -> Ink:
        """Ink from plain numbers: an iterable of strokes, each an iterable of (x, y[, t_ms[, pressure]])."""
        return cls(tuple(Stroke(tuple(Point(*point) for point in points), width_px) for points in strokes))

    @property
    def points(self) -> list[Point]:
        """Every point of every stroke, in the order written."""
        return [point for stroke in self.strokes for point in stroke.points]

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """The box (x0, y0, x1, y1) around the inked area, the pen's width included; None without points."""
        reach = [(p.x, p.y, stroke.width_px / 2) for stroke in self.strokes for p in stroke.points]
        if not reach:
            return None
        return (
            min(x - r for x, _, r in reach),
            min(y - r for _, y, r in reach),
            max(x + r for x, _, r in reach),
            max(y + r for _, y, r in reach),
        )

    def moved(self, dx: float, dy: float) -> Ink:
        """The same ink, `dx` to the right and `dy` down."""
        return self._mapped(lambda p: p._replace(x=p.x + dx, y=p.y + dy), 1.0)

    def scaled(self, factor: float, *, pen_too: bool = True) -> Ink:
        """The same ink, `factor` times as large about the origin; the pen grows with it or stays."""
        return self._mapped(lambda p: p._replace(x=p.x * factor, y=p.y * factor), factor if pen_too else 1.0)

    def with_pen(self, width_px: float) -> Ink:
        """The same ink, written with a pen of another width."""
        return Ink(tuple(replace(stroke, width_px=width_px) for stroke in self.strokes))

    @property
    def writing_height(self) -> float:
        """How high its digits are, told from the strokes: the middle one of the tall; 0 where all are dots.

        A level stroke counts with half of its length, since a minus alone is no lower than others.
        """
        reach = [(max(stroke.height, stroke.width / 2), stroke.width_px) for stroke in self.strokes]
        sizes = sorted(size for size, pen_px in reach if size > pen_px)
        lines = [size for size in sizes if size > DOT_SHARE * sizes[-1]]
        if not lines:
            return 0.0
        tall = [size for size in lines if size >= SIGN_SHARE * lines[max(0, len(lines) - 2)]]
        return tall[(len(tall) - 1) // 2]

    def _mapped(self, place, pen_factor: float) -> Ink:  # type: ignore[no-untyped-def]
        return Ink(
            tuple(
                Stroke(tuple(place(point) for point in stroke.points), stroke.width_px * pen_factor)
                for stroke in self.strokes
            )
        )


def _span(places: Iterable[float]) -> float:
    known = list(places)
    return max(known) - min(known) if known else 0.0


def render(ink: Ink, *, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Draw ink on a page of `height_px` x `width_px`: uint8, 255 where the pen was, 0 elsewhere.

    Lines have round ends and joins. A stroke of one point, or of equal points, is a dot; ink outside
    the page is cut off; no ink gives an empty page.
    """
    page = np.zeros((height_px, width_px), np.uint8)
    window = _visible_window(ink, width_px, height_px)
    if window is None:
        return page
    x0, y0, x1, y1 = window
    large = Image.new("L", ((x1 - x0) * SUPERSAMPLING, (y1 - y0) * SUPERSAMPLING), 0)
    draw = ImageDraw.Draw(large)
    for stroke in ink.strokes:
        _draw_stroke(draw, stroke, (x0, y0))
    page[y0:y1, x0:x1] = np.asarray(large.reduce(SUPERSAMPLING))
    return page


def _visible_window(ink: Ink, width_px: int, height_px: int) -> tuple[int, int, int, int] | None:
    """The whole pixels that ink touches on the page, so that only they are drawn."""
    box = ink.box
    if box is None:
        return None
    x0, y0 = max(0, math.floor(box[0]) - 1), max(0, math.floor(box[1]) - 1)
    x1, y1 = min(width_px, math.ceil(box[2]) + 1), min(height_px, math.ceil(box[3]) + 1)
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _draw_stroke(draw: ImageDraw.ImageDraw, stroke: Stroke, origin: tuple[int, int]) -> None:
    radius = stroke.width_px * SUPERSAMPLING / 2
    centres = [((p.x - origin[0]) * SUPERSAMPLING, (p.y - origin[1]) * SUPERSAMPLING) for p in stroke.points]
    for centre in centres:
        _draw_dot(draw, centre, radius)
    for start, end in itertools.pairwise(centres):
        _draw_bar(draw, start, end, radius)


def _draw_dot(draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float) -> None:
    # Pillow's boxes name their last pixel, ours the first one after it.
    x, y = centre[0] + 0.5, centre[1] + 0.5
    left, top = math.floor(x - radius), math.floor(y - radius)
    right, bottom = math.floor(x + radius), math.floor(y + radius)
    draw.ellipse((left, top, max(left, right - 1), max(top, bottom - 1)), fill=255)


def _draw_bar(
    draw: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float], radius: float
) -> None:
    """The straight piece between two dots, exactly as wide as they are: Pillow's own wide lines are not."""
    length = math.dist(start, end)
    if length == 0:
        return
    # Pillow fills the pixels on a polygon's edge too: half a pixel on every side.
    reach = max(radius - 0.5, 0) / length
    (x0, y0), (x1, y1) = start, end
    dx, dy = (y0 - y1) * reach, (x1 - x0) * reach
    corners = (x0 + dx, y0 + dy, x1 + dx, y1 + dy, x1 - dx, y1 - dy, x0 - dx, y0 - dy)
    draw.polygon([math.floor(value) for value in corners], fill=255)
