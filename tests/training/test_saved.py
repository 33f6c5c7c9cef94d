"""Networks between two runs."""

from __future__ import annotations

import keras
import numpy as np

from handsum.training.saved import move_back


def network_of(*weights: float, units: int = 1) -> keras.Model:
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(units)])
    network.set_weights([np.full((1, units), weights[0]), np.full(units, weights[1])])
    return network


def test_weights_are_moved_back_by_a_share_of_the_way() -> None:
    network = network_of(4.0, 8.0)
    move_back(network, network_of(0.0, -8.0), 0.25)
    assert [float(weight.squeeze()) for weight in network.get_weights()] == [3.0, 4.0]


def test_weights_stay_where_there_were_other_layers_before() -> None:
    network = network_of(4.0, 8.0)
    move_back(network, network_of(0.0, 0.0, units=2), 0.5)
    assert [float(weight.squeeze()) for weight in network.get_weights()] == [4.0, 8.0]
