"""Layout: the symbols of a page to lines in reading order. Pure geometry: no pixels, no arithmetic.

A row of writing is one line, whatever its gaps, up to a gap of seven digit heights: beyond that two things
stand side by side, and each is a line of its own, the left one first. A gap beside an operator never parts,
up to ten digit heights: an answer may be written well to the right. Text has no spaces, so words of one row
("98765 43210") are joined. Two sums in one row of an exercise sheet may stand closer: `side_by_side` tells
where they may be parted, and the reader whether that makes sense; so it is with `numbering`, which tells what
may number an exercise.

A bar between two rows of digits (a fraction, a sum in columns) is a line of its own, for now.
"""

from __future__ import annotations

from collections.abc import Iterable

from handsum.layout.clutter import split_rules, without_duplicates, without_frames
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
    inked = without_duplicates(join_bars(without_duplicates(without_frames(list(symbols)))))
    inked, rules = split_rules(inked)
    signs = [symbol for symbol in inked if symbol.label not in DIGITS]
    rows = chain(symbol for symbol in inked if symbol.label in DIGITS)
    rows = join_over_slashes(rows, [sign for sign in signs if sign.label == "/"])
    rows, left_over = join_signs(rows, signs)
    rows += chain(sign for sign in left_over if sign.label not in DOTS)
    lines = [line for row in rows for line in parted(settle_marks(without_lost_dots(row)))]
    return tuple(map(tuple, in_reading_order(lines + [[rule] for rule in rules])))
