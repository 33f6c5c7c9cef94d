"""Sums made at random, as text and, beside it, as Python's own fractions; counts what it makes."""

from __future__ import annotations

import operator
import random
from collections import Counter
from fractions import Fraction
from typing import NamedTuple

RANKS = {"+": 1, "-": 1, "×": 2, "÷": 2, "/": 2}
OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "×": operator.mul,
    "÷": operator.truediv,
    "/": operator.truediv,
}
OTHER_SPELLINGS = {"-": "−–", "×": "*xX", "÷": ":"}
MAX_DEPTH = 4
ATOM_RANK = 4
UNARY_RANK = 3


class Piece(NamedTuple):
    """A part of a sum: its text, its value (None: it divides by zero), and how tightly it holds together."""

    text: str
    value: Fraction | None
    rank: int
    depth: int


class Writer:
    """Makes sums; `made` counts how many hold each operator, notation and trouble."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made: Counter[str] = Counter()
        self._now: set[str] = set()
        self._mark = "."

    def sum(self) -> tuple[str, Fraction | None]:
        """A text and its value; None where it divides by zero."""
        self._now = set()
        self._mark = self.random.choice(".,")
        piece = self._piece(self.random.randint(0, MAX_DEPTH))
        text = piece.text
        if self._chance(0.2):
            text = f"{text}{self._note('asked with =', '=')}"
        if piece.value is None:
            self._note("division by zero")
        if piece.depth > 3:
            self._note("depth over 3")
        self.made.update(self._now)
        return text, piece.value

    def _chance(self, ratio: float) -> bool:
        return self.random.random() < ratio

    def _note(self, name: str, text: str = "") -> str:
        self._now.add(name)
        return text

    def _piece(self, depth: int) -> Piece:
        if depth == 0 or self._chance(0.15):
            piece = self._number()
        elif self._chance(0.15):
            piece = self._negated(self._piece(depth - 1))
        else:
            piece = self._joined(self._piece(depth - 1), self._piece(self.random.randrange(depth)))
        return self._grouped(piece, "superfluous parentheses") if self._chance(0.08) else piece

    def _number(self) -> Piece:
        whole, decimals = self.random.choice([0, 1, 2, 7, 12, 345, 6789, 1234567]), ""
        text = str(whole)
        if self._chance(0.25):
            # Never three decimals, with which a number might fit both notations.
            num_decimals = self.random.choice([1, 2, 4])
            decimals = "".join(self.random.choices("0123456789", k=num_decimals))
            self._note("decimal point" if self._mark == "." else "decimal comma")
            other_mark = "," if self._mark == "." else "."
            if whole > 999 and self._chance(0.5):
                text = self._note("thousands marks", f"{whole:,}".replace(",", other_mark))
        value = Fraction(int(f"{whole}{decimals}"), 10 ** len(decimals))
        return Piece(f"{text}{self._mark}{decimals}" if decimals else text, value, ATOM_RANK, 0)

    def _grouped(self, piece: Piece, name: str) -> Piece:
        self._note(name)
        return Piece(f"({piece.text})", piece.value, ATOM_RANK, piece.depth + 1)

    def _negated(self, piece: Piece) -> Piece:
        if piece.rank < UNARY_RANK:
            piece = self._grouped(piece, "parentheses")
        sign = self._note("unary minus", "-")
        return Piece(
            f"{sign}{piece.text}", None if piece.value is None else -piece.value, UNARY_RANK, piece.depth + 1
        )

    def _joined(self, left: Piece, right: Piece) -> Piece:
        name = self.random.choice("+-×÷/")
        rank = RANKS[name]
        if left.rank < rank:
            left = self._grouped(left, "parentheses")
        # Operators of one rank go from left to right: on the right side they need parentheses.
        if right.rank <= rank:
            right = self._grouped(right, "parentheses")
        text = f"{left.text}{self._between(name, right.text)}{right.text}"
        return Piece(text, self._value(name, left, right), rank, max(left.depth, right.depth) + 1)

    def _between(self, name: str, right: str) -> str:
        """The operator as written: perhaps in another spelling, with spaces, or an × left out."""
        self._note(name)
        if name == "×" and right[0] == "(" and self._chance(0.3):
            return self._note("omitted ×")
        sign = name
        if name in OTHER_SPELLINGS and self._chance(0.3):
            sign = self._note("other spelling", self.random.choice(OTHER_SPELLINGS[name]))
        return self._note("spaces", f" {sign} ") if self._chance(0.2) else sign

    def _value(self, name: str, left: Piece, right: Piece) -> Fraction | None:
        if left.value is None or right.value is None:
            return None
        try:
            value: Fraction = OPERATIONS[name](left.value, right.value)
        except ZeroDivisionError:
            return None
        return value
