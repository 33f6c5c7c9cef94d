"""Numerals: written numbers to exact values, with a decimal point or a decimal comma, and back.

A text follows one of two notations: a decimal point with commas between thousands (1,234.5), or a
decimal comma with points between thousands (1.234,5). `1,234` and `1.234` fit both. The point is the
decimal mark unless some number of the text can only be read the other way: `0,71`, `1.234,5` and
`1.234.567` make the whole text one with a decimal comma. In a text that mixes both, such as
`0,5+0.5`, each number is read as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from handsum.arithmetic.sum_error import SumError

Mark = Literal[".", ","]

# The likelier decimal mark first.
MARKS: tuple[Mark, Mark] = (".", ",")

# More than any hand writes, and few enough that a text full of such numbers takes milliseconds and that
# Python, however strictly it is set, still turns them into text: its limit is never below 640 digits.
MAX_DIGITS = 500
_TOO_MANY_DIGITS = 10**MAX_DIGITS

# The product of two numbers with six decimals each is still shown in full.
MAX_EXACT_DECIMALS = 12
_EXACT_SCALE = 10**MAX_EXACT_DECIMALS

# What a rounded answer shows: this many decimals, or for small values this many significant digits.
NUM_ROUNDED_DIGITS = 6

_PATTERNS = {
    decimal_mark: re.compile(
        rf"(?P<whole>[1-9][0-9]{{0,2}}(?:[{thousands_mark}][0-9]{{3}})+|[0-9]*)"
        rf"(?:[{decimal_mark}](?P<decimals>[0-9]*))?"
    )
    for decimal_mark, thousands_mark in (MARKS, MARKS[::-1])
}


@dataclass(frozen=True)
class Numeral:
    """A written number: its value, and how many digits were written after the decimal mark."""

    value: Fraction
    num_decimals: int


@dataclass(frozen=True)
class Notation:
    """One way to read the numerals of a text: their values in order, and the decimal mark."""

    numerals: tuple[Numeral, ...]
    mark: Mark


def read_numerals(written: Sequence[str]) -> list[Notation]:
    """The ways to read the numerals of a text together: one, or two with the likelier first.

    `written` holds strings of digits, points and commas. Raises SumError for one that is no number.
    """
    for numeral in written:
        _check_form(numeral)
    marks = MARKS if any(mark in numeral for numeral in written for mark in MARKS) else MARKS[:1]
    notations = []
    for mark in marks:
        numerals = [parsed for numeral in written if (parsed := _parsed(numeral, mark))]
        if len(numerals) == len(written):
            notations.append(Notation(tuple(numerals), mark))
    return notations or [_mixed_notation(written)]


def _mixed_notation(written: Sequence[str]) -> Notation:
    """Each numeral read as it can be; the answer follows the first that leaves no choice."""
    numerals: list[Numeral] = []
    decisive: list[Mark] = []
    for numeral in written:
        parsed = [(mark, value) for mark in MARKS if (value := _parsed(numeral, mark))]
        if not parsed:
            raise SumError("nonsense", f"{_shortened(numeral)} is not a number.")
        numerals.append(parsed[0][1])
        if len(parsed) == 1:
            decisive.append(parsed[0][0])
    return Notation(tuple(numerals), decisive[0])


def _check_form(numeral: str) -> None:
    num_digits = len(numeral) - sum(numeral.count(mark) for mark in MARKS)
    if num_digits > MAX_DIGITS:
        raise too_many_digits()
    if num_digits == 0:
        raise SumError("nonsense", f"{_shortened(numeral)} is not a number.")
    # A point may end a sentence; a comma at the end announces something more.
    if numeral.endswith(","):
        raise SumError("unfinished", "The sum is not finished: a digit is missing after a comma.")


def _parsed(numeral: str, mark: Mark) -> Numeral | None:
    match = _PATTERNS[mark].fullmatch(numeral)
    if match is None:
        return None
    decimals = match["decimals"] or ""
    digits = match["whole"].replace(",", "").replace(".", "") + decimals
    return Numeral(Fraction(int(digits), 10 ** len(decimals)), len(decimals))


def checked_size(value: Fraction) -> Fraction:
    """The same value; raises SumError when its numerator or denominator has over MAX_DIGITS digits."""
    if abs(value.numerator) >= _TOO_MANY_DIGITS or value.denominator >= _TOO_MANY_DIGITS:
        raise too_many_digits()
    return value


def too_many_digits() -> SumError:
    """The trouble with a number that outgrows the limit."""
    return SumError("too large", f"A number in this sum has over {MAX_DIGITS} digits, which is too many.")


def _shortened(written: str) -> str:
    """A piece of the text, short enough to be quoted in a message."""
    return written if len(written) <= 20 else f"{written[:19]}…"


def decimal_text(value: Fraction, mark: Mark) -> str:
    """A value as a decimal: exact where it ends within a dozen decimals, else rounded after a `≈`.

    Rounded values have six decimals, or six significant digits where they are small; halves go away
    from zero, as taught in school.
    """
    if _EXACT_SCALE % value.denominator == 0:
        scaled = value.numerator * (_EXACT_SCALE // value.denominator)
        return _without_end_zeros(_placed(scaled, MAX_EXACT_DECIMALS, mark))
    num_decimals = _rounded_decimals(value)
    scaled = _rounded(value * 10**num_decimals)
    shown = _placed(scaled, num_decimals, mark)
    if Fraction(scaled, 10**num_decimals) == value:
        return _without_end_zeros(shown)
    return f"≈ {shown}"


def _rounded_decimals(value: Fraction) -> int:
    """How many decimals show six significant digits, and never fewer than six decimals."""
    leading = len(str(value.denominator // abs(value.numerator))) if abs(value) < 1 else 0
    return max(NUM_ROUNDED_DIGITS, leading + NUM_ROUNDED_DIGITS - 1)


def _rounded(value: Fraction) -> int:
    """The nearest whole number; halves go away from zero."""
    nearest = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return nearest if value >= 0 else -nearest


def _placed(scaled: int, num_decimals: int, mark: Mark) -> str:
    """A whole number with its decimal mark put before the last `num_decimals` digits."""
    digits = str(abs(scaled)).zfill(num_decimals + 1)
    return f"{'-' if scaled < 0 else ''}{digits[:-num_decimals]}{mark}{digits[-num_decimals:]}"


def _without_end_zeros(shown: str) -> str:
    return shown.rstrip("0").rstrip(".,")


def is_true_to_digits(value: Fraction, written: Numeral) -> bool:
    """Whether a written decimal is the value rounded, halves either way, or cut off at its last digit.

    A whole number claims to be exact: 7÷2=3 and 7÷2=4 are wrong.
    """
    if written.num_decimals == 0:
        return False
    scale = 10**written.num_decimals
    scaled, written_scaled = value * scale, written.value * scale
    return abs(scaled - written_scaled) <= Fraction(1, 2) or int(scaled) == written_scaled
