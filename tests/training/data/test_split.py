"""The split: whole writers held out, always the same ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsum.training.data.mnist import load_writers
from handsum.training.data.split import HELD_OUT_SHARE, Split, split_by_writer


def assert_covers_all(split: Split, num_images: int) -> None:
    assert np.array_equal(np.sort(np.concatenate([split.fit, split.held_out])), np.arange(num_images))


@given(st.lists(st.integers(0, 30), min_size=2, max_size=300))
@settings(deadline=None)
def test_no_writer_is_on_both_sides(writers: list[int]) -> None:
    numbers = np.array(writers, np.uint16)
    split = split_by_writer(len(numbers), numbers)
    assert_covers_all(split, len(numbers))
    assert not set(numbers[split.fit]) & set(numbers[split.held_out])
    assert len(split.held_out) > 0
    assert split.by == "writer"


def test_one_writer_in_twelve_is_held_out() -> None:
    writers = np.repeat(np.arange(240), 10)
    split = split_by_writer(len(writers), writers)
    assert len(set(writers[split.held_out])) == 240 * HELD_OUT_SHARE == 20
    assert len(split.held_out) == 200


def test_without_writers_images_are_held_out_and_it_says_so() -> None:
    split = split_by_writer(6000, None)
    assert_covers_all(split, 6000)
    assert len(split.held_out) == 500
    assert not np.array_equal(split.held_out, np.arange(500))
    assert "no writers.npz" in split.by


def test_the_split_is_always_the_same() -> None:
    writers = np.random.default_rng(0).integers(0, 100, 5000)
    np.random.seed(1)
    first = split_by_writer(5000, writers)
    np.random.seed(2)
    second = split_by_writer(5000, writers)
    assert np.array_equal(first.held_out, second.held_out)
    # Written down, so that a change of the split is noticed: figures of before could not be compared.
    assert split_by_writer(24, np.arange(24)).held_out.tolist() == [2, 22]


def test_mnists_writers(data_folder: Path) -> None:
    writers = load_writers("train")
    if writers is None:
        pytest.skip("needs mnist/writers.npz in the folder that HANDSUM_DATA names")
    split = split_by_writer(60_000, writers)
    assert_covers_all(split, 60_000)
    assert not set(writers[split.fit]) & set(writers[split.held_out])
    assert 4_000 < len(split.held_out) < 6_000
    assert len(set(writers[split.held_out])) == 45
