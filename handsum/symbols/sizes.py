"""Sizes: a page on which some writing is far larger or smaller than the rest is looked at once for each size.

The page network sees a page scaled so that digits have the height that it learnt, and much larger or smaller
ones badly or not at all. So each look has its say on what is of its size, as in Singh and Davis, "An Analysis
of Scale Invariance in Object Detection - SNIP" (CVPR 2018). Most pages show one size and are looked at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.layout.boxes import center_y, height, overlap_ratio, ratio_inside
from handsum.layout.labels import DIGITS
from handsum.reading import Box, Symbol
from handsum.sheet.ink import usual_length
from handsum.strokes import ink_of, loose_ink
from handsum.symbols.network import Look, PageNetwork

Page = NDArray[np.uint8]
Flags = NDArray[np.bool_]

# A page with more ink than this share of it is no writing.
MOST_INK = 0.45
# Digits so many times as high as a look takes them to be ask for another one, if there are two or more
# of which the network is so sure.
LARGE, SMALL, TINY = 1.35, 0.72, 0.15
LEAST_DIGITS, LEAST_SURE = 2, 0.5
# So do upright pieces of ink that no such symbol has, but not on a page in more pieces: print, or dirt.
MOST_PIECES = 40
LEAST_LOOSE, LEAST_UPRIGHT, LEAST_PIECE_PX = 0.9, 0.6, 5
# Two digits are more of all ink than this; boxes are often a little tight.
LEAST_LOOSE_INK = 0.01
# Dots fill their boxes; digits do not, but for a 1, which is high.
MOST_FILLED, HIGH = 0.6, 2.0
# A look that missed so much of the ink was at a wrong size, if the pieces of ink are of another. A look at
# theirs must show a sure symbol more.
MOST_MISSED, ALIKE, CLEARLY_MORE = 0.5, 1.3, 0.5
# Other labels are also what the crossings of squared paper, edges and the grain of a table are taken for.
UNMISTAKABLE = frozenset("23456789+×÷=")
# More or lower pieces than these are no writing, but noise.
MOST_OF_A_FULL_PAGE, LOWEST_DIGIT_PX = 2000, 8
# A look has its say on digits of about its size; the one for the smallest on smaller ones, too, and the one
# for the largest on larger ones.
FROM, TO = 0.7, 1.45
SMALLEST, LARGEST = 0.45, 2.2
# How fast its word loses weight with the logarithm of how far they are from its size; that of a sign, which
# may have any, has the same everywhere, but stands so near a digit, in heights of a digit.
SPREAD, WEIGHT_OF_SIGNS = 0.35, 0.8
MOST_ASIDE = 1.5
# Of two looks at the same ink one is believed: boxes that overlap, or of which one is mostly in the other.
SAME_INK, PART = 0.4, 0.6


def digit_height(symbols: Iterable[Symbol]) -> float:
    """How high the digits among symbols are, the median in pixels; 0 where there is none."""
    heights = [height(symbol.box) for symbol in symbols if symbol.label in DIGITS]
    return float(np.median(heights)) if heights else 0.0


def worth(symbols: Iterable[Symbol]) -> float:
    """How much is read: what is likely right speaks for a reading, what is likely wrong against it."""
    return sum(symbol.confidence - 0.5 for symbol in symbols)


def look_at_all_sizes(page: Page, network: PageNetwork) -> list[Look]:
    """A look at a page uint8 (H, W), bright ink on 0, for each size of its digits, mostly one."""
    first, ink = network.look(page), ink_of(page)
    if np.count_nonzero(ink) > MOST_INK * ink.size:
        return [first]
    first = _found_again(first, page, ink, network)
    others = _other_heights(first, ink)
    return [first, *(network.look(page, digit_height_px=other) for other in others)]


def together(looks: Sequence[Look]) -> tuple[Symbol, ...]:
    """The symbols that looks at one page for several sizes saw, each of them once."""
    if len(looks) == 1:
        return looks[0].symbols
    usual = [look.digit_height_px for look in looks]
    seen: list[tuple[float, int, Symbol]] = []
    for number, look in enumerate(looks):
        least = SMALLEST if look.digit_height_px == min(usual) else FROM
        most = LARGEST if look.digit_height_px == max(usual) else TO
        # What only the first one saw, of whatever size, is better than nothing.
        own = look.symbols if number == 0 else _of_size(look, least, most)
        seen += [(symbol.confidence * _fit(symbol, look), number, symbol) for symbol in own]
    kept: list[tuple[int, Symbol]] = []
    for _, number, symbol in sorted(seen, key=lambda one: -one[0]):
        if not any(number != other and _are_same(symbol.box, one.box) for other, one in kept):
            kept.append((number, symbol))
    return tuple(symbol for _, symbol in kept)


def _found_again(look: Look, page: Page, ink: Flags, network: PageNetwork) -> Look:
    """The look, or one at the size of the pieces of ink where it missed most of them.

    How high digits are the network tells from a thumbnail, on which the writing of a full page is too small.
    """
    loose = loose_ink(ink, (symbol.box for symbol in look.symbols if symbol.confidence >= LEAST_SURE))
    if np.count_nonzero(loose) <= MOST_MISSED * np.count_nonzero(ink):
        return look
    # Imported here: of most pages little is missed, and all would wait for it.
    import cv2

    num, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    usual = usual_length(stats[1:, cv2.CC_STAT_HEIGHT].astype(np.float64))
    is_alike = look.digit_height_px / ALIKE <= usual <= look.digit_height_px * ALIKE
    if is_alike or num > MOST_OF_A_FULL_PAGE or usual < LOWEST_DIGIT_PX:
        return look
    other = network.look(page, digit_height_px=usual)
    seen, seen_else = (worth(s for s in one.symbols if s.label in UNMISTAKABLE) for one in (look, other))
    return other if seen_else > seen + CLEARLY_MORE else look


def _other_heights(look: Look, ink: Flags) -> list[float]:
    """How high digits are that are far larger or smaller than the look took them to be."""
    usual = look.digit_height_px
    sure = [symbol for symbol in look.symbols if symbol.confidence >= LEAST_SURE]
    digits = [height(symbol.box) for symbol in sure if symbol.label in DIGITS]
    heights = np.array(digits + _heights_of_loose_pieces(sure, ink))
    large = heights[heights > LARGE * usual]
    small = heights[(heights < SMALL * usual) & (heights > TINY * usual)]
    return [float(np.median(some)) for some in (large, small) if len(some) >= LEAST_DIGITS]


def _heights_of_loose_pieces(symbols: Sequence[Symbol], ink: Flags) -> list[float]:
    """How high the upright pieces of ink are that no symbol has; none of a page in many pieces."""
    loose = loose_ink(ink, (symbol.box for symbol in symbols))
    if np.count_nonzero(loose) < LEAST_LOOSE_INK * np.count_nonzero(ink):
        return []
    # Imported here: on most pages nothing is left over, and all would wait for it.
    import cv2

    num, pieces, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    if num > MOST_PIECES:
        return []
    loose_areas = np.bincount(pieces[loose], minlength=num)
    return [
        float(tall)
        for (_, _, wide, tall, area), loose_area in zip(stats[1:].tolist(), loose_areas[1:], strict=True)
        if loose_area >= LEAST_LOOSE * area
        and tall >= max(LEAST_PIECE_PX, LEAST_UPRIGHT * wide)
        and (area <= MOST_FILLED * wide * tall or tall >= HIGH * wide)
    ]


def _of_size(look: Look, least: float, most: float) -> list[Symbol]:
    """The digits that are so many times as high as the look took them to be, and the signs beside them."""
    usual = look.digit_height_px
    digits = [s for s in look.symbols if s.label in DIGITS and least <= height(s.box) / usual <= most]
    boxes = [digit.box for digit in digits]
    return digits + [s for s in look.symbols if s.label not in DIGITS and _is_by(s.box, boxes, usual)]


def _fit(symbol: Symbol, look: Look) -> float:
    """How far a look is believed on a symbol, 0..1: less, the further it is from the look's size."""
    if symbol.label not in DIGITS:
        return WEIGHT_OF_SIGNS
    distance = math.log(height(symbol.box) / look.digit_height_px) / SPREAD
    return math.exp(-(distance**2) / 2)


def _is_by(sign: Box, digits: Sequence[Box], digit_height_px: float) -> bool:
    """Whether a sign stands in a row with a digit, near it."""
    return any(
        abs(center_y(digit) - center_y(sign)) < digit_height_px
        and max(digit[0], sign[0]) - min(digit[2], sign[2]) < MOST_ASIDE * digit_height_px
        for digit in digits
    )


def _are_same(one: Box, other: Box) -> bool:
    return (
        overlap_ratio(one, other) > SAME_INK or max(ratio_inside(one, other), ratio_inside(other, one)) > PART
    )
