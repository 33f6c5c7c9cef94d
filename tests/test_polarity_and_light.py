"""What of an image is ink: dark or light, on grey or grainy paper, under fog, glare and shade."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from handsum.illumination import without_clouds
from handsum.image import load, polarity_of
from handsum.ink import render
from tests.samples import drawn_ink, drawn_page

BOTH = pytest.mark.parametrize("is_light", [True, False], ids=["light on dark", "dark on light"])


def clean_digit(side_px: int, digit: int) -> NDArray[np.uint8]:
    """As MNIST has it, or as the window does."""
    scale = side_px / 280
    return render(
        drawn_ink(digit, scale=scale, pen_px=22 * scale).moved(90 * scale, 60 * scale),
        width_px=side_px,
        height_px=side_px,
    )


def cloud(kind: str, side_px: int) -> NDArray[np.float64]:
    """Brightness 0..1 that lies over ink and paper alike."""
    y, x = np.mgrid[0:side_px, 0:side_px] / side_px
    return {
        "fog": 0.25 + 0.25 * np.sin(5 * x + 1) * np.cos(4 * y),
        "glare": 0.6 * np.exp(-((x - 0.25) ** 2 + (y - 0.7) ** 2) / 0.06),
        "gradient": 0.4 * x,
    }[kind]


@BOTH
@pytest.mark.parametrize("digit", [0, 2, 3, 4, 5, 6, 7, 8, 9])
def test_a_tight_crop_keeps_its_polarity(digit: int, is_light: bool) -> None:
    page = drawn_page(digit)
    rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
    tight = page[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    seen = tight if is_light else 255 - tight
    assert load(seen).polarity == polarity_of(seen) == ("light on dark" if is_light else "dark on light")
    assert np.array_equal(load(seen).page, tight)


@BOTH
@pytest.mark.parametrize("pen_px", [2, 4, 6])
def test_small_thick_digits_cut_out_tightly_keep_their_polarity(pen_px: int, is_light: bool) -> None:
    for digit in (0, 2, 3, 4, 5, 6, 8, 9):
        page = render(drawn_ink(digit, scale=0.13, pen_px=pen_px).moved(20, 20), width_px=60, height_px=60)
        rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
        tight = page[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        wanted = "light on dark" if is_light else "dark on light"
        assert polarity_of(tight if is_light else 255 - tight) == wanted, digit


@BOTH
def test_thick_fog_in_a_small_picture_is_not_taken_for_paper(is_light: bool) -> None:
    y, x = np.mgrid[0:28, 0:28] / 28
    for digit in range(10):
        ink = 0.5 * clean_digit(28, digit) / 255
        # More than half of the picture and of its border is light.
        seen = np.rint(255 * np.maximum(ink, 0) + 120 * (x + y > 0.8)).clip(0, 255).astype(np.uint8)
        wanted = "light on dark" if is_light else "dark on light"
        assert polarity_of(seen if is_light else 255 - seen) == wanted, digit


@given(st.integers(0, 9), st.integers(0, 100), st.integers(140, 255), st.booleans())
@settings(deadline=None, max_examples=60)
def test_grey_ink_on_grey_paper(digit: int, dark: int, light: int, light_ink: bool) -> None:
    share = drawn_page(digit)[::4, ::4] / 255.0
    ink, paper = (light, dark) if light_ink else (dark, light)
    loaded = load(np.rint(paper + (ink - paper) * share).astype(np.uint8))
    assert loaded.polarity == ("light on dark" if light_ink else "dark on light")
    assert loaded.page.max() == light - dark
    assert not loaded.page[share == 0].any()


@given(st.integers(0, 9), st.floats(1, 12), st.integers(0, 999))
@settings(deadline=None, max_examples=20)
def test_a_papers_grain_is_taken_away(digit: int, grain: float, seed: int) -> None:
    ink = Image.fromarray(drawn_page(digit)[::2, ::2])
    noise = np.random.default_rng(seed).normal(0, grain, (ink.height, ink.width))
    page = load(np.clip(220 - np.asarray(ink) * 0.75 + noise, 0, 255).astype(np.uint8)).page
    # Smoothing may spread the ink by a few pixels.
    is_paper = np.asarray(ink.filter(ImageFilter.MaxFilter(9))) == 0
    assert (page[is_paper] >= 24).mean() < 0.01
    assert page[np.asarray(ink) == 255].min() > 60


@pytest.mark.parametrize("side_px", [28, 280])
@pytest.mark.parametrize("kind", ["fog", "glare", "gradient"])
@BOTH
def test_clouds_are_taken_away_and_the_digit_stays(kind: str, side_px: int, is_light: bool) -> None:
    alike = []
    for digit in range(10):
        page = clean_digit(side_px, digit)
        ink, over = 0.6 * page / 255, cloud(kind, side_px)
        seen = np.rint(255 * (ink + over * (1 - ink))).astype(np.uint8)
        loaded = load(seen if is_light else 255 - seen)
        assert loaded.polarity == ("light on dark" if is_light else "dark on light")
        assert loaded.page.std() > 0
        alike.append(np.corrcoef(loaded.page.ravel(), page.ravel())[0, 1])
        assert np.corrcoef(seen.ravel(), page.ravel())[0, 1] < 0.9, "the cloud is too thin to test with"
    assert min(alike) > 0.75
    assert np.mean(alike) > 0.85


def shadowed(ink: NDArray[np.float64], *, angle: float, depth: float, is_light: bool) -> NDArray[np.uint8]:
    """Ink 0..1 on grainy paper of which one half lies in a shadow with an edge of a few pixels."""
    height, width = ink.shape
    y, x = np.mgrid[0:height, 0:width]
    side = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    light = 210 * (1 - depth * np.clip((side - 0.03) / 0.04, 0, 1))
    grain = np.random.default_rng(0).normal(0, 3, ink.shape)
    seen = (light * (1 - 0.6 * ink) + grain).clip(0, 255).astype(np.uint8)
    return 255 - seen if is_light else seen


@BOTH
@pytest.mark.parametrize("angle", [0.0, 0.7, 1.6, 2.6, 4.0])
@pytest.mark.parametrize("depth", [0.25, 0.45])
def test_a_shadow_with_an_edge_is_taken_away(angle: float, depth: float, is_light: bool) -> None:
    ink = render(drawn_ink(3, scale=0.5, pen_px=7).moved(110, 70), width_px=320, height_px=260) / 255
    loaded = load(shadowed(ink, angle=angle, depth=depth, is_light=is_light))
    assert loaded.polarity == ("light on dark" if is_light else "dark on light")
    assert (loaded.page[ink == 0] >= 40).mean() < 0.03
    assert (loaded.page[ink == 1] >= 40).mean() > 0.98


def test_thick_strokes_are_no_shadow() -> None:
    ink = render(drawn_ink(8, pen_px=60).moved(60, 60), width_px=400, height_px=400) / 255
    grain = np.random.default_rng(0).normal(0, 3, ink.shape)
    seen = (220 - 150 * ink + grain).clip(0, 255).astype(np.uint8)
    assert np.corrcoef(load(seen).page.ravel(), ink.ravel())[0, 1] > 0.97


def test_ink_stays_on_mottled_paper() -> None:
    ink = render(drawn_ink(5, scale=0.25, pen_px=4).moved(30, 10), width_px=120, height_px=90) / 255
    coarse = Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 40), np.uint8))
    mottled = np.asarray(coarse.resize((120, 90), Image.Resampling.BICUBIC), np.float64)
    paper = 200 + 22 * (mottled - mottled.mean()) / mottled.std()
    seen = np.rint(paper * (1 - ink) + 60 * ink).clip(0, 255).astype(np.uint8)
    assert (load(seen).page[ink > 0.9] > 0).all()


@pytest.mark.parametrize("side_px", [28, 280])
@pytest.mark.parametrize("digit", range(10))
def test_clean_digits_are_untouched(side_px: int, digit: int) -> None:
    page = clean_digit(side_px, digit)
    for clean in (page, (page > 127).astype(np.uint8) * np.uint8(255), page // 3):
        assert np.array_equal(load(clean).page, clean)
        assert np.array_equal(load(255 - clean).page, clean)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 2), (49, 48), (200, 30)])
def test_what_is_left_without_clouds_is_no_brighter_and_no_other_size(shape: tuple[int, int]) -> None:
    bright = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    clear = without_clouds(bright)
    assert (clear.shape, clear.dtype) == (shape, np.uint8)
    assert (clear <= bright).all()
    assert not without_clouds(np.full(shape, 90, np.uint8)).any()
