"""The page network as a graph: a raw page to the boxes and labels of its symbols.

Everything between the raw page and the symbols is in the graph: the ink is found, how high the digits are is
estimated on a thumbnail, the page is scaled so that they are 24 pixels high, the detector finds the symbols'
middles, and each middle that is higher than its neighbourhood becomes a symbol with a box in page pixels.
"""

from __future__ import annotations

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnxscript import FLOAT, UINT8, script
from onnxscript import opset20 as op

from handsum.training.detector.calibrate import DetectorCalibration
from handsum.training.detector.network import DIGIT_HEIGHT_PX, MULTIPLE_X, MULTIPLE_Y, STRIDE_X, STRIDE_Y
from handsum.training.detector.scale import LOG_HEIGHTS, MOST_ENLARGED, THUMBNAIL_PIXELS
from handsum.training.graphs.export import build_model
from handsum.training.graphs.folding import folded
from handsum.training.graphs.preprocessing import FAINTEST_INK, INK_SHARE, first_and_last
from handsum.training.graphs.quantisation import ChannelStatistics, MapRanges

OUTPUT_NAMES = ("boxes", "probabilities", "scores", "height")

# Background around what the detector sees, in its pixels.
MARGIN = 8.0
# What the detector sees has at most so many pixels, whatever the estimated height of digits: the limit of the
# time and memory that a hostile page can cost. It is room for forty lines of forty digits.
MOST_PIXELS = 2_400_000.0
# No page holds more symbols; the likeliest are kept.
MOST_SYMBOLS = 1_000
# A box is at most so many times as large as a digit.
MOST_LOG_SIDE = 2.5
LOWEST_HEIGHT_PX = 2.0
LOG_STEPS = [float(value) for value in LOG_HEIGHTS]
# Where digits come out by more than this factor (a logarithm) too high or low, the detector looks again.
FAR_OFF = 0.2
# The mean brightness of ink, weighted by itself: almost all pages learnt from lie above.
INK_BRIGHTNESS = 0.4
# The scores on a page with any symbol sum up to this at least.
LEAST_FOUND = 0.5


@script(default_opset=op)
def brightest_along(page: UINT8["height", "width"]) -> FLOAT["height_and_one"]:
    """The maximum of each row, and a zero after the last, so that no page has none."""
    return op.Pad(
        op.Cast(op.ReduceMax(page, op.Constant(value_ints=[1]), keepdims=0), to=1),
        op.Constant(value_ints=[0, 1]),
    )


@script(default_opset=op)
def ink_box(page: UINT8["height", "width"]):
    """The half-open spans of rows and columns with ink, and the brightest pixel; all of a blank page.

    Boxes must be moved back by where the ink begins, and a page may lack a pixel: the digits' `crop`, which
    is faster, knows neither.
    """
    rows = brightest_along(page)
    brightest = op.ReduceMax(rows, op.Constant(value_ints=[0]), keepdims=1)
    threshold = op.Max(brightest * INK_SHARE, op.CastLike(FAINTEST_INK, brightest))
    row_span = first_and_last(op.Greater(rows, threshold))
    y_first, y_end = op.Split(row_span, num_outputs=2)
    strip = op.Slice(page, y_first, y_end, op.Constant(value_ints=[0]))
    columns = brightest_along(op.Transpose(strip))
    column_span = first_and_last(op.Greater(columns, threshold))
    return row_span, column_span, brightest


@script(default_opset=op)
def brightened(ink: FLOAT["height", "width"]) -> FLOAT["height", "width"]:
    """Hairlines, which fade when they are shrunk, made as bright on the mean as ink is on most pages."""
    mean = op.ReduceSumSquare(ink, keepdims=0) / op.Max(op.ReduceSum(ink, keepdims=0), 1e-6)
    return op.Min(ink * op.Max(INK_BRIGHTNESS / op.Max(mean, 1e-6), 1.0), 1.0)


@script(default_opset=op)
def estimated_height(
    ink: FLOAT["height", "width"],
    level1: FLOAT[16, 1, 3, 3], level1_bias: FLOAT[16],
    level2: FLOAT[32, 16, 3, 3], level2_bias: FLOAT[32],
    level3: FLOAT[48, 32, 3, 3], level3_bias: FLOAT[48],
    level4: FLOAT[64, 48, 3, 3], level4_bias: FLOAT[64],
    level5: FLOAT[96, 64, 3, 3], level5_bias: FLOAT[96],
    level6: FLOAT[96, 96, 3, 3], level6_bias: FLOAT[96],
    hidden_kernel: FLOAT[352, 128], hidden_bias: FLOAT[128],
    heights_kernel: FLOAT[128, 56], heights_bias: FLOAT[56],
):  # fmt: skip
    """How high digits are on the page, in its pixels: float32 (1,)."""
    size = op.Cast(op.Shape(ink), to=1)
    factor = op.Min(MOST_ENLARGED, op.Sqrt(THUMBNAIL_PIXELS / op.ReduceProd(size, keepdims=1)))
    sides = op.Cast(op.Max(op.Round(size * factor), 1.0), to=7)
    shown = brightened(op.Resize(ink, None, None, sides, mode="linear", antialias=1))
    plane = op.Unsqueeze(shown, op.Constant(value_ints=[0, 1]))
    maps1 = op.Relu(op.Conv(plane, level1, level1_bias, strides=[2, 2], auto_pad="SAME_UPPER"))
    ink1 = op.MaxPool(plane, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    maps2 = op.Relu(op.Conv(maps1, level2, level2_bias, strides=[2, 2], auto_pad="SAME_UPPER"))
    ink2 = op.MaxPool(ink1, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    maps3 = op.Relu(op.Conv(maps2, level3, level3_bias, strides=[2, 2], auto_pad="SAME_UPPER"))
    ink3 = op.MaxPool(ink2, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    maps4 = op.Relu(op.Conv(maps3, level4, level4_bias, strides=[2, 2], auto_pad="SAME_UPPER"))
    ink4 = op.MaxPool(ink3, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    maps5 = op.Relu(op.Conv(maps4, level5, level5_bias, strides=[2, 2], auto_pad="SAME_UPPER"))
    ink5 = op.MaxPool(ink4, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    maps6 = op.Relu(op.Conv(maps5, level6, level6_bias, strides=[2, 2], auto_pad="SAME_UPPER"))
    ink6 = op.MaxPool(ink5, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    places = op.Constant(value_ints=[2, 3])
    summary = op.Concat(
        op.ReduceSum(maps1 * ink1, places, keepdims=0) / (op.ReduceSum(ink1, places, keepdims=0) + 0.001),
        op.ReduceSum(maps2 * ink2, places, keepdims=0) / (op.ReduceSum(ink2, places, keepdims=0) + 0.001),
        op.ReduceSum(maps3 * ink3, places, keepdims=0) / (op.ReduceSum(ink3, places, keepdims=0) + 0.001),
        op.ReduceSum(maps4 * ink4, places, keepdims=0) / (op.ReduceSum(ink4, places, keepdims=0) + 0.001),
        op.ReduceSum(maps5 * ink5, places, keepdims=0) / (op.ReduceSum(ink5, places, keepdims=0) + 0.001),
        op.ReduceSum(maps6 * ink6, places, keepdims=0) / (op.ReduceSum(ink6, places, keepdims=0) + 0.001),
        axis=1,
    )
    hidden = op.Relu(op.Gemm(summary, hidden_kernel, hidden_bias))
    # The mode counts most: a page of two sizes has two, and what lies between them is neither.
    sharp = op.Softmax(op.Gemm(hidden, heights_kernel, heights_bias) * 2.0)
    log_height = op.ReduceSum(sharp * op.Constant(value_floats=LOG_STEPS), keepdims=0)
    return op.Exp(op.Reshape(log_height, op.Constant(value_ints=[1]))) / factor


@script(default_opset=op)
def fit_detector(ink: FLOAT["height", "width"], digit_height: FLOAT[1]):
    """The ink scaled so that digits are 24 pixels high, with a margin, and the factors (y, x) of sides."""
    size = op.Cast(op.Shape(ink), to=1)
    largest = op.Sqrt(MOST_PIXELS / op.ReduceProd(size, keepdims=1))
    factor = op.Min(DIGIT_HEIGHT_PX / op.Max(digit_height, LOWEST_HEIGHT_PX), largest)
    sides = op.Max(op.Round(size * factor), 1.0)
    shown = brightened(op.Resize(ink, None, None, op.Cast(sides, to=7), mode="linear", antialias=1))
    multiples = op.Constant(value_floats=[MULTIPLE_Y, MULTIPLE_X])
    after = op.Ceil((sides + 2.0 * MARGIN) / multiples) * multiples - sides - MARGIN
    before = op.Constant(value_ints=[8, 8])
    seen = op.Pad(shown, op.Concat(before, op.Cast(after, to=7), axis=0))
    return op.Unsqueeze(seen, op.Constant(value_ints=[0, 1])), sides / size


@script(default_opset=op)
def detect(
    seen: FLOAT[1, 1, "rows", "columns"],
    stem: FLOAT[24, 1, 3, 3], stem_bias: FLOAT[24],
    narrow: FLOAT[48, 24, 3, 3], narrow_bias: FLOAT[48],
    fine1: FLOAT[48, 48, 3, 3], fine1_bias: FLOAT[48],
    fine2: FLOAT[48, 48, 3, 3], fine2_bias: FLOAT[48],
    coarse: FLOAT[96, 48, 3, 3], coarse_bias: FLOAT[96],
    near1: FLOAT[96, 96, 3, 3], near1_bias: FLOAT[96],
    near2: FLOAT[96, 96, 3, 3], near2_bias: FLOAT[96],
    far1: FLOAT[96, 96, 3, 3], far1_bias: FLOAT[96],
    far2: FLOAT[96, 96, 3, 3], far2_bias: FLOAT[96],
    deep1: FLOAT[96, 96, 3, 3], deep1_bias: FLOAT[96],
    deep2: FLOAT[96, 96, 3, 3], deep2_bias: FLOAT[96],
    along1: FLOAT[96, 96, 3, 3], along1_bias: FLOAT[96],
    along2: FLOAT[96, 96, 3, 3], along2_bias: FLOAT[96],
    lateral: FLOAT[64, 96, 1, 1], lateral_bias: FLOAT[64],
    skip: FLOAT[64, 48, 1, 1], skip_bias: FLOAT[64],
    joined: FLOAT[64, 64, 3, 3], joined_bias: FLOAT[64],
    apart1: FLOAT[64, 64, 3, 3], apart1_bias: FLOAT[64],
    apart2: FLOAT[64, 64, 3, 3], apart2_bias: FLOAT[64],
    answer: FLOAT[25, 64, 1, 1], answer_bias: FLOAT[25],
):  # fmt: skip
    """The detector in ONNX's channels-first order: maps float32 (1, 25, rows / 4, columns / 2)."""
    maps = op.Relu(op.Conv(seen, stem, stem_bias, strides=[2, 2], pads=[0, 0, 1, 1]))
    maps = op.Relu(op.Conv(maps, narrow, narrow_bias, strides=[2, 1], pads=[0, 1, 1, 1]))
    inner = op.Relu(op.Conv(maps, fine1, fine1_bias, pads=[1, 1, 1, 1]))
    fine = op.Relu(maps + op.Conv(inner, fine2, fine2_bias, pads=[1, 1, 1, 1]))
    maps = op.Relu(op.Conv(fine, coarse, coarse_bias, strides=[2, 2], pads=[0, 0, 1, 1]))
    inner = op.Relu(op.Conv(maps, near1, near1_bias, pads=[1, 1, 1, 1]))
    maps = op.Relu(maps + op.Conv(inner, near2, near2_bias, pads=[1, 1, 1, 1]))
    inner = op.Relu(op.Conv(maps, far1, far1_bias, pads=[2, 2, 2, 2], dilations=[2, 2]))
    maps = op.Relu(maps + op.Conv(inner, far2, far2_bias, pads=[1, 1, 1, 1]))
    inner = op.Relu(op.Conv(maps, deep1, deep1_bias, pads=[1, 1, 1, 1]))
    maps = op.Relu(maps + op.Conv(inner, deep2, deep2_bias, pads=[1, 1, 1, 1]))
    inner = op.Relu(op.Conv(maps, along1, along1_bias, pads=[1, 4, 1, 4], dilations=[1, 4]))
    maps = op.Relu(maps + op.Conv(inner, along2, along2_bias, pads=[1, 1, 1, 1]))
    coarse_maps = op.Relu(op.Conv(maps, lateral, lateral_bias))
    enlarged = op.Resize(
        coarse_maps, None, op.Constant(value_floats=[1.0, 1.0, 2.0, 2.0]),
        mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    )  # fmt: skip
    skipped = op.Relu(op.Conv(fine, skip, skip_bias))
    maps = op.Relu(op.Conv(enlarged + skipped, joined, joined_bias, pads=[1, 1, 1, 1]))
    inner = op.Relu(op.Conv(maps, apart1, apart1_bias, pads=[1, 1, 1, 1]))
    maps = op.Relu(maps + op.Conv(inner, apart2, apart2_bias, pads=[1, 1, 1, 1]))
    return op.Conv(maps, answer, answer_bias)


@script(default_opset=op)
def decode(maps: FLOAT[1, 25, "rows", "columns"], least_score: FLOAT[1]):
    """Every middle: its score (n,), the logits of its labels (n, 20), and its box (n, 4) in seen pixels."""
    one = op.Constant(value_ints=[1])
    objects, _ = op.Split(maps, op.Constant(value_ints=[1, 24]), axis=1)
    scores = op.Sigmoid(objects)
    # A cell is a middle where none around it is higher. No wider: brackets and ones stand close together.
    highest = op.MaxPool(scores, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    peaks = op.And(op.Equal(scores, highest), op.GreaterOrEqual(scores, least_score))
    places = op.Transpose(op.NonZero(op.Squeeze(peaks, op.Constant(value_ints=[0, 1]))))
    by_place = op.Squeeze(op.Transpose(maps, perm=[0, 2, 3, 1]), op.Constant(value_ints=[0]))
    rows = op.GatherND(by_place, places)
    num = op.Min(
        op.Slice(op.Shape(rows), op.Constant(value_ints=[0]), one), op.Constant(value_ints=[MOST_SYMBOLS])
    )
    found_logits, _ = op.Split(rows, op.Constant(value_ints=[1, 24]), axis=1)
    best_logits, chosen = op.TopK(op.Squeeze(found_logits, one), num)
    kept = op.Gather(rows, chosen)
    _, labels, offsets, log_sides = op.Split(kept, op.Constant(value_ints=[1, 20, 2, 2]), axis=1)
    row_and_column = op.Cast(op.Gather(places, chosen), to=1)
    row, column = op.Split(row_and_column, num_outputs=2, axis=1)
    steps = op.Constant(value_floats=[STRIDE_X, STRIDE_Y])
    middles = (op.Concat(column, row, axis=1) + 0.5 + offsets) * steps
    halves = op.Exp(op.Clip(log_sides, -4.0, MOST_LOG_SIDE)) * (DIGIT_HEIGHT_PX / 2.0)
    return op.Sigmoid(best_logits), labels, op.Concat(middles - halves, middles + halves, axis=1)


@script(default_opset=op)
def height_correction(scores: FLOAT["n"], labels: FLOAT["n", 20], boxes: FLOAT["n", 4]) -> FLOAT[1]:
    """By how much digits are higher than the detector likes them, as a logarithm; 0 where there are none."""
    one = op.Constant(value_ints=[1])
    of_digits, _ = op.Split(op.Softmax(labels), op.Constant(value_ints=[10, 10]), axis=1)
    weights = scores * op.ReduceSum(of_digits, one, keepdims=0)
    _, top, _, bottom = op.Split(boxes, num_outputs=4, axis=1)
    log_heights = op.Log(op.Squeeze(bottom - top, one) / DIGIT_HEIGHT_PX)
    total = op.ReduceSum(weights, keepdims=0)
    mean = op.ReduceSum(weights * log_heights, keepdims=0) / op.Max(total, 0.5)
    return op.Reshape(mean, one)


@script(default_opset=op)
def read_page(
    page: UINT8["height", "width"],
    digit_height: FLOAT[1],
    level1: FLOAT[16, 1, 3, 3], level1_bias: FLOAT[16],
    level2: FLOAT[32, 16, 3, 3], level2_bias: FLOAT[32],
    level3: FLOAT[48, 32, 3, 3], level3_bias: FLOAT[48],
    level4: FLOAT[64, 48, 3, 3], level4_bias: FLOAT[64],
    level5: FLOAT[96, 64, 3, 3], level5_bias: FLOAT[96],
    level6: FLOAT[96, 96, 3, 3], level6_bias: FLOAT[96],
    hidden_kernel: FLOAT[352, 128], hidden_bias: FLOAT[128],
    heights_kernel: FLOAT[128, 56], heights_bias: FLOAT[56],
    stem: FLOAT[24, 1, 3, 3], stem_bias: FLOAT[24],
    narrow: FLOAT[48, 24, 3, 3], narrow_bias: FLOAT[48],
    fine1: FLOAT[48, 48, 3, 3], fine1_bias: FLOAT[48],
    fine2: FLOAT[48, 48, 3, 3], fine2_bias: FLOAT[48],
    coarse: FLOAT[96, 48, 3, 3], coarse_bias: FLOAT[96],
    near1: FLOAT[96, 96, 3, 3], near1_bias: FLOAT[96],
    near2: FLOAT[96, 96, 3, 3], near2_bias: FLOAT[96],
    far1: FLOAT[96, 96, 3, 3], far1_bias: FLOAT[96],
    far2: FLOAT[96, 96, 3, 3], far2_bias: FLOAT[96],
    deep1: FLOAT[96, 96, 3, 3], deep1_bias: FLOAT[96],
    deep2: FLOAT[96, 96, 3, 3], deep2_bias: FLOAT[96],
    along1: FLOAT[96, 96, 3, 3], along1_bias: FLOAT[96],
    along2: FLOAT[96, 96, 3, 3], along2_bias: FLOAT[96],
    lateral: FLOAT[64, 96, 1, 1], lateral_bias: FLOAT[64],
    skip: FLOAT[64, 48, 1, 1], skip_bias: FLOAT[64],
    joined: FLOAT[64, 64, 3, 3], joined_bias: FLOAT[64],
    apart1: FLOAT[64, 64, 3, 3], apart1_bias: FLOAT[64],
    apart2: FLOAT[64, 64, 3, 3], apart2_bias: FLOAT[64],
    answer: FLOAT[25, 64, 1, 1], answer_bias: FLOAT[25],
    least_score: FLOAT[1],
) -> tuple[FLOAT["n", 4], FLOAT["n", 20], FLOAT["n"], FLOAT[1]]:  # fmt: skip
    """The whole of the page network's work; a `digit_height` of 0 is estimated."""
    row_span, column_span, brightest = ink_box(page)
    y_first, y_end = op.Split(row_span, num_outputs=2)
    x_first, x_end = op.Split(column_span, num_outputs=2)
    cropped = op.Slice(page, op.Concat(y_first, x_first, axis=0), op.Concat(y_end, x_end, axis=0))
    missing = op.Max(1 - op.Shape(cropped), op.Constant(value_ints=[0]))
    whole = op.Pad(op.Cast(cropped, to=1), op.Concat(op.Constant(value_ints=[0, 0]), missing, axis=0))
    is_visible = op.Cast(op.GreaterOrEqual(brightest, op.CastLike(FAINTEST_INK, brightest)), to=1)
    ink = whole * (is_visible / op.Max(brightest, 1.0))
    estimated = estimated_height(
        ink, level1, level1_bias, level2, level2_bias, level3, level3_bias, level4, level4_bias,
        level5, level5_bias, level6, level6_bias, hidden_kernel, hidden_bias, heights_kernel, heights_bias,
    )  # fmt: skip
    is_known = op.Greater(digit_height, 0.0)
    first_height = op.Where(is_known, digit_height, estimated)
    # On a blank page no score is high enough.
    threshold = op.Where(op.Greater(is_visible, 0.0), least_score, 2.0)
    seen, first_factors = fit_detector(ink, first_height)
    maps = detect(
        seen, stem, stem_bias, narrow, narrow_bias, fine1, fine1_bias, fine2, fine2_bias,
        coarse, coarse_bias, near1, near1_bias, near2, near2_bias, far1, far1_bias, far2, far2_bias,
        deep1, deep1_bias, deep2, deep2_bias, along1, along1_bias, along2, along2_bias,
        lateral, lateral_bias, skip, skip_bias, joined, joined_bias,
        apart1, apart1_bias, apart2, apart2_bias, answer, answer_bias,
    )  # fmt: skip
    first_scores, first_labels, first_boxes = decode(maps, threshold)
    correction = height_correction(first_scores, first_labels, first_boxes)
    # Where nothing was found, the estimate was far off, as happens with a lone digit: then digits are as high
    # as the ink.
    is_lost = op.Less(op.ReduceSum(first_scores, keepdims=0), LEAST_FOUND)
    ink_height, _ = op.Split(op.Cast(op.Shape(ink), to=1), num_outputs=2)
    second_height = op.Where(is_lost, ink_height, first_height * op.Exp(correction))
    is_off = op.And(op.Not(is_known), op.Or(is_lost, op.Greater(op.Abs(correction), FAR_OFF)))
    if op.Squeeze(is_off):
        seen_again, factors = fit_detector(ink, second_height)
        maps_again = detect(
            seen_again, stem, stem_bias, narrow, narrow_bias, fine1, fine1_bias, fine2, fine2_bias,
            coarse, coarse_bias, near1, near1_bias, near2, near2_bias, far1, far1_bias, far2, far2_bias,
            deep1, deep1_bias, deep2, deep2_bias, along1, along1_bias, along2, along2_bias,
            lateral, lateral_bias, skip, skip_bias, joined, joined_bias,
            apart1, apart1_bias, apart2, apart2_bias, answer, answer_bias,
        )  # fmt: skip
        found_scores, labels, seen_boxes = decode(maps_again, threshold)
        used_height = op.Identity(second_height)
    else:
        found_scores = op.Identity(first_scores)
        labels = op.Identity(first_labels)
        seen_boxes = op.Identity(first_boxes)
        factors = op.Identity(first_factors)
        used_height = op.Identity(first_height)
    factor_y, factor_x = op.Split(factors, num_outputs=2)
    scale = op.Concat(factor_x, factor_y, factor_x, factor_y, axis=0)
    corner = op.Cast(op.Concat(x_first, y_first, x_first, y_first, axis=0), to=1)
    boxes = (seen_boxes - MARGIN) / scale + corner
    probabilities = op.Softmax(labels)
    scores = op.Identity(found_scores)
    height = op.Identity(used_height)
    return boxes, probabilities, scores, height


def build_page_model(
    detector: keras.Model, scale: keras.Model, calibration: DetectorCalibration, metadata: dict[str, str]
) -> onnx.ModelProto:
    """The graph of `read_page` with the networks' weights inside; the detector computes in eight bits."""
    weights = onnx_weights(detector, scale, calibration)
    return build_model(
        read_page, OUTPUT_NAMES, weights, metadata, in_halves=True, in_bytes=map_ranges(detector)
    )


def onnx_weights(
    detector: keras.Model, scale: keras.Model, calibration: DetectorCalibration
) -> dict[str, NDArray[np.float32]]:
    """The networks' weights by name, in ONNX's order; normalisation and calibration are folded in."""
    values: dict[str, NDArray[np.float32]] = {}
    for network in (scale, detector):
        for layer in network.layers:
            if isinstance(layer, keras.layers.Conv2D) and layer.name != "answer":
                kernel, bias = folded(layer, network.get_layer(f"{layer.name}_norm"))
                values |= {layer.name: kernel.transpose(3, 2, 0, 1), f"{layer.name}_bias": bias}
    for name in ("hidden", "heights"):
        kernel, bias = scale.get_layer(name).get_weights()
        values |= {f"{name}_kernel": kernel, f"{name}_bias": bias}
    kernel, bias = detector.get_layer("answer").get_weights()
    gain, shift = calibration.channel_gains_and_shifts()
    values |= {"answer": (kernel * gain).transpose(3, 2, 0, 1), "answer_bias": bias * gain + shift}
    values["least_score"] = np.array([calibration.least_score])
    return {name: np.ascontiguousarray(value, np.float32) for name, value in values.items()}


# Chains of residual blocks, each with the convolution that it begins behind.
CHAINS = {"narrow": ("fine",), "coarse": ("near", "far", "deep", "along"), "joined": ("apart",)}


def map_ranges(detector: keras.Model) -> MapRanges:
    """How far the maps of the detector's convolutions reach; the answer's are left as they are."""

    def after(name: str) -> ChannelStatistics:
        return ChannelStatistics.after(detector.get_layer(f"{name}_norm"))

    rectified = {name: after(name).largest for name in ("stem", "lateral", "skip", *CHAINS)}
    added: dict[str, float] = {}
    for begin, blocks in CHAINS.items():
        total = after(begin)
        for block in blocks:
            inner, outer = f"{block}1", f"{block}2"
            total += after(outer)
            rectified |= {inner: after(inner).largest, outer: total.largest}
            added[outer] = after(outer).largest_of_either_sign
    given = {"stem": 1.0, "joined": rectified["lateral"] + rectified["skip"]}
    return MapRanges(rectified, given, added)
