"""The sets that pages are measured on: real numbers and sums as ink, and pages composed of real symbols.

Nobody's writing here was used for fitting: the numbers and sums are for checking only, composed pages are
written by "dev" writers, and MNIST's digits by those that training holds out.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bench.accuracy import SCENES, draw_all, pen_digits
from bench.pages_papers import PAPERS, Paper
from handsum.ink import Ink, render
from handsum.reading import SYMBOL_LABELS
from handsum.training.compose.page import compose
from handsum.training.compose.sources import load_library
from handsum.training.compose.style import PageConfig, Spacing
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import split_by_writer

Page = NDArray[np.uint8]
Some = TypeVar("Some")

# Paper around ink that is drawn as a page, in heights of a digit.
MARGIN = 0.5

# Of the strokes of a line, those at least so high as the highest tell how high its digits are.
TALL_SHARE = 0.5

NUM_ON_PAPERS = 140
NUM_COMPOSED = 500
NUM_DIGITS_TOGETHER = 5
NUM_MNIST = 1000
# Digits as the held-out writers wrote them: those drawn by rule, for training, are nobody's.
CLEAN = PageConfig(by_rule=False, marked=0, spoiled=0)
SUM_KINDS = {"simple sum": 0.5, "long sum": 0.2, "bracketed sum": 0.2, "chain": 0.1}


class Sample(NamedTuple):
    """What is written, and what is read: strokes, or a picture uint8 (H, W).

    Lines of a label are parted by line breaks, unless it is of `unknown_rows`: then nothing parts them.
    """

    label: str
    source: Ink | Page
    unknown_rows: bool = False


class Writing(NamedTuple):
    """How ink is drawn: how high its digits are, and the pen's width."""

    height_px: float
    pen_px: float


PLAIN = Writing(64, 4)
PENS = {
    "hairline of 1 px, digits of 200 px": Writing(200, 1),
    "hairline of 1 px": Writing(64, 1),
    "pen of 2 px": Writing(64, 2),
    "marker of 12 px": Writing(64, 12),
}
SIZES = {
    f"digits of {height} px": Writing(height, max(1.0, height * PLAIN.pen_px / PLAIN.height_px))
    for height in (12, 16, 24, 40, 120, 300)
}

# How many times as high as the line below it, and how far above it, in heights of its digits.
TIMES = (1.5, 2.5, 4.0)
ROW_GAP = 0.6

# The samples of a set, at most so many of them; None for all.
CheckSet = Callable[[int | None], Iterator[Sample]]


def check_sets(data: Path) -> dict[str, CheckSet]:
    """Every set by name."""
    numbers, sums = data / "ink" / "unipen-numbers-dev.jsonl.gz", data / "ink" / "crohme-sums-dev.jsonl.gz"
    drawn = {name: ink_set(numbers, PLAIN, is_wanted) for name, is_wanted in NUMBERS.items()}
    # As pages: of ink, neither the pen nor the size makes a difference to the reader.
    varied = {
        f"numbers, {name}": as_pages(ink_set(numbers, writing, str.isdigit))
        for name, writing in {**PENS, **SIZES}.items()
    }
    return {
        **drawn,
        "numbers, digits only, as pages": as_pages(drawn["numbers, digits only"]),
        **varied,
        **on_papers(numbers),
        **of_two_sizes(numbers),
        "sums": ink_set(sums, PLAIN),
        "sums, as pages": as_pages(ink_set(sums, PLAIN)),
        "five digits apart": _five_digits("normal"),
        "five digits touching": _five_digits("touching"),
        "five digits overlapping": _five_digits("overlapping"),
        "composed sums, clean": _composed(replace(CLEAN, kinds=SUM_KINDS), seed=2),
        "composed sums, spoiled": _composed(replace(CLEAN, kinds=SUM_KINDS, spoiled=1), seed=2),
        "composed stacked fractions": _composed(replace(CLEAN, kinds={"stacked fraction": 1}), seed=4),
        "composed checks, true": _checks(is_true=True),
        "composed checks, one digit wrong": _checks(is_true=False),
    }


def single_digits(data: Path) -> dict[str, CheckSet]:
    """Sets of one digit each, for which `read` should be as good as `read_digit`."""
    symbols = data / "ink" / "unipen-symbols.jsonl.gz"
    return {"pen digits on 400x400": lambda most: _pen_digits(symbols, most), "MNIST": _mnist_digits}


def _is_ours(label: str) -> bool:
    return set(label) <= {*SYMBOL_LABELS, " "}


NUMBERS: dict[str, Callable[[str], bool]] = {
    "numbers, digits only": str.isdigit,
    "numbers, our symbols": _is_ours,
    "numbers, all": lambda label: True,
}


def ink_set(path: Path, writing: Writing, is_wanted: Callable[[str], bool] = _is_ours) -> CheckSet:
    """The lines of a file of ink whose label is wanted, as ink; their labels without spaces."""

    def samples(most: int | None) -> Iterator[Sample]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if is_wanted(row["label"])]
        for row in spread(rows, most):
            # A blank is a gap, or the end of a row.
            label, ink = row["label"].replace(" ", ""), written(Ink.of(row["strokes"]), writing)
            yield Sample(label, ink, unknown_rows=" " in row["label"])

    return samples


def on_papers(path: Path) -> dict[str, CheckSet]:
    """Numbers of digits only, as scanners, cameras and cheques show them; the same lines on every paper."""

    def on(paper: Paper) -> CheckSet:
        def samples(most: int | None) -> Iterator[Sample]:
            rng = np.random.default_rng(5)
            written = ink_set(path, PLAIN, str.isdigit)(min(most or NUM_ON_PAPERS, NUM_ON_PAPERS))
            for label, ink, _ in written:
                assert isinstance(ink, Ink)
                yield Sample(label, paper(ink, PLAIN.height_px, rng))

        return samples

    return {f"numbers, {name}": on(paper) for name, paper in PAPERS.items()}


def of_two_sizes(path: Path) -> dict[str, CheckSet]:
    """Pairs of numbers of digits only, of which the lower is smaller: as ink, and as pages."""

    def pairs(times: float) -> CheckSet:
        def samples(most: int | None) -> Iterator[Sample]:
            written = list(ink_set(path, PLAIN, str.isdigit)(most))
            for upper, lower in zip(written[::2], written[1::2], strict=False):
                assert isinstance(upper.source, Ink)
                assert isinstance(lower.source, Ink)
                yield Sample(f"{upper.label}\n{lower.label}", _beneath(upper.source, lower.source, times))

        return samples

    sets = {f"numbers, {times:g} times as high as those below": pairs(times) for times in TIMES}
    return sets | {f"{name}, as pages": as_pages(of_ink) for name, of_ink in sets.items()}


def _beneath(upper: Ink, lower: Ink, times: float) -> Ink:
    """One line below another that is so many times as high."""
    small = lower.scaled(1 / times)
    assert upper.box is not None
    assert small.box is not None
    down = upper.box[3] + ROW_GAP * PLAIN.height_px - small.box[1]
    return Ink((*upper.strokes, *small.moved(upper.box[0] - small.box[0], down).strokes))


def as_pages(check_set: CheckSet) -> CheckSet:
    """The same ink, drawn dark on white paper."""
    return lambda most: (sample._replace(source=draw(sample.source)) for sample in check_set(most))


def draw(source: Ink | Page) -> Page:
    """Ink in the middle of white paper; a page as it is."""
    if not isinstance(source, Ink):
        return source
    box = source.box
    if box is None:
        return np.full((1, 1), 255, np.uint8)
    x0, y0, x1, y1 = box
    margin = MARGIN * digit_height(source)
    width_px, height_px = (round(side + 2 * margin) for side in (x1 - x0, y1 - y0))
    return 255 - render(source.moved(margin - x0, margin - y0), width_px=width_px, height_px=height_px)


def written(ink: Ink, writing: Writing) -> Ink:
    """The ink with digits of that height, by that pen."""
    factor = writing.height_px / max(digit_height(ink), 1e-6)
    return ink.scaled(factor, pen_too=False).with_pen(writing.pen_px)


def digit_height(ink: Ink) -> float:
    """How high a line's digits are, from its strokes: the median of the tall ones."""
    heights = np.array([np.ptp([point.y for point in stroke.points]) for stroke in ink.strokes])
    return float(np.median(heights[heights >= TALL_SHARE * heights.max()]))


def spread(items: Sequence[Some], most: int | None) -> list[Some]:
    """At most so many of the items, evenly from the first to the last."""
    if most is None or most >= len(items):
        return list(items)
    return [items[index * len(items) // most] for index in range(most)]


def _five_digits(spacing: Spacing) -> CheckSet:
    def line(rng: np.random.Generator) -> list[str]:
        return ["".join(str(digit) for digit in rng.integers(0, 10, NUM_DIGITS_TOGETHER))]

    return _composed(replace(CLEAN, spacing=spacing), seed=1, write=line)


def _checks(*, is_true: bool) -> CheckSet:
    """Sums with their result, rounded to two decimals, or with one digit of it written wrong."""

    def line(rng: np.random.Generator) -> list[str]:
        left, right = (int(rng.integers(1, 10 ** int(rng.integers(1, 4)))) for _ in range(2))
        sign = str(rng.choice(list("+-×÷")))
        value = {
            "+": Fraction(left + right),
            "-": Fraction(left - right),
            "×": Fraction(left * right),
            "÷": Fraction(left, right),
        }[sign]
        shown = f"{float(round(value, 2)):g}" if value.denominator > 1 else str(value)
        if not is_true:
            place = int(rng.choice([at for at, character in enumerate(shown) if character.isdigit()]))
            others = [digit for digit in "0123456789" if digit != shown[place]]
            shown = shown[:place] + str(rng.choice(others)) + shown[place + 1 :]
        return [f"{left}{sign}{right}={shown}"]

    return _composed(CLEAN, seed=3, write=line)


def _composed(
    config: PageConfig, *, seed: int, write: Callable[[np.random.Generator], list[str]] | None = None
) -> CheckSet:
    """Pages by "dev" writers, page by page the same at every run."""

    def samples(most: int | None) -> Iterator[Sample]:
        library = load_library("dev")
        for number in range(min(most or NUM_COMPOSED, NUM_COMPOSED)):
            rng = np.random.default_rng([seed, number])
            composed = compose(library, rng, config, lines=write(rng) if write else None)
            yield Sample("\n".join(composed.lines), composed.page)

    return samples


def _pen_digits(path: Path, most: int | None) -> Iterator[Sample]:
    inks, labels = pen_digits(path)
    chosen = spread(range(len(inks)), most)
    pages = draw_all([inks[index] for index in chosen], SCENES["natural place and size"])
    return (Sample(str(labels[index]), page) for index, page in zip(chosen, pages, strict=True))


def _mnist_digits(most: int | None) -> Iterator[Sample]:
    images, labels = load_mnist("train")
    held_out = split_by_writer(len(images), load_writers("train")).held_out
    chosen = np.random.default_rng(0).permutation(held_out)[: min(most or NUM_MNIST, NUM_MNIST)]
    return (Sample(str(labels[index]), images[index]) for index in chosen)
