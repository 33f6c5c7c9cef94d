"""How good a network's answers are: predictions and labels in, figures out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from handsum.reading import NUM_DIGITS

# Guo et al., On Calibration of Modern Neural Networks (2017), compare with 15 bins; so does everyone since.
NUM_CALIBRATION_BINS = 15

# A wrong answer given with more confidence than this will not be looked at twice.
CONFIDENT = 0.9


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
        calibration_error: expected calibration error over 15 bins: how far confidence is from the truth.
        confidently_wrong: the share of the wrong answers that were given with more than 90 % confidence;
            None where no answer was wrong.
    """

    num_images: int
    num_missed: int
    accuracy: float
    per_digit: tuple[DigitFigures, ...]
    share_answered: float
    calibration_error: float
    confidently_wrong: float | None


def score(probabilities: ArrayLike, labels: ArrayLike, *, answered: ArrayLike | None = None) -> Figures:
    """Compare what a network said with the truth.

    Args:
        probabilities: (n, 10), a probability for each digit.
        labels: (n,) whole numbers 0..9, the truth.
        answered: (n,) whether the likeliest digit was given as the answer; all of them if not said.

    Raises:
        ValueError: the shapes do not fit, a value is not a probability or a digit, or there is nothing.
    """
    checked, truth, answers = _checked(probabilities, labels, answered)
    likeliest, confidence = checked.argmax(axis=1), checked.max(axis=1)
    is_right = likeliest == truth
    is_missed = ~(is_right & answers)
    wrong_answers = confidence[~is_right & answers]
    return Figures(
        num_images=len(truth),
        num_missed=int(is_missed.sum()),
        accuracy=float(1 - is_missed.mean()),
        per_digit=tuple(_digit_figures(digit, is_missed[truth == digit]) for digit in range(NUM_DIGITS)),
        share_answered=float(answers.mean()),
        calibration_error=calibration_error(confidence, is_right),
        confidently_wrong=float((wrong_answers > CONFIDENT).mean()) if len(wrong_answers) else None,
    )


def calibration_error(confidence: NDArray[np.floating], is_right: NDArray[np.bool_]) -> float:
    """Expected calibration error: |share right - mean confidence| of each bin, weighted by its size.

    `confidence` is (n,) in 0..1; the bins are equally wide and closed on the right.
    """
    bins = np.clip(np.ceil(confidence * NUM_CALIBRATION_BINS).astype(int) - 1, 0, NUM_CALIBRATION_BINS - 1)
    surplus = np.bincount(bins, weights=is_right - confidence, minlength=NUM_CALIBRATION_BINS)
    return float(np.abs(surplus).sum() / len(confidence))


def _digit_figures(digit: int, is_missed: NDArray[np.bool_]) -> DigitFigures:
    num_images, num_missed = len(is_missed), int(is_missed.sum())
    accuracy = 1 - num_missed / num_images if num_images else None
    return DigitFigures(digit, num_images, num_missed, accuracy)


def _checked(
    probabilities: ArrayLike, labels: ArrayLike, answered: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    checked = np.asarray(probabilities, np.float64)
    truth = np.asarray(labels)
    if checked.ndim != 2 or checked.shape != (len(truth), NUM_DIGITS) or truth.ndim != 1:
        raise ValueError(f"need probabilities (n, 10) and labels (n,), not {checked.shape} and {truth.shape}")
    if not len(truth):
        raise ValueError("there is nothing to score: no image was given")
    if truth.dtype.kind not in "ui" or truth.min() < 0 or truth.max() >= NUM_DIGITS:
        raise ValueError("labels must be whole numbers from 0 to 9")
    # Softmax in float32 may pass 1 by a rounding step.
    if not (np.isfinite(checked).all() and checked.min() >= 0 and checked.max() <= 1 + 1e-5):
        raise ValueError("probabilities must lie between 0 and 1")
    answers = np.ones(len(truth), bool) if answered is None else np.asarray(answered, bool)
    if answers.shape != truth.shape:
        raise ValueError(f"`answered` must have one entry per label, not the shape {answers.shape}")
    return checked, truth.astype(np.int64), answers
