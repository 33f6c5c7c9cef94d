"""What happens beside fitting: the learning rate's cycle, and keeping the best weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from handsum.training.checkpoint import State

WARM_UP_SHARE = 0.2
START_RATIO = 0.05

# Weights that have learnt already are moved by smaller steps.
CONTINUED_LEARNING_RATE_SHARE = 0.6


@keras.saving.register_keras_serializable("handsum")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Rise linearly to the peak, then fall along a half cosine to zero.

    Smith and Topin, "Super-Convergence" (2018), with the cosine fall of fast.ai.
    """

    def __init__(self, peak: float, num_steps: int) -> None:
        self.peak = peak
        self.num_steps = num_steps

    def __call__(self, step: Any) -> Any:
        done = ops.cast(step, "float32") / max(1, self.num_steps)
        rising = START_RATIO + (1 - START_RATIO) * done / WARM_UP_SHARE
        falling = 0.5 + 0.5 * ops.cos(
            math.pi * ops.minimum(1.0, (done - WARM_UP_SHARE) / (1 - WARM_UP_SHARE))
        )
        return self.peak * ops.where(done < WARM_UP_SHARE, rising, falling)

    def get_config(self) -> dict[str, Any]:
        return {"peak": self.peak, "num_steps": self.num_steps}


class BestWeights(keras.callbacks.Callback):
    """Remembers the weights of the epoch that was best on the held-out images, and saves them."""

    def __init__(self, save: Callable[[], None]) -> None:
        super().__init__()
        self._save = save
        self._weights: list[Any] | None = None
        self._rank = (-1.0, 0.0)
        self.epoch: int | None = None

    @property
    def accuracy(self) -> float:
        """The best held-out accuracy so far, 0..1."""
        return self._rank[0]

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures = logs or {}
        rank = (figures["val_accuracy"], -figures["val_loss"])
        if rank > self._rank:
            self._rank, self.epoch = rank, epoch
            self._weights = self.model.get_weights()
            self._save()

    def restore(self) -> None:
        """Put the best weights back into the network."""
        if self._weights is not None:
            self.model.set_weights(self._weights)

    def state(self) -> State:
        """The best weights so far and how good they are, for a checkpoint."""
        epochs = [] if self.epoch is None else [np.array(self.epoch)]
        return {"best": self._weights or [], "best_rank": [np.array(self._rank)], "best_epoch": epochs}

    def go_back(self, state: State) -> None:
        """Go on from a checkpoint's best weights."""
        self._weights = state["best"] or None
        accuracy, negative_loss = state["best_rank"][0].tolist()
        self._rank = (accuracy, negative_loss)
        self.epoch = int(state["best_epoch"][0]) if state["best_epoch"] else None
