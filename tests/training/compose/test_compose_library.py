"""The composer's symbols: real ones of the right writers, and of the shape that their label promises."""

from __future__ import annotations

import gzip
import re
import time
from pathlib import Path

import numpy as np
import pytest

from handsum.training.compose.glyphs import extent, glyph_of_picture, glyph_of_strokes, slant
from handsum.training.compose.library import DIGITS, LABELS, SymbolLibrary
from handsum.training.compose.made import MAKERS
from handsum.training.compose.many import compose_many, compose_numbered
from handsum.training.compose.page import compose
from handsum.training.compose.shapes import is_complex, is_well_formed, without_touches
from handsum.training.compose.sources import load_library
from handsum.training.compose.style import PageConfig
from handsum.training.data.mnist import load_writers
from handsum.training.data.split import split_by_writer

# About ten times what it takes on one quiet core; a machine that trains beside is several times slower.
MOST_SECONDS_PER_PAGE = 0.1

# Faster than unpacking every stroke.
WRITER_AND_SPLIT = re.compile(r'"writer": ?"(.*?)".*?"split": ?"(.*?)"')


def strokes(*paths: list[tuple[float, float]]) -> list[np.ndarray]:
    return [np.array(path, np.float32) for path in paths]


WELL_FORMED = {
    "+": strokes([(0, 5), (10, 5)], [(5, 0), (5, 10)]),
    "×": strokes([(0, 0), (10, 10)], [(10, 0), (0, 10)]),
    "÷": strokes([(0, 5), (10, 5)], [(5, 1)], [(5, 9)]),
    "=": strokes([(0, 0), (10, 0)], [(0, 4), (10, 4)]),
    "-": strokes([(0, 0), (10, 1)]),
    "/": strokes([(5, 0), (0, 10)]),
    "(": strokes([(3, 0), (0, 5), (3, 10)]),
    ")": strokes([(0, 0), (3, 5), (0, 10)]),
    ",": strokes([(2, 0), (0, 4)]),
    ".": strokes([(0, 0)]),
    "1": strokes([(0, 0), (0, 9)]),
    "0": strokes([(3, 0), (0, 3), (0, 6), (3, 9), (6, 6), (6, 3), (3, 0)]),
    "4": strokes([(4, 0), (0, 5), (6, 5)], [(5, 2), (5, 9)]),
    "8": strokes([(6, 1), (3, 0), (1, 2), (3, 4), (6, 6), (3, 9), (0, 6), (3, 4), (6, 1)]),
}


NOT_THE_SAME = {
    "01",
    "0/",
    "41",
    "4/",
    "4-",
    "80",
    "81",
    "+-",
    "+=",
    "+×",
    "×+",
    "×/",
    "=-",
    "=+",
    "=÷",
    "÷=",
    "-1",
    "/(",
    "()",
    ")(",
    ")/",
    ",-",
    "1-",
}


@pytest.mark.parametrize("label", WELL_FORMED)
def test_a_symbol_is_known_by_its_shape(label: str) -> None:
    assert is_well_formed(label, WELL_FORMED[label])


@pytest.mark.parametrize("pair", sorted(NOT_THE_SAME), ids=" is not ".join)
def test_another_shape_is_refused(pair: str) -> None:
    assert not is_well_formed(pair[0], WELL_FORMED[pair[1]])


@pytest.mark.parametrize("label", MAKERS)
def test_made_symbols_have_the_shape_of_their_label(label: str) -> None:
    made = [MAKERS[label](np.random.default_rng(seed)) for seed in range(100)]
    assert all(np.isfinite(stroke).all() for ink in made for stroke in ink)
    assert np.mean([is_well_formed(label, ink) for ink in made]) > 0.8


def test_a_touch_of_the_pen_is_no_part_of_a_digit() -> None:
    seven = strokes([(0, 0), (6, 0), (2, 10)], [(2, 5), (5, 5)])
    touched = [*seven, *strokes([(9, 9)], [(8, 2), (8.2, 2.3)])]
    assert without_touches(touched) == seven
    assert without_touches(seven) == seven


def test_a_four_in_one_stroke_turns_more_than_once() -> None:
    assert is_well_formed("4", strokes([(4, 0), (0, 5), (6, 5), (6, 1), (6, 9)]))
    assert not is_well_formed("4", strokes([(1, 0), (0, 9), (7, 8)]))


@pytest.mark.parametrize(("path", "is_one"), [([(0, 2), (3, 0), (3, 9)], True), ([(0, 0), (9, 1)], False)])
def test_a_one_is_no_level_bar(path: list[tuple[float, float]], is_one: bool) -> None:
    assert is_well_formed("1", strokes(path)) == is_one


def test_what_is_left_of_a_letter_is_not_writing() -> None:
    assert not is_complex(WELL_FORMED["-"])
    assert not is_complex(WELL_FORMED["."])
    assert is_complex(WELL_FORMED["×"])


def test_glyphs_are_of_one_size() -> None:
    glyph = glyph_of_strokes(strokes([(100, 100), (300, 500)]), digit_height=200.0)
    assert max(extent(glyph.strokes)) == pytest.approx(1.0)
    assert glyph.height == pytest.approx(2.0)
    assert glyph.aspect == pytest.approx(0.5)
    assert slant(glyph.strokes) == pytest.approx(-0.5)


def test_a_dot_and_a_blank_picture() -> None:
    assert extent(glyph_of_strokes(strokes([(5, 5)])).strokes) == (0.0, 0.0)
    assert glyph_of_picture(np.zeros((28, 28), np.uint8)) is None


def test_the_stairs_of_coarse_tablets_are_smoothed() -> None:
    stairs = [(float((i + 1) // 2), float(i // 2)) for i in range(20)]
    [path] = glyph_of_strokes(strokes(stairs)).strokes
    steps = np.diff(path, axis=0)
    assert (np.abs(steps) > 1e-6).all(axis=1).mean() > 0.8


@pytest.fixture(scope="module")
def train(data_folder: Path) -> SymbolLibrary:
    return load_library("train")


@pytest.fixture(scope="module")
def dev(data_folder: Path) -> SymbolLibrary:
    return load_library("dev")


def test_no_held_out_writer_is_in_the_library(
    train: SymbolLibrary, dev: SymbolLibrary, data_folder: Path
) -> None:
    writers, held_out = ({hand.writer for hand in library.hands} for library in (train, dev))
    assert not writers & held_out
    for name in ("unipen-symbols", "unipen-letters"):
        with gzip.open(data_folder / "ink" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            kept = {WRITER_AND_SPLIT.findall(line)[0] for line in lines}
        assert not writers & {writer for writer, split in kept if split == "dev"}
    numbers = load_writers("train")
    if numbers is not None:
        kept_back = {f"mnist/{number}" for number in numbers[split_by_writer(len(numbers), numbers).held_out]}
        assert len(kept_back) == len(kept_back & held_out) == 45
        assert not writers & kept_back


def test_the_library_has_enough_of_every_label(train: SymbolLibrary, dev: SymbolLibrary) -> None:
    counts = train.num_glyphs()
    assert min(counts[digit] for digit in DIGITS) > 8000
    assert min(counts.values()) > 350
    assert set(dev.writers_by_source) == {"pen", "scan"}
    assert all(dev.num_glyphs()[label] or label in MAKERS for label in LABELS)


def test_a_hand_borrows_from_its_like(train: SymbolLibrary) -> None:
    rng = np.random.default_rng(0)
    for source in train.writers_by_source:
        hand = train.writers_by_source[source][0]
        assert all(train.glyphs_of(hand, label, rng) for label in LABELS)
        assert train.glyphs_of(hand, "8", rng) is hand.glyphs["8"]


def test_pages_are_numbered(train: SymbolLibrary) -> None:
    config = PageConfig(height_px=(14.0, 30.0), most_pixels=60_000)
    many = list(compose_many(5, seed=4, config=config, num_processes=1, first=7))
    assert len(many) == 5
    alone = compose_numbered(9, seed=4, config=config)
    assert np.array_equal(alone.page, many[2].page)
    assert alone.symbols == many[2].symbols


def test_processes_give_the_same_pages_in_order(dev: SymbolLibrary) -> None:
    config = PageConfig(height_px=(14.0, 20.0), most_pixels=20_000, spoiled=0.0)
    apart, here = (
        list(compose_many(60, seed=4, split="dev", config=config, num_processes=num)) for num in (2, 1)
    )
    assert [page.lines for page in apart] == [page.lines for page in here]
    assert np.array_equal(apart[55].page, here[55].page)


def test_real_pages_hold_every_label(train: SymbolLibrary) -> None:
    config = PageConfig(spoiled=0.0, height_px=(12.0, 24.0))
    pages = compose_many(150, seed=1, config=config, num_processes=1)
    assert {symbol.label for page in pages for symbol in page.symbols} == set(LABELS)


def test_composing_is_fast_enough(train: SymbolLibrary) -> None:
    config = PageConfig(height_px=(32.0, 48.0), spoiled=0.0)
    started = time.process_time()
    for seed in range(30):
        compose(train, np.random.default_rng(seed), config, lines=["12+34=46"])
    assert (time.process_time() - started) / 30 < MOST_SECONDS_PER_PAGE
