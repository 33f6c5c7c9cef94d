"""One symbol drawn in the style of its page: its size, its place above or below the line, its pixels."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, render
from handsum.training.compose.content import FOREIGN
from handsum.training.compose.glyphs import Glyph, extent, picture_of_size
from handsum.training.compose.library import DIGITS
from handsum.training.compose.style import Style
from handsum.training.data.inks import Strokes
from handsum.training.pictures.pens import PenConfig, bent

# What one hand's symbols differ by on one page; the page's own slant and stretch come before.
WITHIN_PAGE = PenConfig(rotation_deg=3.5, shear=0.05, stretch=1.12, bend=0.02, tremble=0.006)


class Extent(NamedTuple):
    """A symbol's usual least and most size in heights of a digit, and along which side it is measured."""

    low: float
    high: float
    side: str


# Seen in the strings and sums that people wrote for UNIPEN and CROHME (its development part), 2nd to 98th
# hundredth with the slips left out.
EXTENTS: dict[str, Extent] = dict.fromkeys(DIGITS, Extent(0.82, 1.22, "height")) | {
    "+": Extent(0.42, 0.95, "longer"), "×": Extent(0.36, 0.85, "longer"), "÷": Extent(0.45, 0.95, "longer"),
    "-": Extent(0.28, 0.95, "width"), "=": Extent(0.34, 0.95, "width"), "/": Extent(0.9, 1.6, "height"),
    "(": Extent(0.95, 1.7, "height"), ")": Extent(0.95, 1.7, "height"),
    ".": Extent(0.0, 0.09, "longer"), ",": Extent(0.18, 0.45, "height"), FOREIGN: Extent(0.6, 1.4, "longer"),
}  # fmt: skip
OPERATORS = frozenset("+-×÷=")

# Scanned dots are as large as the pen that made them, which drawn ones get from the pen itself.
SCANNED_POINT = Extent(0.07, 0.17, "longer")

# In widths of the pen: the least height between the bars of = and from dot to dot of ÷ that leaves gaps.
LEAST_PENS = {"=": 2.0, "÷": 3.6}
# A point must be seen among the specks, however fine the pen.
LEAST_POINT_PX = 1.4
LEAST_POINT = 0.055

# Points off the straight way between others by less than this only cost time: no pen on paper is so exact.
LEAST_BEND_PX = 0.2


class Drawn(NamedTuple):
    """A symbol's pixels uint8 (h, w) without an empty row or column, and its top row below the line (px)."""

    label: str
    picture: NDArray[np.uint8]
    top_px: int


def draw_symbol(label: str, glyph: Glyph, style: Style, rng: np.random.Generator) -> Drawn | None:
    """The symbol drawn by the page's hand; None if nothing of it can be seen at this size."""
    picture = (
        _scanned(label, glyph, style, rng)
        if glyph.picture is not None
        else _written(label, glyph, style, rng)
    )
    cut = _cut_out(picture)
    if cut is None:
        return None
    middle = _middle(label, cut.shape[0] / style.height_px, style, rng)
    return Drawn(label, cut, round(middle * style.height_px - cut.shape[0] / 2))


def draw_bar(length_px: float, style: Style, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The bar of a fraction, uint8 (h, w): about level, as straight as a hand draws it."""
    rise, bow = rng.normal(0, 0.03), rng.normal(0, 0.015)
    along = np.linspace(0, 1, 9)
    points = np.column_stack([along, rise * along + bow * np.sin(np.pi * along)])
    picture = _cut_out(_penned([(points * length_px).astype(np.float32)], style.pen_px, rng))
    assert picture is not None  # however fine, a pen leaves ink
    return picture


def _size_px(label: str, glyph: Glyph, style: Style, rng: np.random.Generator) -> float:
    """Along the side that EXTENTS names for the label."""
    low, high, side = SCANNED_POINT if label == "." and glyph.picture is not None else EXTENTS[label]
    known = glyph.height if side == "height" else None
    if known is None or not low <= known <= high:
        share = style.operator_size if label in OPERATORS else rng.beta(2, 2)
        known = low + (high - low) * share
    return float(known * np.exp(rng.normal(0, 0.03 + style.unevenness)) * style.height_px)


def _scale(label: str, size_px: float, width: float, height: float) -> float:
    side = EXTENTS[label].side
    length = {"height": height, "width": width, "longer": max(width, height)}[side]
    return size_px / max(length, 1e-6)


def _scanned(label: str, glyph: Glyph, style: Style, rng: np.random.Generator) -> NDArray[np.uint8]:
    assert glyph.picture is not None
    height, width = glyph.picture.shape
    scale = _scale(label, _size_px(label, glyph, style, rng), width, height)
    stretch = 1.0 if label in "." else style.stretch
    picture = picture_of_size(glyph.picture, max(1.5, width * scale * stretch), max(1.5, height * scale))
    if style.weight_px == 0 or min(picture.shape) < 8:
        return picture
    padded = cv2.copyMakeBorder(picture, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return np.asarray(cv2.dilate(padded, cross) if style.weight_px > 0 else cv2.erode(padded, cross))


def _written(label: str, glyph: Glyph, style: Style, rng: np.random.Generator) -> NDArray[np.uint8]:
    points = bent(_by_hand(glyph.strokes, style), rng, WITHIN_PAGE)
    width, height = extent(points)
    size_px = _size_px(label, glyph, style, rng)
    pen_px = style.pen_px
    if label == ".":
        pen_px = max(pen_px, LEAST_POINT_PX, LEAST_POINT * style.height_px)
    scale = np.full(2, _scale(label, size_px, width, height))
    if label in LEAST_PENS and height * scale[1] < LEAST_PENS[label] * pen_px:
        scale[1] = LEAST_PENS[label] * pen_px / max(height, 1e-6)
    return _penned([stroke * scale for stroke in points], pen_px, rng)


def _by_hand(strokes: Strokes, style: Style) -> list[NDArray[np.float32]]:
    """The strokes with the page's own slant, stretch and slope."""
    matrix = np.array([[style.stretch, style.slope], [-style.slant, 1.0]], np.float32)
    return [stroke @ matrix for stroke in strokes]


def _penned(strokes: Strokes, pen_px: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The strokes (px) drawn on a page just large enough, at any part of a pixel."""
    low = np.concatenate(strokes).min(axis=0)
    width, height = extent(strokes)
    origin = low - pen_px / 2 - 1 - rng.random(2)
    ink = Ink.of([(_thinned(stroke) - origin).tolist() for stroke in strokes], pen_px)
    return render(ink, width_px=int(width + pen_px + 5), height_px=int(height + pen_px + 5))


def _thinned(stroke: NDArray[np.floating]) -> NDArray[np.floating]:
    """The stroke without the points that change nothing that can be seen (Douglas and Peucker, 1973)."""
    return np.asarray(cv2.approxPolyDP(stroke.astype(np.float32), LEAST_BEND_PX, False).reshape(-1, 2))


def _middle(label: str, height: float, style: Style, rng: np.random.Generator) -> float:
    """How far below the line the symbol's middle is, negative above; all in heights of a digit."""
    off = rng.normal(0, 0.02 + 0.7 * style.unevenness)
    if label in OPERATORS:
        return off - style.operator_middle + rng.normal(0, 0.03)
    if label in "()/":
        return off - 0.45
    if label == ".":
        return off - height / 2 + rng.normal(0.02, 0.03)
    if label == ",":
        return off + height / 2 - rng.uniform(0.04, 0.2)
    return off - height / 2 + (style.descent if label in "479" else 0.0)


def _cut_out(picture: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    if not len(rows):
        return None
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
