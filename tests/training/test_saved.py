"""Networks in their files, and between two runs."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from handsum.training.saved import calibration_in, figures_in, move_back, open_network, save_network


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


def test_what_belongs_to_the_weights_is_kept_in_their_file(tmp_path: Path) -> None:
    network, path = network_of(4.0, 8.0), tmp_path / "new" / "some.h5"
    save_network(network, path, {"accuracy": 0.5}, calibration={"gain": 2.0})
    assert (figures_in(path), calibration_in(path)) == ({"accuracy": 0.5}, {"gain": 2.0})
    opened = open_network(path, recipe="best")
    assert all(map(np.array_equal, opened.get_weights(), network.get_weights()))
    save_network(network, path)
    assert (figures_in(path), calibration_in(path)) == ({}, None)
    assert [file.name for file in path.parent.iterdir()] == ["some.h5"]


@pytest.mark.parametrize("content", [b"", b"not HDF5"])
def test_what_is_no_network_has_no_calibration(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some.h5").write_bytes(content)
    assert calibration_in(tmp_path / "some.h5") is None
