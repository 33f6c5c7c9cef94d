"""The records that travel between the stages: what they promise, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsum.arithmetic import evaluate
from handsum.reading import (
    KEPT_EXPONENT,
    NO_LABEL,
    DigitReading,
    Doubt,
    FrameReadings,
    Line,
    Symbol,
)


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


# Lines


def a_line(*symbols: tuple[str, float, tuple[tuple[str, float], ...]]) -> Line:
    read = tuple(
        Symbol(label, (10.0 * place, 0, 10.0 * place + 8, 12), confidence, alternatives)
        for place, (label, confidence, alternatives) in enumerate(symbols)
    )
    text = "".join(symbol.label for symbol in read)
    return Line(text, read, evaluate(text), text)


def test_the_runner_up_of_a_line_changes_the_most_wavering_symbol() -> None:
    line = a_line(("1", 0.5, (("7", 0.2), ("/", 0.1))), ("2", 0.6, (("3", 0.3),)), ("5", 0.3, ()))
    assert line.runner_up == "135"
    # What its place decided may be less likely than what the network read.
    assert a_line(("1", 0.9, (("7", 0.8),)), (".", 0.2, ((",", 0.5),))).runner_up == "1,"


@pytest.mark.parametrize("alternatives", [(), (("7", 0.01),), (("7", 0.0),)])
def test_a_line_that_does_not_waver_has_no_runner_up(alternatives: tuple[tuple[str, float], ...]) -> None:
    assert a_line(("1", 0.5, alternatives)).runner_up is None


def test_a_line_without_symbols() -> None:
    line = a_line()
    assert (line.runner_up, line.outcome, line.confidence) == (None, None, 1)


@pytest.mark.parametrize(("text", "value"), [("2=", 2), ("2=3", 2), ("23", None), ("2-3", None)])
def test_only_what_has_an_equals_sign_has_an_outcome(text: str, value: int | None) -> None:
    outcome = a_line(*((label, 1.0, ()) for label in text)).outcome
    assert (outcome and outcome.value) == value


@given(
    confidence=st.floats(0, 1),
    shares=st.lists(st.floats(0, 1), max_size=3),
)
def test_what_is_kept_in_a_line_is_surer(confidence: float, shares: list[float]) -> None:
    alternatives = tuple(zip("123", sorted(shares, reverse=True), strict=False))
    symbol = Symbol("7", (0, 0, 8, 12), confidence, alternatives)
    kept = symbol.kept()
    assert confidence <= kept.confidence <= 1
    assert kept.confidence + sum(share for _, share in kept.alternatives) <= 1 + 1e-9
    assert [label for label, _ in kept.alternatives] == [label for label, _ in alternatives]
    assert all(
        after <= before for (_, after), (_, before) in zip(kept.alternatives, alternatives, strict=True)
    )
    assert replace(kept, confidence=confidence, alternatives=alternatives) == symbol


def test_a_kept_line_is_as_sure_as_its_kept_symbols() -> None:
    line = a_line(("1", 0.9, ()), ("2", 0.9, ()))
    assert line.kept().confidence == pytest.approx(0.81**KEPT_EXPONENT) == pytest.approx(0.9)


def test_a_symbol_is_changed_where_what_was_read_is_a_rival() -> None:
    seven = Symbol("7", (0, 0, 8, 12), 0.6, (("1", 0.3),))
    assert not seven.is_changed
    assert seven.relabelled("1").is_changed
    assert not Symbol("=", (0, 0, 8, 12), 0.6, raw_label="--").is_changed


def test_a_line_in_doubt_keeps_its_text() -> None:
    line = a_line(("1", 0.9, ()), ("2", 0.9, ()))
    assert line.refused_below(0.81 - 1e-9) is line
    refused = line.refused_below(0.82)
    assert (refused.text, refused.doubt, refused.answer) == ("12", "too unsure", line.answer)


@pytest.mark.parametrize(
    ("text", "odds"), [("1+1=2", 10), ("2÷3=0.67", 10), ("1+1=3", 1), ("1+1=", 1), ("12", 1)]
)
def test_a_result_that_holds_makes_a_line_surer(text: str, odds: int) -> None:
    together = 0.9 ** len(text)
    line = a_line(*((label, 0.9, ()) for label in text))
    assert line.confidence == pytest.approx(odds * together / (odds * together + 1 - together))


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_certain_and_impossible_lines_stay_so(confidence: float) -> None:
    assert a_line(*((label, confidence, ()) for label in "1=1")).confidence == confidence
