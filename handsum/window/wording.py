"""A reading in plain words: what the window says, and how sure it looks. Pure, no Tk."""

from __future__ import annotations

from dataclasses import dataclass

from handsum.reading import DigitReading, percent

# Below this a digit is shown in grey: a person should look twice.
SURE = 0.8


@dataclass(frozen=True)
class Verdict:
    """The big digit, the words under it, and whether they are said with confidence."""

    digit: str
    words: str
    is_sure: bool


WAITING = Verdict("", "Draw a digit", is_sure=False)


def verdict_on(reading: DigitReading) -> Verdict:
    """What to say about a reading."""
    if reading.is_blank:
        return WAITING
    if reading.label is None:
        return Verdict("?", "not a digit?", is_sure=False)
    words = f"{percent(reading.confidence)} sure, else {reading.runner_up}"
    return Verdict(str(reading.label), words, is_sure=reading.confidence >= SURE)


def sentence_on(reading: DigitReading) -> str:
    """The same for the status line, as the answer to Predict."""
    if reading.is_blank:
        return "Nothing to read yet: draw a digit first"
    if reading.label is None:
        return f"Not sure this is a digit; the nearest is {reading.likeliest}"
    return f"Read as {reading.label}, {percent(reading.confidence)} sure"
