"""Convolutions in eight bits: what they compute in, and how near that is to floats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxscript import FLOAT, script
from onnxscript import opset20 as op

from handsum.training.calibrate import Calibration
from handsum.training.detector import graph as graph_page
from handsum.training.detector.network import detector
from handsum.training.graphs.best import SURE, map_ranges, onnx_weights, read_digits
from handsum.training.graphs.export import OUTPUT_NAMES, build_best_model, build_model
from handsum.training.graphs.quantisation import LARGEST_WEIGHT, ChannelStatistics, MapRanges
from handsum.training.networks import BEST_STAGES, best_network

NUM_FRAMES = 256
# Sharpens what a network that has learnt nothing says, so that some frames are sure and some are not.
CALIBRATION = Calibration(0.0, 0.25, 0.5)
# Of a probability; in the mean.
TOLERANCE = 0.02


def random_strokes() -> NDArray[np.float32]:
    """Frames float32 (n, 28, 28), somewhat like ink."""
    rng = np.random.default_rng(3)
    blocks = np.kron(rng.random((NUM_FRAMES, 7, 7)) < 0.35, np.ones((4, 4)))
    return (blocks * rng.uniform(0.4, 1.0, (NUM_FRAMES, 1, 1))).astype(np.float32)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """A best network that has learnt nothing but the statistics of its maps."""
    keras.utils.set_random_seed(5)
    network, frames = best_network(), random_strokes()[..., None]
    rng = np.random.default_rng(6)
    for layer in network.layers:
        if layer.name.startswith("norm"):
            gamma, beta, *statistics = layer.get_weights()
            layer.set_weights(
                [rng.uniform(0.5, 1.5, gamma.shape), rng.normal(0, 0.3, beta.shape), *statistics]
            )
    for _ in range(60):
        network(frames, training=True)
    return network


@pytest.fixture(scope="module")
def quantised(network: keras.Model) -> onnx.ModelProto:
    return build_best_model(network, CALIBRATION, {})


@pytest.fixture(scope="module")
def in_floats(network: keras.Model) -> onnx.ModelProto:
    return build_model(read_digits, OUTPUT_NAMES, onnx_weights(network, CALIBRATION), {})


def confidences(model: onnx.ModelProto, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {"page": np.zeros((0, 0), np.uint8), "frames": frames}
    probabilities, of_digit = session.run(["probabilities", "digit_probability"], given)
    return np.asarray(probabilities * of_digit[:, None])


def nodes_of(graph: onnx.GraphProto) -> list[Any]:
    branches = [a.g for node in graph.node for a in node.attribute if a.HasField("g")]
    return [*graph.node, *(node for branch in branches for node in nodes_of(branch))]


def test_answers_are_those_of_floats(quantised: onnx.ModelProto, in_floats: onnx.ModelProto) -> None:
    frames = random_strokes()
    ours, exact = confidences(quantised, frames), confidences(in_floats, frames)
    is_sure = exact.max(axis=1) > SURE
    assert 0.1 < is_sure.mean() < 0.9, "both those looked at once and those looked at again are compared"
    for chosen in (is_sure, ~is_sure):
        assert 0 < np.abs(ours - exact)[chosen].mean() < TOLERANCE
        assert (ours.argmax(axis=1) == exact.argmax(axis=1))[chosen].mean() > 0.9


def test_all_convolutions_compute_in_bytes(quantised: onnx.ModelProto, in_floats: onnx.ModelProto) -> None:
    """Those of the second look, which lie in a branch, too."""
    kinds = [node.op_type for node in nodes_of(quantised.graph)]
    num_maps = 2 * (1 + len(BEST_STAGES))
    assert kinds.count("QuantizeLinear") == num_maps
    assert kinds.count("DequantizeLinear") == num_maps + 2 * 2 * len(BEST_STAGES)
    weights = {w.name: numpy_helper.to_array(w) for w in quantised.graph.initializer}
    for number in range(1, len(BEST_STAGES) + 1):
        counts = weights[f"conv{number}_counts"]
        assert counts.dtype == np.int8
        assert np.array_equal(np.abs(counts).max(axis=(1, 2, 3)), np.full(len(counts), LARGEST_WEIGHT))
        assert weights[f"bias{number}_counts"].dtype == np.int32
        assert not {f"conv{number}", f"bias{number}"} & weights.keys(), "kept twice"
    assert 2.5 * quantised.ByteSize() < in_floats.ByteSize()


def kinds_when_opened(model: onnx.ModelProto, folder: Path) -> list[str]:
    """The kinds of nodes that ONNX Runtime makes of a graph."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(folder / "opened.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return [node.op_type for node in nodes_of(onnx.load(folder / "opened.onnx").graph)]


def test_onnx_runtime_makes_integer_convolutions_of_them(quantised: onnx.ModelProto, tmp_path: Path) -> None:
    assert kinds_when_opened(quantised, tmp_path).count("QLinearConv") == 2 * len(BEST_STAGES)


def test_maps_reach_six_deviations_beyond_their_mean(network: keras.Model) -> None:
    normalisation = keras.layers.BatchNormalization()
    normalisation.build((None, 2))
    normalisation.set_weights([np.array(v, np.float32) for v in ([1, -2], [0.5, -13], [9, 9], [9, 9])])
    statistics = ChannelStatistics.after(normalisation)
    assert statistics.largest == pytest.approx(6.5)
    assert statistics.largest_of_either_sign == pytest.approx(25)
    assert (statistics + statistics).largest == pytest.approx(1 + 6 * 2**0.5)
    normalisation.set_weights([np.zeros(2, np.float32)] * 4)
    assert ChannelStatistics.after(normalisation).largest > 0
    inner = keras.Model(network.inputs, [network.get_layer(f"relu{n}").output for n in (1, 6)])
    seen = inner.predict(random_strokes()[..., None], verbose=0)
    for name, maps in zip(("conv1", "conv6"), seen, strict=True):
        assert np.quantile(maps, 0.999) < map_ranges(network).rectified[name] < 5 * maps.max()


@script(default_opset=op)
def residual(
    given: FLOAT[5, 4, 20, 30],
    begin: FLOAT[8, 4, 3, 3], begin_bias: FLOAT[8],
    inner: FLOAT[8, 8, 3, 3], inner_bias: FLOAT[8],
    outer: FLOAT[8, 8, 3, 3], outer_bias: FLOAT[8],
    end: FLOAT[3, 8, 1, 1], end_bias: FLOAT[3],
    other: FLOAT[3, 8, 1, 1], other_bias: FLOAT[3],
) -> FLOAT[5, 3, 18, 28]:  # fmt: skip
    """A block that adds its maps to what it gets, a convolution of a sum, and one that stays in floats."""
    maps = op.Relu(op.Conv(given, begin, begin_bias))
    branch = op.Relu(op.Conv(maps, inner, inner_bias, pads=[1, 1, 1, 1]))
    total = op.Relu(maps + op.Conv(branch, outer, outer_bias, pads=[1, 1, 1, 1]))
    answer = op.Relu(op.Conv(total + maps, end, end_bias)) + op.Conv(total, other, other_bias)
    return answer


def test_residual_blocks_compute_in_bytes_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    weights: dict[str, NDArray[np.float32]] = {}
    for name, shape in (("begin", (8, 4, 3, 3)), ("inner", (8, 8, 3, 3)), ("outer", (8, 8, 3, 3)),
                        ("end", (3, 8, 1, 1)), ("other", (3, 8, 1, 1))):  # fmt: skip
        weights[name] = rng.normal(0, np.prod(shape[1:]) ** -0.5, shape).astype(np.float32)
        weights[f"{name}_bias"] = rng.normal(0, 0.2, shape[0]).astype(np.float32)
    names = ("begin", "inner", "outer", "end")
    ranges = MapRanges(dict.fromkeys(names, 3.0), {"begin": 1.0, "end": 6.0}, {"outer": 3.0})
    given = {"given": rng.random((5, 4, 20, 30), np.float32)}
    said = []
    for in_bytes in (None, ranges):
        model = build_model(residual, ["answer"], weights, {}, in_bytes=in_bytes)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        said.append(session.run(None, given)[0])
    assert 0 < np.abs(said[1] - said[0]).max() < 0.3 * said[0].std()
    kinds = kinds_when_opened(model, tmp_path)
    assert (kinds.count("QLinearConv"), kinds.count("Conv") + kinds.count("FusedConv")) == (4, 1)


def test_all_of_the_detector_but_its_answer_computes_in_bytes() -> None:
    network = detector()
    ranges = graph_page.map_ranges(network)
    convolutions = {layer.name for layer in network.layers if isinstance(layer, keras.layers.Conv2D)}
    assert ranges.rectified.keys() == convolutions - {"answer"}
    assert ranges.added.keys() == {name for name in convolutions if name.endswith("2")}
    assert min(*ranges.rectified.values(), *ranges.added.values(), *ranges.given.values()) > 0
