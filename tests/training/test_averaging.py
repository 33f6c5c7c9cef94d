"""The moving average of weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.averaging import STEPS_BETWEEN, AveragedWeights


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
