"""Expressions: a text to tokens, and the tokens of one side of `=` to an exact value.

    side    = term { ("+" | "-") term }
    term    = factor { ("×" | "÷" | "/") factor | group | numeral after ")" }
    factor  = { "+" | "-" } ( numeral | group )
    group   = "(" side ")"

Operators of one rank go from left to right, and an omitted × has the rank of a written one, so that
6÷2(1+2) is 9. Two stacks hold what waits (Dijkstra's shunting yard): nothing recurses, so that no
depth of nesting exhausts Python.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from handsum.arithmetic.numerals import Numeral, checked_size
from handsum.arithmetic.sum_error import SumError

# Ten times what fits on a page's width.
MAX_CHARACTERS = 1000

Token = Numeral | str

_SPELLINGS = {
    **dict.fromkeys("*xX×", "×"),
    **dict.fromkeys(":÷", "÷"),
    **dict.fromkeys("/\u2044\u2215", "/"),
    # Hyphens, dashes and the minus sign proper.
    **dict.fromkeys("-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
    **{mark: mark for mark in "+()="},
}
_PIECES = re.compile(r"[0-9.,]+|.")

_PREFIXES = ("+", "-")
_NEGATE = "negate"
_RANKS = {"(": 0, "+": 1, "-": 1, "×": 2, "÷": 2, "/": 2, _NEGATE: 3}
_OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "×": operator.mul,
    "÷": operator.truediv,
    "/": operator.truediv,
}


def split_tokens(text: str) -> list[str]:
    """The numerals and signs of a text in order, each sign in its one spelling; spaces count for nothing.

    Raises SumError for a text that is empty, too long, of several lines, or holds a strange character.
    """
    if len(text) > MAX_CHARACTERS:
        raise SumError("too large", f"The text is too long for a sum: over {MAX_CHARACTERS} characters.")
    if len(text.strip().splitlines()) > 1:
        raise SumError("nonsense", "There are several lines; only one can be worked out at a time.")
    pieces = _PIECES.findall("".join(text.split()))
    if not pieces:
        raise SumError("empty", "There is nothing to work out.")
    return [piece if is_numeral(piece) else _sign(piece) for piece in pieces]


def is_numeral(piece: str) -> bool:
    """Whether a piece of text is made of digits and decimal marks."""
    return piece[0] in "0123456789.,"


def _sign(character: str) -> str:
    if character not in _SPELLINGS:
        raise SumError("nonsense", f"{character!r} has no place in a sum.")
    return _SPELLINGS[character]


def work_out(tokens: Sequence[Token]) -> Fraction:
    """The exact value of one side. Raises SumError where it makes no sense or has no value."""
    stacks = _Stacks()
    previous: Token = ""
    for token in tokens:
        if _ends_operand(previous) and _begins_operand(token):  # 2(3+4), (1+2)(3+4), (1+2)3
            stacks.wait_for_operand("×")
            previous = "×"
        if isinstance(token, Numeral) or not _ends_operand(previous):
            _check_operand(token, previous)
            stacks.take_operand(token)
        elif token == ")":
            stacks.close()
        else:
            stacks.wait_for_operand(token)
        previous = token
    if not _ends_operand(previous):
        raise SumError("unfinished", f"The sum is not finished: a number is missing after {previous}.")
    return stacks.result()


def _ends_operand(token: Token) -> bool:
    return isinstance(token, Numeral) or token == ")"


def _begins_operand(token: Token) -> bool:
    return isinstance(token, Numeral) or token == "("


def _check_operand(token: Token, previous: Token) -> None:
    """Refuse × ÷ / and the closing parenthesis where an operand has to begin."""
    if not _begins_operand(token) and token not in _PREFIXES:
        place = f"between {previous} and {token}" if previous else f"before {token}"
        raise SumError("nonsense", f"A number is missing {place}.")


class _Stacks:
    """The values worked out so far, and the operators that wait for their right side."""

    def __init__(self) -> None:
        self.values: list[Fraction] = []
        self.waiting: list[str] = []

    def take_operand(self, token: Token) -> None:
        """A numeral, an opening parenthesis or the sign in front of either."""
        if isinstance(token, Numeral):
            self.values.append(checked_size(token.value))
        elif token != "+":  # in front of an operand it changes nothing
            self.waiting.append(_NEGATE if token == "-" else token)

    def wait_for_operand(self, binary: str) -> None:
        """An operator between two operands: what binds as strongly on its left is worked out first."""
        self._apply_down_to(_RANKS[binary])
        self.waiting.append(binary)

    def close(self) -> None:
        self._apply_down_to(1)
        if not self.waiting:
            raise SumError("nonsense", "A parenthesis is closed that was never opened.")
        self.waiting.pop()

    def result(self) -> Fraction:
        self._apply_down_to(1)
        if self.waiting:
            raise SumError("unfinished", "The sum is not finished: a parenthesis is not closed.")
        return self.values.pop()

    def _apply_down_to(self, rank: int) -> None:
        while self.waiting and _RANKS[self.waiting[-1]] >= rank:
            self._apply(self.waiting.pop())

    def _apply(self, name: str) -> None:
        right = self.values.pop()
        if name == _NEGATE:
            self.values.append(-right)
            return
        if name in "÷/" and right == 0:
            raise SumError("undefined", "Nothing can be divided by zero.")
        self.values.append(checked_size(_OPERATIONS[name](self.values.pop(), right)))
