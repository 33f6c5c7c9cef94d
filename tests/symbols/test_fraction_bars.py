"""Bars of fractions that no symbol is: found in the ink between two numbers, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.reading import Box, Symbol
from handsum.symbols.fraction_bars import BELIEF, with_fraction_bars

ONE, TWO = Symbol("1", (60, 10, 80, 50), 0.9), Symbol("2", (55, 70, 85, 110), 0.9)
BAR: Box = (40, 58, 100, 62)


def page_of(*boxes: Box) -> NDArray[np.uint8]:
    """A page with ink in the boxes, and in those of the two digits."""
    page = np.zeros((140, 300), np.uint8)
    for x0, y0, x1, y1 in (*boxes, ONE.box, TWO.box):
        page[int(y0) : int(y1), int(x0) : int(x1)] = 255
    return page


def bars(*boxes: Box, symbols: tuple[Symbol, ...] = (ONE, TWO)) -> list[Box]:
    """The boxes of what was found beside the symbols."""
    found = with_fraction_bars(symbols, page_of(*boxes))
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
