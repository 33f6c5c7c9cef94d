"""Where on the paper an answer is written: after its =, in the size and on the baseline of its line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from handsum.ink import Ink
from handsum.layout.boxes import center_y, union
from handsum.layout.labels import DIGITS
from handsum.reading import Box, Symbol
from handsum.window.handwriting import width_of, write
from handsum.window.sums import Sum

# In the answer's own heights: the space after the =, and that before what stands to the right.
SPACE = 0.45
# The baseline and size are those of the last digits; a line may lean.
NUM_NEAR_DIGITS = 4
# Where there is less room an answer is written smaller, down to this; with less still it is not written.
LEAST_SCALE = 0.4
# The pen as a share of the digits' height: a little lighter than most hands.
PEN = 0.085
MIN_PEN_PX, MAX_PEN_PX = 1.5, 10.0


@dataclass(frozen=True)
class WrittenAnswer:
    """An answer as ink, and whether it hangs on no doubtful symbol."""

    ink: Ink
    is_sure: bool


def written_answers(sums: Sequence[Sum], *, paper_width_px: float) -> tuple[WrittenAnswer, ...]:
    """The answers of all sums that ask for one and have room for it; in doubt with a question mark."""
    boxes = [symbol.box for each in sums for symbol in each.line.symbols]
    answers = [
        WrittenAnswer(_written(each, boxes, paper_width_px), each.is_sure) for each in sums if each.asks
    ]
    return tuple(answer for answer in answers if answer.ink.strokes)


def _written(each: Sum, boxes: Sequence[Box], paper_width_px: float) -> Ink:
    """One answer, among the boxes of all that is on the paper."""
    digits = [symbol for symbol in each.line.symbols if symbol.label in DIGITS][-NUM_NEAR_DIGITS:]
    if not digits:  # none is without, unless a person said so
        return Ink()
    height = median(symbol.box[3] - symbol.box[1] for symbol in digits)
    equals = each.line.symbols[-1]
    text = each.answer.text + "?" * (not each.is_sure)
    room = _end_of_room(union(equals.box, digits[-1].box), boxes, paper_width_px) - equals.box[2]
    scale = min(1.0, room / ((SPACE + width_of(text) + SPACE) * height))
    if scale < LEAST_SCALE:
        return Ink()
    return write(
        text,
        left=equals.box[2] + SPACE * height * scale,
        baseline=_baseline(digits, equals, height * scale),
        height=height * scale,
        pen_px=min(MAX_PEN_PX, max(MIN_PEN_PX, PEN * height * scale)),
    )


def _baseline(digits: Iterable[Symbol], equals: Symbol, height: float) -> float:
    """The last digits' own; the middle of a smaller answer stays at the middle of the =.

    Behind a stacked fraction no digit is level with the =, whose middle is then the answer's.
    """
    middle = center_y(equals.box)
    level = [symbol.box[3] for symbol in digits if symbol.box[1] < middle < symbol.box[3]]
    return min(median(level), middle + height) if level else middle + height / 2


def _end_of_room(box: Box, boxes: Iterable[Box], paper_width_px: float) -> float:
    """How far to the right of a box, over its whole height, the paper is empty."""
    beside = [x0 for x0, y0, _, y1 in boxes if x0 >= box[2] and y0 < box[3] and y1 > box[1]]
    return min([paper_width_px, *beside])
