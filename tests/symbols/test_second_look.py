"""The second look changes the digits' shares among each other, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.digit import DigitNetwork
from handsum.models import open_model
from handsum.reading import DigitReading, Symbol
from handsum.symbols.second_look import look_again
from tests.samples import drawn_page

PAGE = np.full((40, 60), 200, np.uint8)
BOX = (10.0, 5.0, 30.0, 35.0)


class Sees:
    """A digit network that always sees the same."""

    def __init__(self, digit: int, probability: float = 0.97, digit_probability: float = 1.0) -> None:
        rest = (1 - probability) / 9
        self.probabilities = np.full(10, rest, np.float32)
        self.probabilities[digit] = probability
        self.digit_probability = digit_probability
        self.parts: list[NDArray[np.uint8]] = []

    def read_page(self, page: NDArray[np.uint8]) -> Any:
        self.parts.append(page)
        frame = np.zeros((28, 28), np.float32)
        return DigitReading(1, 0.5, self.digit_probability, self.probabilities, frame)


NEIGHBOUR = Symbol("+", (40.0, 10.0, 55.0, 30.0), 0.9)


def again(symbol: Symbol, network: Any) -> Symbol:
    """The symbol beside another."""
    seen, neighbour = look_again([symbol, NEIGHBOUR], PAGE, network)
    assert neighbour == NEIGHBOUR
    return seen


def test_both_networks_agreeing_are_surer_and_disagreeing_less_sure() -> None:
    symbol = Symbol("7", BOX, 0.7, (("1", 0.2), ("/", 0.05)))
    agreed, argued = again(symbol, Sees(7)), again(symbol, Sees(1, 0.8))
    assert agreed.label == "7"
    assert agreed.confidence > 0.8
    assert argued.confidence < agreed.confidence - 0.1
    assert dict(agreed.alternatives)["/"] == dict(argued.alternatives)["/"] == 0.05


def test_a_wavering_digit_becomes_what_the_digit_network_sees() -> None:
    seen = again(Symbol("1", BOX, 0.5, (("7", 0.4),)), Sees(7))
    assert (seen.label, seen.raw_label, seen.box) == ("7", "7", BOX)
    assert seen.confidence + sum(dict(seen.alternatives).values()) == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("label", ["=", "+", "."])
def test_a_sign_stays_a_sign(label: str) -> None:
    network = Sees(1)
    symbol = Symbol(label, BOX, 0.75, (("1", 0.2),))
    assert again(symbol, network) == symbol
    assert not network.parts


@pytest.mark.parametrize("label", ["/", "(", ")"])
def test_a_slash_or_bracket_keeps_its_label_and_gains_an_alternative(label: str) -> None:
    seen = again(Symbol(label, BOX, 0.9, (("1", 0.02),)), Sees(1))
    assert seen.label == label
    assert 0.05 < dict(seen.alternatives)["1"] < 0.2


def test_what_is_not_one_digit_has_no_say() -> None:
    symbol = Symbol("7", BOX, 0.7, (("1", 0.2),))
    seen = again(symbol, Sees(3, digit_probability=0.0))
    assert (seen.label, seen.confidence) == ("7", pytest.approx(0.7, abs=0.01))


def test_the_box_is_cut_out_with_a_little_around_it() -> None:
    network = Sees(7)
    again(Symbol("7", BOX, 0.9), network)
    (part,) = network.parts
    assert part.shape == (36, 26)
    outside = Symbol("7", (100.0, 5.0, 130.0, 35.0), 0.9)
    assert again(outside, network) == outside


@pytest.mark.parametrize(("digit_probability", "label"), [(0.99, "1"), (0.05, "/")])
def test_alone_on_a_page_a_slash_may_be_a_one(digit_probability: float, label: str) -> None:
    network: Any = Sees(1, digit_probability=digit_probability)
    (seen,) = look_again([Symbol("/", BOX, 0.6, (("1", 0.2),))], PAGE, network)
    assert seen.label == label
    assert 0.5 < seen.confidence < 0.95
    assert network.parts[0] is PAGE


def test_the_ink_of_neighbours_is_not_shown() -> None:
    touching = [
        Symbol("7", BOX, 0.7),
        Symbol("4", (28.0, 5.0, 50.0, 35.0), 0.7),
        Symbol(".", (8.0, 33.0, 13.0, 38.0), 0.7),
    ]
    network: Any = Sees(7)
    look_again(touching, PAGE, network)
    seven, four = network.parts
    # Its own box is whole, though others reach into it; around it only what nobody else has is left.
    rows, columns = np.mgrid[2 : 2 + seven.shape[0], 7 : 7 + seven.shape[1]]
    is_own = (rows >= 5) & (rows < 35) & (columns >= 10) & (columns < 30)
    is_four = (columns >= 28) & (rows >= 5) & (rows < 35)
    is_point = (rows >= 33) & (columns >= 8) & (columns < 13)
    assert np.array_equal(seven == 0, (is_four | is_point) & ~is_own)
    assert (seven == 0).any()
    assert (four == 0).any()
    assert (PAGE == 200).all()


def test_nothing_stays_nothing() -> None:
    network: Any = Sees(1)
    assert look_again([], PAGE, network) == ()


def test_a_clear_digit_is_seen_by_the_real_network() -> None:
    page = drawn_page(4)
    box = (0.0, 0.0, float(page.shape[1]), float(page.shape[0]))
    (seen,) = look_again([Symbol("9", box, 0.5, (("4", 0.4),))], page, DigitNetwork(open_model("digit")))
    assert seen.label == "4"


def test_a_digit_that_is_sure_is_not_shown_again() -> None:
    network = Sees(1)
    sure = Symbol("7", BOX, 0.99, (("1", 0.005),))
    assert again(sure, network) == sure
    assert network.parts == []
    again(Symbol("7", BOX, 0.97, (("1", 0.02),)), network)
    assert len(network.parts) == 1
