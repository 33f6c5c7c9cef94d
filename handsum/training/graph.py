"""The preprocessing graph: a raw page in, the 28x28 frames that a digit network sees out.

It is written once, here, and travels inside every exported digit network, so that the window, the
command line, the web page and the scorer prepare their pixels by the same operations, bit for bit.

The steps are those by which MNIST was made (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning
Applied to Document Recognition", 1998, section III.A): box around the ink, keep the aspect, fit into
20x20, centre of mass to the middle of 28x28. Thin pens on large canvases, which MNIST never met, fade in
that shrink; two more steps give them back their contrast and their body.
"""

from __future__ import annotations

import onnx
import onnx.inliner
from onnxscript import BOOL, FLOAT, INT64, UINT8, OnnxFunction, script
from onnxscript import opset20 as op

from handsum.reading import FRAME_SIZE

# Pixels below this share of the page's brightest are background: smudges and resampling haze.
INK_SHARE = 0.1
# The page's longer side is looked at in this many cells to tell ink from specks.
NUM_CELLS = 56
# Ink is where a cell and its eight neighbours together hold at least this share of the most that any
# such group holds. A stroke fills its group along a line, a speck of the same width at one point only.
SPECK_SHARE = 0.13
# A page whose brightest pixel is below this (of 255) is blank.
FAINTEST_INK = 24
INNER_SIZE = 20.0
# Where MNIST's centres of mass lie, in pixel indices.
CENTRE = 14.0
# The mean brightness of ink, weighted by itself: most of MNIST's digits lie above; fainter ones are lifted.
INK_BRIGHTNESS = 0.75
# Ink that keeps less than this share of itself under a 3x3 erosion is thin and is thickened.
SOLID_SHARE = 0.04
MOST_THICKENING = 0.5


@script(default_opset=op)
def first_and_last(inky: BOOL["n"]) -> INT64[2]:
    """The half-open span of the true entries; the whole length where none is true."""
    marks = op.Cast(inky, to=1)
    first = op.ArgMax(marks, axis=0, keepdims=1)
    last = op.ArgMax(marks, axis=0, keepdims=1, select_last_index=1)
    return op.Concat(first, last + 1, axis=0)


@script(default_opset=op)
def brightest_along(page: UINT8["height", "width"]) -> FLOAT["height_and_one"]:
    """The maximum of each row, and a zero after the last, so that no page has none."""
    return op.Pad(
        op.Cast(op.ReduceMax(page, op.Constant(value_ints=[1]), keepdims=0), to=1),
        op.Constant(value_ints=[0, 1]),
    )


@script(default_opset=op)
def crop(page: UINT8["height", "width"]) -> UINT8["box_height", "box_width"]:
    """The box around all pixels that are not background; the whole page where it is blank."""
    rows = brightest_along(page)
    brightest = op.ReduceMax(rows, op.Constant(value_ints=[0]), keepdims=1)
    threshold = op.Max(brightest * INK_SHARE, op.CastLike(FAINTEST_INK, brightest))
    y_first, y_end = op.Split(first_and_last(op.Greater(rows, threshold)), num_outputs=2)
    strip = op.Slice(page, y_first, y_end, op.Constant(value_ints=[0]))
    # Turned first: ONNX Runtime is far slower at a maximum across rows than at one along them.
    columns = brightest_along(op.Transpose(strip))
    x_first, x_end = op.Split(first_and_last(op.Greater(columns, threshold)), num_outputs=2)
    return op.Slice(strip, x_first, x_end, op.Constant(value_ints=[1]))


@script(default_opset=op)
def crop_away_specks(page: UINT8["height", "width"]) -> UINT8["rough_height", "rough_width"]:
    """The part of the page that holds strokes and a margin of up to two cells, without far-off specks."""
    one = op.Constant(value_ints=[1])
    size = op.Shape(page)
    cell_px = op.Max((op.ReduceMax(size, keepdims=1) + (NUM_CELLS - 1)) / NUM_CELLS, one)
    num_cells = op.Max((size + cell_px - 1) / cell_px, one)
    whole = op.Pad(page, op.Concat(op.Constant(value_ints=[0, 0]), num_cells * cell_px - size, axis=0))
    rows, columns = op.Split(num_cells, num_outputs=2)
    # Rows first: ONNX Runtime is fastest at sums across whole rows, and little is left for the second.
    bands = op.Reshape(op.Cast(whole, to=1), op.Concat(rows, cell_px, columns * cell_px, axis=0))
    strips = op.Reshape(op.ReduceSum(bands, one, keepdims=0), op.Concat(rows, columns, cell_px, axis=0))
    cells = op.ReduceSum(strips, op.Constant(value_ints=[2]), keepdims=0)
    planes = op.Unsqueeze(cells, op.Constant(value_ints=[0, 1]))
    means = op.AveragePool(planes, kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    groups = op.Squeeze(means, op.Constant(value_ints=[0, 1]))
    least = op.ReduceMax(groups, op.Constant(value_ints=[0, 1]), keepdims=0) * SPECK_SHARE
    row_span = first_and_last(op.Greater(op.ReduceMax(groups, one, keepdims=0), least))
    column_span = first_and_last(
        op.Greater(op.ReduceMax(groups, op.Constant(value_ints=[0]), keepdims=0), least)
    )
    y_first, y_end = op.Split(row_span * cell_px, num_outputs=2)
    x_first, x_end = op.Split(column_span * cell_px, num_outputs=2)
    return op.Slice(page, op.Concat(y_first, x_first, axis=0), op.Concat(y_end, x_end, axis=0))


@script(default_opset=op)
def crop_to_ink(page: UINT8["height", "width"]) -> FLOAT["box_height", "box_width"]:
    """The part of the page that holds its ink, in 0..1, at least 1x1; the whole page where it is blank."""
    # Cropped before specks are looked for too, since that takes time by the pixel.
    cropped = crop(crop_away_specks(crop(page)))
    brightest = op.ReduceMax(brightest_along(cropped), keepdims=0)
    visible = op.GreaterOrEqual(brightest, op.CastLike(FAINTEST_INK, brightest))
    missing = op.Max(1 - op.Shape(cropped), op.Constant(value_ints=[0]))
    ink = op.Cast(cropped, to=1) * (op.Cast(visible, to=1) / 255.0)
    return op.Pad(ink, op.Concat(op.Constant(value_ints=[0, 0]), missing, axis=0))


@script(default_opset=op)
def fit_inside(ink: FLOAT["box_height", "box_width"]) -> FLOAT["fitted_height", "fitted_width"]:
    """Scaled so that the longer side is 20 pixels, antialiased, the aspect kept."""
    size = op.Cast(op.Shape(ink), to=1)
    longest = op.ReduceMax(size, keepdims=1)
    fitted = op.Max(op.Cast(op.Round(size * (INNER_SIZE / longest)), to=7), op.Constant(value_ints=[1]))
    return op.Clip(op.Resize(ink, None, None, fitted, mode="linear", antialias=1), 0.0, 1.0)


@script(default_opset=op)
def lift(ink: FLOAT["fitted_height", "fitted_width"]) -> FLOAT["fitted_height", "fitted_width"]:
    """Faint ink is brightened until its mean, weighted by itself, is that of a written digit."""
    mean = op.ReduceSumSquare(ink, keepdims=0) / op.Max(op.ReduceSum(ink, keepdims=0), 1e-6)
    gain = op.Max(INK_BRIGHTNESS / op.Max(mean, 1e-6), 1.0)
    return op.Min(ink * gain, 1.0)


@script(default_opset=op)
def thicken(frame: FLOAT[28, 28]) -> FLOAT[28, 28]:
    """Hairlines are blended towards their dilation, the more the less of them survives an erosion."""
    planes = op.Unsqueeze(frame, op.Constant(value_ints=[0, 1]))
    dilated = op.MaxPool(planes, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    eroded = op.Neg(op.MaxPool(op.Neg(planes), kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
    solid = op.ReduceSum(eroded, keepdims=0) / op.Max(op.ReduceSum(frame, keepdims=0), 1e-6)
    amount = op.Clip(1.0 - solid / SOLID_SHARE, 0.0, 1.0) * MOST_THICKENING
    return op.Squeeze(planes + amount * (dilated - planes), op.Constant(value_ints=[0, 1]))


@script(default_opset=op)
def centre(ink: FLOAT["fitted_height", "fitted_width"]) -> FLOAT[28, 28]:
    """The centre of mass moved to the middle of a 28x28 frame, by whole pixels."""
    mass = op.Max(op.ReduceSum(ink, keepdims=0), 1e-6)
    row_mass = op.ReduceSum(ink, op.Constant(value_ints=[1]), keepdims=0)
    column_mass = op.ReduceSum(ink, op.Constant(value_ints=[0]), keepdims=0)
    size = op.Shape(ink)
    height, width = op.Split(size, num_outputs=2)
    rows = op.Cast(op.Range(0, op.Squeeze(height), 1), to=1)
    columns = op.Cast(op.Range(0, op.Squeeze(width), 1), to=1)
    y_mean = op.ReduceSum(row_mass * rows, keepdims=1) / mass
    x_mean = op.ReduceSum(column_mass * columns, keepdims=1) / mass
    wanted = op.Cast(op.Round(CENTRE - op.Concat(y_mean, x_mean, axis=0)), to=7)
    room = FRAME_SIZE - size
    before = op.Min(op.Max(wanted, op.Constant(value_ints=[0])), room)
    return op.Pad(ink, op.Concat(before, room - before, axis=0))


@script(default_opset=op)
def frame_of_page(page: UINT8["height", "width"]) -> FLOAT[28, 28]:
    """Every step from a raw page to its frame."""
    return thicken(centre(lift(fit_inside(crop_to_ink(page)))))


@script(default_opset=op)
def preprocess(
    page: UINT8["height", "width"], frames: FLOAT["num_frames", 28, 28]
) -> FLOAT["num_rows", 28, 28]:
    """The frame of the page, if there is one (it may be 0x0), followed by the ready frames."""
    num_pages = op.Min(op.Size(page), op.Constant(value_ints=[1]))
    own = op.Slice(op.Unsqueeze(frame_of_page(page), op.Constant(value_ints=[0])),
                   op.Constant(value_ints=[0]), num_pages)  # fmt: skip
    return op.Concat(own, frames, axis=0)


def inlined(function: OnnxFunction) -> onnx.ModelProto:
    """A script function as an ONNX model, with the functions that it calls written out."""
    return onnx.inliner.inline_local_functions(function.to_model_proto())
