"""Digits that the page network overlooked are found where they clearly are some, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.digit import DigitNetwork
from handsum.models import open_model
from handsum.reader import Reader
from handsum.reading import KEPT_EXPONENT, Symbol
from handsum.symbols.network import Look, PageNetwork
from handsum.symbols.overlooked import BELIEF, LEAST_BESIDE, overlooked_digit, overlooked_digits
from tests.samples import drawn_page
from tests.written_pages import written_ink, written_page


@pytest.fixture(scope="module")
def network() -> DigitNetwork:
    return DigitNetwork(open_model("digit"))


def test_a_digit_that_the_page_network_overlooked() -> None:
    page, network = np.pad(drawn_page(4), 30), DigitNetwork(open_model("digit"))
    (four,) = overlooked_digit(page, network)
    rows, columns = (np.flatnonzero((page >= 128).any(axis=axis)) for axis in (1, 0))
    assert four.label == "4"
    assert four.box == (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    assert overlooked_digit(np.zeros((50, 50), np.uint8), network) == ()
    scribble = np.kron(np.indices((6, 6)).sum(axis=0) % 2, np.full((12, 12), 255)).astype(np.uint8)
    assert overlooked_digit(scribble, network) == ()


def test_a_lone_digit_is_found_though_the_page_network_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageNetwork, "look", lambda network, page, **size: Look((), 50.0))
    assert Reader().read(drawn_page(4)).text == "4"
    assert Reader().read(np.zeros((50, 50), np.uint8)).text == ""


def read_page(page: NDArray[np.uint8]) -> tuple[Symbol, ...]:
    """The symbols of a page with one line."""
    (line,) = Reader().read(page).lines
    return line.symbols


def without(page: NDArray[np.uint8], label: str) -> list[Symbol]:
    """The same but those of a label."""
    return [symbol for symbol in read_page(page) if symbol.label != label]


@pytest.mark.parametrize("label", ["1", "4", "7"])
def test_a_digit_in_line_that_no_symbol_has(network: DigitNetwork, label: str) -> None:
    page = written_page("14+7=21" if label != "1" else "4+17=2")
    (found,) = overlooked_digits(without(page, label), page, network)
    (own,) = (s for s in Reader().read(page).lines[0].symbols if s.label == label)
    assert found.label == label
    assert 0.7 < found.confidence <= BELIEF
    assert np.abs(np.array(found.box) - own.box).max() < 8


def test_all_symbols_found_leaves_nothing(network: DigitNetwork) -> None:
    page = written_page("14+7=21")
    assert overlooked_digits(Reader().read(page).lines[0].symbols, page, network) == ()
    assert overlooked_digits([], page, network) == ()


@pytest.mark.parametrize(
    "kind", ["sign", "too low", "too high", "other line", "far away", "scribble", "touching"]
)
def test_what_is_no_digit_of_the_line_is_left(network: DigitNetwork, kind: str) -> None:
    page = written_page("24")
    symbols = without(page, "none")
    height, width = page.shape
    wide = np.zeros((3 * height, width + 600), np.uint8)
    wide[height : 2 * height, :width] = page
    symbols = [Symbol(s.label, tuple(np.add(s.box, (0, height) * 2).tolist()), 0.9) for s in symbols]
    _, top, _, bottom = symbols[-1].box
    tall, beside = int(bottom - top), int(symbols[-1].box[2]) + 20
    middle = int(top + bottom) // 2

    def bar(x: int, first: int, last: int) -> None:
        wide[first:last, x : x + max(3, tall // 12)] = 255

    if kind == "sign":
        wide[middle - 2 : middle + 3, beside : beside + tall] = 255
    elif kind == "too low":
        bar(beside, int(bottom) - tall // 3, int(bottom))
    elif kind == "too high":
        bar(beside, int(top) - tall // 2, int(bottom) + tall // 2)
    elif kind == "other line":
        bar(beside, 5, 5 + tall)
    elif kind == "far away":
        bar(beside + 4 * tall, int(top), int(bottom))
    elif kind == "scribble":
        wide[int(top) : int(bottom) : 4, beside : beside + tall] = 255
        wide[int(top) : int(bottom), beside : beside + 3] = 255
    else:
        bar(int(symbols[-1].box[2]) - 3, int(top), int(bottom) + tall // 4)
    assert overlooked_digits(symbols, wide, network) == ()
    if kind == "other line":
        bar(beside, int(top), int(bottom))
        assert [symbol.label for symbol in overlooked_digits(symbols, wide, network)] == ["1"]


@pytest.mark.parametrize("confidence", [LEAST_BESIDE - 0.01, LEAST_BESIDE, 0.95])
def test_something_doubtful_in_line_is_a_doubtful_digit(
    network: DigitNetwork, monkeypatch: pytest.MonkeyPatch, confidence: float
) -> None:
    page = written_page("14+7=21")
    symbols = without(page, "4")
    seen = replace(network.read_page(page), label=4, doubt=None, confidence=confidence)
    monkeypatch.setattr(network, "read_page", lambda page: seen)
    found = overlooked_digits(symbols, page, network)
    believed = [("4", BELIEF * confidence)] if confidence >= LEAST_BESIDE else []
    assert [(symbol.label, symbol.confidence) for symbol in found] == believed


def test_a_sum_whose_1_the_page_network_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    look = PageNetwork.look

    def lose_ones(network: PageNetwork, page: NDArray[np.uint8], **size: float) -> Look:
        seen = look(network, page, **size)
        return seen._replace(symbols=tuple(s for s in seen.symbols if s.label != "1"))

    monkeypatch.setattr(PageNetwork, "look", lose_ones)
    reading = Reader().read_ink(written_ink("1+14=15"))
    assert reading.text == "1+14=15"
    assert min(symbol.confidence for symbol in reading.lines[0].symbols) < BELIEF**KEPT_EXPONENT


def test_the_side_of_a_printed_frame_is_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a picture nobody knows what is writing."""
    page = np.pad(written_page("47"), 60)
    page[70:-70, 40:46] = 255
    look = PageNetwork.look

    def look_on_the_right(network: PageNetwork, page: NDArray[np.uint8], **size: float) -> Look:
        seen = look(network, page, **size)
        return seen._replace(symbols=tuple(s for s in seen.symbols if s.box[0] > 60))

    monkeypatch.setattr(PageNetwork, "look", look_on_the_right)
    assert Reader().read(page).text == "47"
