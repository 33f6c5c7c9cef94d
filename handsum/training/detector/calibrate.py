"""The detector's scores made true probabilities, on pages by held-out writers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.training.calibrate import fit_temperature
from handsum.training.detector.network import BOX_FROM, LABELS_FROM, NUM_CHANNELS, OBJECT
from handsum.training.detector.store import StoredPage

# A found box is a written one where they share at least this much of what they cover together.
LEAST_OVERLAP = 0.3
NEWTON_STEPS = 25


@dataclass(frozen=True)
class DetectorCalibration:
    """What turns the detector's logits into probabilities.

    Attributes:
        object_gain, object_shift: of the logit that a symbol's middle is here (Platt, 1999).
        temperature: of the softmax over labels (Guo et al., 2017).
        least_score: a middle with a lower score is no symbol.
    """

    object_gain: float = 1.0
    object_shift: float = 0.0
    temperature: float = 1.0
    least_score: float = 0.05

    def channel_gains_and_shifts(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What the answer's channels are multiplied by, and what is added (both (25,))."""
        gain, shift = np.ones(NUM_CHANNELS, np.float32), np.zeros(NUM_CHANNELS, np.float32)
        gain[OBJECT], shift[OBJECT] = self.object_gain, self.object_shift
        gain[LABELS_FROM:BOX_FROM] = 1 / self.temperature
        return gain, shift


@dataclass(frozen=True, eq=False)
class Found:
    """What an uncalibrated graph finds on one page: boxes (n, 4), probabilities (n, 20), scores (n,)."""

    boxes: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    scores: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Matches:
    """Everything found on some pages, against what is written there.

    Attributes:
        scores: float32 (n,), of each thing found.
        is_symbol: bool (n,), whether there is a symbol that nothing found before is.
        probabilities, labels: of those that are symbols: float32 (m, 20), uint8 (m,).
        num_written: symbols on the pages, found or not.
    """

    scores: NDArray[np.float32]
    is_symbol: NDArray[np.bool_]
    probabilities: NDArray[np.float32]
    labels: NDArray[np.uint8]
    num_written: int


def match(find: Callable[[NDArray[np.uint8]], Found], pages: Sequence[StoredPage]) -> Matches:
    """Find the symbols of pages and compare them with what is written."""
    scores, are_symbols, probabilities, labels = [], [], [], []
    for stored in pages:
        found = find(stored.page)
        partner = _partners(found, stored.boxes)
        is_symbol = partner >= 0
        scores.append(found.scores)
        are_symbols.append(is_symbol)
        probabilities.append(found.probabilities[is_symbol])
        labels.append(stored.labels[partner[is_symbol]])
    return Matches(
        np.concatenate(scores),
        np.concatenate(are_symbols),
        np.concatenate(probabilities),
        np.concatenate(labels),
        sum(len(stored.labels) for stored in pages),
    )


def _partners(found: Found, written: NDArray[np.float32]) -> NDArray[np.int64]:
    """For each box found (n,) the number of the written box that it is, or -1; the surest choose first."""
    partner = np.full(len(found.scores), -1)
    if not len(written):
        return partner
    overlaps = _overlaps(found.boxes, written)
    for index in np.argsort(-found.scores, kind="stable"):
        best = int(overlaps[index].argmax())
        if overlaps[index, best] >= LEAST_OVERLAP:
            partner[index] = best
            overlaps[:, best] = 0
    return partner


def _overlaps(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union (n, m) of boxes grown a little, since those of dots and bars are thin."""
    a, b = (boxes + np.array([-2, -2, 2, 2], np.float32) for boxes in (first[:, None], second[None]))
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = np.maximum(sides, 0).prod(axis=-1)
    areas = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1)
    return np.asarray(shared / np.maximum(areas - shared, 1e-6))


def calibrate_detector(matches: Matches, *, least_score: float) -> DetectorCalibration:
    """Fit gain and shift of the scores and the temperature of the labels, each by greatest likelihood.

    A network that finds no symbol, as after a run of a few steps, stays as it is.
    """
    if not matches.is_symbol.any():
        return DetectorCalibration(least_score=least_score)
    gain, shift = _platt(_logit(matches.scores), matches.is_symbol)
    logits = np.log(np.maximum(matches.probabilities, 1e-9))
    return DetectorCalibration(gain, shift, fit_temperature(logits, matches.labels), least_score)


def _logit(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    clipped = np.clip(probabilities.astype(np.float64), 1e-7, 1 - 1e-7)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _platt(logits: NDArray[np.float64], is_true: NDArray[np.bool_]) -> tuple[float, float]:
    """Gain and shift of the greatest likelihood, by Newton's method."""
    design = np.stack([logits, np.ones_like(logits)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(NEWTON_STEPS):
        likely = 1 / (1 + np.exp(-design @ weights))
        curvature = design.T @ (design * (likely * (1 - likely))[:, None]) + 1e-6 * np.eye(2)
        weights = weights - np.linalg.solve(curvature, design.T @ (likely - is_true))
    return float(weights[0]), float(weights[1])
