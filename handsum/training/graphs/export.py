"""A trained network becomes one graph: its own weights behind the preprocessing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnxscript import OnnxFunction, optimizer

from handsum.atomic import whole_file
from handsum.errors import DataError
from handsum.models import CONTRACT, SUMS_FILE
from handsum.reading import NUM_DIGITS
from handsum.training.calibrate import Calibration
from handsum.training.graphs import best as graph_best
from handsum.training.graphs import classic as graph_classic
from handsum.training.graphs.inlining import inlined
from handsum.training.graphs.quantisation import MapRanges, quantise
from handsum.training.networks import best_network, classic_network, width_multiplier_of
from handsum.training.saved import figures_in, open_network

OUTPUT_NAMES = ("label", "confidence", "digit_probability", "probabilities", "frame", "embedding")

# What else the bytes of a file hang on, besides the weights and our own code.
MADE_WITH = ("onnx", "onnx-ir", "onnxscript")

# Weights of fewer numbers than this (biases, a threshold) are worth no halving.
LEAST_HALVED = 256


def export(h5_path: Path, onnx_path: Path) -> None:
    """Write the ONNX file of a network of ours saved as HDF5, whole or not at all.

    Where the folder lists its files in SHA256SUMS, as the package's own does, the list is brought up to date.

    Raises:
        DataError: `h5_path` is neither a classic nor a best network.
    """
    network = load_network(h5_path)
    figures = figures_in(h5_path)
    if _is_like(network, classic_network()):
        weights = graph_classic.onnx_weights(network)
        metadata = _metadata("mnist", h5_path, figures)
        model = build_model(graph_classic.read_digits, OUTPUT_NAMES, weights, metadata)
    else:
        metadata = _metadata("digit", h5_path, figures)
        model = build_best_model(network, _calibration(h5_path, figures), metadata)
    with whole_file(onnx_path) as part:
        onnx.save(model, part)
    update_sums(onnx_path)


def load_network(path: Path) -> keras.Model:
    """Open an HDF5 file that must hold the classic or the best network, of whatever width."""
    network = open_network(path, recipe="best")
    best = best_network(width_multiplier_of(network))
    if not any(_is_like(network, ours) for ours in (classic_network(), best)):
        raise DataError(f"{path} holds neither the classic nor the best network.")
    return network


def build_best_model(
    network: keras.Model, calibration: Calibration, metadata: dict[str, str]
) -> onnx.ModelProto:
    """The graph of the best network's `read_digits`, whose convolutions compute in eight bits."""
    weights = graph_best.onnx_weights(network, calibration)
    in_bytes = graph_best.map_ranges(network)
    return build_model(graph_best.read_digits, OUTPUT_NAMES, weights, metadata, in_bytes=in_bytes)


def build_model(
    function: OnnxFunction,
    output_names: Sequence[str],
    weights: Mapping[str, NDArray[np.float32]],
    metadata: dict[str, str],
    *,
    in_halves: bool = False,
    in_bytes: MapRanges | None = None,
) -> onnx.ModelProto:
    """The graph of a `read_digits` or `read_page` with its weights inside, folded and checked.

    The convolutions named in `in_bytes` compute in eight bits, see `quantise`. With `in_halves` what other
    large weights there are is kept as float16 (IEEE 754), half as many bytes; they become float32 once, when
    the file is opened, and the graph computes as before.
    """
    model = inlined(function)
    for name, value in weights.items():
        model.graph.initializer.append(onnx.numpy_helper.from_array(value, name))
    inputs = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    assert [output.name for output in model.graph.output] == list(output_names)
    model = optimizer.optimize(model)
    if in_bytes is not None:
        quantise(model, in_bytes)
    if in_halves:
        _keep_in_halves(model.graph)
    onnx.helper.set_model_props(model, metadata)
    model.producer_name = "handsum"
    onnx.checker.check_model(model, full_check=True)
    return model


def _keep_in_halves(graph: onnx.GraphProto) -> None:
    """Replace large float32 weights by float16 ones, each with what makes float32 of it."""
    kept = list(graph.initializer)
    del graph.initializer[:]
    for weight in kept:
        value = onnx.numpy_helper.to_array(weight)
        if value.dtype != np.float32 or value.size < LEAST_HALVED:
            graph.initializer.append(weight)
            continue
        half = f"{weight.name}_half"
        graph.initializer.append(onnx.numpy_helper.from_array(value.astype(np.float16), half))
        graph.node.insert(0, onnx.helper.make_node("Cast", [half], [weight.name], to=onnx.TensorProto.FLOAT))


def _is_like(network: keras.Model, ours: keras.Model) -> bool:
    return _layers_of(network) == _layers_of(ours)


def _layers_of(network: keras.Model) -> list[tuple[object, ...]]:
    """What tells one network from another; dropout, which older files have, does nothing when reading."""
    return [
        (
            type(layer),
            layer.output.shape[1:],
            getattr(layer, "activation", None),
            layer.get_config().get("strides"),
            layer.count_params(),
        )
        for layer in network.layers
        if not isinstance(layer, keras.layers.InputLayer | keras.layers.Dropout)
    ]


def _calibration(h5_path: Path, figures: dict[str, Any]) -> Calibration:
    try:
        return Calibration(**figures["calibration"])
    except (KeyError, TypeError) as error:
        raise DataError(f"{h5_path} is not calibrated; `handsum train --recipe best` does it.") from error


def update_sums(path: Path) -> None:
    """Bring SHA256SUMS beside a file up to date, where there is such a list."""
    sums = path.with_name(SUMS_FILE)
    if not sums.is_file():
        return
    listed = sums.read_text(encoding="ascii").splitlines()
    others = [line for line in listed if not line.endswith(f"  {path.name}")]
    lines = sorted([*others, f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"])
    with whole_file(sums) as part:
        part.write_text("\n".join(lines) + "\n", encoding="ascii")


def made_with() -> str:
    """The versions of what makes graphs, as JSON: with the same ones the same weights give the same bytes."""
    return json.dumps({name: version(name) for name in MADE_WITH})


def _metadata(name: str, h5_path: Path, figures: dict[str, Any]) -> dict[str, str]:
    return {
        "name": name,
        "contract": CONTRACT,
        "labels": json.dumps(list(range(NUM_DIGITS))),
        "source": h5_path.name,
        "source_sha256": hashlib.sha256(h5_path.read_bytes()).hexdigest(),
        "figures": json.dumps(figures),
        "made_with": made_with(),
    }
