"""Figures of pages read as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from handsum.arithmetic import evaluate
from handsum.training.scoring.curves import reliability

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
    """How many were read exactly, the sure ones apart, wrong sums as true ones, and what was misread.

    Sure ones are right with either decimal mark: which one is meant often only its writer knows.
    """
    sure = [outcome for outcome in outcomes if outcome.confidence > SURE]
    return {
        "num": len(outcomes),
        "exact": sum(o.label == o.read for o in outcomes) / len(outcomes),
        "exact_marks_alike": sum(alike(o.label) == alike(o.read) for o in outcomes) / len(outcomes),
        "num_sure": len(sure),
        "num_sure_and_right": sum(alike(o.label) == alike(o.read) for o in sure),
        "num_made_true": sum(_holds(o.read) and not _holds(o.label) for o in outcomes),
        "misread": [[o.label, o.read] for o in outcomes if o.label != o.read],
    }


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """How far confidence is from the share of right ones, in the mean over 15 bins (Guo et al., 2017)."""
    confidence = np.array([outcome.confidence for outcome in outcomes])
    is_right = np.array([alike(outcome.label) == alike(outcome.read) for outcome in outcomes])
    return reliability(confidence, is_right).calibration_error


def _holds(text: str) -> bool:
    return evaluate(text).status in ("true", "rounded")
