"""What the reader found: the frozen records that travel between the stages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Polarity = Literal["light on dark", "dark on light"]
# Why a reading has no label: no ink, the network's verdict, or less confidence than the caller asked for.
Doubt = Literal["blank", "not a digit", "too unsure"]

NUM_DIGITS = 10
FRAME_SIZE = 28

# The label of what has none, in arrays.
NO_LABEL = -1


@dataclass(frozen=True, eq=False, repr=False)
class DigitReading:
    """One digit as the network saw it.

    Attributes:
        label: the digit 0..9, or None where `doubt` says why there is none.
        confidence: the probability 0..1 that the likeliest digit is right, whether or not it is the label;
            never more than `digit_probability`.
        digit_probability: the probability 0..1 that the picture holds exactly one digit.
        probabilities: float32 (10,), summing to 1: of each digit, given that it is one digit.
        frame: float32 (28, 28), the picture the network saw, ink 1.0 on 0.0.
        doubt: why there is no label; None where there is one.
        polarity: how the ink stood on the page that was read.

    Raises:
        ValueError: there is both a label and a doubt, or neither.
    """

    label: int | None
    confidence: float
    digit_probability: float
    probabilities: NDArray[np.float32]
    frame: NDArray[np.float32]
    doubt: Doubt | None = None
    polarity: Polarity = "light on dark"

    def __post_init__(self) -> None:
        if (self.label is None) == (self.doubt is None):
            raise ValueError(
                f"a reading has either a label or a doubt, not label={self.label}, doubt={self.doubt}"
            )

    def __repr__(self) -> str:
        verdict = f"doubt={self.doubt!r}" if self.label is None else f"label={self.label}"
        return f"DigitReading({verdict}, confidence={self.confidence:.3f}, runner_up={self.runner_up})"

    @property
    def likeliest(self) -> int:
        """The most probable digit, whether or not it is sure enough to be the label."""
        return int(np.argmax(self.probabilities))

    @property
    def runner_up(self) -> int:
        """The second most probable digit."""
        return int(np.argsort(self.probabilities, kind="stable")[-2])

    @property
    def shares(self) -> NDArray[np.float32]:
        """float32 (10,), the probability of each digit; what is missing to 1 is that of no digit."""
        return self.probabilities * np.float32(self.digit_probability)

    @property
    def is_blank(self) -> bool:
        """Whether no ink reached the frame."""
        return self.doubt == "blank"

    def refused_below(self, min_confidence: float) -> DigitReading:
        """The same, too unsure for a label where its confidence is under `min_confidence`."""
        if self.label is None or self.confidence >= min_confidence:
            return self
        return replace(self, label=None, doubt="too unsure")


@dataclass(frozen=True, eq=False)
class FrameReadings:
    """What the network makes of n ready frames; each array's meaning is that of `DigitReading`.

    Attributes:
        labels: int64 (n,), the digit, or NO_LABEL (-1) where there is none.
        confidences: float32 (n,).
        probabilities: float32 (n, 10).
        digit_probabilities: float32 (n,).
    """

    labels: NDArray[np.int64]
    confidences: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    digit_probabilities: NDArray[np.float32]

    def refused_below(self, min_confidence: float) -> FrameReadings:
        """The same, without a label wherever the confidence is under `min_confidence`."""
        # In float64, as for a single reading, so that both agree on a confidence of just that much.
        is_refused = self.confidences.astype(np.float64) < min_confidence
        return replace(self, labels=np.where(is_refused, NO_LABEL, self.labels))


def percent(ratio: float) -> str:
    """A ratio in whole percent that never claims to be certain: '98 %', 'over 99 %', 'under 1 %'."""
    if ratio > 0.995:  # would round to 100
        return "over 99 %"
    if 0 < ratio < 0.01:
        return "under 1 %"
    return f"{ratio * 100:.0f} %"
