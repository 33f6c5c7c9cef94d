"""A sum as it is set under the paper: pieces of text, each with its look. Pure, no Tk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from handsum.layout.spelling import spelt
from handsum.reading import Symbol
from handsum.window.sums import ANS, TOLD, Sum, is_doubtful

Look = Literal["plain", "doubtful", "faint", "answer", "caption"]

# Operators stand apart, as in print; a sign in front of its number does not.
SPACED = "+-×÷="
PREFIXES = "+-"
MINUS = "−"
# A longer answer is cut short; copying gives it whole.
MAX_ANSWER_LENGTH = 28


@dataclass(frozen=True)
class Piece:
    """A piece of a row.

    Attributes:
        text: what is set.
        look: in which colour and size.
        symbol: what was written there, if anything was.
        is_spaced: whether it stands apart from its neighbours.
    """

    text: str
    look: Look
    symbol: Symbol | None = None
    is_spaced: bool = False


def pieces_of(each: Sum) -> tuple[Piece, ...]:
    """A sum, its answer, and what there is to say about it."""
    front = (Piece(ANS, "faint"),) if each.operand else ()
    return (*front, *_whole_line(each), *_outcome(each))


def set_in_type(text: str) -> str:
    """A text as it is printed: with a minus sign, not a hyphen."""
    return text.replace("-", MINUS)


def _whole_line(each: Sum) -> Iterator[Piece]:
    """What is written, and what stacked fractions need beside them in a row."""
    for index, (before, behind) in enumerate(spelt(each.line.symbols)):
        yield from (Piece(sign, "plain") for sign in before)
        yield _written(each, index)
        yield from (Piece(sign, "plain") for sign in behind)


def _written(each: Sum, index: int) -> Piece:
    symbol = each.line.symbols[index]
    before = each.line.symbols[index - 1].label if index else each.operand[-1:]
    is_prefix = symbol.label in PREFIXES and (not before or before in SPACED + "(/")
    is_spaced = symbol.label in SPACED and not is_prefix
    look: Look = "doubtful" if each.line.doubt or is_doubtful(symbol) else "plain"
    return Piece(set_in_type(symbol.label), look, symbol, is_spaced)


def _outcome(each: Sum) -> tuple[Piece, ...]:
    """What stands after the written part."""
    answer = each.answer
    if each.line.doubt is not None:
        return (Piece(each.line.doubt, "caption"),)
    if answer.status == "answered":
        equals = () if each.asks else (Piece("=", "faint", is_spaced=True),)
        return (*equals, _shown(each), *_fraction(each))
    if answer.status == "false":
        return Piece("it comes to", "caption"), _shown(each), *_fraction(each)
    if each.verdict:
        asks = not (each.is_sure or each.condition)
        return (Piece(set_in_type(each.verdict) + "?" * asks, "caption"),)
    return (Piece(answer.message.rstrip("."), "caption"),) if answer.status in TOLD else ()


def _fraction(each: Sum) -> tuple[Piece, ...]:
    """The exact value, where the answer shown is rounded."""
    fraction = each.answer.fraction
    is_short = len(fraction) <= MAX_ANSWER_LENGTH
    return (Piece(fraction, "caption"),) if each.answer.text.startswith("≈") and is_short else ()


def _shown(each: Sum) -> Piece:
    """The answer; one that hangs on a doubtful symbol asks, as the symbol does."""
    text = set_in_type(each.answer.text)
    text = text if len(text) <= MAX_ANSWER_LENGTH else f"{text[: MAX_ANSWER_LENGTH - 1]}…"
    return Piece(text, "answer") if each.is_sure else Piece(f"{text}?", "doubtful")
