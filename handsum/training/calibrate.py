"""Confidence made honest: one temperature, and the doubt at which a picture is called no digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.training.networks import NOT_A_DIGIT

# Of the digits of held-out writers, this many may be taken for something else.
MOST_REFUSED = 0.002
# What is less likely than this to be a digit is never called one.
LEAST_DIGIT_PROBABILITY = 0.5


@dataclass(frozen=True)
class Calibration:
    """What turns logits into answers.

    Attributes:
        temperature: the logits are divided by it before the softmax.
        least_digit_probability: below it, a picture is called no digit.
    """

    temperature: float
    least_digit_probability: float


def calibrate(logits: NDArray[np.float32], labels: NDArray[np.integer]) -> Calibration:
    """Fit on held-out digits: logits (n, 11) and labels (n,) in 0..9.

    The temperature is that of the greatest likelihood: Guo, Pleiss, Sun and Weinberger, "On Calibration of
    Modern Neural Networks" (2017). The doubt is the one at which few real digits are refused.
    """
    temperature = fit_temperature(logits, labels)
    digit_probability = 1 - softmax(logits / temperature)[:, NOT_A_DIGIT]
    allowed = float(np.quantile(digit_probability, MOST_REFUSED))
    return Calibration(temperature, min(LEAST_DIGIT_PROBABILITY, allowed))


def fit_temperature(logits: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    """The temperature in 0.2..5 under which the labels are likeliest, to a hundredth."""
    candidates = np.exp(np.linspace(np.log(0.2), np.log(5), 323))
    return float(
        min(candidates, key=lambda temperature: negative_log_likelihood(logits / temperature, labels))
    )


def negative_log_likelihood(logits: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    """Mean over the rows, in nats."""
    likely = softmax(logits)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(likely, 1e-12)).mean())


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Row by row, in double precision."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
