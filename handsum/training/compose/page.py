"""A page composed whole: lines, marks, paper, and the boxes of its symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.image import load
from handsum.training.compose.content import FOREIGN, FRACTION_SLASH, text_of, write_lines
from handsum.training.compose.library import LABELS, SymbolLibrary
from handsum.training.compose.marks import add_marks
from handsum.training.compose.papers import spoil_page
from handsum.training.compose.style import PageConfig, Style, choose_style
from handsum.training.compose.writing import Placed, Scribe, place_lines

Box = tuple[int, int, int, int]
Page = NDArray[np.uint8]
Generator = np.random.Generator

# How often the paper is tried anew where it hides a symbol, before the page is left clean.
NUM_PAPERS = 4
# The least by which a symbol must stand out from its paper: of its own clean brightness, of 255, and of the
# deviation of the paper around it, below which people cannot read it either.
LEAST_CONTRAST_SHARE, LEAST_CONTRAST, LEAST_DEVIATIONS = 0.2, 14.0, 0.8

# A line of n symbols is about this wide, and n lines so high, in heights of a digit.
WIDTH_PER_SYMBOL, HEIGHT_PER_LINE = 1.1, 2.2

# How wide a page is on which nothing is written, in the same heights.
EMPTY_WIDTH = 5.0

# How often the sheet is large enough for the marks too; else they run off its edge.
WHOLE_MARKS = 0.7

# Margins: ranges in heights of a digit, and how often a page has such.
MARGINS = ((0.0, 0.3, 0.35), (0.2, 1.5, 0.45), (0.5, 5.0, 0.2))


class PlacedSymbol(NamedTuple):
    """A symbol's label and its box (x0, y0, x1, y1), half-open, in page pixels."""

    label: str
    box: Box


@dataclass(frozen=True, eq=False)
class ComposedPage:
    """A page uint8 (H, W) as `image.load` gives it to a reader, and what is written on it.

    Attributes:
        symbols: line by line from left to right, of a stacked fraction the upper number first: their labels
            together are those of `lines`, but that the bars of such fractions are what they look like, a -.
        lines: each line's text; a line without a symbol is not among them.
    """

    page: Page
    symbols: tuple[PlacedSymbol, ...]
    lines: tuple[str, ...]


def compose(
    library: SymbolLibrary,
    rng: Generator,
    config: PageConfig | None = None,
    *,
    lines: Sequence[str] | None = None,
) -> ComposedPage:
    """A page by one hand; `lines` says what is written instead of what `config` makes up.

    A symbol of which there is no example, neither the hand's nor another's, is left out.

    Raises:
        ValueError: `lines` holds what is no label.
    """
    config = config or PageConfig()
    wanted = write_lines(rng, shares=config.kinds) if lines is None else list(lines)
    unknown = set("".join(wanted)) - {*LABELS, FOREIGN, FRACTION_SLASH, " "}
    if unknown:
        raise ValueError(f"nobody has written {', '.join(sorted(unknown))}: a line holds labels and spaces")
    style = choose_style(
        library.choose_hand(rng), rng, config, most_height_px=_most_height_px(wanted, config)
    )
    placed = [line for line in place_lines(wanted, Scribe(library, style, rng), style, rng) if line]
    marks = add_marks(placed, style, rng) if rng.random() < config.marked else []
    page, moved = _cut(placed, marks, style, rng, config)
    symbols = tuple(
        PlacedSymbol("-" if s.label == FRACTION_SLASH else s.label, s.box)
        for line in moved
        for s in line
        if s.label != FOREIGN
    )
    texts = (text_of("".join(symbol.label for symbol in line)) for line in moved)
    spoiled = _on_paper(page, symbols, style, rng) if rng.random() < config.spoiled else None
    return ComposedPage(page if spoiled is None else spoiled, symbols, tuple(filter(None, texts)))


def _most_height_px(lines: Sequence[str], config: PageConfig) -> float:
    """How high digits may be so that the page stays below its most pixels."""
    area = (WIDTH_PER_SYMBOL * max(map(len, lines), default=1) + 1) * HEIGHT_PER_LINE * max(1, len(lines))
    return float(np.sqrt(config.most_pixels / area))


def _cut(
    lines: Sequence[Sequence[Placed]],
    marks: Sequence[Placed],
    style: Style,
    rng: Generator,
    config: PageConfig,
) -> tuple[Page, list[list[Placed]]]:
    """The sheet around the writing, everything drawn on it, and the symbols moved along."""
    inside = [symbol for line in lines for symbol in line] + (
        list(marks) if rng.random() < WHOLE_MARKS else []
    )
    # A page without writing is as large as if there were some.
    empty = (0, 0, round(EMPTY_WIDTH * style.height_px), round(style.height_px))
    boxes = np.array([thing.box for thing in inside] or [empty])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    before, after = _margins_px(high - low, style, rng, config)
    width, height = high - low + before + after
    page = np.zeros((height, width), np.uint8)
    shift_x, shift_y = (int(shift) for shift in before - low)
    moved = [[symbol.moved(shift_x, shift_y) for symbol in line] for line in lines]
    for thing in [
        *(symbol for line in moved for symbol in line),
        *(m.moved(shift_x, shift_y) for m in marks),
    ]:
        _paste(page, thing)
    return page, moved


def _margins_px(
    content: NDArray[np.int_], style: Style, rng: Generator, config: PageConfig
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Left and upper, right and lower margins, as wide as the most pixels allow; at least one pixel."""
    low, high, _ = MARGINS[int(rng.choice(len(MARGINS), p=[share for *_, share in MARGINS]))]
    margins = rng.uniform(low, high, (2, 2)) * style.height_px
    room = max(0.0, np.sqrt(config.most_pixels / max(1, content.prod())) - 1) * content.mean()
    margins *= min(1.0, room / max(1.0, float(margins.sum(axis=0).max())))
    rounded = np.maximum(1, margins.astype(int))
    return rounded[0], rounded[1]


def _paste(page: Page, thing: Placed) -> None:
    """Lay a picture on the page where it is brighter; what is off the page is cut off."""
    x0, y0, x1, y1 = thing.box
    left, top = max(0, x0), max(0, y0)
    right, bottom = min(page.shape[1], x1), min(page.shape[0], y1)
    if left < right and top < bottom:
        part = page[top:bottom, left:right]
        np.maximum(part, thing.picture[top - y0 : bottom - y0, left - x0 : right - x0], out=part)


def _on_paper(page: Page, symbols: Sequence[PlacedSymbol], style: Style, rng: Generator) -> Page | None:
    """The page as loaded from a scan or photograph on which every symbol still shows; None if none does."""
    for _ in range(NUM_PAPERS):
        loaded = load(spoil_page(page, style.height_px, rng)).page
        # Very long lines are shrunk as they are loaded, and symbols would not lie where they were put.
        if loaded.shape == page.shape and all(_shows(loaded, page, symbol.box) for symbol in symbols):
            return loaded
    return None


def _shows(loaded: Page, clean: Page, box: Box) -> bool:
    """Whether a symbol's ink is brighter than the paper in its box."""
    x0, y0, x1, y1 = max(0, box[0] - 2), max(0, box[1] - 2), box[2] + 2, box[3] + 2
    seen, drawn = loaded[y0:y1, x0:x1], clean[y0:y1, x0:x1]
    ink, paper = drawn >= max(1, int(drawn.max()) // 2), drawn == 0
    if not paper.any():
        return True
    contrast = float(seen[ink].mean()) - float(seen[paper].mean())
    noise = LEAST_DEVIATIONS * float(seen[paper].std())
    return contrast >= max(LEAST_CONTRAST, LEAST_CONTRAST_SHARE * float(drawn[ink].mean()), noise)
