"""Mixed batches: fixed shares of every pool, and the same batches after an interruption."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.augment import AugmentConfig
from handsum.training.mixture import SPREAD_OVER_DIGITS, MixedBatches, Phase, targets
from handsum.training.networks import NOT_A_DIGIT, NUM_CLASSES
from handsum.training.pools import Pool

COUNTS = {"faint": 3, "never": 0, "bright": 5}
NUM_BATCHES = 4


def pool(level: int, label: int, num: int = 20) -> Pool:
    """Frames told apart by their number in one pixel, and all of a level in the others."""
    frames = np.full((num, 28, 28), level, np.uint8)
    frames[:, 0, 0] = np.arange(num)
    return Pool(frames, np.full(num, label, np.uint8))


POOLS = {"bright": pool(200, NOT_A_DIGIT), "faint": pool(100, 4), "never": pool(150, 7), "other": pool(50, 1)}


def batches(*, seed: int = 1, epoch: int = 0, clean_share: float = 1.0) -> MixedBatches:
    mixed = MixedBatches(
        POOLS,
        [Phase(0.0, COUNTS, AugmentConfig(clean_share=clean_share))],
        num_epochs=10,
        num_batches=NUM_BATCHES,
        label_smoothing=0.1,
        seed=seed,
    )
    mixed.start_epoch(epoch)
    return mixed


def contents(of: MixedBatches) -> list[bytes]:
    return [frames.tobytes() + wanted.tobytes() for frames, wanted in (of[i] for i in range(len(of)))]


def test_every_batch_has_as_many_of_each_pool_as_was_asked() -> None:
    some = batches()
    assert len(some) == NUM_BATCHES
    for index in range(NUM_BATCHES):
        frames, wanted = some[index]
        assert (frames.shape, frames.dtype) == ((8, 28, 28, 1), np.float32)
        assert (wanted.shape, wanted.dtype) == ((8, NUM_CLASSES), np.float32)
        levels = np.rint(frames[:, 9, 9, 0] * 255).astype(int)
        assert sorted(levels) == [100] * 3 + [200] * 5
        assert wanted.argmax(axis=1).tolist() == np.where(levels == 100, 4, NOT_A_DIGIT).tolist()


def test_a_pool_is_drawn_from_all_over() -> None:
    some, seen = batches(), set()
    for epoch in range(20):
        some.start_epoch(epoch)
        for index in range(NUM_BATCHES):
            frames, _ = some[index]
            seen |= set(np.rint(frames[:3, 0, 0, 0] * 255).astype(int).tolist())
    assert seen == set(range(20))


def test_order_of_asking_does_not_matter_but_seed_and_epoch_do() -> None:
    first, again, other = batches(clean_share=0), batches(clean_share=0), batches(seed=2, clean_share=0)
    backwards = [again[index][0].tobytes() for index in reversed(range(NUM_BATCHES))][::-1]
    assert [first[index][0].tobytes() for index in range(NUM_BATCHES)] == backwards
    assert len({*contents(first), *contents(other)}) == 2 * NUM_BATCHES
    before = contents(first)
    first.start_epoch(1)
    assert not {*before} & {*contents(first)}


def test_after_an_interruption_come_the_batches_that_would_have_come() -> None:
    through = batches(clean_share=0)
    for epoch in range(4):
        through.start_epoch(epoch)
    assert contents(through) == contents(batches(epoch=3, clean_share=0))


def test_frames_are_distorted() -> None:
    plain, distorted = batches(clean_share=1)[0][0], batches(clean_share=0)[0][0]
    assert not np.array_equal(plain, distorted)


def test_phases_follow_one_another_with_their_own_shares_and_distortions() -> None:
    strong, mild = AugmentConfig(clean_share=0), AugmentConfig(clean_share=1)
    phases = [Phase(0.0, COUNTS, strong), Phase(0.76, {"other": 4}, mild)]

    def first_batch(epoch: int) -> NDArray[np.float32]:
        some = MixedBatches(POOLS, phases, num_epochs=50, num_batches=1, label_smoothing=0, seed=1)
        some.start_epoch(epoch)
        return some[0][0]

    plain = batches(seed=1)[0][0]
    for epoch in (0, 20, 37):
        assert len(first_batch(epoch)) == sum(COUNTS.values())
        assert not np.array_equal(first_batch(epoch), plain)
    for epoch in (38, 49, 50):
        frames = first_batch(epoch)
        assert len(frames) == 4
        assert np.rint(frames[:, 9, 9, 0] * 255).tolist() == [50] * 4


# Targets


@pytest.mark.parametrize("smoothing", [0.0, 0.02, 0.5])
def test_targets_sum_to_1_and_favour_the_label(smoothing: float) -> None:
    wanted = targets(np.arange(NUM_CLASSES, dtype=np.uint8), smoothing)
    assert wanted.dtype == np.float32
    assert np.allclose(wanted.sum(axis=1), 1, atol=1e-6)
    assert np.array_equal(wanted.argmax(axis=1), np.arange(NUM_CLASSES))
    assert np.allclose(np.diag(wanted)[:10], 1 - smoothing + smoothing / NUM_CLASSES)
    assert np.allclose(wanted[3, [0, 9, NOT_A_DIGIT]], smoothing / NUM_CLASSES)


def test_what_is_no_digit_favours_no_digit_either() -> None:
    (wanted,) = targets(np.array([NOT_A_DIGIT], np.uint8), 0.3)
    assert wanted[NOT_A_DIGIT] == pytest.approx(1 - SPREAD_OVER_DIGITS)
    assert np.allclose(wanted[:NOT_A_DIGIT], SPREAD_OVER_DIGITS / 10)
