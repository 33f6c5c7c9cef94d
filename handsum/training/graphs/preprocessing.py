"""The preprocessing graph: a raw page in, the 28x28 frames that a digit network sees out.

It is written once, here, and travels inside every exported digit network, so that the window, the
command line and the scorer prepare their pixels by the same operations, bit for bit.

The steps are those by which MNIST was made (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning
Applied to Document Recognition", 1998, section III.A): box around the ink, keep the aspect, fit into
20x20, centre of mass to the middle of 28x28. Thin pens on large canvases, which MNIST never met, fade in
that shrink; two more steps give them back their contrast and their body.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnxscript import BOOL, FLOAT, INT32, INT64, UINT8, script
from onnxscript import opset20 as op

from handsum.reading import FRAME_SIZE

# Pixels below this share of the page's brightest are background: smudges and resampling haze.
INK_SHARE = 0.1
INK_DIVISOR = round(1 / INK_SHARE)
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

# A cell and its eight neighbours are added up; the places of a fitted digit's pixels are weighed by its ink.
NEIGHBOURS = onnx.numpy_helper.from_array(np.ones((1, 1, 3, 3), np.float32))
PLACES = onnx.numpy_helper.from_array(np.arange(INNER_SIZE, dtype=np.float32))


@script(default_opset=op)
def first_and_last(inky: BOOL["n"]) -> INT64[2]:
    """The half-open span of the true entries; the whole length where none is true."""
    marks = op.Cast(inky, to=1)
    first = op.ArgMax(marks, axis=0, keepdims=1)
    last = op.ArgMax(marks, axis=0, keepdims=1, select_last_index=1)
    return op.Concat(first, last + 1, axis=0)


@script(default_opset=op)
def crop(page: UINT8["height", "width"]):
    """The box around all pixels that are not background (the whole of a blank page), and the brightest."""
    rows = op.Cast(op.ReduceMax(page, op.Constant(value_ints=[1]), keepdims=0), to=6)
    brightest = op.ReduceMax(rows, keepdims=0)
    background = op.Max(brightest / INK_DIVISOR, op.CastLike(FAINTEST_INK, brightest))
    ink = background + 1
    # Clipped to two levels, the first and the last place of the higher one are where ink begins and ends.
    row_marks = op.Clip(rows, background, ink)
    y_end = op.ArgMax(row_marks, select_last_index=1) + 1
    strip = op.Slice(page, op.ArgMax(row_marks), y_end, op.Constant(value_ints=[0]))
    # Turned first: ONNX Runtime is far slower at a maximum across rows than at one along them.
    columns = op.Cast(op.ReduceMax(op.Transpose(strip), op.Constant(value_ints=[1]), keepdims=0), to=6)
    column_marks = op.Clip(columns, background, ink)
    x_end = op.ArgMax(column_marks, select_last_index=1) + 1
    box = op.Slice(strip, op.ArgMax(column_marks), x_end, op.Constant(value_ints=[1]))
    return box, brightest


@script(default_opset=op)
def visible_unit(brightest: INT32[()]) -> FLOAT[()]:
    """What a pixel's levels are multiplied by to lie in 0..1; 0 where even the brightest is no ink."""
    return op.Where(op.Less(brightest, op.CastLike(FAINTEST_INK, brightest)), 0.0, 1.0 / 255.0)


@script(default_opset=op)
def sums_of_groups(box: UINT8["height", "width"]):
    """The ink in each cell and its eight neighbours, (1, 1, rows, columns), and the cells' side in pixels."""
    size = op.Shape(box)
    cell_px = (op.ReduceMax(size, keepdims=1) + (NUM_CELLS - 1)) / NUM_CELLS
    missing = op.Mod(op.Neg(size), cell_px)
    whole = op.Pad(box, op.Concat(op.Constant(value_ints=[0, 0]), missing, axis=0))
    width = op.Shape(whole, start=1)
    # Rows first: ONNX Runtime is fastest at sums across whole rows, and little is left for the second.
    levels = op.Cast(whole, to=1)
    bands = op.Reshape(levels, op.Concat(op.Constant(value_ints=[1, 1, -1]), cell_px, width, axis=0))
    strips = op.Reshape(
        op.ReduceSum(bands, op.Constant(value_ints=[3]), keepdims=0),
        op.Concat(op.Constant(value_ints=[0, 0, 0, -1]), cell_px, axis=0),
    )
    cells = op.ReduceSum(strips, op.Constant(value_ints=[4]), keepdims=0)
    # Whole numbers below 2 ** 24: the sums are exact in any order.
    groups = op.Conv(cells, op.Constant(value=NEIGHBOURS), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    return groups, cell_px


@script(default_opset=op)
def crop_to_ink(page: UINT8["height", "width"]) -> FLOAT["box_height", "box_width"]:
    """The part of the page that holds its ink, in 0..1; the whole page where it is blank.

    It ends where strokes do: specks farther off than up to two cells are not in it.
    """
    # Cropped before specks are looked for too, since that takes time by the pixel.
    box, brightest = crop(page)
    groups, cell_px = sums_of_groups(box)
    row_groups = op.ReduceMax(groups, op.Constant(value_ints=[0, 1, 3]), keepdims=0)
    column_groups = op.ReduceMax(groups, op.Constant(value_ints=[0, 1, 2]), keepdims=0)
    least = op.ReduceMax(row_groups, keepdims=0) * SPECK_SHARE
    ends = op.Constant(value_ints=[0, -1])
    at_ends = op.Concat(op.Gather(row_groups, ends), op.Gather(column_groups, ends), axis=0)
    if op.Greater(op.ReduceMin(at_ends, keepdims=0), least):
        ink = op.Cast(box, to=1) * visible_unit(brightest)
    else:
        rows = first_and_last(op.Greater(row_groups, least)) * cell_px
        columns = first_and_last(op.Greater(column_groups, least)) * cell_px
        y_first, y_end = op.Split(rows, num_outputs=2)
        x_first, x_end = op.Split(columns, num_outputs=2)
        rough = op.Slice(box, op.Concat(y_first, x_first, axis=0), op.Concat(y_end, x_end, axis=0))
        tight, brightest_left = crop(rough)
        ink = op.Cast(tight, to=1) * visible_unit(brightest_left)
    return ink


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
def thicken(frame: FLOAT[28, 28]) -> FLOAT[1, 28, 28]:
    """Hairlines are blended towards their dilation, the more the less of them survives an erosion."""
    planes = op.Unsqueeze(frame, op.Constant(value_ints=[0, 1]))
    dilated = op.MaxPool(planes, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    # An erosion is a dilation of the negative, and has its sum less than nothing.
    eroded = op.MaxPool(op.Neg(planes), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    solid = op.ReduceSum(eroded, keepdims=0) / op.Max(op.ReduceSum(frame, keepdims=0), 1e-6)
    amount = op.Clip(1.0 + solid / SOLID_SHARE, 0.0, 1.0) * MOST_THICKENING
    return op.Squeeze(planes + amount * (dilated - planes), op.Constant(value_ints=[0]))


@script(default_opset=op)
def centre(ink: FLOAT["fitted_height", "fitted_width"]) -> FLOAT[28, 28]:
    """The centre of mass moved to the middle of a 28x28 frame, by whole pixels."""
    mass = op.Max(op.ReduceSum(ink, keepdims=0), 1e-6)
    row_mass = op.ReduceSum(ink, op.Constant(value_ints=[1]), keepdims=0)
    column_mass = op.ReduceSum(ink, op.Constant(value_ints=[0]), keepdims=0)
    places = op.Constant(value=PLACES)
    origin = op.Constant(value_ints=[0])
    y_moment = op.ReduceSum(row_mass * op.Slice(places, origin, op.Shape(ink, end=1)), keepdims=1)
    x_moment = op.ReduceSum(column_mass * op.Slice(places, origin, op.Shape(ink, start=1)), keepdims=1)
    wanted = op.Cast(op.Round(CENTRE - op.Concat(y_moment, x_moment, axis=0) / mass), to=7)
    size = op.Shape(ink)
    room = FRAME_SIZE - size
    before = op.Min(op.Max(wanted, origin), room)
    return op.Pad(ink, op.Concat(before, room - before, axis=0))


@script(default_opset=op)
def frame_of_page(page: UINT8["height", "width"]) -> FLOAT[1, 28, 28]:
    """Every step from a raw page of at least one pixel to its frame."""
    return thicken(centre(lift(fit_inside(crop_to_ink(page)))))


@script(default_opset=op)
def preprocess(
    page: UINT8["height", "width"], frames: FLOAT["num_frames", 28, 28]
) -> FLOAT["num_rows", 28, 28]:
    """The frame of the page, if there is one (it may be 0x0), followed by the ready frames."""
    if op.Cast(op.Size(page), to=9):
        rows = op.Concat(frame_of_page(page), frames, axis=0)
    else:
        rows = op.Identity(frames)
    return rows
