"""The best network as a graph: a raw page, ready frames, or both, to their readings.

What it is not sure of it looks at again, turned, slanted and squeezed, and takes the mean of what it says
(test-time augmentation, Krizhevsky, Sutskever and Hinton, 2012): errors that hang on how a digit happens to
lie become fewer, and since few digits are in doubt it costs next to nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnxscript import FLOAT, INT64, UINT8, script
from onnxscript import opset20 as op

from handsum.reading import FRAME_SIZE, NO_LABEL
from handsum.training.calibrate import Calibration, shifted
from handsum.training.graphs.folding import folded
from handsum.training.graphs.preprocessing import preprocess
from handsum.training.graphs.quantisation import ChannelStatistics, MapRanges
from handsum.training.networks import BEST_STAGES, NUM_CLASSES

# Below this probability of the likeliest class a frame is looked at again.
SURE = 0.95
# With more ink than this, of a frame full of it, there is no digit that another look would tell from others:
# noise must not cost seven times as much as writing.
MOST_INK = 0.45


class Look(NamedTuple):
    """How a frame is looked at; shear is the shift to the side over the height, the last two are factors."""

    rotation_deg: float = 0.0
    shear: float = 0.0
    width: float = 1.0
    height: float = 1.0


LOOKS = (
    Look(rotation_deg=8), Look(rotation_deg=-8), Look(shear=0.15), Look(shear=-0.15),
    Look(width=0.8), Look(height=0.8),
)  # fmt: skip
NUM_VIEWS = len(LOOKS)
SHARE_OF_EACH = 1.0 / (NUM_VIEWS + 1)


def _grid(look: Look) -> NDArray[np.float32]:
    """Where a view's pixels are taken from, float32 (28, 28, 2) as (x, y), -1 and 1 the outermost pixels."""
    axis = np.linspace(-1, 1, FRAME_SIZE)
    places = np.stack(np.meshgrid(axis, axis), axis=-1)
    angle = np.deg2rad(look.rotation_deg)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    slanted = places @ rotation @ np.array([[1.0, 0.0], [look.shear, 1.0]])
    return (slanted / (look.width, look.height)).astype(np.float32)


VIEWS = onnx.numpy_helper.from_array(np.stack([_grid(look) for look in LOOKS]))


@script(default_opset=op)
def best(
    frames: FLOAT["n", 28, 28],
    conv1: FLOAT["c1", 1, 3, 3], bias1: FLOAT["c1"],
    conv2: FLOAT["c2", "c1", 3, 3], bias2: FLOAT["c2"],
    conv3: FLOAT["c3", "c2", 3, 3], bias3: FLOAT["c3"],
    conv4: FLOAT["c4", "c3", 3, 3], bias4: FLOAT["c4"],
    conv5: FLOAT["c5", "c4", 3, 3], bias5: FLOAT["c5"],
    conv6: FLOAT["c6", "c5", 3, 3], bias6: FLOAT["c6"],
    places: FLOAT["c6", 2, 16],
    logits_kernel: FLOAT["embedded", 11], logits_bias: FLOAT[11],
):  # fmt: skip
    """The best network in ONNX's channels-first order; the convolutions do the normalisation's work too.

    They are written in floats, and compute in eight bits in the file.
    """
    planes = op.Unsqueeze(frames, op.Constant(value_ints=[1]))
    maps = op.Relu(op.Conv(planes, conv1, bias1))
    maps = op.Relu(op.Conv(maps, conv2, bias2, strides=[2, 2]))
    maps = op.Relu(op.Conv(maps, conv3, bias3))
    maps = op.Relu(op.Conv(maps, conv4, bias4))
    maps = op.Relu(op.Conv(maps, conv5, bias5))
    maps = op.Relu(op.Conv(maps, conv6, bias6))
    # A convolution as large as its maps, but ONNX Runtime takes four times as long for one of many groups.
    by_place = op.Reshape(maps, op.Constant(value_ints=[0, 0, 1, 16]))
    placed = op.Flatten(op.ReduceSum(by_place * places, op.Constant(value_ints=[3]), keepdims=0))
    strongest = op.ReduceMax(maps, op.Constant(value_ints=[2, 3]), keepdims=0)
    embedding = op.Concat(placed, strongest, axis=1)
    return op.Gemm(embedding, logits_kernel, logits_bias), embedding


@script(default_opset=op)
def seen_again(frames: FLOAT["n", 28, 28]) -> FLOAT["seen", 28, 28]:
    """Every frame turned, slanted and squeezed in NUM_VIEWS ways, all frames in one way first."""
    planes = op.Unsqueeze(frames, op.Constant(value_ints=[0]))
    # Frames are the channels, so that one grid serves them all.
    copies = op.Expand(planes, op.Constant(value_ints=[NUM_VIEWS, 1, 1, 1]))
    views = op.GridSample(copies, op.Constant(value=VIEWS), align_corners=1, mode="linear")
    return op.Reshape(views, op.Constant(value_ints=[-1, FRAME_SIZE, FRAME_SIZE]))


@script(default_opset=op)
def decide(frame: FLOAT["n", 28, 28], logits: FLOAT["n", 11], least_digit_probability: FLOAT[1]):
    """A blank frame, and one that is hardly a digit, has no label; any other is its likeliest digit."""
    row = op.Constant(value_ints=[1])
    blank = op.Equal(op.ReduceMax(frame, op.Constant(value_ints=[1, 2]), keepdims=0), 0.0)
    of_digits, _ = op.Split(logits, op.Constant(value_ints=[10, 1]), axis=1)
    probabilities = op.Where(op.Unsqueeze(blank, row), 0.1, op.Softmax(of_digits))
    joint, not_a_digit = op.Split(op.Softmax(logits), op.Constant(value_ints=[10, 1]), axis=1)
    digit_probability = op.Where(blank, 0.0, 1.0 - op.Squeeze(not_a_digit, row))
    confidence = op.Min(op.ReduceMax(joint, row, keepdims=0), digit_probability)
    refused = op.Or(blank, op.Less(digit_probability, least_digit_probability))
    label = op.Where(refused, op.Constant(value_int=NO_LABEL), op.ArgMax(probabilities, axis=1, keepdims=0))
    return label, confidence, digit_probability, probabilities


@script(default_opset=op)
def read_digits(
    page: UINT8["height", "width"],
    frames: FLOAT["num_frames", 28, 28],
    conv1: FLOAT["c1", 1, 3, 3], bias1: FLOAT["c1"],
    conv2: FLOAT["c2", "c1", 3, 3], bias2: FLOAT["c2"],
    conv3: FLOAT["c3", "c2", 3, 3], bias3: FLOAT["c3"],
    conv4: FLOAT["c4", "c3", 3, 3], bias4: FLOAT["c4"],
    conv5: FLOAT["c5", "c4", 3, 3], bias5: FLOAT["c5"],
    conv6: FLOAT["c6", "c5", 3, 3], bias6: FLOAT["c6"],
    places: FLOAT["c6", 2, 16],
    logits_kernel: FLOAT["embedded", 11], logits_bias: FLOAT[11],
    least_digit_probability: FLOAT[1],
) -> tuple[
    INT64["n"], FLOAT["n"], FLOAT["n"], FLOAT["n", 10], FLOAT["n", 28, 28], FLOAT["n", "embedded"]
]:  # fmt: skip
    """The whole of a digit network's work: a page, ready frames, or both, to their readings."""
    frame = preprocess(page, frames)
    first_logits, embedding = best(
        frame, conv1, bias1, conv2, bias2, conv3, bias3, conv4, bias4, conv5, bias5,
        conv6, bias6, places, logits_kernel, logits_bias,
    )  # fmt: skip
    row = op.Constant(value_ints=[1])
    is_doubtful = op.Less(op.ReduceMax(op.Softmax(first_logits), row, keepdims=0), SURE)
    ink = op.ReduceMean(frame, op.Constant(value_ints=[1, 2]), keepdims=0)
    is_unsure = op.And(is_doubtful, op.Less(ink, MOST_INK))
    num_unsure = op.ReduceSum(op.Cast(is_unsure, to=7), keepdims=1)
    if op.Cast(op.Squeeze(num_unsure), to=9):
        views_logits, _ = best(
            seen_again(op.Compress(frame, is_unsure, axis=0)),
            conv1, bias1, conv2, bias2, conv3, bias3, conv4, bias4, conv5, bias5,
            conv6, bias6, places, logits_kernel, logits_bias,
        )  # fmt: skip
        by_view = op.Reshape(views_logits, op.Concat([-1], num_unsure, [11], axis=0))
        total = op.ReduceSum(by_view, [0], keepdims=0) + op.Compress(first_logits, is_unsure, axis=0)
        where = op.Transpose(op.NonZero(is_unsure))
        logits = op.ScatterND(first_logits, where, total * SHARE_OF_EACH)
    else:
        logits = op.Identity(first_logits)
    label, confidence, digit_probability, probabilities = decide(frame, logits, least_digit_probability)
    return label, confidence, digit_probability, probabilities, frame, embedding


def onnx_weights(network: keras.Model, calibration: Calibration) -> dict[str, NDArray[np.float32]]:
    """The network's weights by name, in ONNX's order; the calibration is folded into the last layer."""
    values: dict[str, NDArray[np.float32]] = {}
    for number in range(1, len(BEST_STAGES) + 1):
        kernel, bias = folded(network.get_layer(f"conv{number}"), network.get_layer(f"norm{number}"))
        values |= {f"conv{number}": kernel.transpose(3, 2, 0, 1), f"bias{number}": bias}
    (places,) = network.get_layer("places").get_weights()
    # Keras has (row, column, channel, multiplier).
    values["places"] = places.transpose(2, 3, 0, 1).reshape(*places.shape[2:], -1)
    kernel, bias = network.get_layer("logits").get_weights()
    assert kernel.shape[1] == NUM_CLASSES
    bias = shifted(bias[None], calibration.not_a_digit_shift)[0]
    values |= {
        "logits_kernel": kernel / calibration.temperature,
        "logits_bias": bias / calibration.temperature,
    }
    values["least_digit_probability"] = np.array([calibration.least_digit_probability])
    return {name: np.ascontiguousarray(value, np.float32) for name, value in values.items()}


def map_ranges(network: keras.Model) -> MapRanges:
    """How far the maps of the network's convolutions reach."""
    rectified = {
        f"conv{number}": ChannelStatistics.after(network.get_layer(f"norm{number}")).largest
        for number in range(1, len(BEST_STAGES) + 1)
    }
    return MapRanges(rectified, given={"conv1": 1.0})
