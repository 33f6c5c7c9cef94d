"""Figures of pages read as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

# Readings with more confidence than this should hardly ever be wrong.
SURE = 0.9


class Outcome(NamedTuple):
    """What is written, what was read, and the probability 0..1 that it is right."""

    label: str
    read: str
    confidence: float = 0.0


def alike(text: str) -> str:
    """A text with decimal point and comma as one."""
    return text.replace(",", ".")


def score_texts(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """How many pages were read exactly, the sure ones apart, and every misread one."""
    sure = [outcome for outcome in outcomes if outcome.confidence > SURE]
    return {
        "num": len(outcomes),
        "exact": sum(o.label == o.read for o in outcomes) / len(outcomes),
        "exact_marks_alike": sum(alike(o.label) == alike(o.read) for o in outcomes) / len(outcomes),
        "num_sure": len(sure),
        "num_sure_and_right": sum(o.label == o.read for o in sure),
        "misread": [[o.label, o.read] for o in outcomes if o.label != o.read],
    }
