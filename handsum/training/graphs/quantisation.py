"""Convolutions in eight bits: a third of the file, and twice as fast where processors multiply bytes.

Weights have a scale for each channel, and maps one for all of theirs (Jacob et al., "Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018). How far maps reach is
taken from the statistics of the normalisation, so that no data are needed (Nagel et al., "Data-Free
Quantization Through Weight Equalization and Bias Correction", 2019). The graph says so by pairs of
QuantizeLinear and DequantizeLinear, of which ONNX Runtime makes integer convolutions when it opens the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from handsum.training.graphs.inlining import graphs_in

# Maps reach so many deviations above their mean, as in Nagel et al.
DEVIATIONS = 6.0
# Seven bits of eight: processors without VNNI add two products in sixteen bits, which eight would overflow.
LARGEST_WEIGHT = 63
# Channels may be all zeros; a scale may not.
LEAST_SCALE = 1e-12

UNSIGNED, SIGNED = np.uint8, np.int8
Kind = type[np.integer[Any]]
# Arrays by name.
Constants = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class ChannelStatistics:
    """The mean and the variance of each channel of maps: float32 (channels,)."""

    mean: NDArray[np.float32]
    variance: NDArray[np.float32]

    @classmethod
    def after(cls, normalisation: keras.layers.Layer) -> ChannelStatistics:
        """Of what a batch normalisation gives: its beta, and its gamma squared."""
        gamma, beta, _, _ = normalisation.get_weights()
        return cls(beta, gamma**2)

    def __add__(self, other: ChannelStatistics) -> ChannelStatistics:
        """Of the sum of both maps, as if one knew nothing of the other."""
        return ChannelStatistics(self.mean + other.mean, self.variance + other.variance)

    @property
    def largest(self) -> float:
        """How far the maps reach upwards."""
        return float(max((self.mean + DEVIATIONS * np.sqrt(self.variance)).max(), LEAST_SCALE))

    @property
    def largest_of_either_sign(self) -> float:
        """How far the maps reach from 0."""
        return float(max((np.abs(self.mean) + DEVIATIONS * np.sqrt(self.variance)).max(), LEAST_SCALE))


@dataclass(frozen=True)
class MapRanges:
    """How far the maps about convolutions reach, by the name of the convolution's weights.

    Attributes:
        rectified: what a ReLU gives behind the convolution, at once or after its maps are added to others.
        added: the maps themselves where they are added to others; these have either sign.
        given: what comes to a convolution not from such a ReLU, from 0 upwards.
    """

    rectified: Mapping[str, float]
    given: Mapping[str, float]
    added: Mapping[str, float] = field(default_factory=dict)


def quantise(model: onnx.ModelProto, ranges: MapRanges) -> None:
    """Make convolutions of a graph compute in eight bits, in place, those in its branches too.

    Each convolution in `ranges.rectified` has a bias. Weights may serve several convolutions, as those in
    branches do, if what comes to these has the same range.
    """
    floats = {initializer.name: numpy_helper.to_array(initializer) for initializer in model.graph.initializer}
    added: Constants = {}
    for graph in graphs_in(model.graph):
        nodes = list(_Rounding(floats, ranges, added).through_bytes(graph.node))
        del graph.node[:]
        graph.node.extend(nodes)
    used = {name for graph in graphs_in(model.graph) for node in graph.node for name in node.input}
    kept = [initializer for initializer in model.graph.initializer if initializer.name in used]
    constants = [numpy_helper.from_array(value, name) for name, value in added.items()]
    del model.graph.initializer[:]
    model.graph.initializer.extend([*kept, *constants])


class _Rounding:
    """Puts a graph's maps through bytes; the constants that its new nodes need go into `constants`."""

    def __init__(self, floats: Constants, ranges: MapRanges, constants: Constants) -> None:
        self._floats = floats
        self._ranges = ranges
        self._constants = constants
        # By the name of a value: its scale, and the weights of the last convolution before it.
        self._scales: dict[str, np.float32] = {}
        self._weight_before: dict[str, str] = {}

    def through_bytes(self, nodes: Iterable[onnx.NodeProto]) -> Iterator[onnx.NodeProto]:
        """The nodes, those that take values to bytes and back among them."""
        for node in nodes:
            given = [self._weight_before[name] for name in node.input if name in self._weight_before]
            if node.op_type == "Conv" and node.input[1] in self._ranges.rectified:
                yield from self._convolution(node)
            elif node.op_type == "Add" and (summed := [name for name in given if name in self._ranges.added]):
                self._weight_before[node.output[0]] = summed[0]
                yield node
            elif node.op_type == "Relu" and given:
                yield from self._rounded_output(node, self._ranges.rectified[given[0]], UNSIGNED)
            else:
                yield node

    def _convolution(self, node: onnx.NodeProto) -> Iterator[onnx.NodeProto]:
        maps, weight, bias = node.input
        if maps not in self._scales:
            node.input[0] = f"{maps}_for_{weight}"
            yield from self._rounded(maps, node.input[0], self._ranges.given[weight], UNSIGNED)
        scales = _scales_of(self._floats[weight])
        # Sums of products count in both factors' scales, multiplied.
        self._constants.update(_counts(weight, self._floats[weight], scales, np.int8))
        self._constants.update(
            _counts(bias, self._floats[bias], scales * self._scales[node.input[0]], np.int32)
        )
        self._weight_before[node.output[0]] = weight
        for number, name in ((1, weight), (2, bias)):
            node.input[number] = f"{node.output[0]}_{name}"
            constants = [f"{name}_counts", f"{name}_scale"]
            yield helper.make_node("DequantizeLinear", constants, [node.input[number]], axis=0)
        if weight in self._ranges.added:
            yield from self._rounded_output(node, self._ranges.added[weight], SIGNED)
        else:
            yield node

    def _rounded_output(self, node: onnx.NodeProto, most: float, kind: Kind) -> Iterator[onnx.NodeProto]:
        value = node.output[0]
        node.output[0] = f"{value}_whole"
        yield node
        yield from self._rounded(node.output[0], value, most, kind)

    def _rounded(self, given: str, value: str, most: float, kind: Kind) -> Iterator[onnx.NodeProto]:
        """What makes of `given` the nearest `value` that a byte can hold, up to `most`."""
        zero = np.array(0, kind)
        scale = self._scales[value] = np.float32(most / np.iinfo(kind).max)
        constants = {f"{value}_scale": np.array(scale), f"zero_{zero.dtype}": zero}
        self._constants.update(constants)
        yield helper.make_node("QuantizeLinear", [given, *constants], [f"{value}_bytes"])
        yield helper.make_node("DequantizeLinear", [f"{value}_bytes", *constants], [value])


def _scales_of(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """A scale for each channel that a convolution gives."""
    return np.maximum(np.abs(weight).max(axis=(1, 2, 3)) / LARGEST_WEIGHT, LEAST_SCALE).astype(np.float32)


def _counts(name: str, value: NDArray[np.float32], scales: NDArray[np.float32], kind: Kind) -> Constants:
    """Weights or biases in whole multiples of their channel's scale, and the scales."""
    by_channel = scales.reshape(-1, *[1] * (value.ndim - 1))
    return {f"{name}_counts": np.rint(value / by_channel).astype(kind), f"{name}_scale": scales}
