"""A network that teaches another one: what it makes of a frame is part of what the other should say.

A larger network's doubts say more than a label does, above all of a digit that could be two (Hinton et al.,
"Distilling the Knowledge in a Neural Network", 2015). The teacher sees each frame distorted as the student
sees it (Beyer et al., "Knowledge distillation: A good teacher is patient and consistent", 2022).
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from handsum.training.networks import best_network, width_multiplier_of
from handsum.training.saved import built, open_network


class Teacher:
    """A trained best network, of any width."""

    def __init__(self, network: keras.Model, *, share: float) -> None:
        """`share` is how much of the targets it has a say in, 0..1; the labels have the rest."""
        self._network = network
        self._share = share

    def teach(self, frames: NDArray[np.float32], targets: NDArray[np.float32]) -> NDArray[np.float32]:
        """Targets float32 (n, 11) of frames float32 (n, 28, 28, 1), its own word among them."""
        logits = self._network.predict_on_batch(frames)
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        return np.asarray(self._share * likely + (1 - self._share) * targets, np.float32)


def open_teacher(path: Path, *, share: float, bfloat16: bool = False) -> Teacher:
    """The network of an HDF5 file as a teacher, which computes as the student does.

    Raises:
        DataError: there is no such file, or it holds no best network.
    """
    saved = open_network(path, recipe="best")
    width = width_multiplier_of(saved)
    network = built(lambda: best_network(width), bfloat16=bfloat16)
    network.set_weights(saved.get_weights())
    return Teacher(network, share=share)
