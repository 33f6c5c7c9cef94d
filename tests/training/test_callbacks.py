"""The learning rate's cycle, and the best weights kept."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from handsum.training.callbacks import START_RATIO, WARM_UP_SHARE, BestWeights, OneCycle

PEAK, NUM_STEPS = 3e-3, 1000


def rates(peak: float = PEAK, num_steps: int = NUM_STEPS) -> list[float]:
    cycle = OneCycle(peak, num_steps)
    return [float(cycle(step)) for step in range(num_steps + 1)]


def test_the_rate_rises_to_its_peak_and_falls_to_nothing() -> None:
    seen = rates()
    top = round(WARM_UP_SHARE * NUM_STEPS)
    assert seen[0] == pytest.approx(PEAK * START_RATIO)
    assert seen[top] == pytest.approx(PEAK)
    assert max(seen) == seen[top]
    assert seen[-1] == pytest.approx(0, abs=1e-9)
    assert all(np.diff(seen[: top + 1]) > 0)
    assert all(np.diff(seen[top:]) < 0)
    halfway = (top + NUM_STEPS) // 2
    assert seen[halfway] == pytest.approx(PEAK / 2, rel=0.01)


def test_the_rate_never_jumps_nor_comes_back() -> None:
    assert np.abs(np.diff(rates())).max() < PEAK * 0.01
    cycle = OneCycle(PEAK, NUM_STEPS)
    assert float(cycle(5 * NUM_STEPS)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("num_steps", [0, 1, 2])
def test_very_short_cycles_are_finite(num_steps: int) -> None:
    assert np.isfinite(rates(num_steps=num_steps)).all()


def test_the_cycle_survives_saving() -> None:
    cycle = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(OneCycle(PEAK, 7)))
    assert isinstance(cycle, OneCycle)
    assert (cycle.peak, cycle.num_steps) == (PEAK, 7)


class Network:
    """A stand-in whose weights are a number."""

    def __init__(self) -> None:
        self.weights = [0]

    def get_weights(self) -> list[Any]:
        return list(self.weights)

    def set_weights(self, weights: list[Any]) -> None:
        self.weights = weights


def run_epochs(*figures: tuple[float, float]) -> tuple[Network, BestWeights, list[int]]:
    """Epochs with these held-out accuracies and losses; the weights are the epoch's number."""
    network, saved = Network(), []
    best = BestWeights(lambda: saved.append(network.weights[0]))
    best.set_model(network)
    for epoch, (accuracy, loss) in enumerate(figures):
        network.weights = [epoch]
        best.on_epoch_end(epoch, {"val_accuracy": accuracy, "val_loss": loss})
    return network, best, saved


def test_the_best_epoch_is_kept_and_saved_each_time_it_improves() -> None:
    network, best, saved = run_epochs((0.5, 2), (0.9, 1), (0.8, 0.1), (0.95, 3), (0.9, 0.01))
    assert saved == [0, 1, 3]
    assert (best.epoch, best.accuracy) == (3, 0.95)
    best.restore()
    assert network.weights == [3]


def test_of_equal_accuracies_the_smaller_loss_is_better_and_of_equal_losses_the_first() -> None:
    _, best, saved = run_epochs((0.9, 1), (0.9, 0.5), (0.9, 0.5), (0.9, 0.7))
    assert (best.epoch, saved) == (1, [0, 1])


def test_nothing_learnt_is_kept_too() -> None:
    assert run_epochs((0.0, 9.0))[2] == [0]


def test_before_the_first_epoch_ends_there_is_nothing_to_restore() -> None:
    network, best, saved = run_epochs()
    network.weights = [7]
    best.restore()
    assert (network.weights, best.epoch, saved) == ([7], None, [])


def test_a_loss_that_is_no_number_is_never_better() -> None:
    _, best, _ = run_epochs((0.9, 1.0), (0.9, float("nan")))
    assert best.epoch == 0


def resumed(best: BestWeights) -> tuple[Network, BestWeights]:
    """What goes on from a checkpoint."""
    network, again = Network(), BestWeights(lambda: None)
    again.set_model(network)
    again.go_back({name: [np.array(value) for value in values] for name, values in best.state().items()})
    return network, again


def test_an_interrupted_run_remembers_its_best_epoch() -> None:
    network, best = resumed(run_epochs((0.5, 2), (0.9, 1), (0.8, 0.1))[1])
    assert (best.epoch, best.accuracy) == (1, 0.9)
    best.on_epoch_end(3, {"val_accuracy": 0.9, "val_loss": 1.5})
    best.restore()
    assert (best.epoch, network.weights) == (1, [1])


def test_before_the_first_epoch_ends_there_is_nothing_to_remember() -> None:
    network, best = resumed(run_epochs()[1])
    best.restore()
    assert (network.weights, best.epoch) == ([0], None)
