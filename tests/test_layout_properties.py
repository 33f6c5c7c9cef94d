"""Layout on whatever comes: moved, scaled, shuffled, put together; noise; and real ink."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsum.layout import arrange
from handsum.layout.boxes import meeting, overlap_ratio, overlap_ratios, union
from handsum.reading import SYMBOL_LABELS, Box, Symbol
from tests.written_symbols import LINES, changed, mark, read_ink, stacked, texts, written

# Properties


def rounded(symbol: Symbol) -> Symbol:
    x0, y0, x1, y1 = map(round, symbol.box)
    return mark(symbol.label, (x0, y0, x1, y1), symbol.confidence)


coordinates = st.integers(0, 600)
boxes = st.builds(
    lambda x, y, w, h: (x, y, x + w, y + h), coordinates, coordinates, *[st.integers(1, 120)] * 2
)
symbols = st.builds(Symbol, st.sampled_from(SYMBOL_LABELS), boxes, st.integers(1, 64).map(lambda n: n / 64))
anything = st.lists(symbols, max_size=14)
# Height 80 and whole pixels, so that moving and scaling are exact.
lines = st.builds(
    lambda text, y, gap: [rounded(symbol) for symbol in written(text, 100, y, 80, gap=gap)],
    st.sampled_from(LINES),
    coordinates,
    st.sampled_from([0.0, 0.3, 0.6]),
)
fractions = st.builds(
    lambda upper, lower, x, y: [rounded(symbol) for symbol in stacked(upper, lower, x, y, 80)],
    st.sampled_from(["3", "12", "1+2"]),
    st.sampled_from(["4", "345", "1.5"]),
    coordinates,
    coordinates,
)
pages = (
    st.builds(lambda first, second, clutter: first + second + clutter[:5], lines, lines | fractions, anything)
    | anything
)
numbers = st.lists(st.sampled_from([*LINES, "98", "1/2", "3×3"]), min_size=1, max_size=4)


@given(
    anything, st.integers(-5000, 5000), st.integers(-5000, 5000), st.sampled_from([0.25, 1, 8]), st.randoms()
)
@settings(deadline=None)
def test_moving_scaling_and_shuffling_change_nothing(page, dx, dy, scale, chance) -> None:
    here = arrange(page)
    there = [changed(symbol, dx=dx * scale, dy=dy * scale, scale=scale) for symbol in page]
    chance.shuffle(there)
    moved = [[changed(symbol, dx=dx * scale, dy=dy * scale, scale=scale) for symbol in line] for line in here]
    assert [list(line) for line in arrange(there)] == moved


@given(pages)
@settings(deadline=None)
def test_what_was_arranged_stays_so(page) -> None:
    lines = arrange(page)
    assert arrange([symbol for line in lines for symbol in line]) == lines


@given(pages)
@settings(deadline=None)
def test_nothing_is_invented(page) -> None:
    marks = [symbol.label for symbol in page]
    for symbol in (symbol for line in arrange(page) for symbol in line):
        for label in symbol.raw_label:
            marks.remove(label)


@given(pages, pages)
@settings(deadline=None)
def test_two_pages_far_apart_are_read_one_after_the_other(first, second) -> None:
    below = [changed(symbol, dy=6000) for symbol in second]
    assert arrange(first + below) == arrange(first) + arrange(below)


@given(numbers, st.sampled_from([16, 64, 200]), st.randoms())
@settings(deadline=None)
def test_lines_below_one_another_are_read_in_order(written_lines, height, chance) -> None:
    page = [
        s for row, text in enumerate(written_lines) for s in written(text, y=2 * height * row, height=height)
    ]
    chance.shuffle(page)
    assert texts(arrange(page)) == written_lines


def test_a_page_full_of_noise_takes_no_time() -> None:
    chance = random.Random(0)
    corners = [(chance.uniform(0, 1000), chance.uniform(0, 1000)) for _ in range(500)]
    page = [
        mark(
            chance.choice(SYMBOL_LABELS),
            (x, y, x + chance.uniform(1, 60), y + chance.uniform(1, 60)),
            chance.random(),
        )
        for x, y in corners
    ]
    started = time.perf_counter()
    arrange(page)
    assert time.perf_counter() - started < 5


# Real ink

NUM_STROKES = {"=": 2, "+": 2, "×": 2, "÷": 3}


def symbols_of(text: str, strokes: list[Box]) -> list[Symbol] | None:
    """The symbols of an ink with just the expected strokes, the bars of = one by one; None for any other."""
    if set(text) - set(SYMBOL_LABELS) or sum(NUM_STROKES.get(label, 1) for label in text) != len(strokes):
        return None
    pen = 0.05 * sorted(box[3] - box[1] for box in strokes)[len(strokes) // 2] + 1e-6
    thick = iter([(box[0] - pen, box[1] - pen, box[2] + pen, box[3] + pen) for box in strokes])
    found: list[Symbol] = []
    for label in text:
        parts = [next(thick) for _ in range(NUM_STROKES.get(label, 1))]
        found += [mark("-", part) for part in parts] if label == "=" else [mark(label, union(*parts))]
    return found


@pytest.mark.parametrize(("name", "num_inks"), [("unipen-numbers-dev", 219), ("crohme-sums-dev", 12)])
def test_real_numbers_and_sums_are_in_order(data_folder: Path, name: str, num_inks: int) -> None:
    """Some have several lines. The misses: a defective label, late strokes, digits 20 heights apart."""
    known = {"4/10/94.", "14,", "0,0,0,0,0,"}
    inks = list(read_ink(data_folder / "ink" / f"{name}.jsonl.gz"))
    pages = [(text, page) for text, strokes in inks if (page := symbols_of(text, strokes))]
    assert len(pages) == num_inks
    misses = [text for text, page in pages if "".join(texts(arrange(reversed(page)))) != text]
    assert set(misses) <= known


@given(st.lists(boxes, max_size=12))
def test_boxes_that_share_ink_are_found_to_meet(found) -> None:
    met = meeting(found)
    for first in range(len(found)):
        for second in range(len(found)):
            if first != second and overlap_ratio(found[first], found[second]) > 0:
                assert second in met[first]


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=5))
def test_the_overlap_ratios_of_many_are_those_of_each_pair(firsts, seconds) -> None:
    ratios = overlap_ratios(firsts, seconds)
    assert ratios.shape == (len(firsts), len(seconds))
    for row, first in zip(ratios, firsts, strict=True):
        assert row.tolist() == pytest.approx([overlap_ratio(first, second) for second in seconds])
