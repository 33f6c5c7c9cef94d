"""Augmentation: repeatable, within 0..1, recognisably the same digits, and a share left clean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from handsum.reader import Reader
from handsum.training.augment import AugmentConfig, Augmenter
from tests.samples import drawn_page

USUAL = AugmentConfig()
STILL = AugmentConfig(
    rotation_deg=0, shear=0, scale=0, squeeze=0, shift_px=0, elastic_px=0, thickness=0, clean_share=0
)


@pytest.fixture(scope="module")
def frames() -> NDArray[np.float32]:
    """400 frames: each drawn digit forty times."""
    reader = Reader()
    return np.repeat(np.stack([reader.read_page(drawn_page(digit)).frame for digit in range(10)]), 40, axis=0)


def augmented(
    frames: NDArray[np.float32], config: AugmentConfig = USUAL, *, seed: int = 1, draw: int = 2
) -> NDArray[np.float32]:
    return Augmenter(config, seed=seed)(frames, np.random.default_rng(draw))


def test_the_same_seeds_give_the_same_frames(frames: NDArray[np.float32]) -> None:
    first = augmented(frames)
    assert np.array_equal(first, augmented(frames))
    assert not np.array_equal(first, augmented(frames, draw=3))
    assert not np.array_equal(first, augmented(frames, seed=2))


def test_one_augmenter_draws_from_the_generator_alone(frames: NDArray[np.float32]) -> None:
    augmenter = Augmenter(AugmentConfig(), seed=1)
    augmenter(frames, np.random.default_rng(9))
    assert np.array_equal(augmenter(frames, np.random.default_rng(2)), augmented(frames))


def test_the_frames_given_are_left_alone(frames: NDArray[np.float32]) -> None:
    before = frames.copy()
    result = augmented(frames)
    assert np.array_equal(frames, before)
    assert (result.shape, result.dtype) == (frames.shape, np.float32)


@given(st.integers(0, 1000), st.integers(0, 20))
@settings(deadline=None, max_examples=20)
def test_values_stay_between_0_and_1(draw: int, num: int) -> None:
    noise = np.random.default_rng(draw).random((num, 28, 28), np.float32)
    result = augmented(noise, draw=draw)
    assert result.shape == (num, 28, 28)
    assert np.isfinite(result).all()
    assert num == 0 or (result.min() >= 0 and result.max() <= 1)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_a_share_stays_clean(frames: NDArray[np.float32], share: float) -> None:
    result = augmented(frames, AugmentConfig(clean_share=share))
    is_clean = (result == frames).all(axis=(1, 2))
    # Five deviations of the binomial count.
    assert abs(is_clean.mean() - share) <= 5 * np.sqrt(share * (1 - share) / len(frames))


def test_without_distortion_nothing_changes(frames: NDArray[np.float32]) -> None:
    assert np.abs(augmented(frames, STILL) - frames).max() < 1e-5


@pytest.mark.parametrize(
    "config",
    [{"rotation_deg": 12.0}, {"shear": 0.25}, {"scale": 0.12}, {"squeeze": 0.18}, {"shift_px": 1.8},
     {"elastic_px": 1.1}, {"thickness": 0.6}],
    ids=lambda config: next(iter(config)),
)  # fmt: skip
def test_every_distortion_does_something(frames: NDArray[np.float32], config: dict[str, float]) -> None:
    result = augmented(frames, AugmentConfig(**{**STILL.__dict__, **config}))
    changed = np.abs(result - frames).mean(axis=(1, 2))
    assert 0.002 < changed.mean() < 0.15


def test_the_shift_is_bounded(frames: NDArray[np.float32]) -> None:
    places = np.arange(28)
    result = augmented(frames, AugmentConfig(**{**STILL.__dict__, "shift_px": 1.8}))

    def columns(of: NDArray[np.float32]) -> NDArray[np.float64]:
        return of.sum(axis=1) @ places / of.sum(axis=(1, 2))

    moved = columns(result) - columns(frames)
    assert np.abs(moved).max() < 1.8 + 0.1
    assert moved.min() < -1
    assert moved.max() > 1


def test_distorted_digits_are_still_digits(frames: NDArray[np.float32]) -> None:
    answers = Reader().read_frames(augmented(frames)).argmax(axis=1)
    assert np.mean(answers == np.repeat(np.arange(10), 40)) > 0.9
