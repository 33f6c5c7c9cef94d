"""The measurements of one run of `handsum score`, and the JSON record of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handsum import __version__
from handsum.reading import NUM_DIGITS
from handsum.training.report import plain
from handsum.training.scoring.answers import Answers
from handsum.training.scoring.curves import Reliability, reliability, risks
from handsum.training.scoring.rejection import Rejection
from handsum.training.scoring.robustness import Robustness
from handsum.training.scoring.score import Figures, score

# Points of the risk-coverage curve that the record keeps: each twentieth of the images.
NUM_COVERAGES = 20


@dataclass(frozen=True, eq=False)
class Scorecard:
    """What was measured.

    Attributes:
        model, data: what read, and what was read.
        labels: uint8 (n,), the truth.
        answers: what was said of each image.
        robustness: how damaged digits were read, if that was asked.
        rejections: how what is not a digit was read, if that was asked.
    """

    model: str
    data: str
    labels: NDArray[np.uint8]
    answers: Answers
    robustness: Robustness | None = None
    rejections: Sequence[Rejection] = ()

    @cached_property
    def figures(self) -> Figures:
        """Accuracy, calibration and the rest."""
        said = self.answers
        return score(said.probabilities, self.labels, confidences=said.confidences, answered=said.are_given)

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """Whether each image's likeliest digit (n,) is right, answered or not."""
        is_right: NDArray[np.bool_] = self.answers.probabilities.argmax(axis=1) == self.labels
        return is_right

    @property
    def missed(self) -> NDArray[np.intp]:
        """The images that did not get their label: those answered first, and of each the surest first."""
        said = self.answers
        missed = np.flatnonzero(said.labels != self.labels)
        order = np.lexsort((-said.confidences[missed], ~said.are_given[missed]))
        return missed[order]

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Counts (10, 11): a row for each label, a column for each answer, the last for no answer."""
        counts = np.zeros((NUM_DIGITS, NUM_DIGITS + 1), np.int64)
        # NO_LABEL is -1, and so the last column.
        np.add.at(counts, (self.labels, self.answers.labels), 1)
        return counts

    @property
    def reliability(self) -> Reliability:
        """Confidence beside truth, in 15 bins."""
        return reliability(self.answers.confidences, self.is_right)

    @property
    def risks(self) -> NDArray[np.float64]:
        """The share wrong among the k surest, (n,)."""
        return risks(self.answers.confidences, self.is_right)


def record(card: Scorecard) -> dict[str, Any]:
    """The scorecard as JSON values."""
    whole: dict[str, Any] = {
        "handsum": __version__,
        "model": card.model,
        "data": card.data,
        **plain(card.figures),
        "confusion": card.confusion.tolist(),
        "reliability": _bins(card.reliability),
        "risk_at_coverage": _risk_at_coverage(card.risks),
    }
    if card.robustness is not None:
        whole["corruptions"] = plain(card.robustness.figures)
    if card.rejections:
        whole["mean_auroc"] = fmean(rejection.figures.auroc for rejection in card.rejections)
        whole["non_digits"] = [plain(rejection.figures) for rejection in card.rejections]
    return whole


def _bins(bins: Reliability) -> list[dict[str, float]]:
    return [
        {"num_images": int(count), "confidence": float(confidence), "share_right": float(share)}
        for count, confidence, share in zip(bins.counts, bins.confidences, bins.shares_right, strict=True)
        if count
    ]


def _risk_at_coverage(risk: NDArray[np.float64]) -> list[dict[str, float]]:
    nums = np.ceil(np.arange(1, NUM_COVERAGES + 1) / NUM_COVERAGES * len(risk)).astype(int)
    return [{"coverage": num / len(risk), "risk": float(risk[num - 1])} for num in np.unique(nums).tolist()]
