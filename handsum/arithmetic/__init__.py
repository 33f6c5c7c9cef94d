"""Arithmetic: a line of text to its exact answer, by a grammar of our own.

    >>> evaluate("12+7").text
    '19'
    >>> answer = evaluate("125÷176=0,71")
    >>> answer.status, answer.text, answer.fraction
    ('rounded', '≈ 0,710227', '125/176')

The alphabet is `0-9 + - × ÷ / ( ) . , =`; `* x X :` and the Unicode minus signs are taken as what they
stand for, and spaces count for nothing. `numerals` says how points and commas are read, `expression`
what binds how. Every text gets an Answer, in milliseconds: trouble is a status, not an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from handsum.arithmetic.expression import Token, is_numeral, split_tokens, work_out
from handsum.arithmetic.numerals import (
    Mark,
    Notation,
    Numeral,
    decimal_text,
    is_true_to_digits,
    read_numerals,
)
from handsum.arithmetic.sum_error import Refusal, SumError

__all__ = ["Answer", "Status", "evaluate"]

PRODUCT_SIGNS = frozenset("×÷/")

Verdict = Literal["true", "rounded", "false"]
Status = Literal["number", "answered"] | Verdict | Refusal


@dataclass(frozen=True)
class Answer:
    """What a line of text comes to.

    Attributes:
        value: the exact value; the right one where a false one was written; None where there is none.
        status: what became of the text:
            "number": it is a bare number, and nothing was asked;
            "answered": a sum, with or without `=` at its end;
            "true", "false": what was written beside `=` holds, or does not;
            "rounded": it holds to the digits written, rounded or cut off (125÷176=0,71);
            "empty", "unfinished" (12+: something is missing yet), "nonsense" (2÷×3), "undefined" (1÷0),
            "too large": there is no value.
        text: the value as a decimal, with the mark that the text used: "19", "0,5", "≈ 0.333333"; "" without
            a value.
        fraction: the value as a fraction in lowest terms: "1/3", "19"; "" without a value.
        message: one sentence for a person about a check or a trouble; "" for "number" and "answered".
    """

    value: Fraction | None
    status: Status
    text: str = ""
    fraction: str = ""
    message: str = ""


@dataclass(frozen=True)
class _Side:
    """One side of `=`.

    Attributes:
        value: what it comes to.
        written: the one number it was written as; None where it is a calculation.
        is_product: whether anything is multiplied or divided in it.
    """

    value: Fraction
    written: Numeral | None
    is_product: bool


def evaluate(text: str) -> Answer:
    """Work out a sum, or check one: "12+7", "12+7=", "12+7=19", "2+2=4=8/2".

    Where points and commas fit both notations, as in 22÷7=3,142, the one in which the sum holds is
    taken. Raises TypeError for anything but a str, and nothing else.
    """
    if not isinstance(text, str):
        raise TypeError(f"evaluate takes a text (str), not {type(text).__name__}")
    try:
        tokens = split_tokens(text)
        notations = read_numerals([token for token in tokens if is_numeral(token)])
    except SumError as error:
        return _refused(error)
    answers = [_answer(tokens, notation) for notation in notations]
    return next((answer for answer in answers if answer.status in ("true", "rounded")), answers[0])


def _refused(error: SumError) -> Answer:
    return Answer(None, error.refusal, message=str(error))


def _answer(tokens: Sequence[str], notation: Notation) -> Answer:
    """The answer to a text whose numerals are read in one notation."""
    numerals = iter(notation.numerals)
    try:
        sides = _worked_out_sides([next(numerals) if is_numeral(token) else token for token in tokens])
    except SumError as error:
        return _refused(error)
    value = _right_value(sides)
    if len(sides) > 1:
        status, message = _checked(sides, value, notation.mark)
        return _answered(value, status, notation.mark, message)
    is_bare = sides[0].written is not None and "=" not in tokens
    return _answered(value, "number" if is_bare else "answered", notation.mark)


def _answered(value: Fraction, status: Status, mark: Mark, message: str = "") -> Answer:
    return Answer(value, status, decimal_text(value, mark), str(value), message)


def _worked_out_sides(tokens: Sequence[Token]) -> list[_Side]:
    """The sides that the `=` signs part; an `=` at the end asks, and has no side after it."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token == "=":
            parts.append([])
        else:
            parts[-1].append(token)
    if not parts[0]:
        raise SumError("nonsense", "There is nothing before =.")
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    if [] in parts:
        raise SumError("nonsense", "There is nothing between two = signs.")
    return [_side(part) for part in parts]


def _side(tokens: Sequence[Token]) -> _Side:
    numerals = [token for token in tokens if isinstance(token, Numeral)]
    value = work_out(tokens)
    # Signs and parentheses do not make a number a calculation: -0.33 and (0.33) were written.
    written = Numeral(value, numerals[0].num_decimals) if len(numerals) == 1 else None
    return _Side(value, written, is_product=any(token in PRODUCT_SIGNS for token in tokens))


def _right_value(sides: Sequence[_Side]) -> Fraction:
    """What the other sides are held against: the first calculation, since a number is a claim about it."""
    return next((side.value for side in sides if side.written is None), sides[0].value)


def _checked(sides: Sequence[_Side], value: Fraction, mark: Mark) -> tuple[Verdict, str]:
    """Whether all sides agree, and the sentence that says so."""
    may_be_rounded = any(side.is_product for side in sides)
    verdict: Verdict = "true"
    for side in sides:
        if side.value == value:
            continue
        # Nobody rounds a sum of decimals, which has no more of them: 0.333=0.33 and 2.5+2.25=4.7 are false.
        if not (may_be_rounded and side.written and is_true_to_digits(value, side.written)):
            right, wrong = decimal_text(value, mark), decimal_text(side.value, mark)
            if right == wrong:  # the difference lies beyond the digits that are shown
                right, wrong = str(value), str(side.value)
            return "false", f"False: it comes to {right}, not {wrong}."
        verdict = "rounded"
    return verdict, "True." if verdict == "true" else "True to the digits written."
