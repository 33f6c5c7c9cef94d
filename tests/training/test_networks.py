"""The best network: its layers, and batch normalisation that is Keras's own, only faster."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np

from handsum.training.networks import (
    BEST_PARAMETERS,
    BEST_STAGES,
    EMBEDDING_LAYER,
    NUM_CLASSES,
    FusedBatchNormalization,
    best_network,
    classic_network,
    width_multiplier_of,
)
from handsum.training.saved import built, in_float32

ROOT = Path(__file__).resolve().parents[2]

# torch is no requirement; where it is installed, training may use it, and only there is there a difference.
BACKEND = "torch" if find_spec("torch") else "tensorflow"


def test_the_best_network_is_what_we_say() -> None:
    network = best_network()
    assert (network.input_shape, network.output_shape) == ((None, 28, 28, 1), (None, NUM_CLASSES))
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [(layer.filters, layer.strides[0]) for layer in convolutions] == list(BEST_STAGES)
    assert {layer.kernel_size for layer in convolutions} == {(3, 3)}
    assert {layer.padding for layer in convolutions} == {"valid"}
    assert not any(layer.use_bias for layer in convolutions)
    sizes = [layer.output.shape[1:] for layer in network.layers if isinstance(layer, keras.layers.ReLU)]
    assert sizes == [(26, 26, 16), (12, 12, 32), (10, 10, 48), (8, 8, 64), (6, 6, 96), (4, 4, 112)]
    assert network.get_layer(EMBEDDING_LAYER).output.shape == (None, 336)
    assert network.count_params() == BEST_PARAMETERS
    assert network.get_layer("logits").activation is keras.activations.linear


def test_a_wider_network_has_so_many_times_the_channels() -> None:
    wide = best_network(3)
    filters = [layer.filters for layer in wide.layers if isinstance(layer, keras.layers.Conv2D)]
    assert filters == [3 * channels for channels, _ in BEST_STAGES]
    assert [width_multiplier_of(network) for network in (best_network(), wide, classic_network())] == [
        1,
        3,
        2,
    ]
    assert width_multiplier_of(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])) == 1


def test_a_network_may_compute_in_bfloat16_but_keeps_and_answers_in_float32() -> None:
    network = built(best_network, bfloat16=True)
    assert keras.config.dtype_policy().name == "float32"
    assert network.get_layer("conv2").compute_dtype == "bfloat16"
    assert network.get_layer("logits").compute_dtype == "float32"
    assert {keras.backend.standardize_dtype(weight.dtype) for weight in network.weights} == {"float32"}
    frames = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    plain = in_float32(best_network, network)
    assert plain.get_layer("conv2").compute_dtype == "float32"
    assert all(map(np.array_equal, plain.get_weights(), network.get_weights()))
    assert np.allclose(network(frames), plain(frames), atol=0.1)
    assert not np.array_equal(network(frames), plain(frames))


def test_every_place_weighs_in_and_the_strongest_too() -> None:
    network = best_network()
    maps = keras.Input((4, 4, 112))
    placed = keras.Model(maps, network.get_layer("places")(maps))
    values = np.random.default_rng(0).normal(size=(2, 4, 4, 112)).astype(np.float32)
    (kernel,) = network.get_layer("places").get_weights()
    expected = np.einsum("byxc,yxcm->bcm", values, kernel)
    assert np.allclose(placed.predict(values, verbose=0), expected, atol=1e-4)


def test_a_saved_network_opens_as_the_same(tmp_path: Path) -> None:
    network = best_network()
    network.save(tmp_path / "digit.keras")
    opened = keras.models.load_model(tmp_path / "digit.keras")
    assert isinstance(opened.get_layer("norm3"), FusedBatchNormalization)
    for mine, theirs in zip(network.get_weights(), opened.get_weights(), strict=True):
        assert np.array_equal(mine, theirs)


# Prints how far the two are apart: outputs in use and in training, mean, variance, weights after a step.
COMPARE = """
import keras, numpy as np
from handsum.training.networks import FusedBatchNormalization

maps = (np.random.default_rng(0).normal(2, 3, (64, 6, 5, 4)) ** 2).astype(np.float32)
wanted = np.random.default_rng(1).normal(0, 1, maps.shape).astype(np.float32)
results = []
for kind in (FusedBatchNormalization, keras.layers.BatchNormalization):
    layer = kind(momentum=0.9, epsilon=1e-3)
    layer.build(maps.shape)
    rng = np.random.default_rng(2)
    layer.set_weights([rng.uniform(0.5, 2, weight.shape) for weight in layer.get_weights()])
    outputs = [keras.ops.convert_to_numpy(layer(maps, training=training)) for training in (False, True)]
    outputs += [np.array(weight) for weight in layer.get_weights()[2:]]
    network = keras.Sequential([keras.Input(maps.shape[1:]), layer])
    network.compile(keras.optimizers.SGD(0.1), loss="mse", jit_compile=False)
    network.train_on_batch(maps, wanted)
    outputs.append(np.concatenate(layer.get_weights()[:2]))
    results.append(outputs)
print(keras.backend.backend(), *(np.abs(one / other - 1).max() if one.ndim == 1 else np.abs(one - other).max()
                                 for one, other in zip(*results)))
"""


def test_normalising_in_one_pass_gives_what_keras_gives() -> None:
    environment = {**os.environ, "KERAS_BACKEND": BACKEND, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", COMPARE]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    used, *distances = done.stdout.split()
    in_use, training, mean, variance, learnt = map(float, distances)
    assert used == BACKEND
    assert max(training, in_use) < 1e-4
    assert mean < 1e-5
    # torch keeps the unbiased variance, of 1,920 values larger by 1 in 1,919.
    assert variance < 1e-3
    assert learnt < 1e-4
