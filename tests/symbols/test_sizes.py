"""Writing of several sizes: each is looked at as large as it is, and everything is read once."""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.ink import Ink
from handsum.reader import Reader
from handsum.reading import Symbol
from handsum.redrawn import DIGIT_HEIGHT_PX, MARGIN_PX, MOST_STROKES, redrawn
from handsum.symbols.network import Look, PageNetwork
from handsum.symbols.sizes import digit_height, look_at_all_sizes, together
from tests.written_pages import ink_as_page, written_ink

SIZES = [1.0, 1.5, 2.0, 3.0, 4.5, 8.0]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def beneath(upper: Ink, lower: Ink, times: float) -> Ink:
    """One line of ink below another that is so many times as large."""
    assert upper.box is not None
    large = upper.scaled(times)
    assert large.box is not None
    assert lower.box is not None
    moved = lower.moved(large.box[0] - lower.box[0], large.box[3] - lower.box[1] + 60)
    return Ink((*large.strokes, *moved.strokes))


# From strokes, and from pictures of them


@pytest.mark.parametrize("times", SIZES)
def test_lines_of_two_sizes_as_ink(reader: Reader, times: float) -> None:
    ink = beneath(written_ink("305+14="), written_ink("28-6="), times)
    assert reader.read_ink(ink).text == "305+14=\n28-6="


@pytest.mark.parametrize("times", SIZES[:-1])
def test_lines_of_two_sizes_on_a_picture(reader: Reader, times: float) -> None:
    page = ink_as_page(beneath(written_ink("305+14="), written_ink("28-6="), times))
    assert reader.read(page).text == "305+14=\n28-6="


def test_a_small_answer_after_a_large_sum(reader: Reader) -> None:
    large, small = written_ink("25-8=").scaled(3), written_ink("17")
    assert large.box is not None
    ink = Ink((*large.strokes, *small.moved(large.box[2] + 60, large.box[3] - 70).strokes))
    assert reader.read_ink(ink).text == "25-8=17"
    assert reader.read(ink_as_page(ink)).text == "25-8=17"


def test_boxes_are_where_the_ink_is(reader: Reader) -> None:
    ink = beneath(written_ink("372"), written_ink("305"), 5.0)
    boxes = [symbol.box for line in reader.read_ink(ink).lines for symbol in line.symbols]
    extents = [Ink((stroke,)).box for stroke in ink.strokes]
    for x0, y0, x1, y1 in boxes:
        assert any(
            own is not None and np.abs(np.subtract(own, (x0, y0, x1, y1))).max() < 0.15 * (y1 - y0)
            for own in extents
        )
    assert len(boxes) == 6


@pytest.mark.parametrize(("num_columns", "pitch"), [(3, 14), (4, 8), (6, 11)])
def test_a_page_full_of_sums(reader: Reader, num_columns: int, pitch: float) -> None:
    """So many that on the network's thumbnail of the page no digit is left."""
    tasks = [f"{row + 1}+{column + 2}=" for row in range(6) for column in range(num_columns)]
    strokes = [
        stroke
        for number, task in enumerate(tasks)
        for stroke in written_ink(task)
        .moved(number % num_columns * pitch * 64, number // num_columns * 130)
        .strokes
    ]
    ink = Ink(tuple(strokes))
    assert [line.text for line in reader.read_ink(ink).lines] == tasks
    assert [line.text for line in reader.read(ink_as_page(ink)).lines] == tasks


# How ink is drawn for reading


def test_ink_of_one_size_is_drawn_once() -> None:
    [drawing] = redrawn(written_ink("12+7=\n305", height_px=200))
    rows = np.flatnonzero(drawing.page.any(axis=1))
    assert rows[0] == pytest.approx(MARGIN_PX, abs=2)
    assert drawing.factor == pytest.approx(DIGIT_HEIGHT_PX / 200, rel=0.2)


def test_each_size_is_drawn_as_large_as_the_other_and_by_such_a_pen() -> None:
    small, large = redrawn(beneath(written_ink("471"), written_ink("305"), 6.0))
    assert small.factor == pytest.approx(6 * large.factor, rel=0.2)
    assert small.page.shape[0] == pytest.approx(large.page.shape[0], rel=0.2)


@pytest.mark.parametrize("num", [MOST_STROKES, 2 * MOST_STROKES])
def test_a_scribble_takes_no_time(num: int) -> None:
    rng = np.random.default_rng(0)
    scribble = Ink.of(rng.uniform(0, 2000, (num, 1, 2)) + rng.normal(0, 60, (num, 12, 2)), 6)
    started_s = time.process_time()
    assert len(redrawn(scribble)) == 1
    assert time.process_time() - started_s < 8


def test_a_dot_far_from_everything_is_not_lost() -> None:
    ink = beneath(written_ink("471"), written_ink("305"), 6.0)
    assert ink.box is not None
    dot = written_ink(".").moved(ink.box[2] + 900, ink.box[3])
    drawings = redrawn(Ink((*ink.strokes, *dot.strokes)))
    widest = max(drawing.page.shape[1] / drawing.factor for drawing in drawings)
    assert len(drawings) == 2
    assert widest > ink.box[2] - ink.box[0] + 800


def test_without_points_there_is_nothing_to_draw(reader: Reader) -> None:
    assert redrawn(Ink()) == []
    assert redrawn(Ink.of([[]])) == []
    assert reader.read_ink(Ink()).lines == ()


# Which looks there are, and which of them is believed


class Sees(PageNetwork):
    """Sees on every page what it is told to, whatever size it is asked for."""

    def __init__(self, symbols: list[Symbol], digit_height_px: float) -> None:
        self.seen = Look(tuple(symbols), digit_height_px)
        self.asked: list[float] = []

    def look(self, page: NDArray[np.uint8], *, digit_height_px: float = 0.0) -> Look:
        self.asked.append(digit_height_px)
        return self.seen._replace(digit_height_px=digit_height_px or self.seen.digit_height_px)


def digit(label: str, x: float, height: float, confidence: float = 0.9, *, top: float = 10.0) -> Symbol:
    return Symbol(label, (x, top, x + 0.6 * height, top + height), confidence)


BLANK = np.zeros((200, 400), np.uint8)


@pytest.mark.parametrize(
    ("heights", "asked"),
    [
        ([40, 44, 38], [0.0]),
        ([40, 60], [0.0]),  # one alone is a tall digit
        ([40, 44, 60, 80], [0.0, 70.0]),
        ([40, 20, 24], [0.0, 22.0]),
        ([40, 100, 100, 10, 10], [0.0, 100.0, 10.0]),
    ],
)
def test_a_look_for_each_size(heights: list[float], asked: list[float]) -> None:
    network = Sees([digit("7", 60.0 * n, height) for n, height in enumerate(heights)], 40.0)
    look_at_all_sizes(BLANK, network)
    assert network.asked == asked


def test_what_is_doubtful_asks_for_no_look() -> None:
    network = Sees([digit("7", 0, 40), digit("1", 60, 100, 0.3), digit("1", 120, 100, 0.3)], 40.0)
    look_at_all_sizes(BLANK, network)
    assert network.asked == [0.0]


@pytest.mark.parametrize(("num", "asked"), [(1, 1), (2, 2), (60, 1)])
def test_upright_ink_that_no_symbol_has_asks_for_one(num: int, asked: int) -> None:
    """But one piece may be the side of a frame, and many are print."""
    page = np.zeros((200, 900), np.uint8)
    page[10:70, 0:36] = 255
    for number in range(num):
        page[90:110, 100 + 12 * number : 101 + 12 * number] = 255
    network = Sees([digit("7", 0, 60)], 60.0)
    looks = look_at_all_sizes(page, network)
    assert len(looks) == asked
    assert network.asked[1:] == [20.0] * (asked - 1)


class SeesAtOneSize(PageNetwork):
    """Sees a row of digits 30 pixels high where it is asked for those, and one doubtful thing else."""

    def __init__(self, estimate: float, label: str = "7") -> None:
        self.estimate, self.label = estimate, label

    def look(self, page: NDArray[np.uint8], *, digit_height_px: float = 0.0) -> Look:
        height = digit_height_px or self.estimate
        if 25 < height < 36:
            return Look(tuple(digit(self.label, 20.0 * n, 30) for n in range(20)), height)
        return Look((digit("0", 0, 100, 0.4),), height)


@pytest.mark.parametrize("estimate", [300, 60, 8])
def test_where_most_ink_is_missed_its_pieces_tell_the_size(estimate: float) -> None:
    page = np.zeros((200, 500), np.uint8)
    page[10:40, 8:400:20] = 255
    [look] = look_at_all_sizes(page, SeesAtOneSize(estimate))
    assert len(look.symbols) == 20


@pytest.mark.parametrize("label", ["0", "1", "-", "."])
def test_rows_of_what_clutter_is_taken_for_are_not_found_again(label: str) -> None:
    page = np.zeros((200, 500), np.uint8)
    page[10:40, 8:400:20] = 255
    look = look_at_all_sizes(page, SeesAtOneSize(300, label))[0]
    assert len(look.symbols) == 1


@pytest.mark.parametrize("height", [10, 80])
def test_what_is_of_another_size_is_not_found_again(height: int) -> None:
    page = np.zeros((200, 500), np.uint8)
    page[10 : 10 + height, 8:400:20] = 255
    look = look_at_all_sizes(page, SeesAtOneSize(300))[0]
    assert len(look.symbols) == 1


def test_each_look_is_believed_on_its_size() -> None:
    large = Look((digit("8", 0, 80, 0.9), digit("7", 100, 20, 0.6)), 80.0)
    small = Look((digit("0", 5, 35, 0.95, top=50), digit("1", 101, 21, 0.9)), 20.0)
    assert sorted(symbol.label for symbol in together([large, small])) == ["1", "8"]
    assert sorted(symbol.label for symbol in together([small, large])) == ["1", "8"]


def test_a_sign_comes_with_the_digits_beside_it() -> None:
    large = Look((digit("8", 0, 80),), 80.0)
    sign = Symbol("+", (140, 15, 155, 30), 0.8)
    small = Look((digit("1", 120, 20), sign, Symbol("-", (300, 100, 320, 104), 0.8)), 20.0)
    assert sorted(symbol.label for symbol in together([large, small])) == ["+", "1", "8"]


def test_what_only_the_first_look_saw_stays() -> None:
    first = Look((digit("8", 0, 80), digit("3", 300, 300)), 80.0)
    assert len(together([first, Look((digit("1", 120, 20),), 20.0)])) == 3


def test_how_high_digits_are() -> None:
    signs = [Symbol("-", (0, 0, 9, 2), 0.9)]
    assert digit_height([*signs, digit("1", 0, 40), digit("2", 9, 44), digit("3", 20, 60)]) == 44
    assert digit_height(signs) == 0
