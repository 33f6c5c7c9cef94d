"""What the window makes of a reading: a sum a line, which may go on from the answer above. Pure, no Tk.

As on a calculator, a line that begins with an operator takes the answer of the line above as its first
number: `+5=` under `12+7=` is 24. A minus may be a sign: there only a line that would otherwise ask
nothing, as `-5=` does, goes on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handsum.arithmetic import Answer, evaluate
from handsum.reading import Doubt, Line, Reading, Symbol

ANS = "Ans"
# What a line can only begin with when something stands before it.
CONTINUING = "+×÷/"
NUMERAL = frozenset("0123456789.,")
# A trouble that a person may want to hear of; what is unfinished is being written.
TOLD = ("nonsense", "undefined", "too large")


@dataclass(frozen=True)
class Sum:
    """One line and what it comes to.

    Attributes:
        symbols: the line's, in reading order.
        answer: what it comes to, together with the number it goes on from.
        operand: that number, the answer above, as a fraction where it was shown rounded; "" for a line of
            its own.
        doubt: why nobody should rely on it; None where somebody may.
    """

    symbols: tuple[Symbol, ...]
    answer: Answer
    operand: str = ""
    doubt: Doubt | None = None

    @property
    def text(self) -> str:
        """The line as it was written."""
        return "".join(symbol.label for symbol in self.symbols)

    @property
    def confidence(self) -> float:
        """The probability 0..1 that every symbol is right, were they independent of each other."""
        return math.prod(symbol.confidence for symbol in self.symbols)

    @property
    def asks(self) -> bool:
        """Whether it ends with = and has an answer that can be relied on."""
        return self.answer.status == "answered" and self.text.endswith("=") and self.doubt is None

    @property
    def copied(self) -> str:
        """The line with its answer, to be understood away from the page."""
        whole = self.operand + self.text
        if self.doubt is not None:
            return f"{whole}  ({self.doubt})"
        if self.answer.status == "answered":
            return f"{whole.removesuffix('=')}{_equal_to(self.answer)}"
        if self.answer.status in ("false", *TOLD):
            return f"{whole}  ({self.answer.message})"
        return whole


def sums_of(reading: Reading, *, min_confidence: float = 0.0) -> tuple[Sum, ...]:
    """The lines of a reading, each with its answer; `min_confidence` is what the reader was given."""
    sums: list[Sum] = []
    for line in reading.lines:
        sums.append(_sum_of(line, sums[-1] if sums else None, min_confidence))
    return tuple(sums)


def copied(sums: Sequence[Sum]) -> str:
    """All lines with their answers."""
    return "\n".join(each.copied for each in sums)


def goes_on(text: str) -> bool:
    """Whether a line takes the answer above as its first number."""
    if text[:1] == "-":
        return text[-1:] == "=" and len(text) > 2 and NUMERAL.issuperset(text[1:-1])
    return len(text) > 1 and text[0] in CONTINUING


def _sum_of(line: Line, above: Sum | None, min_confidence: float) -> Sum:
    symbols = _beginning_as_read(line)
    text = "".join(symbol.label for symbol in symbols)
    if above is None or above.doubt or above.answer.value is None or not goes_on(text):
        return Sum(line.symbols, line.answer or evaluate(line.text), doubt=line.doubt)
    # The fraction, not the text that may have been rounded: 1÷3= and then ×3= is 1.
    whole = f"({above.answer.fraction})"
    operand = whole if above.answer.text.startswith("≈") else above.answer.text
    as_read = replace(line, symbols=symbols, doubt=None).refused_below(min_confidence)
    return Sum(symbols, evaluate(whole + text), operand, as_read.doubt)


def _beginning_as_read(line: Line) -> tuple[Symbol, ...]:
    """The symbols, an operator at the beginning as the network read it.

    Alone, such a line is nonsense, and the reader may have taken a less likely label to mend it.
    """
    first = line.symbols[0]
    labels = [label for label, _ in first.alternatives]
    if "well-formed" in line.reasons and first.raw_label in CONTINUING and first.raw_label in labels:
        return (first.relabelled(first.raw_label), *line.symbols[1:])
    return line.symbols


def _equal_to(answer: Answer) -> str:
    return answer.text.replace(" ", "") if answer.text.startswith("≈") else f"={answer.text}"


def with_symbols(line: Line, symbols: tuple[Symbol, ...]) -> Line:
    """The line with other labels, and worked out anew where that changes it."""
    if symbols == line.symbols:
        return line
    text = "".join(symbol.label for symbol in symbols)
    return replace(line, text=text, symbols=symbols, answer=evaluate(text))
