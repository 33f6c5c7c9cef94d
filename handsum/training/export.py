"""`mnist.h5` becomes `mnist.onnx`: the network's own weights behind the preprocessing graph."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnxscript import FLOAT, INT64, UINT8, optimizer, script
from onnxscript import opset20 as op

from handsum.atomic import whole_file
from handsum.errors import DataError
from handsum.models import CONTRACT, SUMS_FILE
from handsum.reading import NO_LABEL, NUM_DIGITS
from handsum.training.graph import inlined, preprocess
from handsum.training.networks import classic_network
from handsum.training.train import FIGURES_ATTRIBUTE

_WEIGHT_NAMES = (
    "strokes_kernel", "strokes_bias", "shapes_kernel", "shapes_bias",
    "embedding_kernel", "embedding_bias", "probabilities_kernel", "probabilities_bias",
)  # fmt: skip


@script(default_opset=op)
def classic(
    frames: FLOAT["n", 28, 28],
    strokes_kernel: FLOAT[32, 1, 3, 3], strokes_bias: FLOAT[32],
    shapes_kernel: FLOAT[64, 32, 3, 3], shapes_bias: FLOAT[64],
    embedding_kernel: FLOAT[1600, 128], embedding_bias: FLOAT[128],
    probabilities_kernel: FLOAT[128, 10], probabilities_bias: FLOAT[10],
):  # fmt: skip
    """The classic network in ONNX's channels-first order."""
    planes = op.Unsqueeze(frames, op.Constant(value_ints=[1]))
    strokes = op.Relu(op.Conv(planes, strokes_kernel, strokes_bias))
    strokes = op.MaxPool(strokes, kernel_shape=[2, 2], strides=[2, 2])
    shapes = op.Relu(op.Conv(strokes, shapes_kernel, shapes_bias))
    shapes = op.MaxPool(shapes, kernel_shape=[2, 2], strides=[2, 2])
    embedding = op.Relu(op.Gemm(op.Flatten(shapes), embedding_kernel, embedding_bias))
    probabilities = op.Softmax(op.Gemm(embedding, probabilities_kernel, probabilities_bias))
    return probabilities, embedding


@script(default_opset=op)
def decide(frame: FLOAT["n", 28, 28], softmax: FLOAT["n", 10]):
    """A blank frame has no label and favours no digit; any other is its likeliest digit, without a doubt.

    The classic network was never shown what is not a digit, so it takes all ink for one.
    """
    blank = op.Equal(op.ReduceMax(frame, op.Constant(value_ints=[1, 2]), keepdims=0), 0.0)
    blank_rows = op.Unsqueeze(blank, op.Constant(value_ints=[1]))
    probabilities = op.Where(blank_rows, 0.1, softmax)
    digit_probability = op.Where(blank, 0.0, 1.0)
    confidence = digit_probability * op.ReduceMax(probabilities, op.Constant(value_ints=[1]), keepdims=0)
    label = op.Where(blank, op.Constant(value_int=NO_LABEL), op.ArgMax(probabilities, axis=1, keepdims=0))
    return label, confidence, digit_probability, probabilities


@script(default_opset=op)
def read_digits(
    page: UINT8["height", "width"],
    frames: FLOAT["num_frames", 28, 28],
    strokes_kernel: FLOAT[32, 1, 3, 3], strokes_bias: FLOAT[32],
    shapes_kernel: FLOAT[64, 32, 3, 3], shapes_bias: FLOAT[64],
    embedding_kernel: FLOAT[1600, 128], embedding_bias: FLOAT[128],
    probabilities_kernel: FLOAT[128, 10], probabilities_bias: FLOAT[10],
) -> tuple[
    INT64["n"], FLOAT["n"], FLOAT["n"], FLOAT["n", 10], FLOAT["n", 28, 28], FLOAT["n", 128]
]:  # fmt: skip
    """The whole of a digit network's work: a page, ready frames, or both, to their readings."""
    frame = preprocess(page, frames)
    softmax, embedding = classic(
        frame, strokes_kernel, strokes_bias, shapes_kernel, shapes_bias,
        embedding_kernel, embedding_bias, probabilities_kernel, probabilities_bias,
    )  # fmt: skip
    label, confidence, digit_probability, probabilities = decide(frame, softmax)
    return label, confidence, digit_probability, probabilities, frame, embedding


OUTPUT_NAMES = ("label", "confidence", "digit_probability", "probabilities", "frame", "embedding")


def export(h5_path: Path, onnx_path: Path) -> None:
    """Write the ONNX file of a classic network saved as HDF5, whole or not at all.

    Where the folder lists its files in SHA256SUMS, as the package's own does, the list is brought up to date.

    Raises:
        DataError: `h5_path` is not a classic network.
    """
    network = load_classic(h5_path)
    model = build_model(onnx_weights(network), _metadata(h5_path))
    with whole_file(onnx_path) as part:
        onnx.save(model, part)
    _update_sums(onnx_path)


def _update_sums(path: Path) -> None:
    sums = path.with_name(SUMS_FILE)
    if not sums.is_file():
        return
    listed = sums.read_text(encoding="ascii").splitlines()
    others = [line for line in listed if not line.endswith(f"  {path.name}")]
    lines = sorted([*others, f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"])
    with whole_file(sums) as part:
        part.write_text("\n".join(lines) + "\n", encoding="ascii")


def load_classic(path: Path) -> keras.Model:
    """Open an HDF5 file that must hold the classic network."""
    if not path.is_file():
        raise DataError(f"There is no file {path}; `handsum train` makes it.")
    try:
        network = keras.models.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is not a network that Keras can open ({type(error).__name__}).") from error
    if _layers_of(network) != _layers_of(classic_network()):
        raise DataError(f"{path} holds another network than the classic one.")
    return network


def _layers_of(network: keras.Model) -> list[tuple[object, ...]]:
    """What tells one network from another; dropout, which older files have, does nothing when reading."""
    return [
        (
            type(layer),
            layer.output.shape[1:],
            getattr(layer, "activation", None),
            layer.get_config().get("strides"),
        )
        for layer in network.layers
        if not isinstance(layer, keras.layers.InputLayer | keras.layers.Dropout)
    ]


def onnx_weights(network: keras.Model) -> dict[str, NDArray[np.float32]]:
    """The network's weights by name, in ONNX's channels-first order."""
    values = dict(zip(_WEIGHT_NAMES, network.get_weights(), strict=True))
    for name in ("strokes_kernel", "shapes_kernel"):
        values[name] = values[name].transpose(3, 2, 0, 1)
    # Keras flattens (row, column, channel), ONNX (channel, row, column).
    dense = values["embedding_kernel"].reshape(5, 5, 64, -1)
    values["embedding_kernel"] = dense.transpose(2, 0, 1, 3).reshape(1600, -1)
    return {name: np.ascontiguousarray(value) for name, value in values.items()}


def build_model(weights: dict[str, NDArray[np.float32]], metadata: dict[str, str]) -> onnx.ModelProto:
    """The graph of `read_digits` with its weights inside, folded and checked."""
    model = inlined(read_digits)
    for name, value in weights.items():
        model.graph.initializer.append(onnx.numpy_helper.from_array(value, name))
    pages_and_frames = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(pages_and_frames)
    assert tuple(output.name for output in model.graph.output) == OUTPUT_NAMES
    model = optimizer.optimize(model)
    onnx.helper.set_model_props(model, metadata)
    model.producer_name = "handsum"
    onnx.checker.check_model(model, full_check=True)
    return model


def _metadata(h5_path: Path) -> dict[str, str]:
    with h5py.File(h5_path) as file:
        figures: Any = json.loads(file.attrs.get(FIGURES_ATTRIBUTE, "{}"))
    return {
        "name": "mnist",
        "contract": CONTRACT,
        "labels": json.dumps(list(range(NUM_DIGITS))),
        "source": h5_path.name,
        "source_sha256": hashlib.sha256(h5_path.read_bytes()).hexdigest(),
        "figures": json.dumps(figures),
    }
