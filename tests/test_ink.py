"""Ink becomes pixels: nothing, a dot, lines of the right size, at the right place, whatever the page."""

from __future__ import annotations

import dataclasses
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from handsum.ink import DEFAULT_PEN_WIDTH_PX, Ink, Point, Stroke, render
from tests.samples import drawn_ink

WIDTH_PX, HEIGHT_PX = 120, 90

examples = settings(deadline=None, max_examples=60)
places = st.tuples(st.floats(10, 110), st.floats(10, 80))
inks = st.lists(st.lists(places, min_size=1, max_size=6), min_size=1, max_size=4)
pens = st.floats(1, 16)


def page_of(ink: Ink, *, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> NDArray[np.uint8]:
    return render(ink, width_px=width_px, height_px=height_px)


def area(page: NDArray[np.uint8]) -> float:
    """Of the ink, in pixels; grey ones count in part."""
    return float(page.sum(dtype=np.int64)) / 255


def centre(page: NDArray[np.uint8]) -> tuple[float, float]:
    """Of the ink's mass: (x, y) in page coordinates, in which a pixel's middle is half past its index."""
    mass = page.sum(dtype=np.int64)
    x = float(page.sum(axis=0) @ (np.arange(page.shape[1]) + 0.5) / mass)
    y = float(page.sum(axis=1) @ (np.arange(page.shape[0]) + 0.5) / mass)
    return x, y


# Nothing, a dot, two equal points


@pytest.mark.parametrize("ink", [Ink(), Ink((Stroke(()),)), Ink.of([]), Ink.of([[], []])])
def test_no_ink_gives_an_empty_page(ink: Ink) -> None:
    page = page_of(ink)
    assert (page.shape, page.dtype) == ((HEIGHT_PX, WIDTH_PX), np.uint8)
    assert not page.any()
    assert ink.box is None
    assert ink.points == []


@pytest.mark.parametrize("pen_px", [3, 4.5, 9, 14, 40])
@pytest.mark.parametrize("at", [(60, 45), (60.5, 45.5), (60.3, 44.8)])
def test_one_point_is_a_dot(pen_px: float, at: tuple[float, float]) -> None:
    page = page_of(Ink.of([[at]], pen_px))
    assert area(page) == pytest.approx(math.pi * pen_px**2 / 4, rel=0.12)
    assert centre(page) == pytest.approx(at, abs=0.3)
    for same in ([[at, at]], [[at], [at]], [[at, at, at]]):
        assert np.array_equal(page_of(Ink.of(same, pen_px)), page)


@pytest.mark.parametrize("pen_px", [0.6, 1])
def test_the_finest_pen_leaves_a_mark(pen_px: float) -> None:
    for stroke in ([(60, 45)], [(60.4, 45.6)], [(20, 45), (100, 45)], [(20, 20), (100, 70)]):
        assert page_of(Ink.of([stroke], pen_px)).any()


@pytest.mark.parametrize("size", [(0, 0), (0, 9), (9, 0), (1, 1)])
def test_tiny_pages(size: tuple[int, int]) -> None:
    page = render(Ink.of([[(0, 0), (9, 9)]]), width_px=size[0], height_px=size[1])
    assert page.shape == (size[1], size[0])
    assert page.all()


def test_ink_outside_the_page_is_cut_off() -> None:
    for far in (-1e6, -100.0, 300.0, 1e6):
        assert not page_of(Ink.of([[(far, 45)]])).any()
        assert not page_of(Ink.of([[(60, far), (70, far)]])).any()
    line = Ink.of([[(-500, 45), (700, 45)]], 10)
    assert area(page_of(line)) == pytest.approx(WIDTH_PX * 10, rel=0.05)


def test_a_line_through_the_page_between_points_far_outside() -> None:
    page = page_of(Ink.of([[(-1e5, -1e5), (1e5, 1e5)]], 6))
    diagonal = page[np.arange(HEIGHT_PX), np.arange(HEIGHT_PX)]
    assert diagonal.all()
    assert area(page) == pytest.approx(HEIGHT_PX * 6 * math.sqrt(2), rel=0.1)


@given(inks, pens, st.integers(0, 40), st.integers(0, 30), st.integers(30, 60), st.integers(20, 50))
@examples
def test_a_page_is_a_window_on_a_larger_one(
    strokes: list[list[tuple[float, float]]], pen_px: float, x: int, y: int, width_px: int, height_px: int
) -> None:
    ink = Ink.of(strokes, pen_px)
    part = page_of(ink.moved(-x, -y), width_px=width_px, height_px=height_px)
    whole = page_of(ink)[y : y + height_px, x : x + width_px]
    # Pillow may place an edge that is cut off by the page's one of the 16 samples further.
    assert np.abs(part.astype(int) - whole).max() <= 32
    assert (part != whole).mean() < 0.01


# Lines


@pytest.mark.parametrize("pen_px", [2, 3.5, 7, 14, 20])
@pytest.mark.parametrize("angle_deg", [0, 90, 45, 17, 118])
def test_a_line_is_as_wide_as_the_pen(pen_px: float, angle_deg: float) -> None:
    length, angle = 50.0, math.radians(angle_deg)
    dx, dy = length / 2 * math.cos(angle), length / 2 * math.sin(angle)
    page = page_of(Ink.of([[(60 - dx, 45 - dy), (60 + dx, 45 + dy)]], pen_px))
    # The bar and its two round ends; edges are placed to a quarter of a pixel.
    expected = pen_px * length + math.pi * pen_px**2 / 4
    assert area(page) == pytest.approx(expected, rel=max(0.06, 0.3 / pen_px))
    assert centre(page) == pytest.approx((60, 45), abs=0.2)


@pytest.mark.parametrize("pen_px", [4, 8, 13])
def test_the_edges_of_a_line_lie_where_they_should(pen_px: float) -> None:
    page = page_of(Ink.of([[(30, 45), (90, 45)]], pen_px))
    across = page[:, 60] / 255
    assert across.sum() == pytest.approx(pen_px, abs=0.3)
    assert page[45 - int(pen_px / 2) + 1 : 45 + int(pen_px / 2) - 1, 30:90].min() == 255
    x0, y0, x1, y1 = 30 - pen_px / 2, 45 - pen_px / 2, 90 + pen_px / 2, 45 + pen_px / 2
    rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
    assert [columns[0], rows[0]] == pytest.approx([math.floor(x0), math.floor(y0)], abs=1)
    assert [columns[-1] + 1, rows[-1] + 1] == pytest.approx([math.ceil(x1), math.ceil(y1)], abs=1)


@given(inks, pens)
@examples
def test_all_ink_lies_in_its_box_and_every_point_is_inked(
    strokes: list[list[tuple[float, float]]], pen_px: float
) -> None:
    ink = Ink.of(strokes, pen_px)
    page, box = page_of(ink), ink.box
    assert box is not None
    rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
    slack = 0.5
    assert columns[0] >= math.floor(box[0] - slack)
    assert rows[0] >= math.floor(box[1] - slack)
    assert columns[-1] + 1 <= math.ceil(box[2] + slack)
    assert rows[-1] + 1 <= math.ceil(box[3] + slack)
    near = np.pad(page, 1)
    assert all(near[int(y) : int(y) + 3, int(x) : int(x) + 3].any() for x, y in (p[:2] for p in ink.points))


@given(inks, pens)
@examples
def test_more_ink_or_a_wider_pen_takes_nothing_away(
    strokes: list[list[tuple[float, float]]], pen_px: float
) -> None:
    ink = Ink.of(strokes, pen_px)
    page = page_of(ink)
    # Of a slanted edge Pillow fills one sixteenth of a pixel more or less, by its place on the canvas.
    assert (page_of(Ink(ink.strokes[:-1])) <= page.astype(int) + 16).all()
    assert area(page_of(ink.with_pen(pen_px + 2))) > area(page)
    assert np.array_equal(page_of(Ink(ink.strokes[::-1])), page)


# Moved, scaled, another pen


@given(inks, pens, st.integers(-40, 40), st.integers(-30, 30))
@examples
def test_moving_by_whole_pixels_moves_the_pixels(
    strokes: list[list[tuple[float, float]]], pen_px: float, dx: int, dy: int
) -> None:
    ink = Ink.of(strokes, pen_px).moved(60, 60)
    page = page_of(ink, width_px=300, height_px=300)
    moved = page_of(ink.moved(dx, dy), width_px=300, height_px=300)
    assert np.array_equal(moved, np.roll(page, (dy, dx), (0, 1)))


@given(st.floats(0, 1), st.floats(0, 1))
@examples
def test_moving_by_parts_of_a_pixel_moves_the_centre(dx: float, dy: float) -> None:
    ink = drawn_ink(2, scale=0.5, pen_px=6).moved(20, 5)
    before, after = centre(page_of(ink)), centre(page_of(ink.moved(dx, dy)))
    assert after == pytest.approx((before[0] + dx, before[1] + dy), abs=0.3)


def test_moved_scaled_and_another_pen() -> None:
    ink = Ink.of([[(1, 2), (3, 4, 50, 0.5)]], 6)
    assert ink.moved(10, -1) == Ink.of([[(11, 1), (13, 3, 50, 0.5)]], 6)
    assert ink.scaled(2) == Ink.of([[(2, 4), (6, 8, 50, 0.5)]], 12)
    assert ink.scaled(2, pen_too=False) == Ink.of([[(2, 4), (6, 8, 50, 0.5)]], 6)
    assert ink.with_pen(1) == Ink.of([[(1, 2), (3, 4, 50, 0.5)]], 1)
    assert ink == Ink.of([[(1, 2), (3, 4, 50, 0.5)]], 6), "changed in place"
    assert ink.points == [Point(1, 2, 0, 1), Point(3, 4, 50, 0.5)]


def test_the_box_holds_every_pen() -> None:
    thin, thick = Stroke((Point(50, 50),), 2), Stroke((Point(40, 52), Point(45, 52)), 20)
    assert Ink((thin,)).box == (49, 49, 51, 51)
    assert Ink((thin, thick, Stroke(()))).box == (30, 42, 55, 62)
    assert Ink.of([[(0, 0)]]).box == tuple(side * DEFAULT_PEN_WIDTH_PX / 2 for side in (-1, -1, 1, 1))


# Mistakes


@pytest.mark.parametrize("width_px", [0, -1, math.nan, math.inf])
def test_a_pen_has_a_width(width_px: float) -> None:
    with pytest.raises(ValueError, match="width must be a positive number"):
        Ink.of([[(1, 1)]], width_px)
    with pytest.raises(ValueError, match="width must be a positive number"):
        Ink.of([[(1, 1)]]).with_pen(width_px)


@pytest.mark.parametrize("point", [(math.nan, 0), (0, math.inf), (-math.inf, 0)])
def test_points_are_finite(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="points must be finite"):
        Ink.of([[(1, 1), point]])


@pytest.mark.parametrize("factor", [0, -1, math.nan, math.inf])
def test_scaling_needs_a_positive_factor(factor: float) -> None:
    with pytest.raises(ValueError):
        Ink.of([[(1, 1)]]).scaled(factor)


@pytest.mark.parametrize("point", [(), (1,), (1, 2, 3, 4, 5)])
def test_a_point_is_two_to_four_numbers(point: tuple[float, ...]) -> None:
    with pytest.raises(TypeError):
        Ink.of([[point]])


def test_ink_cannot_be_changed() -> None:
    ink = drawn_ink(3)
    for record, name in ((ink, "strokes"), (ink.strokes[0], "points"), (ink.strokes[0], "width_px")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, name, ())
    assert isinstance(ink.strokes, tuple)
    assert isinstance(ink.strokes[0].points, tuple)
    assert hash(ink) == hash(drawn_ink(3))


def test_a_rendered_page_is_the_callers_own() -> None:
    page = page_of(drawn_ink(3))
    page[:] = 7
    assert page_of(drawn_ink(3)).max() == 255


def test_a_long_scribble_is_drawn_soon() -> None:
    rng = np.random.default_rng(0)
    ink = Ink.of([rng.uniform(0, 400, (5000, 2)).tolist()], 3)
    started_s = time.perf_counter()
    assert page_of(ink, width_px=400, height_px=400).any()
    assert time.perf_counter() - started_s < 5


TALL, LOW, FRAME = [(0, 0), (10, 80)], [(20, 30), (60, 50)], [(-30, -40), (500, -40), (500, 300), (-30, 300)]
DOT, MINUS = [(90, 80)], [(20, 40), (60, 41)]


@pytest.mark.parametrize(
    ("strokes", "height"),
    [
        ([TALL, TALL], 80),
        ([TALL, TALL, LOW, DOT], 80),
        ([TALL, TALL, TALL, FRAME], 80),
        ([TALL, FRAME], 80),
        ([TALL], 80),
        ([MINUS], 20),
        ([DOT, DOT], 0),
        ([[(20, 40), (22, 42), (21, 41)]], 0),
        ([], 0),
    ],
)
def test_how_high_writing_is(strokes: list[list[tuple[float, float]]], height: float) -> None:
    assert Ink.of(strokes, 3.0).writing_height == height
    assert Ink.of(strokes, 12.0).scaled(0.5).writing_height == height / 2
