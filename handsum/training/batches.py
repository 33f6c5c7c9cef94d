"""Batches of augmented frames, drawn afresh each epoch and the same for the same seed."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from handsum.reading import NUM_DIGITS
from handsum.training.augment import Augmenter


class AugmentedBatches(keras.utils.PyDataset):
    """Shuffled batches (frames float32 (b, 28, 28, 1), one-hot labels float32 (b, 10)).

    Every batch draws from a generator seeded with (seed, epoch, batch), so that the order in which
    Keras asks for batches does not change what is in them. The last, smaller batch is left out.
    """

    def __init__(
        self,
        images: NDArray[np.uint8],
        labels: NDArray[np.uint8],
        *,
        batch_size: int,
        augmenter: Augmenter | None,
        seed: int,
    ) -> None:
        super().__init__()
        self._images = images
        self._labels = one_hot(labels)
        self._batch_size = batch_size
        self._augmenter = augmenter
        self._seed = seed
        self.start_epoch(0)

    def __len__(self) -> int:
        return len(self._images) // self._batch_size

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        frames = as_frames(self._images[chosen])
        if self._augmenter is not None:
            frames = self._augmenter(frames, np.random.default_rng([self._seed, self._epoch, index]))
        return frames[..., None], self._labels[chosen]

    def on_epoch_end(self) -> None:
        self.start_epoch(self._epoch + 1)

    def start_epoch(self, epoch: int) -> None:
        """What is drawn from now on is for this epoch, and then for those after it."""
        self._epoch = epoch
        self._order = np.random.default_rng([self._seed, self._epoch]).permutation(len(self._images))


def one_hot(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Labels uint8 (n,) to float32 (n, 10)."""
    return np.asarray(keras.utils.to_categorical(labels, NUM_DIGITS), np.float32)


def as_frames(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 (n, 28, 28) in 0..255 to float32 (n, 28, 28) in 0..1."""
    return images.astype(np.float32) / np.float32(255)
