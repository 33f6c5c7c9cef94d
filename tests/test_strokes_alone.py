"""A photograph's strokes alone: whatever they are written on, and whatever throws its shadow there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.pages_sheets import SCENES, photograph
from handsum.ink import Ink
from handsum.sheet import find_blocks, find_strokes
from handsum.sheet.flat import _without_fat, strokes_alone

Page = NDArray[np.uint8]
Picture = NDArray[np.float64]

SHAPE = (1200, 900)
SIGNS = [
    [(200, 300), (200, 400)],
    [(260, 300), (330, 300), (290, 400)],
    [(380, 300), (440, 400)],
    [(440, 300), (380, 400)],
]


def ink_mask() -> NDArray[np.bool_]:
    mask = np.zeros(SHAPE, np.uint8)
    for sign in SIGNS:
        cv2.polylines(mask, [np.array(sign, np.int32)], False, 1, 6)
    return mask > 0


def photo(paper: Picture, *, ink: float = 0.3, noise: float = 3.0, blur: float = 1.0) -> Page:
    """Ink that leaves a share of the paper's light, seen by a camera."""
    lit = np.where(ink_mask(), paper * ink, paper)
    grain = np.random.default_rng(3).normal(0, noise, SHAPE)
    return np.clip(cv2.GaussianBlur(lit, (0, 0), blur) + grain, 0, 255).astype(np.uint8)


def shaded(*, by: float = 0.5, soft_px: float = 6.0) -> Picture:
    """White paper with the round shadow of a head, whose edge crosses the writing."""
    shade = np.zeros(SHAPE)
    cv2.ellipse(shade, (420, 480), (260, 160), 20.0, 0, 360, 1.0, -1)
    return 225 * (1 - by * cv2.GaussianBlur(shade, (0, 0), soft_px))


def on_a_table(table: float = 70.0, grain: float = 0.0) -> Picture:
    """The same in the middle of a table, perhaps of grained wood."""
    wood = cv2.GaussianBlur(np.random.default_rng(5).normal(0, 1, SHAPE), (0, 0), sigmaX=40, sigmaY=2)
    out = table + grain * wood / wood.std()
    out[120:-150, 90:-110] = shaded()[120:-150, 90:-110]
    return out


@pytest.mark.parametrize(
    "paper",
    [
        np.full(SHAPE, 225.0),
        shaded(),
        shaded(soft_px=1.5),
        shaded(by=0.35, soft_px=40),
        on_a_table(),
        on_a_table(150),
        on_a_table(60, grain=12),
        np.linspace(110, 240, SHAPE[1])[None, :].repeat(SHAPE[0], axis=0),
    ],
)
def test_all_strokes_are_left_and_hardly_anything_else(paper: Picture) -> None:
    page = strokes_alone(photo(paper))
    ink = ink_mask()
    assert (page[ink] > 40).mean() > 0.9
    around = cv2.dilate(ink.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert np.count_nonzero(page[~around]) < 0.1 * np.count_nonzero(ink)


def test_ink_in_a_shadow_is_as_bright_as_in_the_light() -> None:
    ink = ink_mask()
    page, dark = strokes_alone(photo(shaded())), shaded() < 150
    assert (ink & dark).any()
    assert (ink & ~dark).any()
    assert abs(float(page[ink & dark].mean()) - float(page[ink & ~dark].mean())) < 40


@pytest.mark.parametrize("noise", [0.0, 2.0, 8.0])
def test_blank_paper_shows_next_to_nothing(noise: float) -> None:
    grey = np.random.default_rng(1).normal(200, noise, SHAPE).clip(0, 255).astype(np.uint8)
    assert (strokes_alone(grey) > 0).mean() < 1e-3


@pytest.mark.parametrize("shape", [(1, 1), (2, 3000), (40, 40), (700, 5000)])
def test_a_page_is_as_large_as_its_picture(shape: tuple[int, int]) -> None:
    grey = np.random.default_rng(2).integers(0, 256, shape).astype(np.uint8)
    page = strokes_alone(grey)
    assert page.shape == shape
    assert page.dtype == np.uint8


def test_what_is_far_wider_than_strokes_is_none() -> None:
    ink = ink_mask().astype(np.float32) * 200
    ink[800:840, 500:540] = ink[815:820, 540:600] = 250
    assert np.array_equal(_without_fat(ink, 6.0) > 0, ink_mask())
    assert np.array_equal(_without_fat(ink, 20.0), ink)


@pytest.mark.parametrize("grey", [None, np.full((1200, 900), 200, np.uint8), np.zeros((28, 28), np.uint8)])
def test_only_photographs_are_looked_at_so(grey: Page | None) -> None:
    assert find_strokes(grey) == ()


def test_blocks_lie_where_they_are_on_the_photograph() -> None:
    grey = photo(on_a_table())
    blocks = find_strokes(grey)
    boxes = [block.to_image((0, 0, block.page.shape[1], block.page.shape[0])) for block in blocks]
    assert any(x0 < 200 and y0 < 300 and x1 > 440 and y1 > 400 for x0, y0, x1, y1 in boxes)
    assert all(block.page.any() for block in find_blocks(strokes_alone(grey)))


@pytest.mark.parametrize("scene", SCENES)
def test_the_benchs_photographs_are_of_every_scene(scene: str) -> None:
    line = Ink.of([[(40.0 * x, 0.0), (40.0 * x + 10, 60.0)] for x in range(6)], width_px=4)
    first, second = (
        photograph([line, line], 60.0, SCENES[scene], np.random.default_rng(7)) for _ in range(2)
    )
    assert first.shape == (2000, 1500)
    assert np.array_equal(first, second)
    assert np.ptp(cv2.GaussianBlur(first, (0, 0), 3)) > 60


def test_broad_strokes_close_by_on_even_paper_need_a_wide_median() -> None:
    paper = np.random.default_rng(0).normal(200, 3, (1500, 2000))
    ink = np.zeros(paper.shape, np.uint8)
    cv2.polylines(ink, [np.array([(700, 300), (600, 800), (1300, 800)], np.int32)], False, 1, 70)
    cv2.line(ink, (1100, 500), (1100, 1300), 1, 70)
    page = strokes_alone(np.where(ink > 0, 50, paper).clip(0, 255).astype(np.uint8))
    assert page[ink > 0].mean() > 150
    assert page[cv2.dilate(ink, np.ones((9, 9))) == 0].mean() < 1
