"""Clutter: what is dropped before anything is read: frames, second looks at the same ink, underlines."""

from __future__ import annotations

from collections.abc import Sequence

from handsum.layout.boxes import (
    center_x,
    center_y,
    covers,
    height,
    meeting,
    overlap_ratio,
    ratio_inside,
    width,
)
from handsum.layout.labels import BARS, DIGITS, DOTS, LEANING
from handsum.reading import Box, Symbol

# Boxes of different symbols in real strings and sums overlap by 0.29 at most (6,000 neighbours).
SAME_INK_OVERLAP = 0.5
# A box this far inside another shows a part of it: the loop of an 8, the bar of a 5.
PART_INSIDE = 0.8
# The whole is kept unless it is less than this times as sure as its part.
WHOLE_TO_PART = 0.5
# From here down, as a share of a digit's height, a point or comma inside the digit's box is real.
LOW_PLACE = 0.6

# In heights of the digits it belongs to. An = is up to 1.4 long, but has digits beside it. A rule between two
# rows may be shorter. It lies this near to its digits, and may cut this far into them.
RULE_LENGTH = 1.2
BETWEEN_LENGTH = 0.8
RULE_DISTANCE = 0.7
RULE_OVERLAP = 0.25
# A bar that has a digit beside it, this near, is a sign of that digit's line.
BESIDE = 1.5


def without_frames(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Drop what was drawn around several digits, whatever the network called it."""
    neighbours = meeting([symbol.box for symbol in symbols])
    digits = {index for index, symbol in enumerate(symbols) if symbol.label in DIGITS}
    return [
        symbol
        for symbol, indices in zip(symbols, neighbours, strict=True)
        if not _is_frame(symbol, [symbols[index] for index in indices if index in digits])
    ]


def _is_frame(symbol: Symbol, digits: Sequence[Symbol]) -> bool:
    if symbol.label == "/":  # 1/1 may stand whole in the box of a flat stroke
        return False
    sure = WHOLE_TO_PART * symbol.confidence
    near = [digit.box for digit in digits if digit.confidence >= sure]
    if not _are_side_by_side(near):  # then those inside are not either, and there is no need to find them
        return False
    inside = [
        box
        for box in near
        if ratio_inside(box, symbol.box) >= PART_INSIDE and overlap_ratio(box, symbol.box) < SAME_INK_OVERLAP
    ]
    return _are_side_by_side(inside)


def _are_side_by_side(digits: Sequence[Box]) -> bool:
    """Whether some are, as the digits in a frame; the two loops of an 8 lie above one another."""
    return bool(digits) and max(map(center_x, digits)) >= min(box[2] for box in digits)


def without_duplicates(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Keep one symbol of those that show the same ink: the surer one, and the whole rather than its part."""
    symbols = sorted(symbols, key=lambda symbol: (-symbol.confidence, symbol.box, symbol.label))
    neighbours = meeting([symbol.box for symbol in symbols])
    kept: set[int] = set()
    for index, symbol in enumerate(symbols):
        met = kept.intersection(neighbours[index])
        rivals = {other for other in met if show_same_ink(symbol, symbols[other])}
        # Those kept are surer: only as the whole of which they are parts can it take their place.
        if all(_is_part(symbols[other], symbol) and _whole_wins(symbols[other], symbol) for other in rivals):
            kept = (kept - rivals) | {index}
    return [symbols[index] for index in sorted(kept)]


def show_same_ink(first: Symbol, second: Symbol) -> bool:
    """Whether two symbols are two looks at the same ink, or at a whole and a part of it."""
    is_same = overlap_ratio(first.box, second.box) >= SAME_INK_OVERLAP
    return is_same or _is_part(first, second) or _is_part(second, first)


def _is_part(part: Symbol, whole: Symbol) -> bool:
    if whole.label in LEANING or ratio_inside(part.box, whole.box) < PART_INSIDE:
        return False
    if overlap_ratio(part.box, whole.box) >= SAME_INK_OVERLAP:
        return False
    place = (center_y(part.box) - whole.box[1]) / height(whole.box)
    return not (part.label in DOTS and whole.label in DIGITS and place >= LOW_PLACE)


def _whole_wins(part: Symbol, whole: Symbol) -> bool:
    return whole.confidence >= WHOLE_TO_PART * part.confidence


def split_rules(symbols: Sequence[Symbol]) -> tuple[list[Symbol], list[Symbol]]:
    """The symbols without underlines, and apart from them the bars between two rows of digits.

    A bar between two rows is the rule of a sum in columns; those of fractions are not among the symbols.
    """
    digits = [symbol.box for symbol in symbols if symbol.label in DIGITS]
    signs, bars = [], []
    for symbol in symbols:
        num_sides = _num_ruled_sides(symbol.box, digits) if symbol.label in BARS else 0
        if num_sides == 0:
            signs.append(symbol)
        elif num_sides == 2:
            bars.append(symbol)
    return signs, bars


def _num_ruled_sides(bar: Box, digits: Sequence[Box]) -> int:
    """On how many sides, above and below, a bar runs along digits; 0 for a sign in a line."""
    y = center_y(bar)
    if any(_is_beside(bar, digit) for digit in digits):
        return 0
    along = [digit for digit in digits if covers(bar, center_x(digit))]
    above = [height(digit) for digit in along if _is_near(y - digit[3], height(digit))]
    below = [height(digit) for digit in along if _is_near(digit[1] - y, height(digit))]
    sides = [side for side in (above, below) if side]
    length = BETWEEN_LENGTH if len(sides) == 2 else RULE_LENGTH
    return len(sides) if all(width(bar) >= length * max(side) for side in sides) else 0


def _is_near(distance: float, digit_height: float) -> bool:
    return -RULE_OVERLAP * digit_height <= distance <= RULE_DISTANCE * digit_height


def _is_beside(bar: Box, digit: Box) -> bool:
    margin = RULE_OVERLAP * height(digit)
    if not digit[1] + margin < center_y(bar) < digit[3] - margin:
        return False
    gap = max(bar[0] - digit[2], digit[0] - bar[2])
    return gap <= BESIDE * height(digit) and not covers(bar, center_x(digit))
