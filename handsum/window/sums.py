"""What the window makes of a reading: a sum a line, which may go on from the answer above. Pure, no Tk.

As on a calculator, a line that begins with an operator takes the answer of the line above as its first
number: `+5=` under `12+7=` is 24. A minus may be a sign: there only a line that would otherwise ask
nothing, as `-5=` does, goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handsum.arithmetic import Answer, Status, evaluate
from handsum.layout.spelling import text_of
from handsum.reading import SURE_FROM, Line, Reading, Symbol

ANS = "Ans"
# What a line can only begin with when something stands before it.
CONTINUING = frozenset("+×÷/")
NUMERAL = frozenset("0123456789.,")
# Checks that hold, in words.
HOLDING: dict[Status, str] = {"true": "true", "rounded": "true to the digits written"}
# A trouble that a person may want to hear of; what is unfinished is being written.
TOLD = ("nonsense", "undefined", "too large")


@dataclass(frozen=True)
class Sum:
    """One line and what it comes to.

    Attributes:
        line: as it was written; its answer is that of the sum, so it takes in the number it goes on from.
        operand: that number, the answer above, as a fraction where it was shown rounded; "" for a line of
            its own.
        is_operand_sure: whether that number hangs on no doubtful symbol.
    """

    line: Line
    operand: str = ""
    is_operand_sure: bool = True

    @property
    def answer(self) -> Answer:
        """What it comes to, together with the number it goes on from."""
        return self.line.answer or evaluate(self.operand + self.line.text)

    @property
    def asks(self) -> bool:
        """Whether it ends with = and has an answer that may be shown."""
        return self.answer.status == "answered" and self.line.text.endswith("=") and self.line.doubt is None

    @property
    def is_sure(self) -> bool:
        """Whether what it comes to hangs on no doubtful symbol."""
        return self.is_operand_sure and not any(map(is_doubtful, self.line.symbols))

    @property
    def condition(self) -> str:
        """What a check holds by, where it was not read so: "if this is a 9, not a 4"; else ""."""
        changed = [symbol for symbol in self.line.symbols if symbol.is_changed]
        if self.answer.status not in HOLDING or not changed:
            return ""
        claims = (f"{_one(symbol.label)}, not {_one(symbol.raw_label)}" for symbol in changed)
        return f"if this is {' and '.join(claims)}"

    @property
    def verdict(self) -> str:
        """That a check holds, and by what; "" for all else."""
        return ", ".join(filter(None, (HOLDING.get(self.answer.status), self.condition)))

    @property
    def copied(self) -> str:
        """The line with its answer, to be understood away from the page."""
        whole = self.operand + self.line.text
        if self.line.doubt is not None:
            return f"{whole}  ({self.line.doubt})"
        if self.answer.status == "answered":
            return f"{whole.removesuffix('=')}{_equal_to(self.answer)}"
        if self.answer.status in ("false", *TOLD):
            return f"{whole}  ({self.answer.message})"
        return f"{whole}  ({self.verdict})" if self.condition else whole


def is_doubtful(symbol: Symbol) -> bool:
    """Whether a person should look twice."""
    return symbol.confidence < SURE_FROM


def sums_of(reading: Reading, *, min_confidence: float = 0.0) -> tuple[Sum, ...]:
    """The lines of a reading, each with its answer; `min_confidence` is what the reader was given."""
    sums: list[Sum] = []
    for line in reading.lines:
        each = _sum_of(line, sums[-1] if sums else None)
        sums.append(replace(each, line=each.line.refused_below(min_confidence)))
    return tuple(sums)


def copied(sums: Sequence[Sum]) -> str:
    """All lines with their answers."""
    return "\n".join(each.copied for each in sums)


def goes_on(text: str) -> bool:
    """Whether a line takes the answer above as its first number."""
    if text[:1] == "-":
        return text[-1:] == "=" and len(text) > 2 and NUMERAL.issuperset(text[1:-1])
    return text[:1] in CONTINUING


def with_symbols(line: Line, symbols: tuple[Symbol, ...]) -> Line:
    """The line with other labels; where that changes it, worked out anew and not doubted yet."""
    if symbols == line.symbols:
        return line
    text = text_of(symbols)
    return replace(line, text=text, symbols=symbols, answer=evaluate(text), doubt=None)


def _sum_of(line: Line, above: Sum | None) -> Sum:
    as_read = with_symbols(line, _beginning_as_read(line))
    if above is None or above.line.doubt or above.answer.value is None or not goes_on(as_read.text):
        return Sum(line)
    # The fraction, not the text that may have been rounded: 1÷3= and then ×3= is 1.
    whole = f"({above.answer.fraction})"
    operand = whole if above.answer.text.startswith("≈") else above.answer.text
    # The reader judged the line alone, so its doubt is decided anew.
    going_on = replace(as_read, answer=evaluate(whole + as_read.text), doubt=None)
    return Sum(going_on, operand, above.is_sure)


def _beginning_as_read(line: Line) -> tuple[Symbol, ...]:
    """The symbols, an operator at the beginning as the network read it.

    Alone, such a line is nonsense, and the reader may have taken a less likely label to mend it.
    """
    first = line.symbols[0]
    if first.raw_label in CONTINUING and first.is_changed:
        return (first.relabelled(first.raw_label), *line.symbols[1:])
    return line.symbols


def _one(label: str) -> str:
    return f"an {label}" if label == "8" else f"a {label}"


def _equal_to(answer: Answer) -> str:
    return answer.text.replace(" ", "") if answer.text.startswith("≈") else f"={answer.text}"
