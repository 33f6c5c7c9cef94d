"""What ``handsum read`` says of a page of numbers and sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from handsum.cli.results import NUM_DECIMALS, FileResult, Record, Wording

if TYPE_CHECKING:
    from handsum.arithmetic import Answer
    from handsum.reading import Line, Reading, Symbol

# Programs may count on the order: what comes later stands at the end.
CSV_COLUMNS = (
    "file", "line", "text", "confidence", "answer", "status", "doubt", "error", "raw_text", "reasons", "page"
)  # fmt: skip

# A longer fraction tells nobody more than the decimal beside it.
LONGEST_FRACTION = 12
# Boxes are good to no more than a tenth of a pixel.
NUM_BOX_DECIMALS = 1


def describe(line: Line) -> str:
    """A line in a few words: ``12+7= → 19 (98 %)``."""
    from handsum.reading import SURE_FROM, percent

    is_sure = line.doubt is None and line.confidence >= SURE_FROM
    other = "" if is_sure or line.runner_up is None else f", else {line.runner_up}"
    if line.doubt is not None:
        return f"unsure ({line.text} at {percent(line.confidence)}{other})"
    outcome = "" if line.outcome is None else f" → {describe_outcome(line.outcome)}"
    if "true" in line.reasons:  # nobody should take for checked what only the check made of it
        return f"{line.text}{outcome} if read so ({percent(line.confidence)}, looks like {_by_looks(line)})"
    return f"{line.text}{outcome} ({percent(line.confidence)}{other})"


def _by_looks(line: Line) -> str:
    """The line with each symbol as what it most looks like, whatever arithmetic makes of it."""
    from handsum.layout.spelling import text_of

    return text_of([s.relabelled(s.raw_label) if s.is_changed else s for s in line.symbols])


def describe_outcome(answer: Answer) -> str:
    """What stands after an arrow: ``19``, ``1/3 ≈ 0.333333``, ``false: it comes to 19, not 18``."""
    if answer.message:
        return answer.message[0].lower() + answer.message[1:].removesuffix(".")
    if answer.text.startswith("≈") and len(answer.fraction) <= LONGEST_FRACTION:
        return f"{answer.fraction} {answer.text}"
    return answer.text


def as_record(result: FileResult[Reading]) -> Record:
    """One file's result as JSON holds it; every key is always there."""
    lines = () if result.reading is None else result.reading.lines
    return {
        "file": result.file,
        "page": result.page,
        "text": None if result.reading is None else result.reading.text,
        "lines": [_line_record(line) for line in lines],
        "error": result.error,
    }


def _line_record(line: Line) -> Record:
    return {
        "text": line.text,
        "raw_text": line.raw_text,
        "reasons": list(line.reasons),
        "confidence": round(line.confidence, NUM_DECIMALS),
        "doubt": line.doubt,
        "answer": None if line.answer is None else _answer_record(line.answer),
        "symbols": [_symbol_record(symbol) for symbol in line.symbols],
    }


def _answer_record(answer: Answer) -> Record:
    return {
        "text": answer.text,
        "value": answer.fraction or None,
        "status": answer.status,
        "message": answer.message,
    }


def _symbol_record(symbol: Symbol) -> Record:
    return {
        "label": symbol.label,
        "raw_label": symbol.raw_label,
        "box": [round(side, NUM_BOX_DECIMALS) for side in symbol.box],
        "confidence": round(symbol.confidence, NUM_DECIMALS),
        "alternatives": [
            {"label": label, "confidence": round(probability, NUM_DECIMALS)}
            for label, probability in symbol.alternatives
        ],
    }


def _as_words(reading: Reading) -> Iterator[str]:
    """One line after the file's name; several, as compilers and grep have it, after their number too."""
    if not reading.lines:
        yield ": nothing written"
    for number, line in enumerate(reading.lines, 1):
        place = f":{number}" if len(reading.lines) > 1 else ""
        yield f"{place}: {describe(line)}"


def _as_rows(result: FileResult[Reading]) -> Iterator[Record]:
    """A row for each line; one without a line for a blank page and for what could not be read."""
    without = dict.fromkeys(CSV_COLUMNS) | {
        "file": result.file,
        "page": result.page,
        "error": result.error,
    }
    if result.reading is None:
        yield without
    elif not result.reading.lines:
        yield without | {"doubt": "blank"}
    else:
        for number, line in enumerate(result.reading.lines, 1):
            yield without | _row(number, line)


def _row(number: int, line: Line) -> Record:
    return {
        "line": number,
        "text": line.text,
        "confidence": round(line.confidence, NUM_DECIMALS),
        "answer": line.answer and line.answer.text,
        "status": line.answer and line.answer.status,
        "doubt": line.doubt,
        "raw_text": line.raw_text,
        "reasons": " ".join(line.reasons),
    }


PAGE_WORDING: Wording[Reading] = Wording(_as_words, as_record, _as_rows, CSV_COLUMNS)
