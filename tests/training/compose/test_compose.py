"""Composed pages: their boxes, their text, their variety, and who wrote them."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from handsum.arithmetic import evaluate
from handsum.errors import DataError
from handsum.image import LONGEST_SIDE_PX
from handsum.training.compose import sources
from handsum.training.compose.content import (
    FOREIGN,
    FRACTION_SLASH,
    KINDS,
    SHARES,
    stacked_fraction,
    text_of,
    write_lines,
)
from handsum.training.compose.glyphs import glyph_of_picture, glyph_of_strokes
from handsum.training.compose.library import LABELS, Hand, SymbolLibrary
from handsum.training.compose.made import MAKERS
from handsum.training.compose.page import ComposedPage, compose
from handsum.training.compose.papers import specks, spoil_page, two_levels
from handsum.training.compose.patterns import PATTERNS
from handsum.training.compose.style import PageConfig
from handsum.training.data.folder import DATA_VARIABLE
from tests.samples import STROKES

CLEAN = PageConfig(spoiled=0.0, marked=0.0)
SMALL = PageConfig(height_px=(14.0, 40.0), most_pixels=60_000)


@pytest.fixture(scope="module")
def library() -> SymbolLibrary:
    """Two hands without any data: drawn digits, and the same digits as pictures."""
    shapes: dict[str, list[list[tuple[float, float]]]] = {
        "-": [[(0, 0), (1, 0)]], "(": [[(0.3, 0), (0, 0.5), (0.3, 1)]], ")": [[(0, 0), (0.3, 0.5), (0, 1)]],
        "/": [[(0.5, 0), (0, 1)]], ".": [[(0, 0)]], ",": [[(0.1, 0), (0, 0.3)]],
    }  # fmt: skip
    strokes = {str(digit): paths for digit, paths in STROKES.items()} | shapes
    inks = {label: [np.array(path, np.float32) for path in paths] for label, paths in strokes.items()}
    pen = {label: [glyph_of_strokes(ink)] for label, ink in inks.items()}
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 12:16] = 200
    picture = glyph_of_picture(bar)
    assert picture is not None
    scan = {str(digit): [picture] for digit in range(10)}
    letters = [glyph_of_strokes([np.array([(0, 1), (0.5, 0), (1, 1)], np.float32)])]
    return SymbolLibrary([Hand("pen", "pen", pen), Hand("scan", "scan", scan)], letters)


def pages(library: SymbolLibrary, num: int, config: PageConfig) -> list[ComposedPage]:
    return [compose(library, np.random.default_rng([1, number]), config) for number in range(num)]


def test_the_same_seed_composes_the_same_page(library: SymbolLibrary) -> None:
    for seed in range(12):
        first, second = (compose(library, np.random.default_rng(seed), SMALL) for _ in range(2))
        assert np.array_equal(first.page, second.page)
        assert (first.symbols, first.lines) == (second.symbols, second.lines)


def test_all_ink_of_a_clean_page_lies_in_the_boxes(library: SymbolLibrary) -> None:
    kinds = {kind: 1.0 for kind in KINDS if kind not in ("with words", "words", "amount")}
    config = PageConfig(spoiled=0.0, marked=0.0, kinds=kinds)
    for page in pages(library, 60, config):
        left = page.page.copy()
        for symbol in page.symbols:
            x0, y0, x1, y1 = symbol.box
            assert 0 <= x0 < x1 <= left.shape[1]
            assert 0 <= y0 < y1 <= left.shape[0]
            inside = page.page[y0:y1, x0:x1]
            assert min(inside[0].max(), inside[-1].max(), inside[:, 0].max(), inside[:, -1].max()) > 0
        for symbol in page.symbols:
            x0, y0, x1, y1 = symbol.box
            left[y0:y1, x0:x1] = 0
        assert not left.any()


def test_labels_and_lines_say_the_same(library: SymbolLibrary) -> None:
    kinds = {name: share for name, share in SHARES.items() if name != "stacked fraction"}
    for page in pages(library, 80, replace(SMALL, kinds=kinds)):
        assert "".join(symbol.label for symbol in page.symbols) == "".join(page.lines)
        assert all(page.lines)
        assert page.page.dtype == np.uint8


def test_a_stacked_fraction_is_written_above_and_below_a_bar(library: SymbolLibrary) -> None:
    line = f"7-12{FRACTION_SLASH}345=4{FRACTION_SLASH}5"
    for seed in range(20):
        page = compose(library, np.random.default_rng(seed), CLEAN, lines=[line, line])
        assert page.lines == ("7-12/345=4/5",) * 2
        assert "".join(symbol.label for symbol in page.symbols) == "7-12-345=4-5" * 2
        _, minus, *upper, bar, three, _, five = (symbol.box for symbol in page.symbols[:8])
        assert max(bottom for *_, bottom in upper) <= bar[1] + 2
        assert min(three[1], five[1]) >= bar[3] - 2
        assert bar[0] <= three[0] + 5
        assert five[2] <= bar[2] + 5
        assert minus[2] < bar[0]
        ink = page.page[bar[1] : bar[3], bar[0] : bar[2]]
        assert (ink.max(axis=0) > 0).all()


def test_stacked_fractions_are_well_formed() -> None:
    rng = np.random.default_rng(5)
    lines = [stacked_fraction(rng) for _ in range(300)]
    assert all(FRACTION_SLASH in line for line in lines)
    assert {evaluate(text_of(line)).status for line in lines} <= {"answered", "true", "false"}


def test_what_is_asked_for_is_written(library: SymbolLibrary) -> None:
    lines = ["12 + 7=19", f"(-3,5)×2 {FOREIGN}{FOREIGN}", "4÷8/1.0"]
    page = compose(library, np.random.default_rng(0), CLEAN, lines=lines)
    assert page.lines == ("12+7=19", "(-3,5)×2", "4÷8/1.0")
    tops = [page.symbols[0].box[1], page.symbols[7].box[1], page.symbols[-7].box[1]]
    assert tops == sorted(tops)


def test_a_line_of_nothing_is_a_blank_page(library: SymbolLibrary) -> None:
    page = compose(library, np.random.default_rng(0), CLEAN, lines=[])
    assert page.symbols == ()
    assert page.lines == ()
    assert page.page.size
    assert not page.page.any()


def test_what_is_no_label_is_refused(library: SymbolLibrary) -> None:
    with pytest.raises(ValueError, match="nobody has written"):
        compose(library, np.random.default_rng(0), lines=["2*3"])


def test_symbols_nobody_wrote_are_left_out_or_made() -> None:
    only = SymbolLibrary([Hand("one", "pen", {str(d): MAKERS_OF_ONE for d in range(10)})])
    page = compose(only, np.random.default_rng(0), CLEAN, lines=["1(×"])
    assert page.lines == ("1×",)


MAKERS_OF_ONE = [glyph_of_strokes(MAKERS["1"](np.random.default_rng(0)))]


@pytest.mark.parametrize(
    ("spacing", "least", "most"), [("wide", 0.0, 0.0), ("touching", 0.2, 1.0), ("overlapping", 0.4, 1.0)]
)
def test_spacing(library: SymbolLibrary, spacing: str, least: float, most: float) -> None:
    config = PageConfig(spoiled=0.0, marked=0.0, spacing=spacing, height_px=(20.0, 40.0))  # type: ignore[arg-type]
    found = [compose(library, np.random.default_rng(seed), config, lines=["80593"]) for seed in range(30)]
    gaps = [
        b.box[0] - a.box[2] for page in found for a, b in zip(page.symbols, page.symbols[1:], strict=False)
    ]
    assert least <= np.mean(np.array(gaps) <= 0) <= most


def shared_width(library: SymbolLibrary, spacing: str) -> float:
    """By how much neighbours run into each other, on the mean, in hundredths of a digit's height."""
    config = PageConfig(spoiled=0.0, marked=0.0, spacing=spacing, height_px=(40.0, 40.0))  # type: ignore[arg-type]
    shared = []
    for seed in range(30):
        page = compose(library, np.random.default_rng(seed), config, lines=["80593"])
        neighbours = zip(page.symbols, page.symbols[1:], strict=False)
        shared += [max(0, first.box[2] - second.box[0]) for first, second in neighbours]
    return float(np.mean(shared)) / 0.4


def test_overlapping_digits_run_further_into_each_other_than_touching_ones(library: SymbolLibrary) -> None:
    assert shared_width(library, "overlapping") > 1.3 * shared_width(library, "touching")


def test_sizes_are_kept(library: SymbolLibrary) -> None:
    config = PageConfig(spoiled=0.0, marked=0.0, height_px=(30.0, 30.0))
    page = compose(library, np.random.default_rng(3), config, lines=["0-8.5,3(2)="])
    heights = {symbol.label: symbol.box[3] - symbol.box[1] for symbol in page.symbols}
    assert 18 < heights["0"] < 48
    assert heights["."] < heights[","] < heights["0"]
    assert heights["-"] < heights["="] < heights["0"]
    middle = {symbol.label: (symbol.box[1] + symbol.box[3]) / 2 for symbol in page.symbols}
    assert middle["-"] < middle["."]


def test_a_page_stays_below_its_most_pixels(library: SymbolLibrary) -> None:
    sizes = [page.page.size for page in pages(library, 60, PageConfig(spoiled=0.0, most_pixels=40_000))]
    # Long lines are estimated, and not made smaller than the least height.
    assert np.median(sizes) < 40_000
    assert max(sizes) < 120_000


def test_a_line_too_long_to_be_loaded_whole_stays_clean(library: SymbolLibrary) -> None:
    """Loading would shrink its paper, and its symbols would lie elsewhere."""
    config = PageConfig(height_px=(220.0, 220.0), spacing="wide", spoiled=1.0, marked=0.0, most_pixels=10**8)
    page = compose(library, np.random.default_rng(0), config, lines=["12345678901234567890123456"])
    assert page.page.shape[1] > LONGEST_SIDE_PX
    assert max(symbol.box[2] for symbol in page.symbols) > LONGEST_SIDE_PX


def test_every_label_and_kind_is_written_often() -> None:
    rng = np.random.default_rng(5)
    lines = [line for _ in range(3000) for line in write_lines(rng)]
    counts = Counter("".join(text_of(line) for line in lines))
    total = sum(counts.values())
    assert set(counts) == set(LABELS)
    assert min(counts.values()) > 0.015 * total
    assert max(counts.values()) < 0.1 * total
    assert sum(FOREIGN in line for line in lines) > 0.03 * len(lines)
    assert set(SHARES) == set(KINDS)


def test_only_the_kinds_asked_for_are_written() -> None:
    rng = np.random.default_rng(6)
    lines = [line for _ in range(50) for line in write_lines(rng, shares={"digits": 1.0})]
    assert all(line.isdecimal() for line in lines)
    assert {len(line) for line in lines} <= set(range(1, 13))


def test_paper_moves_nothing_and_is_of_either_polarity() -> None:
    page = np.zeros((60, 120), np.uint8)
    page[20:40, 50:56] = 255
    polarities = set()
    for seed in range(40):
        spoiled = spoil_page(page, 20.0, np.random.default_rng(seed))
        assert spoiled.shape == page.shape
        assert spoiled.dtype == np.uint8
        polarities.add(bool(np.median(spoiled) > 127))
    assert polarities == {True, False}
    assert page.max() == 255


def test_print_on_paper_is_of_its_size_and_fainter_than_ink_or_as_dark() -> None:
    for seed, pattern in itertools.product(range(12), PATTERNS):
        ground = pattern((50, 130), 20.0, np.random.default_rng(seed))
        assert ground.shape == (50, 130), pattern
        assert ground.dtype == np.float32, pattern
        assert 0 <= ground.min() <= ground.max() <= 1, pattern
        assert ground.mean() < 0.7, pattern


def test_no_speck_is_as_wide_as_the_pen() -> None:
    page = np.zeros((400, 400), np.float32)
    cv2.circle(page, (200, 200), 100, 1.0, 10)
    widest = 0
    for seed in range(20):
        dusty = specks(page, 200.0, np.random.default_rng(seed))
        _, _, stats, _ = cv2.connectedComponentsWithStats((dusty - page > 0.1).astype(np.uint8))
        sizes = stats[1:, 2:4]
        # Where there are few, hardly any lie on one another.
        if len(sizes) < 30:
            widest = max(widest, int(sizes.max(initial=0)))
    assert 2 <= widest <= 8


def test_specks_on_a_blank_page_are_the_smallest() -> None:
    for seed in range(10):
        dusty = specks(np.zeros((120, 200), np.float32), 60.0, np.random.default_rng(seed))
        assert np.count_nonzero(dusty) < 0.05 * dusty.size


def test_a_scan_in_black_and_white_has_two_levels() -> None:
    page = np.zeros((60, 120), np.float32)
    page[20:40, 50:56] = 1
    for seed in range(10):
        assert set(np.unique(two_levels(page, 20.0, np.random.default_rng(seed)))) <= {0.0, 1.0}


def test_paper_without_writing_has_no_symbols(library: SymbolLibrary) -> None:
    for seed in range(10):
        page = compose(library, np.random.default_rng(seed), PageConfig(kinds={"nothing": 1.0}))
        assert (page.symbols, page.lines) == ((), ())
        assert min(page.page.shape) >= 12


def test_a_library_needs_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sources.load_library.cache_clear()
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    with pytest.raises(DataError, match="not set"):
        sources.load_library()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    with pytest.raises(DataError, match="cannot be read"):
        sources.load_library()
