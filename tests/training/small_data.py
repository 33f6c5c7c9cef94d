"""A folder as HANDSUM_DATA names it, small and made of drawn digits: ink, scans and MNIST's files.

What must not be trained on has giveaways: only "dev" writers write 8 and "w", and the images of MNIST's
held-out writers are solid squares, if that is asked for.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handsum.ink import render
from handsum.training.data.idx import write_idx
from handsum.training.data.split import split_by_writer
from tests.samples import STROKES, drawn_ink

DEV_DIGIT, DEV_LETTER = 8, "w"
NUM_MNIST, NUM_WRITERS, NUM_TEST = 96, 24, 40

A = [[(0, 160), (50, 0), (100, 160)], [(20, 100), (80, 100)]]
W = [[(0, 0), (25, 160), (50, 60), (75, 160), (100, 0)]]
PLUS = [[(0, 80), (100, 80)], [(50, 30), (50, 130)]]
TIMES = [[(0, 30), (100, 130)], [(100, 30), (0, 130)]]
SLASH = [[(90, 0), (0, 160)]]


def line(label: str, strokes: Any, writer: str, split: str | None = None) -> str:
    """A line of a file of ink."""
    entry = {"label": label, "writer": writer, "strokes": strokes}
    return json.dumps(entry if split is None else {**entry, "split": split})


def write_lines(path: Path, lines: list[str]) -> None:
    """A file of ink."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("".join(f"{one}\n" for one in lines))


def write_ink(folder: Path) -> None:
    """Every file of ink that pools are made of."""
    digits = [(str(digit), strokes) for digit, strokes in STROKES.items()]
    others = [("+", PLUS), ("/", SLASH)]
    symbols = [
        line(label, strokes, f"train/{writer}", "train")
        for writer in range(3)
        for label, strokes in [*digits, *others]
        if label != str(DEV_DIGIT)
    ]
    symbols += [
        line(label, strokes, f"dev/{writer}", "dev") for writer in range(2) for label, strokes in digits
    ]
    write_lines(folder / "unipen-symbols.jsonl.gz", symbols)
    letters = [
        line("A", A, "train/0", "train"),
        line("O", STROKES[0], "train/0", "train"),
        line(DEV_LETTER, W, "dev/0", "dev"),
    ]
    write_lines(folder / "unipen-letters.jsonl.gz", letters)
    write_lines(folder / "pendigits-train.jsonl.gz", [line("3", STROKES[3], "pen/1")])
    operators = [line("×", TIMES, ""), line("/", SLASH, "")]
    write_lines(folder / "detexify-operators.jsonl.gz", operators)


def small_digit(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """As MNIST has them: about 20 pixels high in uint8 (28, 28)."""
    ink = drawn_ink(digit, scale=rng.uniform(0.09, 0.12), pen_px=rng.uniform(1.8, 3.2))
    return render(ink.moved(*rng.uniform(6, 9, 2)), width_px=28, height_px=28)


def drawn_mnist(num: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images uint8 (num, 28, 28) and labels uint8 (num,), as many of each digit."""
    rng, labels = np.random.default_rng(seed), (np.arange(num) % 10).astype(np.uint8)
    return np.stack([small_digit(int(label), rng) for label in labels]), labels


def write_mnist(folder: Path, *, solid_held_out: bool) -> None:
    """MNIST's files, and who wrote what."""
    images, labels = drawn_mnist(NUM_MNIST, 0)
    writers = np.arange(NUM_MNIST, dtype=np.uint16) % NUM_WRITERS
    if solid_held_out:
        images[split_by_writer(NUM_MNIST, writers).held_out] = 255
    test_images, test_labels = drawn_mnist(NUM_TEST, 5)
    folder.mkdir(parents=True)
    write_idx(folder / "train-images-idx3-ubyte", images)
    write_idx(folder / "train-labels-idx1-ubyte", labels)
    write_idx(folder / "t10k-images-idx3-ubyte", test_images)
    write_idx(folder / "t10k-labels-idx1-ubyte", test_labels)
    np.savez(folder / "writers.npz", train=writers)


def write_scans(folder: Path) -> None:
    """Scanned symbols, dark on light: digits up to 3, and one that is none."""
    rng = np.random.default_rng(1)
    images = np.stack([255 - small_digit(digit, rng) for digit in (0, 1, 2, 3, 4)])
    folder.mkdir(parents=True)
    np.savez(folder / "bhmsds.npz", images=images, labels=np.array(["0", "1", "2", "3", "plus"]))


def write_data(folder: Path, *, solid_held_out: bool = False) -> Path:
    """The whole folder."""
    write_ink(folder / "ink")
    write_mnist(folder / "mnist", solid_held_out=solid_held_out)
    write_scans(folder / "images")
    return folder
