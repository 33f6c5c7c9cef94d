"""Signs told apart by their neighbours: two bars are =, a bar with dots ÷, a raised dot ×, a speck nothing.

The network reads each mark for itself. The numbers are from 51 real sums and 550 real numbers; places
are in digit heights, 0 at the top of the line's digits and 1 on its baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handsum.layout.boxes import center_x, center_y, height, union, width
from handsum.layout.clutter import show_same_ink
from handsum.layout.labels import DIGITS, DOTS
from handsum.layout.rows import Baseline, by_place
from handsum.reading import Symbol

# As shares of the longer bar: the two bars of = are this close, outside to outside (seen: up to 1.22; two
# minus signs on close lines: over 1.5), and the shorter is this long (seen: 0.32).
BAR_DISTANCE = 1.3
BAR_LIKENESS = 0.3
# As a share of the shorter bar, how much of it lies above or below the longer (seen: 0.38).
BAR_OVERLAP = 0.35
# As shares of its bar, the dots of ÷ are this far from it at most (seen: 0.6), this far from its middle, and
# this large.
DOT_DISTANCE = 0.75
DOT_OFFSET = 0.3
DOT_SIZE = 0.5
# One dot of the two may be lost; a speck seldom lies just there, but then we are less sure.
LOST_DOT = 0.5

# The top of a decimal point is at 0.74 or lower in 99 of 100.
HIGHEST_POINT = 0.65
# A mark above this is an apostrophe or a speck.
HIGHEST_RAISED_DOT = 0.25
# A comma reaches below the baseline; a point stays on it. Asked only where the network wavers.
COMMA_BOTTOM = 1.25
POINT_BOTTOM = 1.1
WAVERING_ODDS = 3
# The shortest minus is 0.17 long, and its middle is above 0.8.
POINT_LENGTH = 0.15
MINUS_LENGTH = 0.35
MINUS_SLENDERNESS = 2


def join_bars(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Two short bars above one another become one =, a bar between dots one ÷."""
    return _joined_divisions(_joined_equals(sorted(symbols, key=by_place)))


def _joined_equals(symbols: list[Symbol]) -> list[Symbol]:
    waiting = [symbol for symbol in symbols if symbol.label == "-"]
    others = [symbol for symbol in symbols if symbol.label != "-"]
    digits = [symbol for symbol in others if symbol.label in DIGITS]
    while waiting:
        bar = waiting.pop(0)
        partners = [
            other for other in waiting if _are_twins(bar, other) and not _are_of_two_rows(bar, other, digits)
        ]
        if not partners:
            others.append(bar)
            continue
        partner = min(partners, key=lambda other: abs(center_y(other.box) - center_y(bar.box)))
        waiting.remove(partner)
        others.append(_joined("=", bar, partner))
    return others


def _are_twins(bar: Symbol, other: Symbol) -> bool:
    shorter, longer = sorted([width(bar.box), width(other.box)])
    shared = min(bar.box[2], other.box[2]) - max(bar.box[0], other.box[0])
    outside = height(union(bar.box, other.box))
    return (
        shorter >= BAR_LIKENESS * longer
        and shared >= BAR_OVERLAP * shorter
        and outside <= BAR_DISTANCE * longer
    )


def _are_of_two_rows(bar: Symbol, other: Symbol, digits: Sequence[Symbol]) -> bool:
    """Whether each bar has a digit beside it that the other one has not: two minus signs on close lines."""
    return _is_beside_one_alone(bar, other, digits) and _is_beside_one_alone(other, bar, digits)


def _is_beside_one_alone(bar: Symbol, other: Symbol, digits: Sequence[Symbol]) -> bool:
    """Whether a digit stands beside a bar, no further away than it is high, and not beside the other."""
    y, other_y = center_y(bar.box), center_y(other.box)
    return any(
        top <= y <= bottom
        and not top <= other_y <= bottom
        and max(left - bar.box[2], bar.box[0] - right) <= bottom - top
        for left, top, right, bottom in (digit.box for digit in digits)
    )


def _joined_divisions(symbols: list[Symbol]) -> list[Symbol]:
    rest = list(symbols)
    for bar in [symbol for symbol in symbols if symbol.label == "-"]:
        near = [symbol for symbol in rest if symbol.label in DOTS and _is_dot_of(symbol, bar)]
        above = [dot for dot in near if center_y(dot.box) < center_y(bar.box)]
        below = [dot for dot in near if center_y(dot.box) > center_y(bar.box)]
        dots = [max(side, key=lambda dot: dot.confidence) for side in (above, below) if side]
        if dots:
            sureness = 1 if len(dots) == 2 else LOST_DOT
            rest = [symbol for symbol in rest if symbol is not bar and symbol not in dots]
            rest.append(_joined("÷", bar, *dots, sureness=sureness))
    return rest


def _is_dot_of(dot: Symbol, bar: Symbol) -> bool:
    length = width(bar.box)
    distance = abs(center_y(dot.box) - center_y(bar.box))
    offset = abs(center_x(dot.box) - center_x(bar.box))
    is_small = max(width(dot.box), height(dot.box)) <= DOT_SIZE * length
    return is_small and distance <= DOT_DISTANCE * length and offset <= DOT_OFFSET * length


def _joined(label: str, *parts: Symbol, sureness: float = 1) -> Symbol:
    """Several marks as one symbol, as sure as the least sure of them."""
    ordered = sorted(parts, key=lambda part: part.box[1])
    confidence = sureness * min(part.confidence for part in parts)
    raw_label = "".join(part.raw_label for part in ordered)
    return Symbol(label, union(*(part.box for part in parts)), confidence, raw_label=raw_label)


def settle_marks(row: Sequence[Symbol]) -> list[Symbol]:
    """Tell the points, commas and minus signs of a row apart by their place; drop what is none of them.

    `row` is in reading order. Without digits there is no place to go by, and the row stays as it is.
    """
    digits = [symbol for symbol in row if symbol.label in DIGITS]
    if not digits:
        return list(row)
    settled = []
    for index, symbol in enumerate(row):
        if symbol.label not in "-.,":
            settled.append(symbol)
        elif label := _settled_label(symbol, Baseline.near(digits, symbol.box), _has_operands(row, index)):
            placed = _placed_as(label, symbol)
            # A point may stand low in a digit's box; a multiplication sign in it is a speck.
            if label != "×" or not any(show_same_ink(placed, digit) for digit in digits):
                settled.append(placed)
    return settled


def _has_operands(row: Sequence[Symbol], index: int) -> bool:
    """Whether a mark stands between two numbers or groups."""
    before, after = row[:index], row[index + 1 :]
    return bool(before and after) and before[-1].label in f"{DIGITS})" and after[0].label in f"{DIGITS}("


def _settled_label(mark: Symbol, line: Baseline, has_operands: bool) -> str:
    """What a - . or , is by its place; empty for a speck."""
    top, bottom = line.place_of(mark.box)
    middle = (top + bottom) / 2
    length = width(mark.box) / line.digit_height
    if mark.label == "-":
        is_point = length < POINT_LENGTH and bottom - top < POINT_LENGTH and middle > HIGHEST_POINT
        return "." if is_point else "-"
    if HIGHEST_RAISED_DOT <= middle <= HIGHEST_POINT and has_operands:
        is_bar = length >= MINUS_LENGTH and length >= MINUS_SLENDERNESS * (bottom - top)
        return "-" if is_bar else _raised(mark)
    if middle < HIGHEST_RAISED_DOT:
        return ""
    return _point_or_comma(mark, bottom)


def _raised(mark: Symbol) -> str:
    """A dot at half height multiplies; a comma there is a comma written high."""
    return "×" if mark.label == "." else mark.label


def _point_or_comma(mark: Symbol, bottom: float) -> str:
    other = "," if mark.label == "." else "."
    wavers = dict(mark.alternatives).get(other, 0.0) * WAVERING_ODDS >= mark.confidence
    if not wavers or POINT_BOTTOM < bottom < COMMA_BOTTOM:
        return mark.label
    return "." if bottom <= POINT_BOTTOM else ","


def _placed_as(label: str, mark: Symbol) -> Symbol:
    """The place decides on the label; the network's word still says how sure it is that there is a mark."""
    alternatives = tuple(pair for pair in mark.alternatives if pair[0] != label)
    return mark if label == mark.label else replace(mark, label=label, alternatives=alternatives)
