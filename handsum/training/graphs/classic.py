"""The classic network as a graph: a raw page, ready frames, or both, to their readings."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray
from onnxscript import FLOAT, INT64, UINT8, script
from onnxscript import opset20 as op

from handsum.reading import NO_LABEL
from handsum.training.graphs.preprocessing import preprocess

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


def onnx_weights(network: keras.Model) -> dict[str, NDArray[np.float32]]:
    """The network's weights by name, in ONNX's channels-first order."""
    values = dict(zip(_WEIGHT_NAMES, network.get_weights(), strict=True))
    for name in ("strokes_kernel", "shapes_kernel"):
        values[name] = values[name].transpose(3, 2, 0, 1)
    # Keras flattens (row, column, channel), ONNX (channel, row, column).
    dense = values["embedding_kernel"].reshape(5, 5, 64, -1)
    values["embedding_kernel"] = dense.transpose(2, 0, 1, 3).reshape(1600, -1)
    return {name: np.ascontiguousarray(value) for name, value in values.items()}
