"""The moving average of weights, and checkpoints: an interrupted run ends as if it had gone through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.averaging import STEPS_BETWEEN, AveragedWeights, Checkpoint
from handsum.training.callbacks import OneCycle

NUM_STEPS, NUM_EPOCHS = 6, 4


class Network:
    """A stand-in with one weight that changes in place, as those of some backends do."""

    def __init__(self) -> None:
        self.weight = np.zeros(1)

    def get_weights(self) -> list[NDArray[Any]]:
        return [self.weight]

    def set_weights(self, weights: list[NDArray[Any]]) -> None:
        self.weight[:] = weights[0]


def averaged(momentum: float, *weights: float) -> tuple[Network, AveragedWeights]:
    """A network after batches that left these weights."""
    network, average = Network(), AveragedWeights(momentum)
    average.set_model(network)
    for batch, weight in enumerate(weights):
        network.weight[:] = weight
        average.on_train_batch_end(batch)
    return network, average


def value(average: AveragedWeights) -> float:
    assert average.average is not None
    return float(average.average[0][0])


def test_the_first_weights_are_taken_whole_and_soon_forgotten() -> None:
    assert value(averaged(0.999, 8.0)[1]) == 8
    _, average = averaged(0.999, *[8.0] * STEPS_BETWEEN, 0.0)
    assert value(average) == pytest.approx(8 * 2 / 11)
    assert average.num_updates == 2


def test_only_every_fourth_step_counts() -> None:
    steps = [1.0, 50.0, 60.0, 70.0, 1.0, 80.0]
    assert STEPS_BETWEEN == 4
    assert value(averaged(0.9, *steps)[1]) == 1


def test_in_the_long_run_it_forgets_at_the_momentum_asked_for() -> None:
    # As many steps that the early haste is over; then one update moves it by 1 - 0.9 ** 4.
    before = [0.0] * (100 * STEPS_BETWEEN)
    assert value(averaged(0.9, *before, 1.0)[1]) == pytest.approx(1 - 0.9**STEPS_BETWEEN)


def test_validation_sees_the_average_and_training_goes_on_with_its_own() -> None:
    network, average = averaged(0.9, *[8.0] * STEPS_BETWEEN, 0.0)
    average.on_test_begin()
    assert network.weight[0] == pytest.approx(8 * 2 / 11)
    average.on_test_end()
    assert network.weight[0] == 0
    average.settle()
    assert network.weight[0] == pytest.approx(8 * 2 / 11)


def test_before_the_first_step_there_is_no_average() -> None:
    network, average = averaged(0.9)
    network.weight[:] = 3
    average.on_test_begin()
    average.on_test_end()
    average.settle()
    assert (network.weight[0], average.average) == (3, None)


# Checkpoints of a tiny network


class Run:
    """A network, its average and its checkpoint, as training puts them together."""

    def __init__(self, path: Path) -> None:
        keras.utils.set_random_seed(5)
        self.network = keras.Sequential(
            [
                keras.Input((3,)),
                keras.layers.Dense(4, use_bias=False),
                keras.layers.BatchNormalization(),
                keras.layers.Dense(2),
            ]
        )
        schedule = OneCycle(0.05, NUM_STEPS * NUM_EPOCHS)
        self.network.compile(keras.optimizers.AdamW(schedule, weight_decay=0.01), loss="mse", metrics=["mae"])
        self.average = AveragedWeights(0.9)
        self.checkpoint = Checkpoint(path, self.average)

    def go(self, *more: keras.callbacks.Callback, first: int = 0, last: int = NUM_EPOCHS) -> None:
        rng = np.random.default_rng(0)
        frames, wanted = rng.normal(size=(8 * NUM_STEPS, 3)), rng.normal(size=(8 * NUM_STEPS, 2))
        self.network.fit(
            frames,
            wanted,
            batch_size=8,
            initial_epoch=first,
            epochs=last,
            shuffle=False,
            validation_data=(frames[:8], wanted[:8]),
            callbacks=[self.average, self.checkpoint, *more],
            verbose=0,
        )


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C in the middle of the third epoch."""

    _epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if (self._epoch, batch) == (2, 3):
            raise KeyboardInterrupt


def assert_same(mine: list[Any], theirs: list[Any]) -> None:
    for one, other in zip(mine, theirs, strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-6)


@pytest.fixture(scope="module")
def through(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing interrupted."""
    run = Run(tmp_path_factory.mktemp("through") / "new" / "checkpoint.npz")
    run.go()
    return run


def test_an_interrupted_run_ends_as_if_it_had_gone_through(tmp_path: Path, through: Run) -> None:
    path = tmp_path / "checkpoint.npz"
    with pytest.raises(KeyboardInterrupt):
        Run(path).go(Interrupt())
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.npz"]
    resumed = Run(path)
    num_done = resumed.checkpoint.resume(resumed.network)
    assert num_done == 2
    resumed.go(first=num_done)
    assert_same(resumed.network.get_weights(), through.network.get_weights())
    assert resumed.average.average is not None
    assert through.average.average is not None
    assert_same(resumed.average.average, through.average.average)
    assert resumed.average.num_updates == through.average.num_updates == NUM_EPOCHS * 2
    assert int(resumed.network.optimizer.iterations) == NUM_STEPS * NUM_EPOCHS
    history = through.checkpoint.history
    assert set(history) == set(resumed.checkpoint.history) == {"loss", "mae", "val_loss", "val_mae"}
    for name, values in history.items():
        assert len(values) == NUM_EPOCHS
        assert resumed.checkpoint.history[name] == pytest.approx(values, abs=1e-5)


def test_a_finished_run_is_restored_whole(through: Run) -> None:
    again = Run(through.checkpoint._path)
    assert again.checkpoint.resume(again.network) == NUM_EPOCHS
    assert_same(again.network.get_weights(), through.network.get_weights())
    again.average.set_model(again.network)
    again.average.settle()
    assert through.average.average is not None
    assert_same(again.network.get_weights(), through.average.average)


def test_without_a_checkpoint_training_begins_at_the_beginning(tmp_path: Path) -> None:
    run = Run(tmp_path / "checkpoint.npz")
    before = run.network.get_weights()
    assert run.checkpoint.resume(run.network) == 0
    assert_same(before, run.network.get_weights())
    assert run.average.average is None
