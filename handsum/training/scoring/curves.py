"""What confidence is worth: calibration, risk against coverage, and how far it parts one from the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Guo et al., On Calibration of Modern Neural Networks (2017), compare with 15 bins; so does everyone since.
NUM_CALIBRATION_BINS = 15


@dataclass(frozen=True, eq=False)
class Reliability:
    """Confidence against truth in bins of equal width, closed on the right; empty bins have NaN.

    Attributes:
        counts: int64 (15,), how many answers fell into each bin.
        confidences: float64 (15,), their mean confidence.
        shares_right: float64 (15,), the share of them that was right.
    """

    counts: NDArray[np.int64]
    confidences: NDArray[np.float64]
    shares_right: NDArray[np.float64]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: |share right - mean confidence| of each bin, weighted by its size."""
        gaps = np.nan_to_num(np.abs(self.shares_right - self.confidences))
        return float((gaps * self.counts).sum() / self.counts.sum())


def reliability(confidence: NDArray[np.floating], is_right: NDArray[np.bool_]) -> Reliability:
    """Put confidences (n,) in 0..1 and whether each answer was right (n,) into 15 bins; n is at least 1."""
    last = NUM_CALIBRATION_BINS - 1
    bins = np.clip(np.ceil(confidence * NUM_CALIBRATION_BINS).astype(int) - 1, 0, last)
    counts, sums, rights = (
        np.bincount(bins, weights=weights, minlength=NUM_CALIBRATION_BINS)
        for weights in (None, confidence, is_right)
    )
    means = [
        np.divide(total, counts, out=np.full(len(counts), np.nan), where=counts > 0)
        for total in (sums, rights)
    ]
    return Reliability(counts.astype(np.int64), *means)


def risks(confidence: NDArray[np.floating], is_right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The share that is wrong among the k surest answers, for k = 1..n (El-Yaniv and Wiener 2010).

    Equal confidences are taken in any order: each has its mean share of their mistakes. The mean of it
    all is the area under the curve, AURC (Geifman, Uziel and El-Yaniv 2019); the best is 0.
    """
    _, group, counts = np.unique(-confidence, return_inverse=True, return_counts=True)
    mistakes = np.bincount(group, weights=~is_right)
    at = np.concatenate([[0], np.cumsum(counts)])
    num_covered = np.arange(1, len(confidence) + 1)
    wrong: NDArray[np.float64] = np.interp(num_covered, at, np.concatenate([[0], np.cumsum(mistakes)]))
    return wrong / num_covered


def auroc(ours: NDArray[np.floating], others: NDArray[np.floating]) -> float:
    """The chance that one of `ours` (n,) is above one of `others` (m,), ties counting half; 0.5 is chance.

    This is the area under the receiver operating characteristic (Hanley and McNeil 1982).
    """
    ordered = np.sort(others)
    below, up_to = (np.searchsorted(ordered, ours, side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * len(others)))
