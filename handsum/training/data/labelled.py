"""Sets of labelled digits to score on, whatever they are stored as."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.image_file import IMAGE_SUFFIXES
from handsum.ink import DEFAULT_PEN_WIDTH_PX, Ink, render
from handsum.reading import FRAME_SIZE
from handsum.training.data.idx import read_idx
from handsum.training.data.inks import not_ink, read_rows
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import split_by_writer

DIGITS = frozenset("0123456789")

SAMPLE_SEED = 0

# A digit on a drawing window: in the middle, a little over half as high as the paper.
CANVAS_PX = 400
INK_HEIGHT_SHARE = 0.55
# Long flat strokes would run off the paper at that height; they end this far apart instead.
INK_WIDTH_SHARE = 0.85


@dataclass(frozen=True, eq=False)
class LabelledSet:
    """Digits and their labels.

    Attributes:
        name: what to call the set in a report.
        labels: uint8 (n,).
        frames: float32 (n, 28, 28), ink 1.0 on 0.0, where the images are frames already; else None.
        image: gives the i-th image as `Reader.read_digit` takes it; ink is drawn when asked for.
    """

    name: str
    labels: NDArray[np.uint8]
    image: Callable[[int], Any]
    frames: NDArray[np.float32] | None = None

    def images(self) -> Iterator[Any]:
        """Every image, in order."""
        return (self.image(index) for index in range(len(self.labels)))

    def sample(self, most: int) -> LabelledSet:
        """At most so many of them, chosen by chance but always the same, in their order."""
        if most >= len(self.labels):
            return self
        chosen = np.sort(np.random.default_rng(SAMPLE_SEED).permutation(len(self.labels))[:most])
        name = f"{self.name} ({most:,} of {len(self.labels):,})"
        frames = None if self.frames is None else self.frames[chosen]
        return LabelledSet(name, self.labels[chosen], lambda index: self.image(int(chosen[index])), frames)


class InkEntry(NamedTuple):
    """A line of a file of ink: what was written, by whom, and the part of the data it belongs to."""

    label: str
    ink: Ink
    split: str | None
    writer: str | None


def load_labelled(path: Path | None = None, *, split: str | None = None) -> LabelledSet:
    """A labelled set from wherever `path` leads; MNIST without one.

    `path` is a folder of ``<digit>/*.png``, the images file of an IDX pair (``...images-idx3...`` with
    ``...labels-idx1...`` beside it), a ``.npz`` of `images` and `labels`, or JSON lines of ink (``.jsonl``,
    ``.jsonl.gz``). Of ink, `split` keeps one split; of MNIST, it takes the test set ("test", unless said)
    or the writers that training holds out ("held-out"). What is not labelled 0..9 is left out.

    Raises:
        DataError: there is nothing at `path`, it is damaged, it has no such split, or no digit is in it.
    """
    if path is None:
        return _load_mnist(split or "test")
    if not path.exists():
        raise DataError(f"There is nothing at {path}.")
    labelled = _load_by_kind(path, split)
    if not len(labelled.labels):
        raise DataError(f"{path} holds no digit with a label from 0 to 9.")
    return labelled


def place_ink(ink: Ink) -> Ink:
    """The ink as someone would have drawn it on a 400x400 paper: centred, 55 % of its height, pen 14 px.

    Size and place are measured on the pen's path, so that they do not depend on the pen. A dot stays a
    dot, in the middle; ink that would be too wide is made as high as its width allows.
    """
    points = ink.points
    if not points:
        return ink
    x0, x1 = min(p.x for p in points), max(p.x for p in points)
    y0, y1 = min(p.y for p in points), max(p.y for p in points)
    limits = [
        share * CANVAS_PX / extent
        for share, extent in ((INK_HEIGHT_SHARE, y1 - y0), (INK_WIDTH_SHARE, x1 - x0))
        if extent > 0
    ]
    centred = ink.moved(-(x0 + x1) / 2, -(y0 + y1) / 2).scaled(min(limits, default=1.0), pen_too=False)
    return centred.moved(CANVAS_PX / 2, CANVAS_PX / 2).with_pen(DEFAULT_PEN_WIDTH_PX)


def read_ink_entries(path: Path) -> Iterator[InkEntry]:
    """Every line of a file of ink (``.jsonl``, ``.jsonl.gz``), with the strokes as they were written.

    Raises:
        DataError: the file is damaged, or a line is not labelled ink.
    """
    for row in read_rows(path):
        try:
            yield InkEntry(str(row["label"]), Ink.of(row["strokes"]), row.get("split"), row.get("writer"))
        except (ValueError, TypeError, AttributeError) as error:
            raise not_ink(path, error) from error


def draw(ink: Ink) -> NDArray[np.uint8]:
    """Ink on a 400x400 page."""
    return render(ink, width_px=CANVAS_PX, height_px=CANVAS_PX)


def _load_mnist(split: str) -> LabelledSet:
    if split == "test":
        return _frames_set("MNIST test", *load_mnist("test"))
    if split != "held-out":
        raise DataError(f'MNIST has the splits "test" and "held-out", not "{split}".')
    images, labels = load_mnist("train")
    chosen = split_by_writer(len(images), load_writers("train")).held_out
    return _frames_set("MNIST, held-out writers", images[chosen], labels[chosen])


def _load_by_kind(path: Path, ink_split: str | None) -> LabelledSet:
    if path.is_dir():
        return _load_folder(path)
    if path.suffix == ".npz":
        return _load_npz(path)
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return _load_ink(path, ink_split)
    return _load_idx_pair(path)


def _load_folder(folder: Path) -> LabelledSet:
    found = [
        (int(digit), path)
        for digit in sorted(DIGITS)
        for path in sorted((folder / digit).glob("*"))
        if path.suffix.lower() in IMAGE_SUFFIXES
    ]
    return _images_set(folder.name, [digit for digit, _ in found], [path for _, path in found])


def _load_npz(path: Path) -> LabelledSet:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
    except KeyError as error:
        raise DataError(f"{path} must hold the arrays `images` and `labels` ({error}).") from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as an .npz file of plain arrays ({error}).") from error
    if labels.ndim != 1 or images.ndim not in (3, 4) or len(images) != len(labels):
        raise DataError(f"{path} must hold one label per image, not {labels.shape} and {images.shape}.")
    if images.dtype.kind not in "biuf" or (images.ndim == 4 and images.shape[3] not in (1, 3, 4)):
        raise DataError(f"{path} holds no images, but {images.dtype} {images.shape}.")
    kept = [index for index, label in enumerate(labels) if str(label) in DIGITS]
    return _images_set(path.name, [int(labels[index]) for index in kept], images[kept])


def _load_idx_pair(path: Path) -> LabelledSet:
    labels_path = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
    if labels_path == path:
        raise DataError(f"{path} is no kind of labelled set that handsum knows; see `handsum score --help`.")
    images, labels = read_idx(path), read_idx(labels_path)
    if labels.ndim != 1 or images.ndim != 3 or len(images) != len(labels):
        raise DataError(f"{path} {images.shape} and {labels_path.name} {labels.shape} are no pair.")
    kept = np.isin(labels, range(10))
    images, labels = images[kept], labels[kept]
    if images.dtype == np.uint8 and images.shape[1:] == (FRAME_SIZE, FRAME_SIZE):
        return _frames_set(path.name, images, labels)
    return _images_set(path.name, labels, images)


def _load_ink(path: Path, split: str | None) -> LabelledSet:
    entries = [e for e in read_ink_entries(path) if e.label in DIGITS and split in (None, e.split)]
    labels = np.array([int(entry.label) for entry in entries], np.uint8)
    try:
        # Placed at once, so that what cannot be placed is told before the reading starts.
        inks = [place_ink(entry.ink) for entry in entries]
    except ValueError as error:
        raise DataError(f"{path} has ink that fits on no paper ({error}).") from error
    return LabelledSet(path.name, labels, lambda index: draw(inks[index]))


def _images_set(name: str, labels: Any, images: Sequence[Any] | NDArray[Any]) -> LabelledSet:
    return LabelledSet(name, np.asarray(labels, np.uint8), lambda index: images[index])


def _frames_set(name: str, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> LabelledSet:
    return LabelledSet(name, labels, lambda index: images[index], np.divide(images, 255, dtype=np.float32))
