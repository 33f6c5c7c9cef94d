"""The library of symbols from the files of the data folder: which of them are taken, and as whose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.training.compose.glyphs import Glyph, extent, glyph_of_picture, glyph_of_strokes, slant
from handsum.training.compose.library import DIGITS, LABELS, Hand, Source, SymbolLibrary
from handsum.training.compose.shapes import is_complex, is_well_formed, without_touches
from handsum.training.data.folder import data_folder
from handsum.training.data.inks import LabelledInk, load_inks
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import split_by_writer
from handsum.training.pictures.outliers import LETTERS_LIKE_DIGITS

Split = Literal["train", "dev"]
Glyphs = dict[str, list[Glyph]]

# Letters that a reader of sums would take for a digit or an operator are no good example of nothing.
LETTERS_LIKE_SYMBOLS = LETTERS_LIKE_DIGITS | frozenset("xXtTcCfFLv")
FOREIGN_SYMBOLS = frozenset("#$%&@?")

SCANNED = {"plus": "+", "minus": "-", "slash": "/", "dot": ".", "x": "×"} | {digit: digit for digit in DIGITS}
# Scanned symbols come without a writer: they are dealt out to this many hands by turns.
NUM_SCANNED_HANDS = 20

MNIST_STYLE_DIGITS = 12


@cache
def load_library(split: Split = "train") -> SymbolLibrary:
    """The symbols of the writers to fit, or of those held out to choose and check on.

    Raises:
        DataError: HANDSUM_DATA is not set, or a file of its folder is missing or damaged.
    """
    folder = data_folder("Ink to compose pages of")
    letters = load_inks(folder / "ink" / "unipen-letters.jsonl.gz", split=split)
    symbols = load_inks(folder / "ink" / "unipen-symbols.jsonl.gz", split=split)
    hands = _pen_hands([*symbols, *_as_times(letters)], "pen") + _mnist_hands(split)
    if split == "train":  # the other files have no held-out writers
        hands += _pen_hands(load_inks(folder / "ink" / "pendigits-train.jsonl.gz"), "tablet")
        hands += _pen_hands(load_inks(folder / "ink" / "detexify-operators.jsonl.gz"), "pen")
        hands += _scanned_hands(folder / "images" / "bhmsds.npz", folder / "images" / "mdas.npz")
    return SymbolLibrary(hands, list(_foreign(letters, symbols)))


def _as_times(letters: Iterable[LabelledInk]) -> Iterator[LabelledInk]:
    for ink in letters:
        if ink.label in ("x", "X"):
            yield LabelledInk("×", ink.writer, ink.strokes)


def _foreign(letters: Iterable[LabelledInk], symbols: Iterable[LabelledInk]) -> Iterator[Glyph]:
    wanted = [ink for ink in letters if ink.label not in LETTERS_LIKE_SYMBOLS]
    wanted += [ink for ink in symbols if ink.label in FOREIGN_SYMBOLS]
    return (glyph_of_strokes(ink.strokes) for ink in wanted if is_complex(ink.strokes))


def _pen_hands(inks: Iterable[LabelledInk], source: Source) -> list[Hand]:
    by_writer: dict[str, list[LabelledInk]] = defaultdict(list)
    for ink in inks:
        if ink.label in LABELS and is_well_formed(ink.label, ink.strokes):
            by_writer[ink.writer].append(ink)
    return [_pen_hand(writer, own, source) for writer, own in by_writer.items()]


def _pen_hand(writer: str, inks: list[LabelledInk], source: Source) -> Hand:
    heights = [extent(ink.strokes)[1] for ink in inks if ink.label in DIGITS]
    digit_height = float(np.median(heights)) if heights else None
    glyphs: Glyphs = defaultdict(list)
    for ink in inks:
        strokes = without_touches(ink.strokes) if ink.label in DIGITS else ink.strokes
        glyphs[ink.label].append(glyph_of_strokes(strokes, digit_height=digit_height or None))
    digits = [glyph for digit in DIGITS for glyph in glyphs.get(digit, ())]
    if not digits:
        return Hand(writer, source, dict(glyphs))
    lean = float(np.median([slant(glyph.strokes) for glyph in digits]))
    return Hand(writer, source, dict(glyphs), (lean, float(np.median([glyph.aspect for glyph in digits]))))


def _mnist_hands(split: Split) -> list[Hand]:
    images, labels = load_mnist("train")
    writers = load_writers("train")
    parts = split_by_writer(len(images), writers)
    # Without QMNIST's numbers nobody knows who wrote what; MNIST's order keeps a writer's digits together.
    names = np.arange(len(images)) // 100 if writers is None else np.asarray(writers)
    chosen = parts.fit if split == "train" else parts.held_out
    chosen = chosen[np.argsort(names[chosen], kind="stable")]
    starts = np.flatnonzero(np.diff(names[chosen])) + 1
    return [
        _mnist_hand(f"mnist/{names[own[0]]}", images[own], labels[own]) for own in np.split(chosen, starts)
    ]


def _mnist_hand(writer: str, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Hand:
    glyphs = _glyphs_of_pictures(images, [str(label) for label in labels])
    moments = [cv2.moments(image) for image in images[:MNIST_STYLE_DIGITS]]
    lean = float(np.median([-moment["mu11"] / max(moment["mu02"], 1.0) for moment in moments]))
    aspects = [glyph.aspect for own in glyphs.values() for glyph in own]
    return Hand(writer, "scan", glyphs, (lean, float(np.median(aspects))))


def _scanned_hands(symbols: Path, operators: Path) -> list[Hand]:
    """bhmsds (dark on light) and mdas (light on dark), dealt out by turns."""
    images, names = _arrays(symbols)
    bright, operator_names = _arrays(operators)
    pictures = np.concatenate([255 - images, bright])
    labels = np.array([SCANNED.get(name, "") for name in names] + operator_names.tolist())
    known = np.flatnonzero(np.isin(labels, LABELS))
    deals = np.random.default_rng(0).permutation(known)
    hands = []
    for turn in range(NUM_SCANNED_HANDS):
        own = deals[turn::NUM_SCANNED_HANDS]
        hands.append(
            Hand(f"scans/{turn}", "picture", _glyphs_of_pictures(pictures[own], labels[own].tolist()))
        )
    return hands


def _arrays(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    try:
        with np.load(path) as arrays:
            return arrays["images"], arrays["labels"].astype(str)
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{path} is not a file of scanned symbols ({error}).") from error


def _glyphs_of_pictures(pictures: NDArray[np.uint8], labels: list[str]) -> Glyphs:
    glyphs: Glyphs = defaultdict(list)
    for picture, label in zip(pictures, labels, strict=True):
        glyph = glyph_of_picture(picture)
        if glyph is not None:
            glyphs[label].append(glyph)
    return dict(glyphs)
