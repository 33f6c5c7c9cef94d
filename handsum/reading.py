"""What the reader found: the frozen records that travel between the stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Polarity = Literal["light on dark", "dark on light"]

NUM_DIGITS = 10
FRAME_SIZE = 28


@dataclass(frozen=True, eq=False, repr=False)
class DigitReading:
    """One digit as the network saw it.

    Attributes:
        label: the digit 0..9, or None where there is nothing to read or the reader is too unsure.
        confidence: the probability 0..1 that `label` is right; of the likeliest digit where label is None.
        probabilities: float32 (10,), one per digit, summing to 1.
        frame: float32 (28, 28), the picture the network saw, ink 1.0 on 0.0.
        polarity: how the ink stood on the page that was read.
    """

    label: int | None
    confidence: float
    probabilities: NDArray[np.float32]
    frame: NDArray[np.float32]
    polarity: Polarity = "light on dark"

    def __repr__(self) -> str:
        return (
            f"DigitReading(label={self.label}, confidence={self.confidence:.3f}, runner_up={self.runner_up})"
        )

    @property
    def likeliest(self) -> int:
        """The most probable digit, whether or not it is sure enough to be the label."""
        return int(np.argmax(self.probabilities))

    @property
    def runner_up(self) -> int:
        """The second most probable digit."""
        return int(np.argsort(self.probabilities, kind="stable")[-2])

    @property
    def is_blank(self) -> bool:
        """Whether no ink reached the frame."""
        return not self.frame.any()


def percent(ratio: float) -> str:
    """A ratio in whole percent that never claims to be certain: '98 %', 'over 99 %', 'under 1 %'."""
    if ratio > 0.995:  # would round to 100
        return "over 99 %"
    if 0 < ratio < 0.01:
        return "under 1 %"
    return f"{ratio * 100:.0f} %"
