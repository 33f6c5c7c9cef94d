"""Bars of fractions that no symbol is: found in the ink between two numbers, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.reading import Box, Symbol
from handsum.symbols.fraction_bars import (
    BELIEF,
    BELIEF_IN_SIGNS,
    flat_strokes,
    with_fraction_bars,
    without_bars,
)

ONE, TWO = Symbol("1", (60, 10, 80, 50), 0.9), Symbol("2", (55, 70, 85, 110), 0.9)
BAR: Box = (40, 58, 100, 62)


def page_of(*boxes: Box) -> NDArray[np.uint8]:
    """A page with ink in the boxes, and in those of the two digits."""
    page = np.zeros((140, 300), np.uint8)
    for x0, y0, x1, y1 in (*boxes, ONE.box, TWO.box):
        page[int(y0) : int(y1), int(x0) : int(x1)] = 255
    return page


def with_bars(symbols: tuple[Symbol, ...], page: NDArray[np.uint8]) -> tuple[Symbol, ...]:
    return with_fraction_bars(symbols, flat_strokes(symbols, page))


def cleared_of(symbols: tuple[Symbol, ...], page: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    return without_bars(symbols, flat_strokes(symbols, page), page)


def bars(*boxes: Box, symbols: tuple[Symbol, ...] = (ONE, TWO)) -> list[Box]:
    """The boxes of what was found beside the symbols."""
    found = with_bars(symbols, page_of(*boxes))
    assert found[: len(symbols)] == symbols
    added = found[len(symbols) :]
    assert all((symbol.label, symbol.confidence) == ("-", BELIEF) for symbol in added)
    return [symbol.box for symbol in added]


def test_a_bar_between_two_numbers_is_found() -> None:
    assert bars(BAR) == [BAR]


def test_without_ink_there_is_none() -> None:
    assert bars() == []


def test_a_bar_that_a_digit_crosses_is_one() -> None:
    long_one = Symbol("1", (66, 10, 74, 64), 0.9)
    [found] = bars((40, 58, 64, 62), (76, 58, 100, 62), symbols=(long_one, TWO))
    assert found == (40, 58, 100, 62)


def test_of_a_bar_and_the_foot_of_a_one_the_bar_is_found() -> None:
    assert bars(BAR, (55, 53, 85, 55)) == [BAR]


def test_a_bar_that_is_a_symbol_is_not_found_again() -> None:
    assert bars(BAR, symbols=(ONE, TWO, Symbol("-", BAR, 0.8))) == []


def test_a_doubtful_symbol_over_the_bar_does_not_hide_it() -> None:
    assert bars(BAR, symbols=(ONE, TWO, Symbol("5", (55, 56, 85, 110), 0.3))) == [BAR]


def test_underlines_of_numbers_in_a_list_are_none() -> None:
    three = Symbol("3", (55, 130, 85, 170), 0.9)
    page = np.zeros((200, 300), np.uint8)
    for x0, y0, x1, y1 in ((40, 58, 100, 62), (40, 118, 100, 122)):
        page[y0:y1, x0:x1] = 255
    symbols = (ONE, TWO, three)
    assert with_bars(symbols, page) == symbols


# Signs beside a fraction


@pytest.mark.parametrize(
    "signs", [[(110, 58, 130, 62)], [(110, 54, 130, 57), (110, 63, 130, 66)], [(5, 58, 25, 62)]]
)
def test_signs_that_no_symbol_is_are_found_beside_a_fraction(signs: list[Box]) -> None:
    found = with_bars((ONE, TWO), page_of(BAR, *signs))[2:]
    assert [(symbol.label, symbol.box) for symbol in found] == [("-", box) for box in (BAR, *signs)]
    assert [symbol.confidence for symbol in found] == [BELIEF, *[BELIEF_IN_SIGNS] * len(signs)]


@pytest.mark.parametrize(
    ("sign", "beside"),
    [
        ((110, 58, 130, 62), Symbol("7", (112, 30, 132, 90), 0.4)),  # something stands there
        ((110, 58, 130, 62), Symbol("+", (135, 50, 155, 70), 0.9)),  # another operator
        ((110, 20, 130, 24), Symbol("7", (200, 40, 220, 80), 0.9)),  # above the bar's level
        ((102, 58, 122, 62), Symbol("7", (200, 40, 220, 80), 0.9)),  # the bar goes on
        ((110, 58, 180, 62), Symbol("7", (200, 40, 220, 80), 0.9)),  # too long
    ],
)
def test_what_is_no_sign_beside_a_fraction(sign: Box, beside: Symbol) -> None:
    found = with_bars((ONE, TWO, beside), page_of(BAR, sign))[3:]
    assert [symbol.box for symbol in found] == [BAR]


# The page without bars


def test_a_page_without_its_bars() -> None:
    page = page_of(BAR, (110, 58, 130, 62))
    cleared = cleared_of((ONE, TWO), page)
    assert cleared is not None
    assert (cleared == page_of((110, 58, 130, 62))).all()
    # One number is enough: the other may have been overlooked.
    assert cleared_of((ONE,), page_of(BAR)) is not None


def test_without_bars_there_is_nothing_to_clear() -> None:
    assert cleared_of((ONE, TWO), page_of()) is None
    assert cleared_of((ONE, TWO), page_of((120, 58, 180, 62))) is None
    assert cleared_of((), page_of(BAR)) is None


def test_an_underline_stays() -> None:
    page = page_of(BAR)
    page[62:] = 0
    assert cleared_of((ONE,), page) is None


@pytest.mark.parametrize(
    "box",
    [
        (40, 120, 100, 124),  # below both numbers
        (0, 58, 300, 62),  # as wide as the page: a rule
        (120, 58, 180, 62),  # beside them
        (68, 58, 72, 62),  # a speck
        (60, 52, 80, 68),  # a blot
    ],
)
def test_other_ink_is_no_bar(box: Box) -> None:
    assert bars(box) == []


def test_no_digits_no_bars() -> None:
    assert bars(BAR, symbols=()) == []
    assert bars(BAR, symbols=(Symbol("+", ONE.box, 0.9), Symbol("×", TWO.box, 0.9))) == []
