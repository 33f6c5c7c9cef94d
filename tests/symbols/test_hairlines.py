"""Hairlines are made as wide as ordinary strokes before they are read."""

from __future__ import annotations

import numpy as np
import pytest

from handsum.reader import Reader
from handsum.reading import Symbol
from handsum.symbols.hairlines import ORDINARY, thickened
from tests.written_pages import written_page


def strokes_of(width_px: int, height_px: int = 200) -> tuple[np.ndarray, list[Symbol]]:
    """Two upright strokes, and their symbols."""
    page = np.zeros((height_px + 20, 300), np.uint8)
    symbols = []
    for x in (60, 180):
        page[10 : 10 + height_px, x : x + width_px] = 220
        symbols.append(Symbol("1", (x - 20.0, 10.0, x + 30.0, 10.0 + height_px), 0.9))
    return page, symbols


@pytest.mark.parametrize("width_px", [1, 3, 6])
def test_a_fine_pen_becomes_an_ordinary_one(width_px: int) -> None:
    page, symbols = strokes_of(width_px)
    thicker = thickened(page, symbols)
    assert thicker is not None
    assert thicker.shape == page.shape
    # Widths are told as of strokes in all directions, which makes upright ones a quarter wider than they are.
    assert np.count_nonzero(thicker[100]) / 2 == pytest.approx(200 * ORDINARY, abs=2)
    assert (thicker >= page).all()
    assert thicker.max() == 220


@pytest.mark.parametrize("width_px", [10, 13, 30])
def test_other_pens_stay(width_px: int) -> None:
    assert thickened(*strokes_of(width_px)) is None


def test_without_digits_the_ink_tells_how_high_writing_is() -> None:
    page, _ = strokes_of(2)
    thicker = thickened(page, [])
    assert thicker is not None
    assert np.count_nonzero(thicker) > 4 * np.count_nonzero(page)


def test_a_blank_page_and_huge_writing() -> None:
    assert thickened(np.zeros((40, 60), np.uint8), []) is None
    page, symbols = strokes_of(1, height_px=4000)
    thicker = thickened(page, symbols)
    assert thicker is not None
    assert np.count_nonzero(thicker[2000]) < 2 * 26


@pytest.mark.parametrize("height_px", [60, 200, 300])
def test_hairlines_are_read(height_px: int) -> None:
    reader = Reader()
    for text in ("24680", "97531", "12+7="):
        page = 255 - written_page(text, height_px=height_px, pen=1 / height_px)
        assert reader.read(page).text == text
