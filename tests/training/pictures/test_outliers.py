"""What is no digit: pages of every kind, and no digit among them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.pictures import outliers
from handsum.training.pictures.outliers import CUTS, MADE_UP, half, side_by_side
from handsum.training.pictures.pens import PenConfig
from tests.samples import STROKES, drawn_page

Maker = Callable[[np.random.Generator], NDArray[np.uint8]]
MAKERS = [*(maker for maker, _ in MADE_UP), outliers._shapes, outliers._clouds, outliers._pattern]


def num_pieces_across(page: NDArray[np.uint8]) -> int:
    """How many stretches of inked columns there are."""
    inked = np.concatenate([[0], page.any(axis=0).astype(int)])
    return int((np.diff(inked) == 1).sum())


def test_the_shares_of_what_is_made_up_are_whole() -> None:
    assert sum(share for _, share in MADE_UP) == pytest.approx(1)


@pytest.mark.parametrize("maker", [maker for maker, _ in MADE_UP], ids=lambda maker: maker.__name__)
def test_whatever_is_made_up_is_a_page_with_something_on_it(maker: Maker) -> None:
    pages = [maker(np.random.default_rng(seed)) for seed in range(60)]
    for page in pages:
        assert page.dtype == np.uint8
        assert page.ndim == 2
        assert 10 <= max(page.shape) <= 400
    # A field of noise may be of one level, but rarely.
    assert sum(page.max() > page.min() for page in pages) >= 58
    assert len({page.tobytes() for page in pages}) == len(pages)
    assert np.array_equal(pages[7], maker(np.random.default_rng(7)))


@pytest.mark.parametrize("draw", [outliers._shapes, outliers._clouds, outliers._pattern])
def test_every_kind_of_thing_is_drawn(draw: Callable[..., NDArray[np.float32]]) -> None:
    for seed in range(40):
        picture = draw(40, np.random.default_rng(seed))
        assert picture.shape == (40, 40)
        assert np.isfinite(picture).all()
        assert picture.std() > 0


def test_every_branch_of_a_made_up_stroke_is_reached() -> None:
    strokes = [outliers._made_up_stroke(np.random.default_rng(seed)) for seed in range(200)]
    assert {len(stroke) for stroke in strokes} == {2, 3, 12}
    assert {stroke.dtype for stroke in strokes} == {np.dtype(np.float32)}
    dots = [stroke for stroke in strokes if len(stroke) == 2]
    assert all(np.array_equal(dot[0], dot[1]) for dot in dots)
    straight = [s for s in strokes if len(s) == 12 and np.abs(np.diff(s, n=2, axis=0)).max() < 1e-5]
    assert 50 < len(straight) < 150


def test_digits_side_by_side_are_apart_or_touch() -> None:
    parts = [[np.array(stroke, np.float32) for stroke in STROKES[digit]] for digit in (7, 7)]
    pages = [side_by_side(parts, np.random.default_rng(seed), PenConfig()) for seed in range(40)]
    pieces = [num_pieces_across(page) for page in pages]
    assert set(pieces) == {1, 2}
    # Two sevens in a row are wider than one is.
    alone = [side_by_side(parts[:1], np.random.default_rng(seed), PenConfig()) for seed in range(40)]
    assert np.mean([p.shape[1] / p.shape[0] for p in pages]) > 1.6 * np.mean(
        [p.shape[1] / p.shape[0] for p in alone]
    )


@pytest.mark.parametrize("digit", sorted(CUTS))
def test_a_half_is_a_part_of_the_digit_and_of_no_other_place(digit: int) -> None:
    page = drawn_page(digit)
    for seed in range(12):
        part = half(page, digit, np.random.default_rng(seed))
        assert part is not None
        assert part.shape == page.shape
        assert np.array_equal(part[part > 0], page[part > 0])
        assert 0 < (part > 0).sum() < (page > 0).sum()


def test_the_halves_that_are_cut_are_those_that_are_listed() -> None:
    page = drawn_page(2)
    rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
    sides = set()
    for seed in range(60):
        part = half(page, 2, np.random.default_rng(seed))
        assert part is not None
        kept_rows, kept_columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        sides |= {"bottom"} if kept_rows[0] > rows[0] + 20 else set()
        sides |= {"top"} if kept_rows[-1] < rows[-1] - 20 else set()
        sides |= {"right"} if kept_columns[0] > columns[0] + 20 else set()
        sides |= {"left"} if kept_columns[-1] < columns[-1] - 20 else set()
    assert sides == set(CUTS[2])


def test_half_a_one_is_a_one() -> None:
    assert half(drawn_page(1), 1, np.random.default_rng(0)) is None


def test_what_people_take_for_a_digit_is_left_out() -> None:
    assert set("OolIzZsSbBgq") <= outliers.LETTERS_LIKE_DIGITS
    assert set("0123456789|/") <= outliers.SYMBOLS_LIKE_DIGITS
    assert not outliers.LETTERS_LIKE_DIGITS & set("AkMxwT")
    assert not outliers.SYMBOLS_LIKE_DIGITS & set("+=*%?")
