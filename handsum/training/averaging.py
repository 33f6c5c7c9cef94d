"""The moving average of a network's weights, and checkpoints that a run can go on from."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

from handsum.atomic import whole_file

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


class Checkpoint(keras.callbacks.Callback):
    """Saves everything that a run needs to go on, after every epoch, as plain arrays."""

    def __init__(self, path: Path, averaged: AveragedWeights) -> None:
        super().__init__()
        self._path = path
        self._averaged = averaged
        self.history: dict[str, list[float]] = {}
        # Of the epochs that are done, in this process and those before it.
        self.seconds = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._started_s = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.seconds += time.perf_counter() - self._started_s
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        arrays: dict[str, Any] = {
            "epoch": np.array(epoch + 1),
            "num_updates": np.array(self._averaged.num_updates),
            "seconds": np.array(self.seconds),
            **_numbered("weight", self.model.get_weights()),
            **_numbered("average", self._averaged.average or []),
            **_numbered("optimizer", [np.array(_plain(v)) for v in self.model.optimizer.variables]),
            **{f"history {name}": np.array(values) for name, values in self.history.items()},
        }
        with whole_file(self._path) as part, part.open("wb") as file:
            np.savez(file, **arrays)

    def resume(self, network: keras.Model) -> int:
        """Go back to the saved state, if there is one; return the number of epochs that are done."""
        if not self._path.is_file():
            return 0
        with np.load(self._path) as arrays:
            network.optimizer.build(network.trainable_variables)
            network.set_weights(_in_order("weight", arrays))
            for variable, value in zip(
                network.optimizer.variables, _in_order("optimizer", arrays), strict=True
            ):
                variable.assign(value)
            self._averaged.average = _in_order("average", arrays) or None
            self._averaged.num_updates = int(arrays["num_updates"])
            self.seconds = float(arrays["seconds"])
            self.history = {
                name.removeprefix("history "): arrays[name].tolist()
                for name in arrays.files
                if name.startswith("history ")
            }
            return int(arrays["epoch"])


def _plain(variable: Any) -> Any:
    return keras.ops.convert_to_numpy(variable)


def _numbered(name: str, values: list[Any]) -> dict[str, Any]:
    return {f"{name} {number}": value for number, value in enumerate(values)}


def _in_order(name: str, arrays: Any) -> list[Any]:
    num = sum(file.startswith(f"{name} ") for file in arrays.files)
    return [np.array(arrays[f"{name} {number}"]) for number in range(num)]
