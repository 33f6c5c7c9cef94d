"""Batches drawn from several pools of frames, each with its fixed share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import keras
import numpy as np
from numpy.typing import NDArray

from handsum.training.augment import AugmentConfig, Augmenter
from handsum.training.batches import as_frames
from handsum.training.networks import NOT_A_DIGIT, NUM_CLASSES
from handsum.training.pools import Pool
from handsum.training.teacher import Teacher

# What is not a digit should favour no digit either: this much of its label is spread over all ten.
SPREAD_OVER_DIGITS = 0.05


@dataclass(frozen=True)
class Phase:
    """A part of a run.

    Attributes:
        start: the share of the epochs that are done when it begins.
        counts: how many frames of each pool are in a batch.
        augment: how far batches distort the frames further.
    """

    start: float
    counts: dict[str, int]
    augment: AugmentConfig = field(default_factory=AugmentConfig)


class MixedBatches(keras.utils.PyDataset):
    """Batches (frames float32 (b, 28, 28, 1), targets float32 (b, 11)), mixed as the phase says.

    A teacher has a say in the targets.

    Every batch draws from a generator seeded with (seed, epoch, batch): a run that was interrupted goes
    on with the batches that it would have had.
    """

    def __init__(
        self,
        pools: Mapping[str, Pool],
        phases: Sequence[Phase],
        *,
        num_epochs: int,
        num_batches: int,
        label_smoothing: float,
        seed: int,
        teacher: Teacher | None = None,
    ) -> None:
        super().__init__(workers=1, max_queue_size=8)
        self._pools = pools
        self._phases = [(round(phase.start * num_epochs), phase) for phase in phases]
        self._augmenters = {phase.start: Augmenter(phase.augment, seed=seed) for phase in phases}
        self._num_batches = num_batches
        self._label_smoothing = label_smoothing
        self._seed = seed
        self._teacher = teacher
        self._epoch = 0

    def __len__(self) -> int:
        return self._num_batches

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rng = np.random.default_rng([self._seed, self._epoch, index])
        phase = [phase for first, phase in self._phases if first <= self._epoch][-1]
        frames, labels = [], []
        for name, count in phase.counts.items():
            pool = self._pools[name]
            chosen = rng.integers(0, len(pool.labels), count)
            frames.append(pool.frames[chosen])
            labels.append(pool.labels[chosen])
        distorted = self._augmenters[phase.start](as_frames(np.concatenate(frames)), rng)[..., None]
        wanted = targets(np.concatenate(labels), self._label_smoothing)
        return distorted, self._teacher.teach(distorted, wanted) if self._teacher else wanted

    def start_epoch(self, epoch: int) -> None:
        """What is drawn from now on is for this epoch, the first being 0.

        It is told and not counted: Keras ends an epoch that never was before the first one.
        """
        self._epoch = epoch


def targets(labels: NDArray[np.uint8], label_smoothing: float) -> NDArray[np.float32]:
    """What the network should say of each label: float32 (n, 11), rows that sum to 1."""
    sharp = np.eye(NUM_CLASSES, dtype=np.float32)
    soft = sharp * (1 - label_smoothing) + label_smoothing / NUM_CLASSES
    soft[NOT_A_DIGIT] = sharp[NOT_A_DIGIT] * (1 - SPREAD_OVER_DIGITS)
    soft[NOT_A_DIGIT, :NOT_A_DIGIT] = SPREAD_OVER_DIGITS / NOT_A_DIGIT
    return soft[labels].astype(np.float32)
