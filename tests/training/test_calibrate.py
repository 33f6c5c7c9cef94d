"""Calibration: a known temperature is found again, and few real digits are refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.calibrate import (
    LEAST_DIGIT_PROBABILITY,
    MOST_REFUSED,
    SHARE_IN_USE,
    Calibration,
    calibrate,
    fit_temperature,
    log_odds,
    negative_log_likelihood,
    softmax,
)
from handsum.training.networks import NOT_A_DIGIT, NUM_CLASSES

NUM = 4000


def honest(seed: int = 0, spread: float = 2.0) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Logits (n, 11) and labels that come as often as the logits say; none is NOT_A_DIGIT."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, spread, (NUM, NUM_CLASSES)).astype(np.float32)
    logits[:, NOT_A_DIGIT] = -20
    chances = softmax(logits).cumsum(axis=1)
    labels = (rng.random((NUM, 1)) > chances).sum(axis=1).astype(np.uint8)
    return logits, np.minimum(labels, 9).astype(np.uint8)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_that_made_logits_too_sure_is_found(temperature: float) -> None:
    logits, labels = honest()
    found = fit_temperature(logits * np.float32(temperature), labels)
    assert found == pytest.approx(temperature, rel=0.06)


def test_no_other_temperature_is_likelier() -> None:
    logits, labels = honest(3)
    found = fit_temperature(logits * np.float32(3), labels)
    best = negative_log_likelihood(logits * 3 / found, labels)
    for other in np.linspace(0.2, 5, 60):
        assert best <= negative_log_likelihood(logits * 3 / other, labels) + 1e-6


def test_the_temperature_stays_within_its_bounds() -> None:
    labels = honest()[1]
    always_right = np.eye(NUM_CLASSES, dtype=np.float32)[labels]
    assert fit_temperature(always_right, labels) == pytest.approx(0.2)
    assert fit_temperature(always_right, (labels + 1) % 10) == pytest.approx(5)


def test_softmax_bears_large_logits_and_sums_to_1() -> None:
    rows = np.array([[1000.0, 999.0, -1000.0], [0, 0, 0]], np.float32)
    assert np.allclose(softmax(rows), [[0.731059, 0.268941, 0], [1 / 3] * 3], atol=1e-6)
    assert softmax(rows).dtype == np.float64


def test_the_likelihood_is_that_of_the_labels() -> None:
    rows = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]], np.float32))
    assert negative_log_likelihood(rows, np.array([0, 1])) == pytest.approx(-np.log([0.5, 0.1]).mean())
    assert np.isfinite(negative_log_likelihood(np.array([[0.0, 900.0]], np.float32), np.array([0])))


def test_few_real_digits_are_refused() -> None:
    logits, labels = honest()
    rng = np.random.default_rng(1)
    # Some look like no digit at all: more than may be refused.
    logits[:, NOT_A_DIGIT] = np.where(rng.random(NUM) < 0.01, rng.uniform(8, 12, NUM), -20)
    calibration = calibrate(logits, labels, share_in_training=0.2)
    digit_probability = 1 - calibration.probabilities(logits)[:, NOT_A_DIGIT]
    refused = (digit_probability < calibration.least_digit_probability).mean()
    assert 0 < refused <= MOST_REFUSED
    assert 0 < calibration.least_digit_probability < LEAST_DIGIT_PROBABILITY


def test_what_is_hardly_a_digit_is_refused_however_sure_the_digits_are() -> None:
    logits, labels = honest()
    calibration = calibrate(logits, labels, share_in_training=0.2)
    assert calibration.least_digit_probability == LEAST_DIGIT_PROBABILITY


def test_the_prior_is_put_right() -> None:
    """A network that knows nothing gives the share in training; calibrated, the share in use."""
    share = 0.15
    logits = np.zeros((NUM, NUM_CLASSES), np.float32)
    logits[:, NOT_A_DIGIT] = log_odds(share) + np.log(NOT_A_DIGIT)
    assert softmax(logits)[0, NOT_A_DIGIT] == pytest.approx(share)
    shift = calibrate(logits, honest()[1], share_in_training=share).not_a_digit_shift
    probabilities = Calibration(shift, 1.0, 0.5).probabilities(logits)
    assert probabilities[:, NOT_A_DIGIT] == pytest.approx(SHARE_IN_USE)
    assert np.allclose(probabilities.sum(axis=1), 1)


def test_without_outliers_in_training_there_is_no_prior_to_put_right() -> None:
    assert calibrate(*honest(), share_in_training=0).not_a_digit_shift == 0
