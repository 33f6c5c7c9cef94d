"""Layout: the symbols of a page to lines in reading order. Pure geometry: no pixels, no arithmetic.

A row of writing is one line, whatever its gaps, up to a gap of seven digit heights: beyond that two things
stand side by side, and each is a line of its own, the left one first. A gap beside an operator never parts,
up to ten digit heights: an answer may be written well to the right. Text has no spaces, so words of one row
("98765 43210") are joined. Two sums in one row of an exercise sheet may stand closer: `side_by_side` tells
where they may be parted, and `handsum.lines` whether that makes sense; so it is with `numbering`, which tells
what may number an exercise.

A bar with a number above and one below is a stacked fraction, a unit of its line. Another bar between two
rows of digits (a sum in columns) is a line of its own, for now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handsum.layout.clutter import split_rules, without_duplicates, without_frames
from handsum.layout.fractions import Fraction, find_fractions
from handsum.layout.labels import DIGITS, DOTS
from handsum.layout.numbering import numbering
from handsum.layout.order import in_reading_order, parted, side_by_side, without_lost_dots
from handsum.layout.rows import chain, join_signs
from handsum.layout.signs import join_bars, settle_marks
from handsum.layout.slashes import join_over_slashes
from handsum.reading import Symbol

__all__ = ["arrange", "numbering", "side_by_side"]


def arrange(symbols: Iterable[Symbol]) -> tuple[tuple[Symbol, ...], ...]:
    """The symbols of a page as lines from top to bottom, each from left to right.

    Symbols may come in any order, twice, or be none at all (specks, underlines, frames); marks that belong
    together are joined (`raw_label` tells). Moving or scaling all boxes changes nothing, and arranging
    what was arranged changes nothing either. No symbols, no lines.
    """
    inked = without_duplicates(without_frames(list(symbols)))
    fractions = _read_fractions(inked)
    parts = {id(part) for fraction, _ in fractions for part in fraction.parts}
    in_line = {fraction.as_digit(): line for fraction, line in fractions}
    lines = _rows([symbol for symbol in inked if id(symbol) not in parts], in_line)
    return tuple(tuple(part for unit in line for part in in_line.get(unit, (unit,))) for line in lines)


def _read_fractions(symbols: Sequence[Symbol]) -> list[tuple[Fraction, tuple[Symbol, ...]]]:
    """The stacked fractions among symbols whose numbers are a line each, and how they are read."""
    found = []
    for fraction in find_fractions(symbols):
        upper, lower = _rows(fraction.upper), _rows(fraction.lower)
        if len(upper) == len(lower) == 1:
            found.append((fraction, fraction.in_line(upper[0], lower[0])))
    return found


def _rows(symbols: Sequence[Symbol], fractions: Iterable[Symbol] = ()) -> list[tuple[Symbol, ...]]:
    """Lines in reading order of symbols of which none are stacked, and of what stands for fractions."""
    inked, rules = split_rules([*without_duplicates(join_bars(symbols)), *fractions])
    signs = [symbol for symbol in inked if symbol.label not in DIGITS]
    rows = chain(symbol for symbol in inked if symbol.label in DIGITS)
    rows = join_over_slashes(rows, [sign for sign in signs if sign.label == "/"])
    rows, left_over = join_signs(rows, signs)
    rows += chain(sign for sign in left_over if sign.label not in DOTS)
    lines = [line for row in rows for line in parted(settle_marks(without_lost_dots(row)))]
    return in_reading_order(lines + [[rule] for rule in rules])
