"""A reading in plain words: what the window says, and how sure it looks. Pure, no Tk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handsum.reading import DigitReading, percent
from handsum.window.sums import Sum

# Below this a single digit is shown in grey: a person should look twice. SURE_FROM, for the symbols of a sum,
# is higher: there no bars say what else each may be, and one that is wrong makes the whole sum wrong.
SURE = 0.8


@dataclass(frozen=True)
class Verdict:
    """What the window says.

    Attributes:
        digit: the big digit; "?" in doubt, "" while there is nothing to read.
        words: the words under it.
        is_sure: whether both are said with confidence.
        leading: the digit whose bar stands out, if one does.
    """

    digit: str
    words: str
    is_sure: bool = False
    leading: int | None = None


WAITING = Verdict("", "Draw a digit")


def verdict_on(reading: DigitReading) -> Verdict:
    """What to say about a reading."""
    best, second, confidence = reading.likeliest, reading.runner_up, percent(reading.confidence)
    if reading.doubt == "blank":
        return WAITING
    if reading.doubt == "not a digit":
        return Verdict("?", f"not a digit? else {best}")
    if reading.doubt == "too unsure":
        return Verdict("?", f"unsure: {best} at {confidence}, else {second}", leading=best)
    words = f"{confidence} sure" if reading.rival is None else f"{confidence} sure, else {second}"
    return Verdict(str(reading.label), words, is_sure=reading.confidence >= SURE, leading=best)


def sentence_on(reading: DigitReading) -> str:
    """The same for the status line, as the answer to Predict."""
    if reading.doubt == "blank":
        return "Nothing to read yet: draw a digit first"
    if reading.doubt == "not a digit":
        return f"Not sure this is a digit; the nearest is {reading.likeliest}"
    if reading.doubt == "too unsure":
        return f"Too unsure to read it: {reading.likeliest} at {percent(reading.confidence)}"
    return f"Read as {reading.label}, {percent(reading.confidence)} sure"


def sentence_on_sums(sums: Sequence[Sum]) -> str:
    """What was read, for the status line, as the answer to Predict."""
    if not sums:
        return "Nothing to read yet: write a number or a sum first"
    num_doubted = sum(each.line.doubt is not None for each in sums)
    first = sums[0]
    if len(sums) == 1 and num_doubted:
        return f"Too unsure to read it: {first.line.text} at {percent(first.line.confidence)}"
    if len(sums) == 1:
        how_sure = "" if first.is_sure else f", {percent(first.line.confidence)} sure"
        return f"Read as {first.copied}{how_sure}"
    return f"Read {len(sums)} lines" + (f", too unsure of {num_doubted}" if num_doubted else "")
