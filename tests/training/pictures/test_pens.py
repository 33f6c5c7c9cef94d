"""Ink drawn by other hands and pens: still the same digit, never twice the same."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from handsum.reader import Reader
from handsum.training.data.inks import Strokes
from handsum.training.pictures.pens import PenConfig, bent, draw, normalised, page_of, varied
from tests.samples import STROKES

# A hand that writes as the writer did.
STEADY = PenConfig(rotation_deg=0, shear=0, stretch=1, bend=0, tremble=0, apart=0, ends=0)


def strokes_of(digit: int) -> Strokes:
    return [np.array(stroke, np.float32) for stroke in STROKES[digit]]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_normalised_ink_is_about_the_origin_and_its_longer_side_is_1() -> None:
    for digit in range(10):
        points = np.concatenate(normalised(strokes_of(digit)))
        low, high = points.min(axis=0), points.max(axis=0)
        assert (high - low).max() == pytest.approx(1)
        assert np.abs(low + high).max() < 1e-6
    four = normalised(strokes_of(4))
    assert [len(stroke) for stroke in four] == [3, 2]


def test_a_dot_stays_a_dot() -> None:
    (dot,) = normalised([np.array([[7, 9]], np.float32)])
    assert dot.tolist() == [[0, 0]]
    page = draw([np.array([[7, 9], [7, 9]], np.float32)], rng(), STEADY)
    inked = page > 100
    assert 0 < inked.sum() < page.size
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert abs(np.ptp(rows) - np.ptp(columns)) <= 1


def test_a_steady_hand_changes_nothing() -> None:
    before = normalised(strokes_of(4))
    for one, other in zip(before, bent(before, rng(), STEADY), strict=True):
        assert np.abs(one - other).max() < 1e-6


def test_a_steady_hand_varies_nothing() -> None:
    before = normalised(strokes_of(4))
    for seed in range(20):
        for one, other in zip(before, varied(before, rng(seed), STEADY), strict=True):
            assert np.abs(one - other).max() < 1e-6


def test_strokes_are_cut_short_drawn_on_hooked_and_moved_a_little() -> None:
    seven = normalised(strokes_of(7))
    lengths = []
    for seed in range(200):
        drawn = varied(seven, rng(seed), PenConfig())
        assert len(drawn) == len(seven)
        assert np.abs(drawn[0].mean(axis=0) - seven[0].mean(axis=0)).max() < 0.2
        lengths.append(float(np.hypot(*np.diff(drawn[0], axis=0).T).sum()))
    own = float(np.hypot(*np.diff(seven[0], axis=0).T).sum())
    assert own - 0.17 < min(lengths) < own - 0.03
    assert own + 0.03 < max(lengths) < own + 0.17
    assert np.isclose(lengths, own, atol=1e-4).mean() > 0.1


def test_the_strokes_of_one_symbol_are_moved_against_each_other() -> None:
    four = normalised(strokes_of(4))
    moves = [
        [other.mean(axis=0) - one.mean(axis=0) for one, other in zip(four, drawn, strict=True)]
        for drawn in (varied(four, rng(seed), PenConfig(ends=0)) for seed in range(50))
    ]
    assert all(np.abs(first - second).max() > 1e-4 for first, second in moves)
    assert np.abs(moves).max() < 0.1


def test_a_dot_has_no_ends() -> None:
    dot = [np.zeros((1, 2), np.float32)]
    assert varied(dot, rng(), PenConfig())[0].tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("change", "least"),
    [
        ({"rotation_deg": 20.0}, 0.01),
        ({"shear": 0.4}, 0.01),
        ({"stretch": 2.0}, 0.01),
        ({"bend": 0.1}, 0.005),
        ({"tremble": 0.1}, 0.005),
    ],
)
def test_every_way_to_differ_moves_points_and_none_moves_them_far(
    change: dict[str, Any], least: float
) -> None:
    before = normalised(strokes_of(3))
    moved = [
        np.abs(bent(before, rng(seed), dataclasses.replace(STEADY, **change))[0] - before[0]).max()
        for seed in range(20)
    ]
    assert max(moved) > least
    assert max(moved) < 0.5


def test_the_ink_keeps_clear_of_the_pages_edge_and_fills_the_rest() -> None:
    for seed in range(30):
        width_px = float(rng(seed).uniform(1, 30))
        page = page_of([stroke * 0.5 for stroke in strokes_of(seed % 10)], width_px, rng(seed))
        assert page.dtype == np.uint8
        assert not np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]]).any()
        rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
        assert max(rows[0], page.shape[0] - rows[-1], columns[0], page.shape[1] - columns[-1]) <= 15


def test_pens_are_thin_and_thick_and_pages_small_and_large() -> None:
    low, high = PenConfig().height_px
    pages = [draw(strokes_of(0), rng(seed), PenConfig()) for seed in range(100)]
    longest = np.array([max(page.shape) for page in pages])
    assert low < longest.min() < 2 * low
    assert high / 1.5 < longest.max() < 2 * high
    solid = np.array([(page > 127).mean() for page in pages])
    assert solid.max() > 4 * solid.min() > 0


def test_the_same_numbers_draw_the_same_page_and_others_another() -> None:
    first, again, other = (draw(strokes_of(5), rng(seed), PenConfig()) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert first.shape != other.shape


def test_drawn_digits_stay_what_they_are() -> None:
    reader = Reader("mnist")
    # Not 1, whose middle a single straight line leaves to the pen: a thick short one is a blot.
    digits = [0, 2, 3, 4, 5, 6, 7, 8, 9] * 12
    pages = [draw(strokes_of(digit), rng(seed), PenConfig()) for seed, digit in enumerate(digits)]
    right = [reader.read_page(page).label == digit for page, digit in zip(pages, digits, strict=True)]
    assert np.mean(right) > 0.8
