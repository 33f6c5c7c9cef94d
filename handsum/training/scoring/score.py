"""How good a network's answers are: predictions and labels in, figures out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from handsum.reading import NUM_DIGITS
from handsum.training.scoring.curves import reliability, risks

# A wrong answer given with more confidence than this will not be looked at twice.
CONFIDENT = 0.9

# A probability of 0 for the truth would cost infinitely much; float32 has little to say below this.
LEAST_PROBABILITY = 1e-12


@dataclass(frozen=True)
class DigitFigures:
    """How often one digit was read right; `accuracy` is None where the set does not have that digit."""

    digit: int
    num_images: int
    num_missed: int
    accuracy: float | None


@dataclass(frozen=True)
class Figures:
    """How a set of labelled images was read.

    Attributes:
        num_images: how many images there were.
        num_missed: how many did not get their label as the answer; an image left unanswered is missed.
        accuracy: the share of all images that got it.
        per_digit: the same for each digit 0..9.
        share_answered: the share of images that got an answer at all.
        mean_confidence: over all images, answered or not.
        calibration_error: expected calibration error over 15 bins (Guo et al. 2017): how far confidence is
            from the share of likeliest digits that are right.
        confidently_wrong: the share of the wrong answers that were given with more than 90 % confidence;
            None where no answer was wrong.
        num_confidently_wrong: how many those are.
        negative_log_likelihood: mean -ln of the probability of the true digit, in nats; a proper score
            (Gneiting and Raftery 2007), that only the true probabilities make smallest.
        area_under_risk_coverage: AURC (Geifman, Uziel and El-Yaniv 2019), the mean over all k of the share
            wrong among the k surest: how much the least sure are the wrong ones. Smaller is better.
    """

    num_images: int
    num_missed: int
    accuracy: float
    per_digit: tuple[DigitFigures, ...]
    share_answered: float
    mean_confidence: float
    calibration_error: float
    confidently_wrong: float | None
    num_confidently_wrong: int
    negative_log_likelihood: float
    area_under_risk_coverage: float


def score(
    probabilities: ArrayLike,
    labels: ArrayLike,
    *,
    confidences: ArrayLike | None = None,
    answered: ArrayLike | None = None,
) -> Figures:
    """Compare what a network said with the truth.

    Args:
        probabilities: (n, 10), a probability for each digit.
        labels: (n,) whole numbers 0..9, the truth.
        confidences: (n,) how sure the network is of the likeliest digit, where that is not simply its
            probability but calibrated, or includes the doubt that there is a digit.
        answered: (n,) whether the likeliest digit was given as the answer; all of them if not said.

    Raises:
        ValueError: the shapes do not fit, a value is not a probability or a digit, or there is nothing.
    """
    checked, truth = _checked(probabilities, labels)
    answers = np.ones(len(truth), bool) if answered is None else np.asarray(answered, bool)
    confidence = checked.max(axis=1) if confidences is None else np.asarray(confidences, np.float64)
    _check_fit(truth, answered=answers, confidences=confidence)
    is_right = checked.argmax(axis=1) == truth
    is_missed = ~(is_right & answers)
    wrong_answers = confidence[~is_right & answers]
    return Figures(
        num_images=len(truth),
        num_missed=int(is_missed.sum()),
        accuracy=float(1 - is_missed.mean()),
        per_digit=tuple(_digit_figures(digit, is_missed[truth == digit]) for digit in range(NUM_DIGITS)),
        share_answered=float(answers.mean()),
        mean_confidence=float(confidence.mean()),
        calibration_error=reliability(confidence, is_right).calibration_error,
        confidently_wrong=float((wrong_answers > CONFIDENT).mean()) if len(wrong_answers) else None,
        num_confidently_wrong=int((wrong_answers > CONFIDENT).sum()),
        negative_log_likelihood=negative_log_likelihood(checked, truth),
        area_under_risk_coverage=float(risks(confidence, is_right).mean()),
    )


def negative_log_likelihood(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Mean -ln of what each true digit got of the probabilities (n, 10), in nats; at most 27.6."""
    of_truth = probabilities[np.arange(len(labels)), labels]
    # Adding 0 turns -0.0, which a perfect score would print as, into 0.0.
    return float(-np.log(np.clip(of_truth, LEAST_PROBABILITY, 1)).mean() + 0.0)


def _digit_figures(digit: int, is_missed: NDArray[np.bool_]) -> DigitFigures:
    num_images, num_missed = len(is_missed), int(is_missed.sum())
    accuracy = 1 - num_missed / num_images if num_images else None
    return DigitFigures(digit, num_images, num_missed, accuracy)


def _checked(probabilities: ArrayLike, labels: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    checked = np.asarray(probabilities, np.float64)
    truth = np.asarray(labels)
    if checked.ndim != 2 or checked.shape != (len(truth), NUM_DIGITS) or truth.ndim != 1:
        raise ValueError(f"need probabilities (n, 10) and labels (n,), not {checked.shape} and {truth.shape}")
    if not len(truth):
        raise ValueError("there is nothing to score: no image was given")
    if truth.dtype.kind not in "ui" or truth.min() < 0 or truth.max() >= NUM_DIGITS:
        raise ValueError("labels must be whole numbers from 0 to 9")
    _check_probabilities("probabilities", checked)
    return checked, truth.astype(np.int64)


def _check_fit(
    truth: NDArray[np.int64], *, answered: NDArray[np.bool_], confidences: NDArray[np.float64]
) -> None:
    for name, values in (("answered", answered), ("confidences", confidences)):
        if values.shape != truth.shape:
            raise ValueError(f"`{name}` must have one entry per label, not the shape {values.shape}")
    _check_probabilities("confidences", confidences)


def _check_probabilities(name: str, values: NDArray[np.float64]) -> None:
    # Softmax in float32 may pass 1 by a rounding step.
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1 + 1e-5):
        raise ValueError(f"{name} must lie between 0 and 1")
