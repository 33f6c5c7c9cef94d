"""A colon between numbers divides; a decimal point, a speck above it and a ÷ are none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.reader import Reader
from handsum.reading import Symbol
from handsum.symbols.colons import MOST_DUST, with_colons
from tests.written_pages import ink_as_page, written_ink


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize("gap", [0.2, 0.35])
@pytest.mark.parametrize("text", ["8:2=", "12:4=3", "6:3+4=", "100:25", "(8+4):3="])
def test_a_colon_divides(reader: Reader, text: str, gap: float) -> None:
    ink = written_ink(text, gap=gap)
    for reading in (reader.read_ink(ink), reader.read(255 - ink_as_page(ink))):
        assert reading.text == text.replace(":", "÷")


def test_a_page_full_of_colons(reader: Reader) -> None:
    page = "8:2=\n12:4=\n15:3=\n100:25=\n6:3="
    assert reader.read_ink(written_ink(page)).text == page.replace(":", "÷")


def test_the_raw_text_has_the_colon(reader: Reader) -> None:
    [line] = reader.read_ink(written_ink("8:2=")).lines
    assert (line.raw_text, line.reasons) == ("8:2=", ("place",))
    assert line.answer is not None
    assert line.answer.value == 4


@pytest.mark.parametrize("text", ["8.2=", "3.5+1=", "12÷4=", "1,5+2=", "7-3="])
def test_what_is_no_colon(reader: Reader, text: str) -> None:
    assert reader.read_ink(written_ink(text)).text == text


EIGHT, TWO = Symbol("8", (10, 10, 40, 60), 0.9), Symbol("2", (80, 10, 110, 60), 0.9)


def page_of(*points: tuple[int, int], size: int = 6) -> NDArray[np.uint8]:
    """A page with an 8 and a 2, as far as their boxes are concerned, and points at (x, y)."""
    page = np.zeros((100, 200), np.uint8)
    page[10:60, 10:40] = page[10:60, 80:110] = 255
    for x, y in points:
        page[y : y + size, x : x + size] = 255
    return page


def found(
    *points: tuple[int, int], size: int = 6, seen: tuple[int, ...] = (), are_strokes: bool = True
) -> str:
    """The labels, of which the network saw those points."""
    symbols = [EIGHT, TWO]
    for x, y in (points[index] for index in seen):
        symbols.append(Symbol(".", (x, y, x + size, y + size), 0.8))
    labelled = with_colons(symbols, page_of(*points, size=size), are_strokes=are_strokes)
    return "".join(symbol.label for symbol in sorted(labelled, key=lambda symbol: symbol.box))


@pytest.mark.parametrize("seen", [(), (0,), (1,), (0, 1)])
def test_whatever_the_network_saw_of_it(seen: tuple[int, ...]) -> None:
    assert found((55, 25), (55, 48), seen=seen) == "8÷2"


def test_on_a_picture_two_specks_are_no_colon() -> None:
    assert found((55, 25), (55, 48), are_strokes=False) == "82"
    assert found((55, 25), (55, 48), are_strokes=False, seen=(1,)) == "8÷2"


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([(55, 48)], "one point"),
        ([(55, 15), (66, 48)], "not above one another"),
        ([(55, 44), (55, 52)], "too close"),
        ([(55, 0), (55, 50)], "too far apart, or above the row"),
        ([(140, 25), (140, 48)], "nothing behind it"),
        ([(55, 20), (55, 34), (55, 48)], "three"),
    ],
)
def test_what_lies_about(points: list[tuple[int, int]], why: str) -> None:
    assert "÷" not in found(*points, seen=(len(points) - 1,)), why


def test_what_is_too_large_or_dust() -> None:
    assert found((50, 15), (50, 42), size=18) == "82"
    dust = [(120 + 9 * n, 80) for n in range(MOST_DUST + 1)]
    assert found((55, 25), (55, 48), *dust) == "82"
    assert found((55, 25), (55, 48), *dust[:-1]) == "8÷2"


def test_without_digits_nothing_changes() -> None:
    point = Symbol(".", (55, 48, 61, 54), 0.8)
    assert with_colons([point], page_of((55, 25), (55, 48)), are_strokes=True) == (point,)
    assert with_colons([], page_of(), are_strokes=True) == ()
