"""Lines of symbols put where people put them: along an uneven line, apart, touching or overlapping."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.training.compose.content import FOREIGN, FRACTION_SLASH
from handsum.training.compose.drawing import OPERATORS, Drawn, draw_bar, draw_symbol
from handsum.training.compose.glyphs import Glyph, glyph_of_strokes
from handsum.training.compose.library import DIGITS, SymbolLibrary
from handsum.training.compose.made import MAKERS
from handsum.training.compose.style import Style

Generator = np.random.Generator

# How often a page's × ÷ = + / are made by rule though real ones are at hand. ÷ has but 50 real ones.
MADE_SHARES = {"×": 0.35, "÷": 0.6, "=": 0.25, "+": 0.1, "/": 0.4}
NUM_MADE = 3

# Brighter than this a pixel is ink that may touch other ink.
INK_LEVEL = 64

# What means another thing when it touches.
KEPT_APART = frozenset(".,÷")
RUNNING_INTO_EACH_OTHER = frozenset(DIGITS)
# The share of gaps where ink meets, and of those between digits where it overlaps, on pages that have such.
MEETING, OVERLAPPING = 0.65, 0.55
# The least gap beside a mark that must not touch, and the furthest a symbol slips under or over another.
LEAST_GAP_PX = 1.5
MOST_SLIP = 0.25

# A line's parts: a stacked fraction, or a single label.
PARTS = re.compile(rf"[0-9]+{FRACTION_SLASH}[0-9]+|.")
# In heights of a digit: how far the numbers of such a fraction are from its bar, how much longer it is than
# the wider of them, and how much higher a line with fractions is.
BAR_GAP, BAR_OVERHANG = (0.06, 0.45), (0.05, 0.8)
STACKED_HEIGHT = 2.0


class Placed(NamedTuple):
    """A symbol's pixels uint8 (h, w) and where their upper left corner is, on a page yet to be cut."""

    label: str
    picture: NDArray[np.uint8]
    x: int
    y: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x0, y0, x1, y1, half-open."""
        return self.x, self.y, self.x + self.picture.shape[1], self.y + self.picture.shape[0]

    def moved(self, dx: int, dy: int) -> Placed:
        """The same, `dx` to the right and `dy` down."""
        return self._replace(x=self.x + dx, y=self.y + dy)


class Scribe:
    """Draws symbols as one person would on one page: each label in one fashion."""

    def __init__(self, library: SymbolLibrary, style: Style, rng: Generator) -> None:
        self._library, self._style, self._rng = library, style, rng
        self._fashions: dict[str, Sequence[Glyph]] = {}

    def draw(self, label: str) -> Drawn | None:
        """The symbol drawn; None if it cannot be seen, or nobody has written one."""
        if label not in self._fashions:
            self._fashions[label] = self._fashion(label)
        glyphs = self._fashions[label]
        if not glyphs:
            return None
        glyph = glyphs[int(self._rng.integers(len(glyphs)))]
        return draw_symbol(label, glyph, self._style, self._rng)

    def _fashion(self, label: str) -> Sequence[Glyph]:
        if label == FOREIGN:
            return self._library.foreign
        is_made = label in self._style.by_rule
        real = [] if is_made else self._library.glyphs_of(self._style.hand, label, self._rng)
        if label in MAKERS and (not real or self._rng.random() < MADE_SHARES.get(label, 0.0)):
            return [glyph_of_strokes(MAKERS[label](self._rng)) for _ in range(NUM_MADE)]
        return real


def place_lines(lines: Sequence[str], scribe: Scribe, style: Style, rng: Generator) -> list[list[Placed]]:
    """The symbols of each line, in order; one below the other, aligned left or right or neither."""
    pitch = rng.uniform(1.6, 2.8) * style.height_px
    alignment = str(rng.choice(["left", "right", "none"], p=[0.65, 0.2, 0.15]))
    baseline = _baseline(style, rng)
    placed, y = [], 0.0
    for index, line in enumerate(lines):
        if index and FRACTION_SLASH in lines[index - 1] + line:
            y += STACKED_HEIGHT * style.height_px
        symbols = [
            symbol.moved(0, round(y)) for symbol in place_line(line, scribe, style, rng, baseline=baseline)
        ]
        placed.append(_aligned(symbols, alignment, style, rng))
        y += pitch * rng.uniform(0.95, 1.1)
    return placed


def _baseline(style: Style, rng: Generator) -> Callable[[float], float]:
    """How far below its start the line is, x to the right of it; all in pixels."""
    length_px, phase = rng.uniform(4, 15) * style.height_px, rng.uniform(0, 2 * np.pi)
    swing_px = style.wave * style.height_px
    return lambda x: style.slope * x + swing_px * np.sin(2 * np.pi * x / length_px + phase)


def _aligned(symbols: list[Placed], alignment: str, style: Style, rng: Generator) -> list[Placed]:
    if not symbols:
        return symbols
    right = max(symbol.box[2] for symbol in symbols)
    shift = {"left": 0.0, "right": -float(right), "none": rng.uniform(0, 4) * style.height_px}[alignment]
    shift += rng.normal(0, 0.2) * style.height_px
    return [symbol.moved(round(shift), 0) for symbol in symbols]


def place_line(
    line: str, scribe: Scribe, style: Style, rng: Generator, *, baseline: Callable[[float], float]
) -> list[Placed]:
    """One line's symbols from left to right; those that cannot be drawn are left out.

    A fraction's bar is labelled FRACTION_SLASH, and stands between its numbers.
    """
    units: list[list[Placed]] = []
    space_px = 0.0
    for part in PARTS.findall(line):
        if part == " ":
            space_px = style.word_gap * style.height_px
            continue
        before = [symbol for unit in units[-2:] for symbol in unit]
        right = max((symbol.box[2] for symbol in before), default=0)
        if FRACTION_SLASH in part:
            middle = baseline(right) - style.operator_middle * style.height_px
            upper, _, lower = part.partition(FRACTION_SLASH)
            stack = place_stack(upper, lower, scribe, style, rng)
            gap_px = _gap_px("=", style, rng, space_px) if before else 0.0
            units.append([symbol.moved(round(right + gap_px), round(middle)) for symbol in stack])
        elif (drawn := scribe.draw(part)) is not None:
            y = round(baseline(right)) + drawn.top_px
            x = _x_after(before, drawn, y, style, rng, space_px)
            units.append([Placed(part, drawn.picture, x, y)])
        else:
            continue
        space_px = 0.0
    return [symbol for unit in units for symbol in unit]


def place_stack(upper: str, lower: str, scribe: Scribe, style: Style, rng: Generator) -> list[Placed]:
    """A fraction's upper number, its bar, and its lower number; the bar runs from the origin to the right."""
    over, under = (place_line(text, scribe, style, rng, baseline=lambda _x: 0.0) for text in (upper, lower))
    longest = max(_width(over), _width(under))
    bar = draw_bar(longest + rng.uniform(*BAR_OVERHANG) * style.height_px, style, rng)
    thickness, length = bar.shape
    far = [rng.uniform(*BAR_GAP) * style.height_px + thickness / 2 for _ in range(2)]
    bottom = max((symbol.box[3] for symbol in over), default=0)
    top = min((symbol.box[1] for symbol in under), default=0)
    return [
        *_centred(over, length, -far[0] - bottom, style, rng),
        Placed(FRACTION_SLASH, bar, 0, -(thickness // 2)),
        *_centred(under, length, far[1] - top, style, rng),
    ]


def _width(row: Sequence[Placed]) -> int:
    """From the first column to the last, in pixels."""
    return max((s.box[2] for s in row), default=0) - min((s.box[0] for s in row), default=0)


def _centred(row: Sequence[Placed], length: int, dy: float, style: Style, rng: Generator) -> list[Placed]:
    """A number moved down, and to about the middle of a bar that begins at 0."""
    left = min((symbol.box[0] for symbol in row), default=0)
    dx = (length - _width(row)) / 2 - left + rng.normal(0, 0.05) * style.height_px
    return [symbol.moved(round(dx), round(dy)) for symbol in row]


def _x_after(
    before: Sequence[Placed], drawn: Drawn, y: int, style: Style, rng: Generator, space_px: float
) -> int:
    """The column where the next symbol begins, after the last ones."""
    if not before:
        return 0
    labels = before[-1].label, drawn.label
    if space_px == 0.0 and style.spacing in ("tight", "touching", "overlapping"):
        gap_px = _close_gap_px(labels, style, rng, min(drawn.picture.shape[1], before[-1].picture.shape[1]))
        return round(_where_ink_meets(before, drawn, y, MOST_SLIP * style.height_px) + gap_px)
    gap_px = _gap_px("".join(labels), style, rng, space_px)
    return round(max(symbol.box[2] for symbol in before) + gap_px)


def _gap_px(labels: str, style: Style, rng: Generator, space_px: float) -> float:
    """The gap between two neighbours with these labels, on a page that is not written closely."""
    gap = max(0.3 * style.gap, rng.normal(style.gap, 0.35 * style.gap))
    if OPERATORS.intersection(labels):
        gap += style.operator_gap * rng.uniform(0.7, 1.3)
    return max(gap * style.height_px, LEAST_GAP_PX) + space_px


def _close_gap_px(labels: tuple[str, str], style: Style, rng: Generator, narrowest_px: int) -> float:
    """The gap between the ink of two neighbours on a page that is written closely; negative to overlap."""
    if style.spacing != "tight" and KEPT_APART.isdisjoint(labels):
        do_overlap = style.spacing == "overlapping" and RUNNING_INTO_EACH_OTHER.issuperset(labels)
        if do_overlap and rng.random() < OVERLAPPING:
            return -min(rng.uniform(0.05, 0.22) * style.height_px + 1, 0.3 * narrowest_px)
        if rng.random() < MEETING:
            return -rng.uniform(0.0, 0.3) * style.pen_px
    return max(LEAST_GAP_PX, rng.normal(style.gap, 0.5 * style.gap) * style.height_px)


def _where_ink_meets(before: Sequence[Placed], drawn: Drawn, y: int, most_slip_px: float) -> float:
    """The column where the symbol, coming from the right at row y, would first touch the ink before it."""
    found = max(symbol.box[2] for symbol in before) - most_slip_px
    left = _first_ink(drawn.picture)
    for symbol in before:
        top, bottom = max(y, symbol.y), min(y + len(left), symbol.y + len(symbol.picture))
        if top < bottom:
            right = symbol.picture.shape[1] - _first_ink(symbol.picture[:, ::-1])
            reach = symbol.x + right[top - symbol.y : bottom - symbol.y] - left[top - y : bottom - y]
            found = max(found, float(reach.max()))
    return found


def _first_ink(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The first inked column of each row or a row next to it, float64 (h,); infinite where there is none."""
    ink = picture >= min(INK_LEVEL, int(picture.max()))
    first = np.where(ink.any(axis=1), ink.argmax(axis=1).astype(np.float64), np.inf)
    padded = np.concatenate([[np.inf], first, [np.inf]])
    return np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
