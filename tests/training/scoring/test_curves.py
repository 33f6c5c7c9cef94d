"""The curves, against counts that can be done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from handsum.training.scoring.curves import auroc, reliability, risks


def test_reliability_by_hand() -> None:
    bins = reliability(np.array([0.7, 0.72, 0.95, 0.0]), np.array([True, False, True, False]))
    assert bins.counts.tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1]
    assert bins.confidences[[0, 10, 14]] == pytest.approx([0, 0.71, 0.95])
    assert bins.shares_right[[0, 10, 14]] == pytest.approx([0, 0.5, 1])
    assert np.isnan(bins.shares_right[1])
    assert bins.calibration_error == pytest.approx((2 * 0.21 + 0.05) / 4)


def test_risk_by_hand() -> None:
    confidence, is_right = np.array([0.2, 0.9, 0.5]), np.array([False, True, False])
    assert risks(confidence, is_right) == pytest.approx([0, 1 / 2, 2 / 3])
    assert risks(1 - confidence, is_right) == pytest.approx([1, 1, 2 / 3])


def test_risk_among_equals_does_not_depend_on_their_order() -> None:
    is_right = np.array([True, False, True, True])
    for order in (is_right, is_right[::-1]):
        assert risks(np.full(4, 0.9), order) == pytest.approx([0.25] * 4)


def test_auroc_by_hand() -> None:
    assert auroc(np.array([0.9, 0.8]), np.array([0.1, 0.2, 0.3])) == 1.0
    assert auroc(np.array([0.1]), np.array([0.2, 0.3])) == 0.0
    assert auroc(np.array([0.5, 0.5]), np.array([0.5])) == 0.5
    assert auroc(np.array([0.9, 0.4]), np.array([0.5, 0.4])) == pytest.approx(2.5 / 4)
