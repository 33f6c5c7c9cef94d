"""A quick look at a page, without OpenCV, for the many on which there is nothing to do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The page is looked at in cells, so many along its longer side.
NUM_CELLS = 128
# A cut-out digit or line is not split, turned or cleared, whatever is on it.
SMALLEST_SIDE_PX = 48
# Larger pages are worth cutting to their writing.
LARGEST_PIXELS = 1_500_000

# Lengths in heights of the writing: a longer row of ink without a gap may be a ruled line, after a wider
# gap something else begins.
MOST_RUN, MOST_GAP = 4.0, 6.0
# Columns are this many times as high as their usual height at most, or sizes differ.
MOST_TALLER = 3.0
# The writing may fall or rise by this much per width; narrower than this it may be a lone symbol, whose
# leaning tells nothing.
MOST_SLOPE, LONE_WIDTH = 0.045, 1.3
# Between two rows of writing more rows of cells are empty than this allows.
MOST_STEP = 3
# A column meets no more strokes of one row of writing; of several rows, or of squared paper, it does.
MOST_STROKES = 4

# Smaller pictures are cut out of something, and show no table. Drawings and cleaned scans are mostly of one
# level; a camera's grain leaves few pixels the same.
SMALLEST_PHOTOGRAPH_PX = 300_000
MOST_OF_ONE_LEVEL = 0.5


def may_be_photograph(grey: NDArray[np.uint8]) -> bool:
    """Whether a picture may show more than the writing and its paper."""
    if grey.size < SMALLEST_PHOTOGRAPH_PX:
        return False
    return bool(np.bincount(grey.ravel(), minlength=256).max() < MOST_OF_ONE_LEVEL * grey.size)


def is_plain(page: NDArray[np.uint8]) -> bool:
    """Whether a page holds but one level row of writing of one size, or a lone symbol, and nothing else."""
    height, width = page.shape
    if min(height, width) < SMALLEST_SIDE_PX and max(height, width) < 4 * SMALLEST_SIDE_PX:
        return True
    if page.size > LARGEST_PIXELS:
        return False
    cell_px = -(-max(height, width) // NUM_CELLS)
    strips = _strips(page, cell_px)
    inked_columns = np.flatnonzero(strips.any(axis=0))
    inked_rows = np.flatnonzero(strips.any(axis=1))
    if not len(inked_rows):
        return True
    row_height_px = (inked_rows[-1] - inked_rows[0] + 1) * cell_px
    steps = np.diff(inked_columns)
    if np.diff(inked_rows).max(initial=1) > MOST_STEP or steps.max(initial=1) > MOST_GAP * row_height_px:
        return False
    if _longest_run(steps) > MOST_RUN * row_height_px:
        return False
    return _is_one_row(_strips(np.ascontiguousarray(strips.T), cell_px).T > 0)


def _strips(page: NDArray[np.uint8], height_px: int) -> NDArray[np.uint8]:
    """The brightest of each column within strips of so many rows, the last of which may be lower."""
    num_whole = len(page) // height_px * height_px
    # Ten times as fast as `numpy.maximum.reduceat`.
    whole = page[:num_whole].reshape(-1, height_px, page.shape[1]).max(axis=1)
    rest = page[num_whole:]
    return whole if not len(rest) else np.concatenate([whole, rest.max(axis=0, keepdims=True)])


def _longest_run(steps: NDArray[np.intp]) -> int:
    """The most columns side by side, from the steps between inked ones."""
    ends = np.flatnonzero(np.concatenate([[2], steps, [2]]) > 1)
    return int(np.diff(ends).max())


def _is_one_row(cells: NDArray[np.bool_]) -> bool:
    """Whether the cells with ink lie in a level row about as high everywhere."""
    columns = np.flatnonzero(cells.any(axis=0))
    top = cells.argmax(axis=0)[columns]
    bottom = len(cells) - cells[::-1].argmax(axis=0)[columns]
    heights, row_height = bottom - top, int(bottom.max() - top.min())
    num_strokes = np.count_nonzero(cells[1:] & ~cells[:-1], axis=0) + cells[0]
    if num_strokes.max() > MOST_STROKES:
        return False
    if columns[-1] - columns[0] + 1 <= LONE_WIDTH * row_height:
        # One symbol fills its height; a short row that leans does not.
        return bool(heights.max() >= 0.7 * row_height)
    if heights.max() > MOST_TALLER * np.sort(heights)[len(heights) // 2]:
        return False
    middles = (top + bottom) / 2
    along = columns - columns.mean()
    return bool(abs((along * middles).sum()) <= MOST_SLOPE * (along**2).sum())
