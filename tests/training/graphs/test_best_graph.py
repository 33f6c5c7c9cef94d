"""The best network as a graph: the same answers as Keras gives, calibrated, by the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.models import CONTRACT
from handsum.reader import Reader
from handsum.training.calibrate import Calibration, softmax
from handsum.training.graphs.best import LOOKS, MOST_INK, SURE, Look, onnx_weights, read_digits
from handsum.training.graphs.export import OUTPUT_NAMES, build_model, export
from handsum.training.networks import EMBEDDING_LAYER, NOT_A_DIGIT, best_network
from handsum.training.saved import save_network
from tests.samples import drawn_page

# Of a probability, between Keras on TensorFlow and ONNX Runtime.
TOLERANCE = 1e-5
NUM_FRAMES = 1000

TEMPERATURE = 1.7
SHIFT = -1.5
CALIBRATION = {"not_a_digit_shift": SHIFT, "temperature": TEMPERATURE, "least_digit_probability": 0.5}
LARGEST_BYTES = 350_000


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return untrained(width_multiplier=1)


def untrained(*, width_multiplier: int) -> keras.Model:
    """A best network that has learnt nothing, with the statistics of a normalisation that has."""
    keras.utils.set_random_seed(12)
    network, rng = best_network(width_multiplier), np.random.default_rng(4)
    for layer in network.layers:
        if layer.name.startswith("norm"):
            gamma, beta, mean, variance = (weight.shape for weight in layer.get_weights())
            statistics = [rng.uniform(0.5, 1.5, gamma), rng.normal(0, 0.3, beta), rng.normal(0, 0.3, mean)]
            layer.set_weights([*statistics, rng.uniform(0.3, 2, variance)])
    kernel, bias = network.get_layer("logits").get_weights()
    network.get_layer("logits").set_weights([kernel, rng.normal(0, 0.5, bias.shape)])
    return network


@pytest.fixture(scope="module")
def figures(network: keras.Model) -> dict[str, Any]:
    """A calibration by which every other random frame is no digit."""
    joint = Calibration(SHIFT, TEMPERATURE, 0.5).probabilities(logits_of_all_looks(network, random_frames()))
    threshold = float(np.median(1 - joint[:, NOT_A_DIGIT]))
    calibration = CALIBRATION | {"least_digit_probability": threshold}
    return {"calibration": calibration, "test": {"accuracy": 0.5}}


@pytest.fixture(scope="module")
def exported(network: keras.Model, figures: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network saved and exported."""
    folder = tmp_path_factory.mktemp("exported")
    save_network(network, folder / "digit.h5", figures)
    export(folder / "digit.h5", folder / "digit.onnx")
    return folder / "digit.onnx"


@pytest.fixture(scope="module")
def in_floats(
    network: keras.Model, figures: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same graph, computed in floats throughout."""
    weights = onnx_weights(network, Calibration(**figures["calibration"]))
    path = tmp_path_factory.mktemp("in floats") / "digit.onnx"
    path.write_bytes(build_model(read_digits, OUTPUT_NAMES, weights, {}).SerializeToString())
    return path


def random_frames() -> NDArray[np.float32]:
    """Frames of every kind of ink: noise, sparse, blocks."""
    rng = np.random.default_rng(0)
    noise = rng.random((NUM_FRAMES, 28, 28), np.float32)
    blocks = np.kron(rng.random((NUM_FRAMES, 4, 4)) < 0.3, np.ones((7, 7)))
    return (noise * blocks + 0.01).astype(np.float32)


def run(path: Path, frames: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    """Every output of the graph, by name."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feed = {"page": np.zeros((0, 0), np.uint8), "frames": frames}
    return dict(zip(OUTPUT_NAMES, session.run(list(OUTPUT_NAMES), feed), strict=True))


def keras_says(network: keras.Model, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(network.predict(frames[..., None], batch_size=500, verbose=0))


def seen(frames: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    """Frames sampled anew, bilinearly, by a grid that is turned about their middle, sheared and stretched."""
    y, x = np.mgrid[:28, :28] - 13.5
    angle = np.deg2rad(look.rotation_deg)
    across, down = x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
    across, down = (across + look.shear * down) / look.width, down / look.height
    padded = np.pad(frames, ((0, 0), (8, 8), (8, 8)))
    left, top = np.floor(across + 13.5).astype(int), np.floor(down + 13.5).astype(int)
    to_right, below = across + 13.5 - left, down + 13.5 - top
    corners = [
        padded[:, top + 8 + dy, left + 8 + dx]
        * (below if dy else 1 - below)
        * (to_right if dx else 1 - to_right)
        for dy in (0, 1)
        for dx in (0, 1)
    ]
    return np.sum(corners, axis=0).astype(np.float32)


def logits_of_all_looks(network: keras.Model, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of what the network says of frames as they are, and turned, slanted and squeezed."""
    views = [frames, *(seen(frames, look) for look in LOOKS)]
    return np.asarray(np.mean([keras_says(network, view) for view in views], axis=0))


def test_keras_and_onnx_agree(in_floats: Path, network: keras.Model) -> None:
    frames = random_frames()
    calibration = Calibration(SHIFT, TEMPERATURE, 0.5)
    said, logits = run(in_floats, frames), logits_of_all_looks(network, frames)
    assert (calibration.probabilities(keras_says(network, frames)).max(axis=1) < SURE).all()
    joint = calibration.probabilities(logits)
    digit_probability = 1 - joint[:, NOT_A_DIGIT]
    assert len(np.unique(joint.argmax(axis=1))) > 1
    assert np.abs(said["digit_probability"] - digit_probability).max() <= TOLERANCE
    assert np.abs(said["confidence"] - joint[:, :NOT_A_DIGIT].max(axis=1)).max() <= TOLERANCE
    of_digits = joint[:, :NOT_A_DIGIT] / digit_probability[:, None]
    assert np.abs(said["probabilities"] - of_digits).max() <= TOLERANCE
    inner = keras.Model(network.inputs, network.get_layer(EMBEDDING_LAYER).output)
    assert np.allclose(said["embedding"], keras_says(inner, frames), rtol=1e-4, atol=1e-4)
    # Without the calibration they would not agree.
    assert np.abs(said["confidence"] - softmax(logits)[:, :NOT_A_DIGIT].max(axis=1)).max() > 0.01


def test_only_what_is_in_doubt_is_looked_at_again(
    network: keras.Model, figures: dict[str, Any], tmp_path: Path
) -> None:
    """In a batch of which some are sure, each is as if it were alone."""
    calibration = Calibration(**(figures["calibration"] | {"temperature": 0.2}))
    model = build_model(read_digits, OUTPUT_NAMES, onnx_weights(network, calibration), {})
    (tmp_path / "sure.onnx").write_bytes(model.SerializeToString())
    frames = random_frames()[:60]
    first = calibration.probabilities(keras_says(network, frames))
    is_sure = first.max(axis=1) >= SURE
    assert 10 < is_sure.sum() < 50
    again = calibration.probabilities(logits_of_all_looks(network, frames))
    expected = np.where(is_sure[:, None], first, again)
    said = run(tmp_path / "sure.onnx", frames)
    assert np.abs(said["digit_probability"] - (1 - expected[:, NOT_A_DIGIT])).max() <= 1e-4
    assert np.abs(said["confidence"] - expected[:, :NOT_A_DIGIT].max(axis=1)).max() <= 1e-4
    assert np.abs(again - first)[is_sure].max() > 0.01
    only_sure = run(tmp_path / "sure.onnx", frames[is_sure])
    assert np.allclose(only_sure["confidence"], said["confidence"][is_sure], atol=1e-5)


def test_noise_is_not_worth_another_look(in_floats: Path, network: keras.Model) -> None:
    noise = np.random.default_rng(5).random((20, 28, 28), np.float32)
    assert noise.mean(axis=(1, 2)).min() > MOST_INK
    first = Calibration(SHIFT, TEMPERATURE, 0.5).probabilities(keras_says(network, noise))
    assert first.max() < SURE
    said = run(in_floats, noise)
    assert np.abs(said["confidence"] - first[:, :NOT_A_DIGIT].max(axis=1)).max() <= TOLERANCE


def test_what_is_hardly_a_digit_has_no_label(in_floats: Path, figures: dict[str, Any]) -> None:
    said = run(in_floats, random_frames())
    refused = said["digit_probability"] < np.float32(figures["calibration"]["least_digit_probability"])
    assert 0.4 < refused.mean() < 0.6, "the threshold must part these frames"
    assert np.array_equal(said["label"], np.where(refused, -1, said["probabilities"].argmax(axis=1)))
    assert (said["confidence"] <= said["digit_probability"]).all()
    assert np.allclose(said["probabilities"].sum(axis=1), 1, atol=TOLERANCE)


def test_a_blank_frame_is_no_digit(exported: Path) -> None:
    frames = random_frames()[:3]
    frames[1] = 0
    said = run(exported, frames)
    assert said["label"][1] == -1
    assert said["digit_probability"][1] == said["confidence"][1] == 0
    assert np.allclose(said["probabilities"][1], 0.1)
    assert said["digit_probability"][[0, 2]].min() > 0


def test_the_contract_is_kept(exported: Path, figures: dict[str, Any]) -> None:
    assert exported.stat().st_size < LARGEST_BYTES
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    inputs = {value.name: value.type for value in session.get_inputs()}
    assert inputs == {"page": "tensor(uint8)", "frames": "tensor(float)"}
    types = {value.name: value.type for value in session.get_outputs()}
    assert types == {**dict.fromkeys(OUTPUT_NAMES, "tensor(float)"), "label": "tensor(int64)"}
    shapes = {name: value.shape for name, value in run(exported, random_frames()[:0]).items()}
    assert shapes == {
        "label": (0,),
        "confidence": (0,),
        "digit_probability": (0,),
        "probabilities": (0, 10),
        "frame": (0, 28, 28),
        "embedding": (0, 336),
    }
    card = session.get_modelmeta().custom_metadata_map
    assert (card["name"], card["source"], card["contract"]) == ("digit", "digit.h5", CONTRACT)
    assert json.loads(card["figures"]) == figures
    assert json.loads(card["labels"]) == list(range(10))


def test_pages_and_frames_are_read_alike(exported: Path) -> None:
    reader = Reader(str(exported))
    for digit in (2, 5):
        reading = reader.read_page(drawn_page(digit))
        assert reading.frame.max() > 0.9
        judged = reader.judge_frames(reading.frame[None])
        assert np.abs(judged.probabilities[0] - reading.probabilities).max() <= TOLERANCE
        assert judged.digit_probabilities[0] == pytest.approx(reading.digit_probability, abs=TOLERANCE)
        assert (judged.labels[0] == -1) == (reading.label is None)
    assert reader.read_page(np.zeros((30, 30), np.uint8)).doubt == "blank"


def refused(path: Path) -> str:
    target = path.with_suffix(".onnx")
    with pytest.raises(DataError) as caught:
        export(path, target)
    assert not target.exists()
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "kept", [None, {"calibration": None}, {"calibration": {}}, {"calibration": {"temperature": 1}}]
)
def test_a_network_that_was_not_calibrated_is_refused(
    network: keras.Model, tmp_path: Path, kept: dict[str, Any] | None
) -> None:
    save_network(network, tmp_path / "digit.h5", kept)
    sentence = refused(tmp_path / "digit.h5")
    assert "not calibrated" in sentence
    assert "--recipe best" in sentence


@pytest.mark.parametrize("kind", ["another normalisation", "biases"])
def test_a_network_much_like_the_best_is_refused(network: keras.Model, tmp_path: Path, kind: str) -> None:
    def clone(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = layer.get_config()
        if kind == "biases" and layer.name == "conv2":
            config["use_bias"] = True
        if kind == "another normalisation" and layer.name == "norm2":
            return keras.layers.BatchNormalization.from_config(config)
        return type(layer).from_config(config)

    other = keras.models.clone_model(network, clone_function=clone)
    save_network(other, tmp_path / "digit.h5", {"calibration": CALIBRATION})
    assert "neither the classic nor the best network" in refused(tmp_path / "digit.h5")


def test_a_wider_network_is_exported_as_well(tmp_path: Path, figures: dict[str, Any]) -> None:
    network, frames = untrained(width_multiplier=2), random_frames()[:40]
    save_network(network, tmp_path / "wide.h5", figures)
    export(tmp_path / "wide.h5", tmp_path / "wide.onnx")
    read = run(tmp_path / "wide.onnx", frames)
    assert read["embedding"].shape == (40, 2 * 336)
    joint = Calibration(**figures["calibration"]).probabilities(logits_of_all_looks(network, frames))
    assert np.abs(read["digit_probability"] - (1 - joint[:, NOT_A_DIGIT])).mean() < 0.05
