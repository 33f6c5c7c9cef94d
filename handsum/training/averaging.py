"""The moving average of a network's weights."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from handsum.training.checkpoint import State

# The average takes the weights in every so many steps: nothing is lost by it, and it costs next to nothing.
STEPS_BETWEEN = 4


class AveragedWeights(keras.callbacks.Callback):
    """Averages all weights, the statistics of batch normalisation too, and validates with the average.

    Polyak and Juditsky (1992), as an exponential moving average that forgets the first weights soon: Keras's
    own starts from them, and leaves the statistics out, which spoils networks with batch normalisation.
    """

    def __init__(self, momentum: float) -> None:
        super().__init__()
        self.momentum = momentum**STEPS_BETWEEN
        self.average: list[Any] | None = None
        self.num_updates = 0
        self._own: list[Any] | None = None

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if batch % STEPS_BETWEEN:
            return
        weights = self.model.get_weights()
        if self.average is None:
            self.average = [np.array(weight) for weight in weights]
        momentum = min(self.momentum, (1 + self.num_updates) / (10 + self.num_updates))
        for average, weight in zip(self.average, weights, strict=True):
            average += (1 - momentum) * (weight - average)
        self.num_updates += 1

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:
        if self.average is not None:
            self._own = [np.array(weight) for weight in self.model.get_weights()]
            self.model.set_weights(self.average)

    def on_test_end(self, logs: dict[str, float] | None = None) -> None:
        if self._own is not None:
            self.model.set_weights(self._own)
            self._own = None

    def settle(self) -> None:
        """Put the average into the network, at the end."""
        if self.average is not None:
            self.model.set_weights(self.average)

    def state(self) -> State:
        """The average so far, for a checkpoint."""
        return {"average": self.average or [], "num_updates": [np.array(self.num_updates)]}

    def go_back(self, state: State) -> None:
        """Go on from a checkpoint's average."""
        self.average = state["average"] or None
        self.num_updates = int(state["num_updates"][0])
