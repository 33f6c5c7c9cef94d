"""Slanted views: doubtful pages are seen three times, and their symbols have the mean of what is seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from handsum.models import open_page_model
from handsum.reading import Symbol
from handsum.symbols.network import Look, PageNetwork
from handsum.symbols.slanted import MOST_PIXELS, MOST_SYMBOLS, seen_slanted
from tests.written_pages import written_page

HEIGHT = 40
Shares = dict[str, float]


def symbol_of(shares: Shares, box: tuple[float, float, float, float]) -> Symbol:
    (label, confidence), *others = sorted(shares.items(), key=lambda pair: -pair[1])
    return Symbol(label, box, confidence, tuple(others))


class Views(PageNetwork):
    """Finds the upright bars of a page, and says of each, by view, what it is told to."""

    def __init__(self, *views: Sequence[Shares | None]) -> None:
        self.views = list(views)
        self.heights: list[float] = []

    def look(self, page: np.ndarray, *, digit_height_px: float = 0.0) -> Look:
        self.heights.append(digit_height_px)
        bars = np.split(columns := np.flatnonzero(page.any(axis=0)), np.flatnonzero(np.diff(columns) > 1) + 1)
        rows = np.flatnonzero(page.any(axis=1))
        symbols = (
            symbol_of(shares, (float(bar[0]), float(rows[0]), float(bar[-1] + 1), float(rows[-1] + 1)))
            for bar, shares in zip(bars, self.views.pop(0), strict=True)
            if shares is not None
        )
        return Look(tuple(symbols), digit_height_px)


def page_of_bars(num: int) -> np.ndarray:
    page = np.zeros((3 * HEIGHT, 60 * num + 40), np.uint8)
    for number in range(num):
        page[30 : 30 + HEIGHT, 40 + 60 * number : 50 + 60 * number] = 255
    return page


def seen(*views: Sequence[Shares | None]) -> tuple[tuple[Symbol, ...], Views]:
    """What comes of a page of bars in three views, the first of them straight."""
    network, page = Views(*views), page_of_bars(len(views[0]))
    return seen_slanted(network.look(page).symbols, page, network), network


def test_the_mean_of_three_views_decides() -> None:
    (symbol,), network = seen([{"7": 0.6, "1": 0.3}], [{"1": 0.9}], [{"1": 0.6, "7": 0.3}])
    assert (symbol.label, symbol.raw_label) == ("1", "1")
    assert symbol.confidence == pytest.approx(0.6)
    assert dict(symbol.alternatives) == pytest.approx({"7": 0.3})
    assert network.heights == [0.0, HEIGHT, HEIGHT]


def test_boxes_stay_where_the_page_shows_them() -> None:
    first, second = {"7": 0.6}, {"4": 0.95}
    symbols, _ = seen([first, second], [first, second], [first, second])
    assert {symbol.label: symbol.box for symbol in symbols} == {
        "7": (40, 30, 50, 70),
        "4": (100, 30, 110, 70),
    }
    assert {symbol.label: symbol.confidence for symbol in symbols} == pytest.approx({"7": 0.6, "4": 0.95})


def test_what_only_the_other_views_show_is_added_in_its_place() -> None:
    symbols, _ = seen([{"7": 0.8}, None], [{"7": 0.8}, {"4": 0.9}], [{"7": 0.8}, {"4": 0.9}])
    added = symbols[1]
    assert (added.label, added.confidence) == ("4", pytest.approx(0.6))
    assert added.box == pytest.approx((100, 30, 110, 70), abs=4)  # leaning, it is a little wider


def test_the_side_of_a_frame_is_not_added_as_a_digit() -> None:
    symbols, _ = seen([{"7": 0.8}, None], [{"7": 0.8}, {"1": 0.9}], [{"7": 0.8}, {"1": 0.9}])
    assert [symbol.label for symbol in symbols] == ["7"]


def test_one_view_alone_adds_nothing() -> None:
    symbols, _ = seen([{"7": 0.8}, None], [{"7": 0.8}, {"4": 1.0}], [{"7": 0.8}, None])
    assert [symbol.label for symbol in symbols] == ["7"]


def test_what_the_other_views_do_not_show_is_dropped_unless_the_page_is_sure() -> None:
    lost = [{"7": 0.7}, {"4": 0.95}, {"1": 0.95}]
    symbols, _ = seen(lost, [None, None, {"1": 0.95}], [None, None, {"1": 0.95}])
    assert [(symbol.label, round(symbol.confidence, 2)) for symbol in symbols] == [("4", 0.32), ("1", 0.95)]


@pytest.mark.parametrize("shares", [{"7": 0.95}, {"-": 0.5}])
def test_a_sure_page_and_one_without_a_digit_are_seen_once(shares: Shares) -> None:
    (symbol,), network = seen([shares])
    assert symbol == symbol_of(shares, symbol.box)
    assert len(network.heights) == 1


def test_large_pages_and_full_ones_are_seen_once() -> None:
    doubtful = symbol_of({"7": 0.5}, (40, 30, 50, 70))
    page = np.zeros((MOST_PIXELS // 1000 + 1, 1000), np.uint8)
    assert seen_slanted([doubtful], page, Views()) == (doubtful,)
    assert len(seen_slanted([doubtful] * (MOST_SYMBOLS + 1), page_of_bars(1), Views())) > MOST_SYMBOLS


def test_a_page_that_nobody_would_mistake_is_read_as_before() -> None:
    network, page = PageNetwork(open_page_model()), 255 - written_page("12+7=")
    found = network.look(page).symbols
    doubtful = [*found[:-1], symbol_of({found[-1].label: 0.6}, found[-1].box)]
    seen_again = seen_slanted(doubtful, page, network)
    assert sorted((s.label, s.box) for s in seen_again) == sorted((s.label, s.box) for s in doubtful)
    assert seen_again != tuple(doubtful)
