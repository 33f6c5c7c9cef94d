"""The records that travel between the stages: what they promise, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from handsum.reading import NO_LABEL, DigitReading, Doubt, FrameReadings


def reading(label: int | None, confidence: float, doubt: Doubt | None = None) -> DigitReading:
    """A reading in which 7 is likeliest and 1 comes next."""
    probabilities = np.zeros(10, np.float32)
    probabilities[7], probabilities[1] = 0.75, 0.25
    return DigitReading(label, confidence, 1.0, probabilities, np.ones((28, 28), np.float32), doubt)


@pytest.mark.parametrize(("label", "doubt"), [(None, None), (7, "not a digit"), (0, "blank")])
def test_a_reading_has_either_a_label_or_a_doubt(label: int | None, doubt: Any) -> None:
    with pytest.raises(ValueError, match="either a label or a doubt"):
        reading(label, 0.9, doubt)


def test_a_zero_is_a_label() -> None:
    assert reading(0, 0.9).doubt is None


def test_what_a_reading_shows_of_itself() -> None:
    assert repr(reading(7, 0.9)) == "DigitReading(label=7, confidence=0.900, runner_up=1)"
    assert "doubt='not a digit'" in repr(reading(None, 0.2, "not a digit"))


@pytest.mark.parametrize("doubt", ["blank", "not a digit", "too unsure"])
def test_only_nothing_is_blank(doubt: Doubt) -> None:
    assert reading(None, 0.2, doubt).is_blank == (doubt == "blank")


@pytest.mark.parametrize("digit_probability", [0.0, 0.25, 1.0])
def test_shares_leave_room_for_what_is_no_digit(digit_probability: float) -> None:
    sure = reading(7, 0.0)
    shares = replace(sure, digit_probability=digit_probability).shares
    assert shares.dtype == np.float32
    assert shares.sum() == digit_probability
    assert np.array_equal(shares, sure.probabilities * digit_probability)


# Refusing


@pytest.mark.parametrize("min_confidence", [0.0, 0.5, 0.9])
def test_what_is_sure_enough_is_kept(min_confidence: float) -> None:
    sure = reading(7, 0.9)
    assert sure.refused_below(min_confidence) is sure


@pytest.mark.parametrize("min_confidence", [0.9001, 1.0])
def test_what_is_not_is_refused_and_still_says_what_it_saw(min_confidence: float) -> None:
    sure = reading(7, 0.9)
    refused = sure.refused_below(min_confidence)
    assert (refused.label, refused.doubt) == (None, "too unsure")
    assert (refused.likeliest, refused.runner_up, refused.confidence) == (7, 1, 0.9)
    assert refused.probabilities is sure.probabilities


@pytest.mark.parametrize("doubt", ["blank", "not a digit"])
def test_the_networks_own_doubt_is_kept(doubt: Doubt) -> None:
    assert reading(None, 0.1, doubt).refused_below(0.9).doubt == doubt


def test_frames_are_refused_as_single_readings_are() -> None:
    confidences = np.array([0.0, 0.5, 0.89, 0.9, 0.91, 1.0], np.float32)
    labels = np.array([NO_LABEL, 1, 2, 3, 4, 5])
    judged = FrameReadings(labels, confidences, np.zeros((6, 10), np.float32), np.ones(6, np.float32))
    for min_confidence in (0.0, 0.5, 0.9, 1.0):
        refused = judged.refused_below(min_confidence)
        for label, kept, confidence in zip(labels, refused.labels, confidences, strict=True):
            alone = reading(label, float(confidence)) if label >= 0 else None
            expected = alone.refused_below(min_confidence).label if alone else None
            assert kept == (NO_LABEL if expected is None else expected)
        assert refused.labels.dtype == np.int64
    assert labels.tolist() == [NO_LABEL, 1, 2, 3, 4, 5]
