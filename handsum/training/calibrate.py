"""Confidence made honest: one temperature, and the doubt at which a picture is called no digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.training.networks import NOT_A_DIGIT

# Of the digits of held-out writers, this many may be taken for something else.
MOST_REFUSED = 0.002
# What is likelier than this to be a digit is never refused.
LEAST_DIGIT_PROBABILITY = 0.5
# How often a reader of digits is shown something else: far less than in training, where it is learnt from.
SHARE_IN_USE = 0.01


@dataclass(frozen=True)
class Calibration:
    """What turns logits into answers.

    Attributes:
        not_a_digit_shift: added to the logit of "no digit", before all else.
        temperature: the logits are divided by it before the softmax.
        least_digit_probability: below it, a picture is called no digit.
    """

    not_a_digit_shift: float
    temperature: float
    least_digit_probability: float

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Of the eleven classes (n, 11), for logits (n, 11)."""
        return softmax(shifted(logits, self.not_a_digit_shift) / self.temperature)


def calibrate(
    logits: NDArray[np.float32], labels: NDArray[np.integer], *, share_in_training: float
) -> Calibration:
    """Fit on held-out digits: logits (n, 11) and labels (n,) in 0..9.

    First the prior is put right: what is no digit was `share_in_training` of all pictures (0 for none), and
    is `SHARE_IN_USE` from now on (Saerens, Latinne and Decaestecker, "Adjusting the Outputs of a Classifier
    to New a Priori Probabilities", 2002). The temperature is then that of the greatest likelihood (Guo,
    Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017), and the doubt is the one
    at which few real digits are refused.
    """
    shift = log_odds(SHARE_IN_USE) - log_odds(share_in_training) if share_in_training else 0.0
    right_prior = shifted(logits, shift)
    temperature = fit_temperature(right_prior, labels)
    digit_probability = 1 - softmax(right_prior / temperature)[:, NOT_A_DIGIT]
    allowed = float(np.quantile(digit_probability, MOST_REFUSED))
    return Calibration(shift, temperature, min(LEAST_DIGIT_PROBABILITY, allowed))


def log_odds(share: float) -> float:
    """The logarithm of the odds of a share strictly between 0 and 1."""
    return float(np.log(share / (1 - share)))


def shifted(logits: NDArray[np.float32], not_a_digit_shift: float) -> NDArray[np.float32]:
    """The logits (n, 11) with something added to that of "no digit"."""
    out = logits.copy()
    out[:, NOT_A_DIGIT] += np.float32(not_a_digit_shift)
    return out


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
