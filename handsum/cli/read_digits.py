"""What ``handsum read --digit`` says of a picture of one digit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from handsum.cli.results import NUM_DECIMALS, FileResult, Record, Wording

if TYPE_CHECKING:
    from handsum.reading import DigitReading

CSV_COLUMNS = (
    "file", "label", "confidence", "likeliest", "runner_up", "digit_probability", "doubt", "error"
)  # fmt: skip

# What JSON says of a reading; each is null where the file could not be read.
PARTS = (
    "label", "confidence", "likeliest", "runner_up", "digit_probability", "probabilities", "doubt", "polarity"
)  # fmt: skip


def describe(reading: DigitReading) -> str:
    """A reading in a few words: ``7 (98 %, else 1)``."""
    from handsum.reading import percent

    if reading.doubt == "blank":
        return "nothing written"
    if reading.doubt == "not a digit":
        return f"not a digit? (most like {reading.likeliest})"
    if reading.doubt == "too unsure":
        return f"unsure ({reading.likeliest} at {percent(reading.confidence)}, else {reading.runner_up})"
    other = "" if reading.rival is None else f", else {reading.rival}"
    return f"{reading.label} ({percent(reading.confidence)}{other})"


def as_record(result: FileResult[DigitReading]) -> Record:
    """One file's result as JSON holds it; every key is always there."""
    parts = dict.fromkeys(PARTS) if result.reading is None else _parts(result.reading)
    return {"file": result.file, **parts, "error": result.error}


def _parts(reading: DigitReading) -> Record:
    """What JSON holds of a reading, by the names in PARTS; of a blank page no digit is likely."""
    return {
        "label": reading.label,
        "confidence": round(reading.confidence, NUM_DECIMALS),
        "likeliest": None if reading.is_blank else reading.likeliest,
        "runner_up": None if reading.is_blank else reading.runner_up,
        "digit_probability": round(reading.digit_probability, NUM_DECIMALS),
        "probabilities": [round(float(p), NUM_DECIMALS) for p in reading.probabilities],
        "doubt": reading.doubt,
        "polarity": reading.polarity,
    }


def _as_words(reading: DigitReading) -> Iterator[str]:
    yield f": {describe(reading)}"


def _as_rows(result: FileResult[DigitReading]) -> Iterator[Record]:
    yield as_record(result)


DIGIT_WORDING: Wording[DigitReading] = Wording(_as_words, as_record, _as_rows, CSV_COLUMNS)
