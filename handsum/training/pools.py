"""Pools of frames to draw batches from: every source of training pictures, seen through the graph.

Whatever is drawn, scanned or spoiled becomes a frame by `image.load` and the preprocessing graph, as it
will when the network is used. That is too slow to do anew for each batch, so it is done once for each
source, several times over with other pens and flaws, and batches distort the frames further.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from onnxscript import optimizer

from handsum.atomic import whole_file
from handsum.errors import DataError
from handsum.image import load
from handsum.models import open_session
from handsum.training.compose.made import MAKERS
from handsum.training.compose.shapes import is_well_formed
from handsum.training.data.folder import data_folder
from handsum.training.data.inks import LabelledInk, load_inks
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import split_by_writer
from handsum.training.graphs.inlining import inlined
from handsum.training.graphs.preprocessing import frame_of_page
from handsum.training.networks import NOT_A_DIGIT
from handsum.training.pictures import outliers
from handsum.training.pictures.papers import spoil
from handsum.training.pictures.pens import PenConfig, draw

Example = tuple[NDArray[np.uint8], int]
WANTED = "Ink to train on"
DIGITS = frozenset("0123456789")
CHUNK = 2000
# Of the digits drawn by rule.
BY_RULE = {"1": 0.4, "7": 0.25, "0": 0.15, "5": 0.08, "9": 0.12}


@dataclass(frozen=True, eq=False)
class Pool:
    """Frames uint8 (n, 28, 28), ink 255 on 0, and their labels uint8 (n,): a digit, or NOT_A_DIGIT."""

    frames: NDArray[np.uint8]
    labels: NDArray[np.uint8]


@dataclass(frozen=True)
class PoolConfig:
    """Which pools there are, how many frames each has, and by which seed they are made."""

    seed: int = 7
    sizes: dict[str, int] = field(
        default_factory=lambda: {
            "mnist spoiled": 90_000,
            "mnist spoiled frames": 55_000,
            "pens": 90_000,
            "pens spoiled": 44_000,
            "pens drawn mildly": 44_000,
            "scans": 14_000,
            "letters and symbols": 40_000,
            "several digits": 14_000,
            "halves": 8_000,
            "made up": 32_000,
            "digits by rule": 24_000,
        }
    )
    pens: PenConfig = field(default_factory=PenConfig)
    mild_pens: PenConfig = field(
        default_factory=lambda: PenConfig(
            rotation_deg=4.0, shear=0.1, stretch=1.35, bend=0.03, tremble=0.006, apart=0.015, ends=0.05
        )
    )
    spoiled_outliers: float = 0.25


def build_pools(config: PoolConfig, *, folder: Path | None = None) -> dict[str, Pool]:
    """Every pool by name; with `folder`, kept there and taken from there the next time.

    Raises:
        DataError: the data's folder is not known, or lacks a file.
    """
    return {name: _kept(name, config, folder) for name in config.sizes}


def mnist_pool() -> Pool:
    """MNIST's training digits of the writers to fit."""
    images, labels = load_mnist("train")
    fit = split_by_writer(len(images), load_writers("train")).fit
    return Pool(images[fit], labels[fit])


def _kept(name: str, config: PoolConfig, folder: Path | None) -> Pool:
    path = None if folder is None else folder / _file_name(name, config)
    if path is not None and path.is_file():
        with np.load(path) as arrays:
            return Pool(arrays["frames"], arrays["labels"])
    pool = _build(name, config)
    if path is not None:
        with whole_file(path) as part:
            np.savez(part, frames=pool.frames, labels=pool.labels)
    return pool


def _file_name(name: str, config: PoolConfig) -> str:
    """Another for every configuration: the end is a hash of what is neither size nor seed."""
    rest = {key: value for key, value in asdict(config).items() if key not in ("sizes", "seed")}
    digest = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:8]
    return f"{name.replace(' ', '-')}-{config.sizes[name]}-{config.seed}-{digest}.npz"


def _build(name: str, config: PoolConfig) -> Pool:
    num_chunks = -(-config.sizes[name] // CHUNK)
    tasks = [(name, config, chunk) for chunk in range(num_chunks)]
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        chunks = list(workers.map(_build_chunk, tasks))
    frames = np.concatenate([frames for frames, _ in chunks])[: config.sizes[name]]
    return Pool(frames, np.concatenate([labels for _, labels in chunks])[: config.sizes[name]])


def _build_chunk(task: tuple[str, PoolConfig, int]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    name, config, chunk = task
    cv2.setNumThreads(1)
    rng = np.random.default_rng([config.seed, list(SOURCES).index(name), chunk])
    examples = SOURCES[name](config, rng, chunk)
    # Flaws may leave nothing at all of a digit; there is nothing to learn from that.
    found = list(itertools.islice((example for example in examples if example[0].any()), CHUNK))
    return np.stack([frame for frame, _ in found]), np.array([label for _, label in found], np.uint8)


@cache
def _session() -> Any:
    return open_session(optimizer.optimize(inlined(frame_of_page)).SerializeToString())


def frame_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The frame uint8 (28, 28) that the network would see of a picture of any polarity."""
    session = _session()
    (frame,) = session.run(None, {session.get_inputs()[0].name: load(picture).page})[0]
    return np.rint(frame * 255).astype(np.uint8)


def _either_polarity(page: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    return 255 - page if rng.random() < 0.5 else page


def _spoiled_frame(page: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    return frame_of(_either_polarity(spoil(page, rng), rng))


def _mnist_spoiled(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    pool = mnist_pool()
    for index in _endless(len(pool.labels), chunk, rng):
        yield _spoiled_frame(pool.frames[index], rng), int(pool.labels[index])


def _mnist_spoiled_frames(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    """Not through the graph: frames are also handed in ready made."""
    pool = mnist_pool()
    for index in _endless(len(pool.labels), chunk, rng):
        yield spoil(pool.frames[index], rng), int(pool.labels[index])


def _pens(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    inks = _digit_inks()
    for index in _endless(len(inks), chunk, rng):
        yield frame_of(draw(inks[index].strokes, rng, config.pens)), int(inks[index].label)


def _pens_drawn_mildly(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    inks = _digit_inks()
    for index in _endless(len(inks), chunk, rng):
        yield frame_of(draw(inks[index].strokes, rng, config.mild_pens)), int(inks[index].label)


def _pens_spoiled(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    inks = _digit_inks()
    for index in _endless(len(inks), chunk, rng):
        yield _spoiled_frame(draw(inks[index].strokes, rng, config.pens), rng), int(inks[index].label)


def _scans(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    path = data_folder(WANTED) / "images" / "bhmsds.npz"
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    with np.load(path) as arrays:
        images, names = arrays["images"], arrays["labels"].astype(str)
    kept = np.flatnonzero(np.isin(names, sorted(DIGITS)))
    for index in _endless(len(kept), chunk, rng):
        yield frame_of(images[kept[index]]), int(names[kept[index]])


def _digits_by_rule(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    """Fashions that few of the writers at hand have, 1 and 7 as in most of Europe above all."""
    labels, shares = zip(*BY_RULE.items(), strict=True)
    while True:
        label = str(rng.choice(labels, p=shares))
        yield frame_of(draw(MAKERS[label](rng), rng, config.mild_pens)), int(label)


def _letters_and_symbols(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    inks = _other_inks()
    for index in _endless(len(inks), chunk, rng):
        yield _outlier(draw(inks[index].strokes, rng, config.pens), config, rng)


def _several_digits(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    inks = _digit_inks()
    while True:
        chosen = rng.integers(0, len(inks), 2 + int(rng.random() < 0.25))
        page = outliers.side_by_side([inks[index].strokes for index in chosen], rng, config.pens)
        yield _outlier(page, config, rng)


def _halves(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    pool = mnist_pool()
    for index in _endless(len(pool.labels), chunk, rng):
        page = outliers.half(pool.frames[index], int(pool.labels[index]), rng)
        if page is not None:
            yield _outlier(page, config, rng)


def _made_up(config: PoolConfig, rng: np.random.Generator, chunk: int) -> Iterator[Example]:
    makers, shares = zip(*outliers.MADE_UP, strict=True)
    while True:
        yield _outlier(makers[int(rng.choice(len(makers), p=shares))](rng), config, rng)


def _outlier(page: NDArray[np.uint8], config: PoolConfig, rng: np.random.Generator) -> Example:
    if rng.random() < config.spoiled_outliers:
        return _spoiled_frame(page, rng), NOT_A_DIGIT
    return frame_of(page), NOT_A_DIGIT


SOURCES: dict[str, Callable[[PoolConfig, np.random.Generator, int], Iterator[Example]]] = {
    "mnist spoiled": _mnist_spoiled,
    "mnist spoiled frames": _mnist_spoiled_frames,
    "pens": _pens,
    "pens spoiled": _pens_spoiled,
    "scans": _scans,
    "letters and symbols": _letters_and_symbols,
    "several digits": _several_digits,
    "halves": _halves,
    "made up": _made_up,
    # The place in this list is part of each pool's seed: new ones go to the end.
    "pens drawn mildly": _pens_drawn_mildly,
    "digits by rule": _digits_by_rule,
}


def _endless(num: int, chunk: int, rng: np.random.Generator) -> Iterator[int]:
    """Indices by turns, so that the chunks together take every one as often; the order is random."""
    start = chunk * CHUNK
    while True:
        yield from (rng.permutation(CHUNK) + start) % num
        start += CHUNK


@cache
def _digit_inks() -> list[LabelledInk]:
    folder = ink_folder()
    symbols = load_inks(folder / "unipen-symbols.jsonl.gz", split="train")
    pendigits = load_inks(folder / "pendigits-train.jsonl.gz", split="train")
    digits = [
        ink
        for ink in [*symbols, *pendigits]
        if ink.label in DIGITS and is_well_formed(ink.label, ink.strokes)
    ]
    # In random order, so that every stretch of them holds every writer.
    return [digits[index] for index in np.random.default_rng(0).permutation(len(digits))]


@cache
def _other_inks() -> list[LabelledInk]:
    folder = ink_folder()
    letters = load_inks(folder / "unipen-letters.jsonl.gz", split="train")
    symbols = load_inks(folder / "unipen-symbols.jsonl.gz", split="train")
    operators = load_inks(folder / "detexify-operators.jsonl.gz", split="train")
    others = [ink for ink in letters if ink.label not in outliers.LETTERS_LIKE_DIGITS]
    others += [ink for ink in symbols if ink.label not in outliers.SYMBOLS_LIKE_DIGITS]
    others += [ink for ink in operators if ink.label in "×÷"]
    return [others[index] for index in np.random.default_rng(0).permutation(len(others))]


def ink_folder() -> Path:
    """Where the files of labelled ink are."""
    return data_folder(WANTED) / "ink"
