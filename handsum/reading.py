"""What the reader found: the frozen records that travel between the stages."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # reading digits needs no arithmetic
    from handsum.arithmetic import Answer

Polarity = Literal["light on dark", "dark on light"]
# Why a reading has no label: no ink, the network's verdict, or less confidence than the caller asked for.
Doubt = Literal["blank", "not a digit", "too unsure"]

NUM_DIGITS = 10
FRAME_SIZE = 28

# The label of what has none, in arrays.
NO_LABEL = -1

# Everything that a line's text is made of.
SYMBOL_LABELS = "0123456789+-×÷/().,="

# From here on a ratio in whole percent would be 100.
ALL_BUT_CERTAIN = 0.995
# What is less sure than this is shown as what someone should look at.
SURE_FROM = 0.9
# A line whose written result holds is right at odds so many times those of its symbols: misread ones seldom
# hold by chance. With it, confidence is as often right as it says on checks by held-out writers.
HOLDING_ODDS = 10.0
# Most of the doubt in a mark is whether there is one, and what is none has been dropped from lines: those
# kept are right more often than the networks said. On composed lines by held-out writers this power of it is
# how often they are right, marks as well as lines; on real numbers it is still a little cautious
# (bench/confidence.py).
KEPT_EXPONENT = 0.5
# What is less likely than this against a label is no rival of it.
MAX_ODDS_OF_RUNNER_UP = 20.0

Box = tuple[float, float, float, float]
# Why a line's text is not what the network read: marks told apart by their place; an alternative taken to
# make a nonsense line well-formed, or a written check true.
Reason = Literal["place", "well-formed", "true"]


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
    def rival(self) -> int | None:
        """The runner-up where it is worth naming: None where the likeliest is all but certain."""
        return None if self.confidence >= ALL_BUT_CERTAIN else self.runner_up

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


@dataclass(frozen=True)
class Symbol:
    """One written sign on a page.

    Attributes:
        label: one of SYMBOL_LABELS.
        box: (x0, y0, x1, y1), half-open, in pixels of the image or the unit of the ink; never empty.
        confidence: the probability 0..1 that the label is right.
        alternatives: other labels with their probabilities, the likeliest first.
        raw_label: what the network read here, "--" for two of its marks taken together; the label itself
            unless something else is given.

    Raises:
        ValueError: the label is none of ours, or the box is empty or not finite.
    """

    label: str
    box: Box
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    raw_label: str = ""

    def __post_init__(self) -> None:
        if len(self.label) != 1 or self.label not in SYMBOL_LABELS:
            raise ValueError(f"a symbol's label is one of {SYMBOL_LABELS}, not {self.label!r}")
        x0, y0, x1, y1 = self.box
        if not (x0 < x1 and y0 < y1 and all(map(math.isfinite, self.box))):
            raise ValueError(f"a symbol's box is finite and not empty, not {self.box}")
        if not self.raw_label:
            object.__setattr__(self, "raw_label", self.label)

    def relabelled(self, label: str) -> Symbol:
        """The same ink under one of its alternatives, as sure as that is; the old label becomes one.

        Raises ValueError when the label is not among the alternatives.
        """
        probabilities = dict(self.alternatives)
        if label not in probabilities:
            raise ValueError(f"{label!r} is no alternative of {self.label!r}: {self.alternatives}")
        confidence = probabilities.pop(label)
        probabilities[self.label] = self.confidence
        alternatives = tuple(sorted(probabilities.items(), key=lambda pair: -pair[1]))
        return replace(self, label=label, confidence=confidence, alternatives=alternatives)

    @property
    def is_changed(self) -> bool:
        """Whether it was read otherwise and relabelled: what changes by its place leaves no rival."""
        return self.raw_label in dict(self.alternatives)

    def kept(self) -> Symbol:
        """The same as part of a line: as sure as those that are kept in lines turn out to be right."""
        confidence = self.confidence**KEPT_EXPONENT
        total = max(1 - self.confidence, sum(probability for _, probability in self.alternatives))
        share = (1 - confidence) / total if total > 0 else 0.0
        alternatives = tuple((label, share * probability) for label, probability in self.alternatives)
        return replace(self, confidence=confidence, alternatives=alternatives)


def _odds(symbol: Symbol) -> float:
    """How much likelier the label is than its best alternative."""
    probability = symbol.alternatives[0][1] if symbol.alternatives else 0.0
    return symbol.confidence / probability if probability > 0 else math.inf


@dataclass(frozen=True)
class Line:
    """Symbols in reading order, and what they come to.

    Attributes:
        text: the line as reported: the symbols' labels, without spaces; of stacked fractions with the
            brackets (and, of 2 3/4, the +) without which a row of labels would mean something else.
        symbols: as reported; each keeps its own `raw_label`.
        answer: what the text comes to; None where nobody worked it out.
        raw_text: the line as the network read it, mark by mark.
        reasons: why `text` differs from `raw_text`; empty where it does not.
        doubt: "too unsure" where the confidence is under what the caller asked for; the rest stays.
    """

    text: str
    symbols: tuple[Symbol, ...]
    answer: Answer | None
    raw_text: str
    reasons: tuple[Reason, ...] = ()
    doubt: Doubt | None = None

    @property
    def confidence(self) -> float:
        """The probability 0..1 that every symbol is right, as if they were independent.

        A written result that holds speaks for the line.
        """
        together = math.prod(symbol.confidence for symbol in self.symbols)
        if self.answer is None or self.answer.status not in ("true", "rounded"):
            return together
        return HOLDING_ODDS * together / (HOLDING_ODDS * together + 1 - together)

    @property
    def runner_up(self) -> str | None:
        """The next likeliest text, with its most wavering symbol read otherwise; None where none wavers."""
        odds = [_odds(symbol) for symbol in self.symbols]
        least = min(odds, default=math.inf)
        if least > MAX_ODDS_OF_RUNNER_UP:
            return None
        weakest = odds.index(least)
        return self._with_label(weakest, self.symbols[weakest].alternatives[0][0])

    def _with_label(self, index: int, label: str) -> str:
        """The text with a symbol under another label; what stacked fractions need beside them stays."""
        end = 0
        for symbol in self.symbols[: index + 1]:
            end = self.text.find(symbol.label, end) + 1
            if not end:  # a text of another's making
                labels = [symbol.label for symbol in self.symbols]
                return "".join([*labels[:index], label, *labels[index + 1 :]])
        return self.text[: end - 1] + label + self.text[end:]

    @property
    def outcome(self) -> Answer | None:
        """The answer where the line asks for one or holds one to check: where it has an =; else None."""
        return self.answer if "=" in self.text else None

    def kept(self) -> Line:
        """The same as it is reported, its symbols as sure as those kept in lines turn out to be right."""
        return replace(self, symbols=tuple(symbol.kept() for symbol in self.symbols))

    def refused_below(self, min_confidence: float) -> Line:
        """The same, in doubt where its confidence is under `min_confidence`."""
        return self if self.confidence >= min_confidence else replace(self, doubt="too unsure")


@dataclass(frozen=True)
class Reading:
    """What the reader found on a page: its lines from top to bottom; none where nothing was found."""

    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The lines' texts, joined by newlines."""
        return "\n".join(line.text for line in self.lines)


def percent(ratio: float) -> str:
    """A ratio in whole percent that never claims to be certain: '98 %', 'over 99 %', 'under 1 %'."""
    if ratio >= ALL_BUT_CERTAIN:
        return "over 99 %"
    if 0 < ratio < 0.01:
        return "under 1 %"
    return f"{ratio * 100:.0f} %"
