"""Pools: frames of every source, none of them by whom must be held out, and the same for the same seed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.reader import Reader
from handsum.training import pools
from handsum.training.data.folder import DATA_VARIABLE
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import split_by_writer
from handsum.training.networks import NOT_A_DIGIT
from handsum.training.pictures.pens import PenConfig
from handsum.training.pools import SOURCES, Pool, PoolConfig, build_pools, frame_of, mnist_pool
from tests.samples import drawn_page
from tests.training.small_data import DEV_DIGIT, DEV_LETTER, NUM_MNIST, line, write_data, write_lines

# Of three writers without 8, and one more 3; see small_data.
NUM_DIGIT_INKS = 28
OF_DIGITS = (
    "mnist spoiled",
    "mnist spoiled frames",
    "pens",
    "pens spoiled",
    "pens drawn mildly",
    "scans",
    "digits by rule",
)
OF_OUTLIERS = ("letters and symbols", "several digits", "halves", "made up")


class Here:
    """Stands in for the pool of processes: the work is done here, where what was patched is patched."""

    def __init__(self, _num_workers: int | None) -> None:
        self.map = map

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Ink is read once a process; here each test has its own."""
    forget = (pools._digit_inks.cache_clear, pools._other_inks.cache_clear)
    for clear in forget:
        clear()
    yield
    for clear in forget:
        clear()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small chunks, made in this process."""
    monkeypatch.setattr(pools, "CHUNK", 7)
    monkeypatch.setattr(pools, "ProcessPoolExecutor", Here)


@pytest.fixture
def small(tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of drawn digits."""
    folder = write_data(tmp_path / "data", solid_held_out=True)
    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    return folder


def build(name: str, size: int, seed: int = 7, folder: Path | None = None, **options: Any) -> Pool:
    return build_pools(PoolConfig(seed=seed, sizes={name: size}, **options), folder=folder)[name]


def are_equal(one: Pool, other: Pool) -> bool:
    return np.array_equal(one.frames, other.frames) and np.array_equal(one.labels, other.labels)


def assert_frames_and_labels(pool: Pool, name: str, size: int) -> None:
    assert (pool.frames.shape, pool.frames.dtype) == ((size, 28, 28), np.uint8)
    assert (pool.labels.shape, pool.labels.dtype) == ((size,), np.uint8)
    assert pool.frames.any(axis=(1, 2)).all()
    assert ((pool.labels == NOT_A_DIGIT) == (name in OF_OUTLIERS)).all()
    assert pool.labels.max() <= NOT_A_DIGIT


# What is in them


def test_every_source_is_of_digits_or_of_outliers_and_has_a_size() -> None:
    assert sorted(SOURCES) == sorted(OF_DIGITS + OF_OUTLIERS) == sorted(PoolConfig().sizes)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", SOURCES)
def test_every_source_gives_frames_the_same_for_the_same_seed(name: str) -> None:
    pool = build(name, 16)
    assert_frames_and_labels(pool, name, 16)
    assert are_equal(pool, build(name, 16))
    assert np.array_equal(pool.frames[:9], build(name, 9).frames)
    assert not np.array_equal(pool.frames, build(name, 16, seed=8).frames)
    assert len({frame.tobytes() for frame in pool.frames}) > (3 if name == "scans" else 12)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["pens", "pens spoiled", "pens drawn mildly"])
def test_ink_is_taken_by_turns_and_none_of_dev_writers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "spoil", lambda page, _rng: page)
    counts = np.bincount(build(name, NUM_DIGIT_INKS).labels, minlength=10)
    assert counts[DEV_DIGIT] == 0
    assert counts.tolist() == [3, 3, 3, 4, 3, 3, 3, 3, 0, 3]


@pytest.mark.usefixtures("small")
def test_what_is_like_a_digit_or_by_dev_writers_is_no_outlier() -> None:
    assert {ink.label for ink in pools._other_inks()} == {"A", "+", "×"}
    assert DEV_LETTER not in {ink.label for ink in pools._other_inks()}
    assert not [ink for ink in pools._digit_inks() if ink.writer.startswith("dev")]


@pytest.mark.usefixtures("small")
def test_scans_are_turned_bright_and_only_digits_of_them_taken() -> None:
    pool = build("scans", 12)
    assert set(pool.labels) == {0, 1, 2, 3}
    # A digit in its frame leaves most of it empty, whatever colour its paper had.
    assert (pool.frames > 127).mean(axis=(1, 2)).max() < 0.4


@pytest.mark.usefixtures("small")
def test_no_held_out_image_of_mnist_is_in_a_pool() -> None:
    pool = mnist_pool()
    assert 0 < len(pool.frames) < NUM_MNIST
    assert not (pool.frames == 255).all(axis=(1, 2)).any()
    images, labels = load_mnist("train")
    fit = ~(images == 255).all(axis=(1, 2))
    assert np.array_equal(pool.frames, images[fit])
    assert np.array_equal(pool.labels, labels[fit])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["mnist spoiled", "mnist spoiled frames", "halves"])
def test_mnist_is_taken_by_turns_and_none_of_it_held_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "spoil", lambda page, _rng: page)
    frames = build(name, 80).frames
    is_solid = []
    for frame in frames:
        rows, columns = np.flatnonzero(frame.any(axis=1)), np.flatnonzero(frame.any(axis=0))
        box = frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        is_solid.append(bool(box.min() == 255))
    assert not any(is_solid)
    if name == "mnist spoiled frames":
        assert {frame.tobytes() for frame in frames} <= {frame.tobytes() for frame in mnist_pool().frames}


@pytest.mark.usefixtures("small")
def test_pictures_are_spoiled_in_either_polarity_and_outliers_in_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoiled: list[bytes] = []

    def spoil(page: NDArray[np.uint8], _rng: np.random.Generator) -> NDArray[np.uint8]:
        spoiled.append(page.tobytes())
        return page

    seen: list[bool] = []

    def spy(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        seen.append(bool(np.median(picture) > 127))
        return frame_of(picture)

    monkeypatch.setattr(pools, "spoil", spoil)
    monkeypatch.setattr(pools, "frame_of", spy)
    build("pens spoiled", 21)
    assert len(spoiled) == len(seen) == 21
    assert {*seen} == {True, False}
    spoiled.clear()
    build("several digits", 21, spoiled_outliers=0.4)
    assert 2 <= len(spoiled) <= 16
    spoiled.clear()
    build("several digits", 7, spoiled_outliers=0.0)
    assert spoiled == []


@pytest.mark.usefixtures("small")
def test_what_leaves_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter(range(1000))
    monkeypatch.setattr(
        pools, "frame_of", lambda page: frame_of(page if next(turns) % 2 else np.zeros_like(page))
    )
    assert_frames_and_labels(build("pens", 9), "pens", 9)


# How frames are made


@pytest.mark.parametrize("digit", [2, 4, 7])
def test_a_frame_is_what_the_network_will_see_in_either_polarity(digit: int) -> None:
    page = drawn_page(digit)
    frame = frame_of(page)
    assert np.array_equal(frame, frame_of(255 - page))
    # The shipped graph may be older than the code: what it must share with it is the place of the ink.
    seen = Reader("mnist").read_digit(255 - page).frame
    assert np.abs(frame / 255 - seen).max() < 0.01


def test_a_blank_page_gives_a_blank_frame() -> None:
    assert not frame_of(np.full((30, 40), 200, np.uint8)).any()


# Kept from run to run


@pytest.mark.usefixtures("small")
def test_pools_are_kept_and_taken_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pools"
    first = build("made up", 9, folder=folder)
    (path,) = folder.iterdir()
    assert path.name.startswith("made-up-9-7-")
    others = [build("made up", 8, folder=folder), build("made up", 9, seed=8, folder=folder)]
    assert len(list(folder.iterdir())) == 3
    monkeypatch.delattr(pools, "_build")
    assert are_equal(first, build("made up", 9, folder=folder))
    assert are_equal(others[0], build("made up", 8, folder=folder))
    assert are_equal(others[1], build("made up", 9, seed=8, folder=folder))


@pytest.mark.usefixtures("small")
def test_what_another_configuration_made_is_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "pools"
    thin = build("pens", 6, folder=folder, pens=PenConfig(thickest=0.02))
    assert not are_equal(thin, build("pens", 6, folder=folder))
    assert not are_equal(thin, build("pens", 6, folder=folder, pens=PenConfig(thickest=0.2)))
    assert len(list(folder.iterdir())) == 3
    assert are_equal(thin, build("pens", 6, folder=folder, pens=PenConfig(thickest=0.02)))


@pytest.mark.usefixtures("small")
def test_an_interrupted_write_leaves_no_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(path: Path, **_arrays: Any) -> None:
        path.write_bytes(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build("made up", 3, folder=tmp_path / "pools")
    assert list((tmp_path / "pools").iterdir()) == []


# From Python 3.12 on, forking beside TensorFlow's threads is warned of; the workers touch none of it.
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_worker_processes_make_what_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools.os, "cpu_count", lambda: 2)
    config = PoolConfig(sizes={"made up": pools.CHUNK // 500})
    monkeypatch.setattr(pools, "CHUNK", 2)
    by_workers = build_pools(config)["made up"]
    monkeypatch.setattr(pools, "ProcessPoolExecutor", Here)
    assert are_equal(by_workers, build_pools(config)["made up"])


# What is said where data are missing


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(DataError) as caught:
        do()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_data_folder_the_variable_is_named(
    few: None, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(DATA_VARIABLE, value)
    for name in ("pens", "scans", "letters and symbols", "several digits"):
        assert DATA_VARIABLE in refused(lambda: build(name, 2))  # noqa: B023 - called at once


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("pens", "ink/pendigits-train.jsonl.gz"),
        ("letters and symbols", "ink/unipen-letters.jsonl.gz"),
        ("scans", "images/bhmsds.npz"),
    ],
)
def test_a_missing_file_is_named(small: Path, name: str, file: str) -> None:
    (small / file).unlink()
    assert str(small / file) in refused(lambda: build(name, 2))


def test_writers_of_both_splits_are_kept_apart_by_the_line(small: Path) -> None:
    lines = [line("5", [[[0, 0], [9, 9]]], "both", split) for split in ("train", "dev")]
    write_lines(small / "ink" / "unipen-symbols.jsonl.gz", lines)
    assert [ink.label for ink in pools._digit_inks()].count("5") == 1


# The real data


def dev_writers(folder: Path) -> set[str]:
    found: set[str] = set()
    for name in ("unipen-symbols", "unipen-letters"):
        with gzip.open(folder / "ink" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found |= {entry["writer"] for entry in map(json.loads, lines) if entry["split"] == "dev"}
    return found


def writers_of(inks: Iterable[Any]) -> set[str]:
    return {ink.writer for ink in inks}


@pytest.mark.usefixtures("few")
def test_the_real_data_give_frames_and_none_of_whom_must_be_held_out(data_folder: Path) -> None:
    # One test, since reading the ink takes seconds.
    for name in SOURCES:
        assert_frames_and_labels(build(name, 5), name, 5)
    dev = dev_writers(data_folder)
    assert len(dev) > 30
    used = writers_of(pools._digit_inks()) | writers_of(pools._other_inks())
    assert len(used) > 250
    assert used.isdisjoint(dev)
    images, labels = load_mnist("train")
    writers = load_writers("train")
    assert writers is not None
    split = split_by_writer(len(images), writers)
    pool = mnist_pool()
    assert np.array_equal(pool.labels, labels[split.fit])
    assert np.array_equal(pool.frames[::100], images[split.fit][::100])
    assert set(writers[split.fit]).isdisjoint(writers[split.held_out])
