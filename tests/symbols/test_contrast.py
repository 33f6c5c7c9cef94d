"""What is far fainter than the page's ink is not part of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsum.reading import Symbol
from handsum.symbols.contrast import FAINT, without_faint, without_pattern


def page_of(*levels: int, width_px: int = 4) -> tuple[np.ndarray, list[Symbol]]:
    """Upright strokes of these levels side by side, and their symbols."""
    page = np.zeros((40, 20 * len(levels) + 20), np.uint8)
    symbols = []
    for place, level in enumerate(levels):
        x = 10 + 20 * place
        page[5:35, x : x + width_px] = level
        symbols.append(Symbol("1", (x - 3, 5, x + width_px + 3, 35), 0.9))
    return page, symbols


def test_what_shines_through_is_left_out() -> None:
    page, symbols = page_of(250, 60, 240, 255)
    assert without_faint([symbols], [page]) == [(symbols[0], *symbols[2:])]


@pytest.mark.parametrize("levels", [(40, 40, 45), (200, 130, 180), (255, 130), (60,), ()])
def test_faint_and_uneven_writing_stays(levels: tuple[int, ...]) -> None:
    page, symbols = page_of(*levels)
    assert without_faint([symbols], [page]) == [tuple(symbols)]


def test_pencil_beside_ink_is_sure_and_stays() -> None:
    page, symbols = page_of(250, 90, 240, 255, 40)
    sure = [replace(symbol, confidence=0.97) for symbol in symbols]
    assert without_faint([sure], [page]) == [tuple(sure[:4])]
    speck = replace(sure[1], label=".")
    assert without_faint([[sure[0], speck, *sure[2:]]], [page]) == [(sure[0], *sure[2:4])]


@pytest.mark.parametrize("width_px", [1, 2, 9])
def test_the_pens_width_does_not_matter(width_px: int) -> None:
    page, symbols = page_of(255, 255, 255, 90, width_px=width_px)
    assert without_faint([symbols], [page]) == [tuple(symbols[:3])]


def test_the_surer_half_says_what_is_usual() -> None:
    page, symbols = page_of(240, 60, 60, 250, 60)
    doubtful = [
        symbol if index in (0, 3) else Symbol("7", symbol.box, 0.3) for index, symbol in enumerate(symbols)
    ]
    assert without_faint([doubtful], [page]) == [(doubtful[0], doubtful[3])]


def test_what_is_left_of_ruled_paper_is_faint_beside_the_writing_on_another_piece() -> None:
    written_page, written = page_of(240, 250, 230)
    ruled_page, lines = page_of(70, 60)
    ruled = [Symbol("1", line.box, 0.6) for line in lines]
    assert without_faint([ruled, written], [ruled_page, written_page]) == [(), tuple(written)]


def test_pieces_of_one_brightness_are_all_writing() -> None:
    upper_page, upper = page_of(90, 80)
    lower_page, lower = page_of(70)
    both = [tuple(upper), tuple(lower), ()]
    assert without_faint(both, [upper_page, lower_page, np.zeros((9, 9), np.uint8)]) == both


boxes = st.tuples(*[st.floats(-50, 150)] * 2, *[st.floats(1, 80)] * 2).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)


@given(st.lists(st.builds(lambda box, sure: Symbol("1", box, sure), boxes, st.floats(0, 1)), max_size=8))
@settings(deadline=None, max_examples=60)
def test_boxes_anywhere(symbols: list[Symbol]) -> None:
    [kept] = without_faint([symbols], [np.full((60, 90), 200, np.uint8)])
    assert [symbol for symbol in symbols if symbol in kept] == list(kept)
    assert not symbols or kept
    assert 0 < FAINT < 1


def printed_page(*, level: int, ink: int) -> np.ndarray:
    """Three bars of ink on a page that is printed all over."""
    rng = np.random.default_rng(0)
    page = np.where(rng.random((120, 240)) < 0.15, level, 0).astype(np.uint8)
    for x in (60, 110, 160):
        page[30:90, x : x + 8] = ink
    return page


def test_print_all_over_the_page_is_taken_away_and_ink_stays() -> None:
    page = printed_page(level=60, ink=230)
    cleared = without_pattern(page)
    assert cleared is not None
    assert (cleared[page == 230] == 230).all()
    assert np.count_nonzero(cleared[:, :50]) == 0
    assert (cleared.shape, cleared.dtype) == (page.shape, np.uint8)


def test_faint_lines_about_a_few_digits_are_taken_away() -> None:
    page, _ = page_of(255, 250, 90)
    cleared = without_pattern(page)
    assert cleared is not None
    assert np.array_equal(cleared, np.where(page == 90, 0, page))


@pytest.mark.parametrize(
    "page",
    [
        np.zeros((5, 7), np.uint8),
        np.full((5, 7), 255, np.uint8),
        np.full((1, 1), 30, np.uint8),
        page_of(255, 200, 230)[0],
        page_of(255, 250, 240, 255, 250, 245, 90)[0],
        printed_page(level=180, ink=230),
        printed_page(level=20, ink=230),
    ],
    ids=["blank", "full", "one pixel", "writing", "one faint stroke", "dark print", "print below any ink"],
)
def test_other_pages_have_nothing_to_take_away(page: np.ndarray) -> None:
    assert without_pattern(page) is None
