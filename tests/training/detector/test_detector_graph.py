"""The page network as a graph: the same symbols as Keras finds, in page pixels, whatever the page."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.errors import DataError, ModelError
from handsum.models import Model, model_path, open_page_model, open_session
from handsum.reading import SYMBOL_LABELS
from handsum.symbols.network import PageNetwork
from handsum.training.detector.calibrate import DetectorCalibration
from handsum.training.detector.export import export_page
from handsum.training.detector.graph import MOST_LOG_SIDE, OUTPUT_NAMES, onnx_weights, read_page
from handsum.training.detector.network import (
    BOX_FROM,
    DIGIT_HEIGHT_PX,
    LABELS_FROM,
    OBJECT,
    STRIDE_X,
    STRIDE_Y,
    detector,
)
from handsum.training.detector.scale import expected_log_height, scale_network, thumbnail
from handsum.training.detector.train import save_page_networks
from handsum.training.graphs.export import build_model
from handsum.training.saved import DETECTOR_FILE, SCALE_FILE, open_network
from tests.written_pages import written_page

ROOT = Path(__file__).resolve().parents[3]

CALIBRATION = DetectorCalibration(object_gain=1.3, object_shift=-0.4, temperature=0.7, least_score=0.2)
MARGIN_PX = 8
LARGEST_BYTES = 4 * 10**6


def restless(network: keras.Model, seed: int) -> keras.Model:
    """A network that has learnt nothing, with the statistics of a normalisation that has."""
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if layer.name.endswith("_norm"):
            gamma, beta, mean, variance = (weight.shape for weight in layer.get_weights())
            statistics = [rng.uniform(0.5, 1.5, gamma), rng.normal(0, 0.3, beta), rng.normal(0, 0.3, mean)]
            layer.set_weights([*statistics, rng.uniform(0.3, 2, variance)])
    return network


@pytest.fixture(scope="module")
def networks() -> tuple[keras.Model, keras.Model]:
    """A detector whose answer is full of middles, and a scale network."""
    keras.utils.set_random_seed(12)
    network = restless(detector(), 1)
    kernel, bias = network.get_layer("answer").get_weights()
    bias[OBJECT] = -0.5
    network.get_layer("answer").set_weights([kernel * 0.1, bias])
    return network, restless(scale_network(), 2)


@pytest.fixture(scope="module")
def folder(networks: tuple[keras.Model, keras.Model], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The networks saved and exported."""
    folder = tmp_path_factory.mktemp("page")
    save_page_networks(*networks, CALIBRATION, folder)
    export_page(folder / DETECTOR_FILE, folder / "page.onnx")
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    """The exported network, opened."""
    return open_page_model(folder / "page.onnx")


@pytest.fixture(scope="module")
def exact_model(networks: tuple[keras.Model, keras.Model]) -> Model:
    """The same with its weights as float32."""
    graph = build_model(read_page, OUTPUT_NAMES, onnx_weights(*networks, CALIBRATION), {})
    return Model("page", open_session(graph.SerializeToString()), {})


def inky_page(height: int, width: int) -> NDArray[np.uint8]:
    """Blots up to the page's edges."""
    rng = np.random.default_rng(5)
    page = np.kron(rng.integers(0, 2, (height // 8, width // 8)), np.ones((8, 8))) * 255
    page[0, 0] = page[-1, -1] = 255
    return page.astype(np.uint8)


def found(model: Model, page: NDArray[np.uint8], digit_height: float) -> list[NDArray[np.float32]]:
    """Boxes, probabilities and scores, and the height used."""
    given = {"page": page, "digit_height": np.array([digit_height], np.float32)}
    return list(model.session.run(["boxes", "probabilities", "scores", "height"], given))


def keras_finds(
    network: keras.Model, page: NDArray[np.uint8]
) -> list[tuple[float, NDArray[np.float32], NDArray[np.float32]]]:
    """Score, probabilities and box of every middle, worked out plainly; digits have the right height."""
    height, width = page.shape
    seen = np.zeros((-(-(height + 16) // 8) * 8, -(-(width + 16) // 4) * 4), np.float32)
    seen[MARGIN_PX : MARGIN_PX + height, MARGIN_PX : MARGIN_PX + width] = page / 255
    (maps,) = np.asarray(network(seen[None, ..., None]))
    logits = maps[..., OBJECT] * CALIBRATION.object_gain + CALIBRATION.object_shift
    scores = 1 / (1 + np.exp(-logits))
    results = []
    for row, column in np.argwhere(scores >= CALIBRATION.least_score):
        around = scores[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        if scores[row, column] < around.max():
            continue
        x, y, log_width, log_height = maps[row, column, BOX_FROM:]
        middle = np.array([(column + 0.5 + x) * STRIDE_X, (row + 0.5 + y) * STRIDE_Y]) - MARGIN_PX
        half = np.exp(np.minimum([log_width, log_height], MOST_LOG_SIDE)) * DIGIT_HEIGHT_PX / 2
        exponents = np.exp(maps[row, column, LABELS_FROM:BOX_FROM] / CALIBRATION.temperature)
        box = np.concatenate([middle - half, middle + half])
        results.append((float(scores[row, column]), exponents / exponents.sum(), box))
    return sorted(results, key=lambda result: -result[0])


def test_the_graph_finds_what_keras_finds(
    exact_model: Model, networks: tuple[keras.Model, keras.Model]
) -> None:
    page = inky_page(64, 160)
    boxes, probabilities, scores, height = found(exact_model, page, DIGIT_HEIGHT_PX)
    expected = keras_finds(networks[0], page)
    assert len(scores) == len(expected) > 10
    assert height == DIGIT_HEIGHT_PX
    assert scores == pytest.approx([score for score, _, _ in expected], abs=1e-4)
    assert probabilities == pytest.approx(np.array([row for _, row, _ in expected]), abs=1e-3)
    assert boxes == pytest.approx(np.array([box for _, _, box in expected]), abs=0.02)


def test_weights_kept_in_halves_find_the_same(
    exact_model: Model, networks: tuple[keras.Model, keras.Model]
) -> None:
    weights = onnx_weights(*networks, CALIBRATION)
    graph = build_model(read_page, OUTPUT_NAMES, weights, {}, in_halves=True)
    content = graph.SerializeToString()
    page = inky_page(64, 160)
    halves, exact = (
        found(some, page, DIGIT_HEIGHT_PX) for some in (Model("page", open_session(content), {}), exact_model)
    )
    assert halves[2] == pytest.approx(exact[2], abs=0.01)
    # Where two are all but equally likely they may change places.
    for number, tolerance in ((0, 0.1), (1, 0.001)):
        assert np.median(np.abs(halves[number] - exact[number])) < tolerance
    assert len(content) < 2.5 * sum(value.size for value in weights.values())


def test_the_shipped_network_finds_in_bytes_what_it_finds_in_floats() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (trained,) = re.findall(r"export (training/runs/\S+/detector\.h5) ", makefile)
    shipped, both = open_page_model(), [ROOT / trained, (ROOT / trained).with_name(SCALE_FILE)]
    source = hashlib.sha256(b"".join(path.read_bytes() for path in both)).hexdigest()
    assert shipped.card["source_sha256"] == source, "the Makefile exports it from another run"
    calibration = DetectorCalibration(**json.loads(shipped.card["calibration"]))
    trained_networks = [open_network(path, recipe="page") for path in both]
    weights = onnx_weights(trained_networks[0], trained_networks[1], calibration)
    graph = build_model(read_page, OUTPUT_NAMES, weights, {})
    in_floats = Model("page", open_session(graph.SerializeToString()), {})
    for text in ("12+7=19", "(8-3)×6÷0.5/4,2=", "305\n7×8=56", "24680"):
        ours, exact = (found(some, written_page(text), 0.0) for some in (shipped, in_floats))
        sure = np.flatnonzero(exact[2] > 0.5)
        assert (ours[2] > 0.5).sum() == len(sure) == len(text.replace("\n", ""))
        for symbol in sure:
            off = np.abs(ours[0] - exact[0][symbol]).max(axis=1)
            same = off.argmin()
            assert off[same] < 2
            assert ours[1][same].argmax() == exact[1][symbol].argmax()
            assert ours[2][same] == pytest.approx(exact[2][symbol], abs=0.1)


def test_boxes_are_in_the_pixels_of_the_page(model: Model) -> None:
    page = inky_page(64, 160)
    boxes, _, _, _ = found(model, page, DIGIT_HEIGHT_PX)
    moved, _, _, _ = found(model, np.pad(page, ((7, 3), (30, 1))), DIGIT_HEIGHT_PX)
    assert moved - [30, 7, 30, 7] == pytest.approx(boxes, abs=1e-2)
    twice = np.kron(page, np.ones((2, 2), np.uint8))
    larger, _, scores, _ = found(model, twice, 2 * DIGIT_HEIGHT_PX)
    assert len(scores) == pytest.approx(len(boxes), rel=0.2)
    assert larger[:, 2].max() > 1.6 * boxes[:, 2].max()


def test_the_height_is_estimated_on_a_thumbnail(
    model: Model, networks: tuple[keras.Model, keras.Model]
) -> None:
    page = inky_page(240, 480)
    shown, factor = thumbnail(page)
    logits = np.asarray(networks[1](shown[None, ..., None].astype(np.float32) / 255))
    estimated = float(np.exp(expected_log_height(logits)[0])) / factor
    # What digits come out as corrects the estimate; without that, it is the used one.
    used = float(found(model, page, 0.0)[3][0])
    corrected = float(found(model, page, estimated)[3][0])
    assert corrected == pytest.approx(estimated, rel=1e-5)
    assert used == pytest.approx(estimated, rel=0.1) or abs(np.log(used / estimated)) > 0.2


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (28, 28), (1, 3000), (3000, 1), (500, 700)], ids=str)
def test_no_page_is_too_odd(model: Model, shape: tuple[int, int]) -> None:
    network = PageNetwork(model)
    assert network.look(np.zeros(shape, np.uint8)).symbols == ()
    assert network.look(np.full(shape, 20, np.uint8)).symbols == ()  # fainter than any ink
    noise = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    for page in (noise, np.full(shape, 255, np.uint8)):
        for symbol in network.look(page).symbols:
            assert symbol.label in SYMBOL_LABELS
            assert 0 < symbol.confidence <= 1


def test_a_symbol_and_its_alternatives_are_probabilities(model: Model) -> None:
    symbols = PageNetwork(model).look(inky_page(64, 160), digit_height_px=DIGIT_HEIGHT_PX).symbols
    assert symbols
    for symbol in symbols:
        likely = [symbol.confidence, *(probability for _, probability in symbol.alternatives)]
        assert likely == sorted(likely, reverse=True)
        assert sum(likely) <= 1 + 1e-6
        assert symbol.label not in dict(symbol.alternatives)


@pytest.mark.parametrize(
    "page", [np.zeros((3, 4), np.float32), np.zeros((3, 4, 3), np.uint8)], ids=["type", "shape"]
)
def test_what_is_no_page_is_refused(model: Model, page: NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match="a page is a uint8 array"):
        PageNetwork(model).look(page)  # type: ignore[arg-type]


def test_the_shipped_network_is_small() -> None:
    path = model_path("digit").with_name("page.onnx")
    assert path.stat().st_size <= LARGEST_BYTES
    assert open_page_model().card["labels"]


def test_a_digit_network_is_no_page_network(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="was not made by this version"):
        open_page_model(model_path("digit"))
    with pytest.raises(DataError, match="There is no file"):
        export_page(tmp_path / DETECTOR_FILE, tmp_path / "page.onnx")
    (tmp_path / DETECTOR_FILE).write_bytes((folder / DETECTOR_FILE).read_bytes())
    (tmp_path / SCALE_FILE).write_bytes(b"no network")
    with pytest.raises(DataError, match="is not a network that Keras can open"):
        export_page(tmp_path / DETECTOR_FILE, tmp_path / "page.onnx")
