"""The figures, against counts that can be done by hand."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from handsum.training.scoring.score import score


def sure_of(*answers: tuple[int, float]) -> NDArray[np.float64]:
    """Rows that give each digit its confidence and the others equal shares of the rest."""
    rows = np.array([[(1 - confidence) / 9] * 10 for _, confidence in answers])
    for row, (digit, confidence) in zip(rows, answers, strict=True):
        row[digit] = confidence
    return rows


def test_misses_and_accuracy() -> None:
    figures = score(sure_of((1, 0.8), (2, 0.8), (2, 0.95), (7, 0.6)), [1, 2, 3, 3])
    assert (figures.num_images, figures.num_missed, figures.accuracy) == (4, 2, 0.5)
    assert figures.confidently_wrong == 0.5
    assert figures.share_answered == 1.0
    three, nine = figures.per_digit[3], figures.per_digit[9]
    assert (three.num_images, three.num_missed, three.accuracy) == (2, 2, 0.0)
    assert (nine.num_images, nine.accuracy) == (0, None)


def test_an_image_left_unanswered_is_missed_but_not_answered_wrongly() -> None:
    figures = score(sure_of((1, 0.8), (2, 0.99)), [1, 3], answered=[False, False])
    assert (figures.num_missed, figures.share_answered, figures.confidently_wrong) == (2, 0.0, None)


def test_calibration_error_by_hand() -> None:
    # One bin: mean confidence 0.7, three of four right; another: confidence 0.95, none of one right.
    figures = score(sure_of((1, 0.7), (1, 0.7), (1, 0.7), (1, 0.7), (1, 0.95)), [1, 1, 1, 2, 2])
    assert figures.calibration_error == pytest.approx((4 * 0.05 + 0.95) / 5)


def test_confidences_of_their_own_take_the_place_of_the_largest_probability() -> None:
    said, truth = sure_of((1, 0.95), (2, 0.95), (3, 0.4)), [1, 5, 3]
    figures = score(said, truth, confidences=[0.99, 0.3, 0.6])
    assert (figures.confidently_wrong, figures.num_confidently_wrong) == (0.0, 0)
    assert figures.mean_confidence == pytest.approx(0.63)
    assert figures.area_under_risk_coverage == pytest.approx((0 + 0 + 1 / 3) / 3)
    plain = score(said, truth)
    assert (plain.confidently_wrong, plain.num_confidently_wrong) == (1.0, 1)
    assert plain.mean_confidence == pytest.approx(2.3 / 3)
    assert plain.area_under_risk_coverage == pytest.approx((0.5 + 0.5 + 1 / 3) / 3)


def test_negative_log_likelihood_by_hand() -> None:
    figures = score(sure_of((1, 0.5), (2, 0.91)), [1, 3])
    assert figures.negative_log_likelihood == pytest.approx((np.log(2) + np.log(100)) / 2)
    impossible = score(np.eye(10), (np.arange(10) + 1) % 10)
    assert impossible.negative_log_likelihood == pytest.approx(12 * np.log(10))


def test_perfect_answers_have_no_error() -> None:
    figures = score(np.eye(10), np.arange(10))
    assert (figures.accuracy, figures.num_missed, figures.calibration_error) == (1.0, 0, 0.0)
    assert figures.confidently_wrong is None
    assert (figures.negative_log_likelihood, figures.area_under_risk_coverage) == (0.0, 0.0)


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.floats(0.11, 1), st.integers(0, 9), st.booleans()),
        min_size=1,
        max_size=40,
    )
)
def test_figures_are_shares_and_counts_agree(rows: list[tuple[int, float, int, bool]]) -> None:
    said = sure_of(*((digit, confidence) for digit, confidence, _, _ in rows))
    figures = score(said, [row[2] for row in rows], answered=[row[3] for row in rows])
    assert sum(digit.num_missed for digit in figures.per_digit) == figures.num_missed
    assert sum(digit.num_images for digit in figures.per_digit) == figures.num_images == len(rows)
    assert figures.accuracy == pytest.approx(1 - figures.num_missed / len(rows))
    assert 0 <= figures.calibration_error <= 1
    assert 0 <= figures.area_under_risk_coverage <= 1
    json.dumps(dataclasses.asdict(figures))


@pytest.mark.parametrize(
    ("probabilities", "labels", "complaint"),
    [
        (np.zeros((0, 10)), np.zeros(0, int), "nothing to score"),
        (np.eye(10), [1, 2], "need probabilities"),
        (np.eye(9), list(range(9)), "need probabilities"),
        (np.eye(10), [*range(9), 10], "from 0 to 9"),
        (np.eye(10), np.linspace(0, 1, 10), "from 0 to 9"),
        (np.full((1, 10), np.nan), [1], "between 0 and 1"),
        (np.eye(10) * 3, range(10), "between 0 and 1"),
    ],
)
def test_what_does_not_fit_is_the_callers_mistake(probabilities: Any, labels: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        score(probabilities, labels)


def test_answered_and_confidences_must_fit_too() -> None:
    with pytest.raises(ValueError, match="`answered` must have one entry per label"):
        score(np.eye(10), np.arange(10), answered=[True])
    with pytest.raises(ValueError, match="`confidences` must have one entry per label"):
        score(np.eye(10), np.arange(10), confidences=[0.5])
    with pytest.raises(ValueError, match="confidences must lie between 0 and 1"):
        score(np.eye(10), np.arange(10), confidences=np.full(10, 1.5))
