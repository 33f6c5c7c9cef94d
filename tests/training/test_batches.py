"""Batches: every image once an epoch, drawn afresh, whatever order they are asked for in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.augment import AugmentConfig, Augmenter
from handsum.training.batches import AugmentedBatches, as_frames

NUM_IMAGES, BATCH_SIZE = 50, 8

# Each image can be told from its first pixels: its number in the two upper left ones.
IMAGES = np.random.default_rng(0).integers(0, 256, (NUM_IMAGES, 28, 28), np.uint8)
IMAGES[:, 0, 0] = np.arange(NUM_IMAGES)
LABELS = (np.arange(NUM_IMAGES) % 10).astype(np.uint8)


def batches(*, augment: bool = False, seed: int = 5, batch_size: int = BATCH_SIZE) -> AugmentedBatches:
    augmenter = Augmenter(AugmentConfig(), seed=seed) if augment else None
    return AugmentedBatches(IMAGES, LABELS, batch_size=batch_size, augmenter=augmenter, seed=seed)


def numbers(of: AugmentedBatches) -> NDArray[np.intp]:
    """Which images an epoch's batches hold, in their order."""
    frames = np.concatenate([of[index][0] for index in range(len(of))])
    return np.rint(frames[:, 0, 0, 0] * 255).astype(int)


def test_shapes_and_scale() -> None:
    frames, labels = batches()[0]
    assert (frames.shape, frames.dtype) == ((BATCH_SIZE, 28, 28, 1), np.float32)
    assert (labels.shape, labels.dtype) == ((BATCH_SIZE, 10), np.float32)
    assert (labels.sum(axis=1) == 1).all()
    assert as_frames(np.array([0, 51, 255], np.uint8)).tolist() == pytest.approx([0, 0.2, 1])


def test_each_image_is_used_once_an_epoch_and_keeps_its_label() -> None:
    one_epoch = batches(batch_size=10)
    assert sorted(numbers(one_epoch)) == list(range(NUM_IMAGES))
    for index in range(len(one_epoch)):
        frames, labels = one_epoch[index]
        shown = np.rint(frames[:, 0, 0, 0] * 255).astype(int)
        assert np.array_equal(labels.argmax(axis=1), LABELS[shown])
        assert np.array_equal(frames[..., 0], as_frames(IMAGES[shown]))


def test_the_smaller_rest_is_left_out_and_differs_by_epoch() -> None:
    some = batches()
    assert len(some) == NUM_IMAGES // BATCH_SIZE
    left_out = []
    for _ in range(5):
        used = numbers(some)
        assert len(set(used)) == len(used) == len(some) * BATCH_SIZE
        left_out.append(frozenset(range(NUM_IMAGES)) - set(used))
        some.on_epoch_end()
    assert len(set(left_out)) > 1


def test_every_epoch_has_another_order() -> None:
    some = batches()
    first = numbers(some)
    assert not np.array_equal(first, np.sort(first))
    some.on_epoch_end()
    assert not np.array_equal(numbers(some), first)


@pytest.mark.parametrize("augment", [False, True])
def test_the_order_of_asking_does_not_matter(augment: bool) -> None:
    forwards, backwards = batches(augment=augment), batches(augment=augment)
    for _ in range(2):
        one = [forwards[index] for index in range(len(forwards))]
        other = [backwards[index] for index in reversed(range(len(backwards)))][::-1]
        for (frames, labels), (other_frames, other_labels) in zip(one, other, strict=True):
            assert np.array_equal(frames, other_frames)
            assert np.array_equal(labels, other_labels)
        forwards.on_epoch_end()
        backwards.on_epoch_end()


def test_an_image_is_distorted_anew_in_every_epoch_and_batch() -> None:
    same = np.repeat(IMAGES[:1], 40, axis=0)
    augmenter = Augmenter(AugmentConfig(clean_share=0), seed=1)
    some = AugmentedBatches(same, LABELS[:40], batch_size=20, augmenter=augmenter, seed=1)
    seen = [some[0][0], some[1][0]]
    some.on_epoch_end()
    seen += [some[0][0], some[1][0]]
    frames = np.concatenate(seen).reshape(80, -1)
    assert len(np.unique(frames, axis=0)) == 80


def test_seeds_differ() -> None:
    assert np.array_equal(numbers(batches(seed=1)), numbers(batches(seed=1)))
    assert not np.array_equal(numbers(batches(seed=1)), numbers(batches(seed=2)))


def test_an_epoch_is_the_same_whether_others_came_before_it_or_not() -> None:
    through, resumed = batches(augment=True), batches(augment=True)
    resumed.start_epoch(2)
    for _ in range(2):
        through.on_epoch_end()
    for _ in range(2):
        assert all(np.array_equal(through[index][0], resumed[index][0]) for index in range(len(through)))
        through.on_epoch_end()
        resumed.on_epoch_end()
