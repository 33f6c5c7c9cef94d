"""What is exported is the network that was trained; anything else is refused."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.models import SUMS_FILE, model_path
from handsum.reader import Reader
from handsum.training.graphs.export import export, load_network
from handsum.training.networks import CLASSIC_PARAMETERS, EMBEDDING_LAYER, classic_network
from handsum.training.saved import save_network
from tests.samples import as_frames, drawn_page, held_out_mnist

ROOT = Path(__file__).resolve().parents[3]

# Of a probability, between Keras on TensorFlow and ONNX Runtime.
TOLERANCE = 1e-5
NUM_FRAMES = 1000

FIGURES = {"accuracy": 0.5, "num_images": 2}


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """A classic network that has learnt nothing; large weights, so that its answers differ."""
    keras.utils.set_random_seed(11)
    network = classic_network()
    network.set_weights([weight * 2 for weight in network.get_weights()])
    return network


@pytest.fixture(scope="module")
def exported(network: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The network saved and exported."""
    folder = tmp_path_factory.mktemp("exported")
    save_network(network, folder / "some.h5", figures=FIGURES)
    export(folder / "some.h5", folder / "new" / "some.onnx")
    return folder / "some.h5", folder / "new" / "some.onnx"


def random_frames() -> NDArray[np.float32]:
    """Frames of every kind of ink: noise, sparse, blocks."""
    rng = np.random.default_rng(0)
    noise = rng.random((NUM_FRAMES, 28, 28), np.float32)
    blocks = np.kron(rng.random((NUM_FRAMES, 4, 4)) < 0.3, np.ones((7, 7)))
    return (noise * blocks + 0.01).astype(np.float32)


def run(path: Path, frames: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities and embeddings by ONNX Runtime."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feed = {"page": np.zeros((0, 0), np.uint8), "frames": frames}
    probabilities, embeddings = session.run(["probabilities", "embedding"], feed)
    return probabilities, embeddings


def keras_says(network: keras.Model, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(network.predict(frames[..., None], batch_size=500, verbose=0))


# What is saved


def test_the_classic_network_is_layer_for_layer_what_we_say(network: keras.Model) -> None:
    layers = [type(layer).__name__ for layer in network.layers]
    assert layers == ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense"]
    sizes = [
        (layer.filters, layer.kernel_size, layer.padding)
        for layer in network.layers
        if hasattr(layer, "filters")
    ]
    assert sizes == [(32, (3, 3), "valid"), (64, (3, 3), "valid")]
    assert [layer.units for layer in network.layers[-2:]] == [128, 10]
    activations = [layer.activation.__name__ for layer in network.layers if hasattr(layer, "activation")]
    assert activations == ["relu", "relu", "relu", "softmax"]
    assert (network.input_shape, network.count_params()) == ((None, 28, 28, 1), CLASSIC_PARAMETERS)


def test_saved_without_optimizer_and_opened_by_keras_alone(
    exported: tuple[Path, Path], network: keras.Model
) -> None:
    with h5py.File(exported[0]) as file:
        assert "optimizer_weights" not in file
        assert "training_config" not in file.attrs
        config = json.loads(file.attrs["model_config"])
        assert json.loads(file.attrs["handsum_figures"]) == FIGURES
    assert config["class_name"] == "Sequential"
    for layer in config["config"]["layers"]:
        assert hasattr(keras.layers, layer["class_name"])
        assert layer.get("registered_name") is None
    opened = keras.models.load_model(exported[0])
    for mine, theirs in zip(network.get_weights(), opened.get_weights(), strict=True):
        assert np.array_equal(mine, theirs)


# What is exported


def test_keras_and_onnx_agree(exported: tuple[Path, Path], network: keras.Model) -> None:
    frames = random_frames()
    probabilities, embeddings = run(exported[1], frames)
    expected = keras_says(network, frames)
    assert len(np.unique(expected.argmax(axis=1))) > 1
    assert np.abs(probabilities - expected).max() <= TOLERANCE
    inner = keras.Model(network.inputs, network.get_layer(EMBEDDING_LAYER).output)
    expected_embeddings = keras_says(inner, frames)
    assert np.allclose(embeddings, expected_embeddings, rtol=1e-4, atol=1e-4)


def test_the_exported_network_can_be_read_with(exported: tuple[Path, Path], network: keras.Model) -> None:
    reading = Reader(str(exported[1])).read_page(drawn_page(4))
    assert np.abs(reading.probabilities - keras_says(network, reading.frame[None])[0]).max() <= TOLERANCE
    assert (reading.digit_probability, reading.confidence) == (1, reading.probabilities.max())


def test_the_card_of_an_exported_network(exported: tuple[Path, Path]) -> None:
    card = onnxruntime.InferenceSession(exported[1]).get_modelmeta().custom_metadata_map
    assert card["source"] == "some.h5"
    assert card["source_sha256"] == hashlib.sha256(exported[0].read_bytes()).hexdigest()
    assert json.loads(card["figures"]) == FIGURES
    assert json.loads(card["labels"]) == list(range(10))


def test_exporting_again_gives_the_same_bytes_and_leaves_nothing_else(
    exported: tuple[Path, Path], tmp_path: Path
) -> None:
    export(exported[0], tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == exported[1].read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.onnx"]


def test_listed_sums_are_brought_up_to_date(exported: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / SUMS_FILE).write_text("00  a.onnx\n11  some.onnx\n22  z.onnx\n", encoding="ascii")
    export(exported[0], tmp_path / "some.onnx")
    digest = hashlib.sha256((tmp_path / "some.onnx").read_bytes()).hexdigest()
    lines = (tmp_path / SUMS_FILE).read_text(encoding="ascii").splitlines()
    assert sorted(lines) == sorted(["00  a.onnx", "22  z.onnx", f"{digest}  some.onnx"])


# What is refused


def refused(path: Path, tmp_path: Path) -> str:
    target = tmp_path / "target.onnx"
    target.write_bytes(b"the graph of before")
    with pytest.raises(DataError) as caught:
        export(path, target)
    assert target.read_bytes() == b"the graph of before"
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not HDF5", b"\x89HDF\r\n\x1a\n" + bytes(500)])
def test_files_that_are_no_network(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.h5"
    path.write_bytes(content)
    assert "Keras can open" in refused(path, tmp_path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "handsum train" in refused(tmp_path / "some.h5", tmp_path)
    (tmp_path / "folder.h5").mkdir()
    refused(tmp_path / "folder.h5", tmp_path)


def test_hdf5_without_a_network(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "some.h5", "w") as file:
        file["images"] = np.zeros(3)
    refused(tmp_path / "some.h5", tmp_path)


def test_a_network_cut_off(exported: tuple[Path, Path], tmp_path: Path) -> None:
    content = exported[0].read_bytes()
    (tmp_path / "some.h5").write_bytes(content[: len(content) // 2])
    refused(tmp_path / "some.h5", tmp_path)


def other_networks() -> dict[str, keras.Model]:
    layers = keras.layers
    same_count = keras.Sequential([keras.Input((CLASSIC_PARAMETERS - 1,)), layers.Dense(1)])
    assert same_count.count_params() == CLASSIC_PARAMETERS
    wider = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="tanh"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    small = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])
    return {"small": small, "as many weights": same_count, "another activation": wider}


@pytest.mark.parametrize("kind", ["small", "as many weights", "another activation"])
def test_other_networks(tmp_path: Path, kind: str) -> None:
    save_network(other_networks()[kind], tmp_path / "some.h5")
    assert "neither the classic nor the best network" in refused(tmp_path / "some.h5", tmp_path)


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path("exploded").touch, ())


def test_old_files_are_data_and_run_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pickled.h5").write_bytes(pickle.dumps(Bomb()))
    refused(tmp_path / "pickled.h5", tmp_path)
    hidden = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Lambda(lambda x: x)])
    save_network(hidden, tmp_path / "lambda.h5")
    refused(tmp_path / "lambda.h5", tmp_path)
    assert not (tmp_path / "exploded").exists()


# The shipped files


def test_the_shipped_graph_and_mnist_h5_agree_on_mnist(data_folder: Path) -> None:
    images, labels = held_out_mnist(NUM_FRAMES)
    frames = as_frames(images)
    probabilities, _ = run(model_path("mnist"), frames)
    assert np.abs(probabilities - keras_says(load_network(ROOT / "mnist.h5"), frames)).max() <= TOLERANCE
    assert np.mean(probabilities.argmax(axis=1) == labels) > 0.985
