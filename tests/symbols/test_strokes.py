"""The pen's width is told from its ink, and points smaller than it are specks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.ink import Ink, render
from handsum.reading import Symbol
from handsum.strokes import stroke_width
from handsum.symbols.specks import without_specks

LOOP = [(20 + 14 * float(np.cos(t)), 40 + 25 * float(np.sin(t))) for t in np.linspace(0, 6.2, 60)]


def drawn(pen_px: float) -> NDArray[np.uint8]:
    """A loop and a slanted stroke by a pen of this width: uint8 (80, 120)."""
    ink = Ink.of([LOOP, [(74, 15), (64, 65)]], pen_px)
    return render(ink, width_px=120, height_px=80)


@pytest.mark.parametrize("pen_px", [1.5, 3, 6, 10])
def test_the_width_of_a_pen(pen_px: float) -> None:
    assert stroke_width(drawn(pen_px) >= 128) == pytest.approx(pen_px, rel=0.2)


@pytest.mark.parametrize("width", [1, 4, 7])
def test_the_width_of_a_long_bar_that_touches_the_border(width: int) -> None:
    # A level line has fewer pixel sides than one aslant, and seems wider.
    assert stroke_width(np.ones((width, 400), bool)) == pytest.approx(width * 4 / np.pi, rel=0.03)


def test_no_ink_has_no_width() -> None:
    assert stroke_width(np.zeros((3, 4), bool)) == 0
    assert stroke_width(np.zeros((0, 4), bool)) == 0


ZERO, ONE = Symbol("0", (4, 13, 36, 67), 0.9), Symbol("1", (62, 13, 76, 67), 0.9)


def with_point(page: NDArray[np.uint8], size_px: int) -> tuple[NDArray[np.uint8], Symbol]:
    """The page with a square point of this size, and the symbol that it is read as."""
    page = page.copy()
    page[64 : 64 + size_px, 42 : 42 + size_px] = 255
    return page, Symbol(".", (41, 63, 43 + size_px, 65 + size_px), 0.8)


@pytest.mark.parametrize(("pen_px", "size_px"), [(4, 2), (6, 3), (10, 5)])
def test_a_point_smaller_than_the_pen_is_a_speck(pen_px: float, size_px: int) -> None:
    page, point = with_point(drawn(pen_px), size_px)
    assert without_specks([ZERO, point, ONE], page) == (ZERO, ONE)


@pytest.mark.parametrize(("pen_px", "size_px"), [(1.5, 2), (4, 4), (6, 6), (6, 9), (10, 9)])
def test_a_point_as_wide_as_the_pen_stays(pen_px: float, size_px: int) -> None:
    page, point = with_point(drawn(pen_px), size_px)
    assert without_specks([ZERO, point, ONE], page) == (ZERO, point, ONE)


def test_a_small_point_of_which_the_network_is_sure_stays() -> None:
    page, point = with_point(drawn(6), 3)
    sure = replace(point, confidence=0.95)
    assert without_specks([ZERO, sure, ONE], page) == (ZERO, sure, ONE)


@pytest.mark.parametrize(("confidence", "stays"), [(0.85, False), (0.95, True)])
def test_the_end_of_a_stroke_is_no_point_unless_the_network_is_sure(confidence: float, stays: bool) -> None:
    foot = replace(with_point(drawn(4), 0)[1], box=(60, 60, 70, 69), confidence=confidence)
    assert without_specks([ZERO, foot, ONE], drawn(4)) == ((ZERO, foot, ONE) if stays else (ZERO, ONE))


def test_a_point_on_a_rule_stays() -> None:
    page, point = with_point(drawn(4), 5)
    page = np.pad(page, ((0, 0), (100, 200)))
    page[67:69] = 255
    symbols = [
        replace(symbol, box=tuple(np.add(symbol.box, (100, 0, 100, 0)))) for symbol in (ZERO, point, ONE)
    ]
    symbols[1] = replace(symbols[1], confidence=0.5)
    assert without_specks(symbols, page) == tuple(symbols)


def test_without_a_digit_no_pen_is_known() -> None:
    page, point = with_point(drawn(6), 2)
    assert without_specks([point], page) == (point,)


def test_other_small_symbols_stay() -> None:
    page, point = with_point(drawn(6), 2)
    comma = Symbol(",", point.box, 0.8)
    assert without_specks([ZERO, comma, ONE], page) == (ZERO, comma, ONE)


def test_a_point_that_lies_off_the_page_is_a_speck() -> None:
    off = Symbol(".", (200, 200, 204, 204), 0.5)
    assert without_specks([ZERO, off], drawn(4)) == (ZERO,)


def dusty(page: NDArray[np.uint8], size_px: int, num: int) -> NDArray[np.uint8]:
    """The page with so many square specks away from its ink."""
    page = page.copy()
    for number in range(num):
        page[2 : 2 + size_px, 70 + 9 * number : 70 + 9 * number + size_px] = 255
    return page


@pytest.mark.parametrize(
    ("size_px", "num", "is_dust"), [(4, 3, True), (5, 4, True), (4, 2, False), (2, 5, False)]
)
def test_a_point_no_larger_than_the_dust_around_it_is_dust(size_px: int, num: int, is_dust: bool) -> None:
    page, point = with_point(drawn(4), 4)
    kept = without_specks([ZERO, point, ONE], dusty(page, size_px, num))
    assert kept == ((ZERO, ONE) if is_dust else (ZERO, point, ONE))


def test_a_large_point_is_none_of_the_dust() -> None:
    page, point = with_point(drawn(4), 6)
    assert without_specks([ZERO, point, ONE], dusty(page, 6, 5)) == (ZERO, point, ONE)


def test_symbols_are_no_dust() -> None:
    page, point = with_point(drawn(4), 4)
    marks = [Symbol(",", (69 + 9 * n, 1, 75 + 9 * n, 7), 0.9) for n in range(4)]
    kept = without_specks([ZERO, point, ONE, *marks], dusty(page, 4, 4))
    assert kept == (ZERO, point, ONE, *marks)


def strewn(page: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8]:
    """The page on a larger sheet, with thirty such specks below."""
    sheet = np.zeros((page.shape[0] + 100, page.shape[1]), np.uint8)
    sheet[: len(page)] = page
    for number in range(30):
        y, x = len(page) + 18 * (number // 6), 4 + 19 * (number % 6)
        sheet[y : y + size_px, x : x + size_px] = 255
    return sheet


@pytest.mark.parametrize(("size_px", "is_dust"), [(6, True), (3, False), (14, False)])
def test_where_dust_is_all_over_a_point_may_be_larger_and_still_be_dust(size_px: int, is_dust: bool) -> None:
    page, point = with_point(drawn(4), 7)
    kept = without_specks([ZERO, point, ONE], strewn(page, size_px))
    # What is as large as letters is writing that is not read.
    assert kept == ((ZERO, ONE) if is_dust else (ZERO, point, ONE))
