"""Convolutions in eight bits: a third of the file, and twice as fast where processors multiply bytes.

Weights have a scale for each channel, and maps one for all of theirs (Jacob et al., "Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018). How far maps reach is
taken from the statistics of the normalisation, so that no data are needed (Nagel et al., "Data-Free
Quantization Through Weight Equalization and Bias Correction", 2019). The graph says so by pairs of
QuantizeLinear and DequantizeLinear, of which ONNX Runtime makes integer convolutions when it opens the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

# Maps reach so many deviations above their mean, as in Nagel et al.
DEVIATIONS = 6.0
LARGEST_BYTE = 255
# Seven bits of eight: processors without VNNI add two products in sixteen bits, which eight would overflow.
LARGEST_WEIGHT = 63
# Channels may be all zeros; a scale may not.
LEAST_SCALE = 1e-12
NO_OFFSET = "no_offset"

# Arrays by name.
Constants = dict[str, NDArray[Any]]


def largest_of(normalisation: keras.layers.Layer) -> float:
    """How far the maps reach that come out of a batch normalisation and a ReLU."""
    gamma, beta, _, _ = normalisation.get_weights()
    return float(max((beta + DEVIATIONS * np.abs(gamma)).max(), LEAST_SCALE))


def quantise(model: onnx.ModelProto, largest: Mapping[str, float]) -> None:
    """Make convolutions of a graph compute in eight bits, in place, those in its branches too.

    Args:
        largest: of each convolution's maps after its ReLU, by the name of its weights; what the first
            convolution gets lies in 0..1. Each has a bias and a ReLU of its own.
    """
    floats = {initializer.name: numpy_helper.to_array(initializer) for initializer in model.graph.initializer}
    added: Constants = {}
    for graph in _graphs(model.graph):
        nodes = list(_through_bytes(graph.node, floats, largest, added))
        del graph.node[:]
        graph.node.extend(nodes)
    used = {name for graph in _graphs(model.graph) for node in graph.node for name in node.input}
    kept = [initializer for initializer in model.graph.initializer if initializer.name in used]
    constants = [numpy_helper.from_array(value, name) for name, value in added.items()]
    del model.graph.initializer[:]
    model.graph.initializer.extend([*kept, *constants])


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """A graph and those of its branches."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _graphs(attribute.g)


def _through_bytes(
    nodes: Iterable[onnx.NodeProto],
    floats: Constants,
    largest: Mapping[str, float],
    added: Constants,
) -> Iterator[onnx.NodeProto]:
    """The nodes, and those that take values to bytes and back; the constants of these go into `added`."""
    # Scales by the name of the value; the name of a convolution's weights by that of what it gives.
    scales: dict[str, np.float32] = {}
    weight_of: dict[str, str] = {}

    def rounded(given: str, value: str, most: float) -> Iterator[onnx.NodeProto]:
        scales[value] = np.float32(most / LARGEST_BYTE)
        added.update({f"{value}_scale": np.array(scales[value]), NO_OFFSET: np.array(0, np.uint8)})
        constants = [f"{value}_scale", NO_OFFSET]
        yield helper.make_node("QuantizeLinear", [given, *constants], [f"{value}_bytes"])
        yield helper.make_node("DequantizeLinear", [f"{value}_bytes", *constants], [value])

    for node in nodes:
        if node.op_type == "Conv" and node.input[1] in largest:
            frames, weight, bias = node.input
            if frames not in scales:
                node.input[0] = f"{frames}_rounded"
                yield from rounded(frames, node.input[0], 1.0)
            of_sums = scales[node.input[0]] * _scales_of(floats[weight])
            added.update(_weight_in_counts(weight, floats[weight]))
            added.update(_bias_in_counts(bias, floats[bias], of_sums))
            for number, name in ((1, weight), (2, bias)):
                node.input[number] = f"{node.output[0]}_{name}"
                constants = [f"{name}_counts", f"{name}_scale"]
                yield helper.make_node("DequantizeLinear", constants, [node.input[number]], axis=0)
            weight_of[node.output[0]] = weight
            yield node
        elif node.op_type == "Relu" and node.input[0] in weight_of:
            value = node.output[0]
            node.output[0] = f"{value}_whole"
            yield node
            yield from rounded(node.output[0], value, largest[weight_of[node.input[0]]])
        else:
            yield node


def _scales_of(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """A scale for each channel that a convolution gives."""
    return np.maximum(np.abs(weight).max(axis=(1, 2, 3)) / LARGEST_WEIGHT, LEAST_SCALE).astype(np.float32)


def _weight_in_counts(name: str, weight: NDArray[np.float32]) -> Constants:
    scales = _scales_of(weight)
    return {
        f"{name}_counts": np.rint(weight / scales[:, None, None, None]).astype(np.int8),
        f"{name}_scale": scales,
    }


def _bias_in_counts(name: str, bias: NDArray[np.float32], scales: NDArray[np.float32]) -> Constants:
    """Of the unit that sums of products have: the scales of both factors, multiplied."""
    return {f"{name}_counts": np.rint(bias / scales).astype(np.int32), f"{name}_scale": scales}
