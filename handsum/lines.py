"""Lines: the symbols of a page put into rows by their place, and each row made sense of and worked out.

Layout tells what may be parted or left out; here what it comes to decides: two sums side by side, the number
of an exercise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handsum.arithmetic import Status, evaluate
from handsum.layout import arrange, numbering, side_by_side
from handsum.layout.spelling import text_of
from handsum.reading import Line, Reason, Symbol
from handsum.sense import HOLDS, SIGNS_OF_A_SUM, WELL_FORMED, make_sense


def lines_of(symbols: Iterable[Symbol]) -> list[Line]:
    """The symbols of a page, in any order, as lines in reading order, as sure as the networks are of each."""
    return [line for row in arrange(symbols) for line in _without_numbering(row)]


def _without_numbering(symbols: Sequence[Symbol]) -> list[Line]:
    """A row as lines, without the number of an exercise before a sum; only `raw_text` still has that."""
    lines, num = _as_lines(symbols), numbering(symbols)
    if not num or _holds(lines[0]):
        return lines
    numbered, *others = _as_lines(symbols[num:])
    # Behind a bracket, which nothing else explains, the sum may still be being written.
    is_bracketed = symbols[num - 1].label == ")"
    is_worked_out = (SIGNS_OF_A_SUM if is_bracketed else {"="}) & set(numbered.text)
    if not is_worked_out or _status(numbered) not in {*WELL_FORMED, *["unfinished"] * is_bracketed}:
        return lines
    raw_text = _raw_text(symbols[:num]) + numbered.raw_text
    reasons: tuple[Reason, ...] = tuple(dict.fromkeys(("place", *numbered.reasons)))
    return [replace(numbered, raw_text=raw_text, reasons=reasons), *others]


def _as_lines(symbols: Sequence[Symbol]) -> list[Line]:
    """A row as one line, or as the sums that stand side by side in it; a true chain of them is one."""
    whole, pieces = _as_line(symbols), side_by_side(symbols)
    if len(pieces) == 1 or _holds(whole):
        return [whole]
    *others, last = lines = [_as_line(piece) for piece in pieces]
    # The last one may still be being written.
    is_sense = _status(last) in {*WELL_FORMED, "unfinished"} and all(
        _status(other) in WELL_FORMED for other in others
    )
    return lines if is_sense else [whole]


def _as_line(symbols: Sequence[Symbol]) -> Line:
    sense, raw_text = make_sense(symbols), _raw_text(symbols)
    reasons: tuple[Reason, ...] = ("place",) if raw_text != text_of(symbols) else ()
    if sense.reason is not None:
        reasons = (*reasons, sense.reason)
    return Line(sense.text, sense.symbols, evaluate(sense.text), raw_text, reasons)


def _raw_text(symbols: Iterable[Symbol]) -> str:
    return "".join(symbol.raw_label for symbol in symbols)


def _status(line: Line) -> Status | None:
    return line.answer.status if line.answer else None


def _holds(line: Line) -> bool:
    """Whether it is a check that holds, and asks nothing."""
    return _status(line) in HOLDS and not line.text.endswith("=")
