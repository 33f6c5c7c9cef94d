"""Letters and symbols that people wrote and that nobody would take for a digit."""

from __future__ import annotations

from collections.abc import Sequence

from handsum.training.data.labelled import DIGITS, InkEntry, draw, place_ink
from handsum.training.scoring.non_digits.pictures import PictureSet

# Alone on a page, scaled to the size of a digit, these are read as digits by people too: 0, 1, 2, 4, 5, 6,
# 7 and 9, 8, in this order.
LETTERS_LIKE_DIGITS = frozenset("OoQDlIijJZzyYSsbGqgaB")

# Single lines: a 1, however long they were.
SYMBOLS_LIKE_DIGITS = frozenset("/|\\,'`")

# One in 15 of these lacks a stroke in UNIPEN; a plus without its bar is a 1.
LEAST_STROKES = {"+": 2, "=": 2, "*": 2, "!": 2}


def letters(entries: Sequence[InkEntry]) -> PictureSet:
    """Letters, without those that are digits in shape."""
    left_out = " ".join(sorted(LETTERS_LIKE_DIGITS))
    return _pictures(
        "letters",
        f"UNIPEN letters of held-out writers, without those shaped like a digit ({left_out})",
        [entry for entry in entries if entry.label not in LETTERS_LIKE_DIGITS],
    )


def symbols(entries: Sequence[InkEntry]) -> PictureSet:
    """Symbols other than digits, without those that are a single line."""

    def is_wanted(entry: InkEntry) -> bool:
        is_like_digit = entry.label in DIGITS or entry.label in SYMBOLS_LIKE_DIGITS
        return not is_like_digit and len(entry.ink.strokes) >= LEAST_STROKES.get(entry.label, 1)

    left_out = " ".join(sorted(SYMBOLS_LIKE_DIGITS))
    return _pictures(
        "symbols",
        f"UNIPEN symbols of held-out writers such as + - = ( ) * ? %, without single lines ({left_out})",
        [entry for entry in entries if is_wanted(entry)],
    )


def _pictures(name: str, origin: str, entries: Sequence[InkEntry]) -> PictureSet:
    return PictureSet(name, origin, len(entries), lambda index: draw(place_ink(entries[index].ink)))
