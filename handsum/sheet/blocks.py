"""A page parted into blocks of writing of about one size; lines stay whole.

Pieces of ink are joined to what they follow or stand below, in heights of their own writing, so that a page
of several sums falls apart where the paper between them is empty or the size changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handsum.sheet.block import Block, cut_out
from handsum.sheet.ink import Pieces, Sketch, pieces_of, sketch, usual_length
from handsum.sheet.plain import LARGEST_PIXELS

Flags = NDArray[np.bool_]
Boxes = NDArray[np.float64]

# Of more pieces the largest are looked at; the others are specks, and go with what is around them.
MOST_PIECES = 500
# More blocks than this, or before some are merged, are no sums: the page is noise, or a drawing.
MOST_BLOCKS, MOST_GROUPS = 24, 60
# More bars than this are no equals signs; the widest are looked at.
MOST_BARS = 40

# Writing is of one size if no symbol is this many times as high as the next.
SAME_SIZE = 1.8
# In heights of a digit: how far the next symbol of a row may be, and the next row or column of one block.
ROW_GAP, BLOCK_GAP = 7.0, 3.0
# How much of the lower symbol stands beside the other in a row.
ROW_OVERLAP = 0.3

# Half as high as something within this many of its heights, a piece is a mark of it: a sign, a dot, a
# broken stroke.
MARK_REACH, MARK_SIZE = 1.5, 0.5
# But not if two others of its own size stand beside it: that is small writing. Of strokes, which are never
# dirt, one is enough if either is as wide as digits mostly are.
MATE_GAP, MATE_OVERLAP, LEAST_MATES = 2.0, 0.5, 2
DIGIT_ASPECT = 0.45
# Wider than this many heights a piece is a bar.
BAR_ASPECT = 2.0
# So small beside the page's largest writing a lone piece is a speck, and several are crumbs.
SPECK_SHARE, LEAST_SHARE = 0.25, 0.1

# Blocks of which one covers this share of the other are one, unless their sizes differ.
MOST_COVERED = 0.5
# A digit is at least a sign's width through this high; symbols that hang together are wider.
SIGN_WIDTHS = 3.0
# Left around a block, in heights of a digit.
MARGIN = 0.8
# Pages too large for a quick look are cut to their writing if so much of them is empty.
LEAST_EMPTY = 0.5


def parted(page: Block) -> tuple[Block, ...]:
    """The blocks of a page in reading order; the page itself if there is one, none if it is blank."""
    if not page.page.any():
        return ()
    sketched = sketch(page.page)
    pieces = pieces_of(sketched.ink)
    groups = groups_of_writing(pieces.boxes)
    if not 1 <= len(groups) <= MOST_BLOCKS:
        return (page,)
    boxes = np.array([_around(pieces, group, sketched) for group in groups])
    if len(groups) == 1 and not _is_lost_on(page.page.shape, boxes[0]):
        return (page,)
    order = _in_reading_order(boxes)
    return tuple(_cleared(page, sketched, pieces, groups, number, boxes[number]) for number in order)


def groups_of_writing(pieces: Boxes, *, are_strokes: bool = False) -> list[NDArray[np.intp]]:
    """The pieces of ink of each block, by the indices of their boxes (n, 4); specks are in none.

    No groups where there are too many. Of strokes, two digits side by side are writing; on a picture, where
    two pieces may be dirt, it takes three.
    """
    kept = np.argsort(-(pieces[:, 2:] - pieces[:, :2]).max(axis=1), kind="stable")[:MOST_PIECES]
    boxes = pieces[kept]
    numbers = _joined(_links(boxes, are_strokes=are_strokes))
    groups = [np.flatnonzero(numbers == number) for number in np.unique(numbers)]
    groups = _without_specks(groups, boxes)
    if len(groups) > MOST_GROUPS:
        return []
    return [kept[group] for group in _merged(groups, boxes, are_strokes=are_strokes)]


def _links(boxes: Boxes, *, are_strokes: bool) -> Flags:
    """(n, n), which pieces belong together."""
    widths, heights = (boxes[:, 2:] - boxes[:, :2]).T
    aside, below = _gaps(boxes, 0), _gaps(boxes, 1)
    lower, higher = np.minimum.outer(heights, heights), np.maximum.outer(heights, heights)
    is_same_size = higher <= SAME_SIZE * lower
    is_mark = _marks(boxes, aside, below, are_strokes=are_strokes)
    is_symbol = np.logical_and.outer(~is_mark, ~is_mark)
    in_row = (below <= -ROW_OVERLAP * lower) & (aside <= ROW_GAP * lower)
    is_near = np.maximum(aside, below) <= BLOCK_GAP * lower
    links = is_symbol & is_same_size & (in_row | is_near)
    links |= _marks_links(boxes, is_mark, aside, below)
    links |= _links_over_equals(boxes, widths > BAR_ASPECT * heights)
    return links | links.T


def _gaps(boxes: Boxes, axis: int) -> NDArray[np.float64]:
    """(n, n), the empty space between two pieces along an axis; negative by how much they overlap."""
    low, high = boxes[:, axis], boxes[:, axis + 2]
    return np.maximum.outer(low, low) - np.minimum.outer(high, high)


def _marks(
    boxes: Boxes, aside: NDArray[np.float64], below: NDArray[np.float64], *, are_strokes: bool
) -> Flags:
    """Which pieces are signs, dots and broken strokes of something larger nearby."""
    heights = boxes[:, 3] - boxes[:, 1]
    is_mate = _mates(boxes, aside, below)
    is_number = is_mate.sum(axis=1) >= LEAST_MATES
    if are_strokes:
        is_number |= (is_mate & np.logical_or.outer(_are_wide(boxes), _are_wide(boxes))).any(axis=1)
    is_larger = heights[None, :] * MARK_SIZE > heights[:, None]
    is_near = np.maximum(aside, below) <= MARK_REACH * heights[None, :]
    in_row = (below <= 0) & (aside <= ROW_GAP * heights[None, :])
    return np.asarray((is_larger & (is_near | in_row)).any(axis=1) & ~is_number)


def _mates(boxes: Boxes, aside: NDArray[np.float64], below: NDArray[np.float64]) -> Flags:
    """(n, n), which pieces stand beside one another, upright and of one size, as digits of a number do."""
    widths, heights = (boxes[:, 2:] - boxes[:, :2]).T
    lower, higher = np.minimum.outer(heights, heights), np.maximum.outer(heights, heights)
    is_upright = widths <= BAR_ASPECT * heights
    is_mate = (
        (higher <= SAME_SIZE * lower)
        & (below <= -MATE_OVERLAP * lower)
        & (aside <= MATE_GAP * lower)
        & np.logical_and.outer(is_upright, is_upright)
    )
    return is_mate & ~np.eye(len(boxes), dtype=bool)


def _marks_links(
    boxes: Boxes, is_mark: Flags, aside: NDArray[np.float64], below: NDArray[np.float64]
) -> Flags:
    """Each mark joined to the symbol nearest to it, in which row or column it may be."""
    links = np.zeros((len(boxes), len(boxes)), bool)
    if not is_mark.any() or is_mark.all():
        return links
    distances = np.hypot(np.maximum(aside, 0), np.maximum(below, 0))
    distances[:, is_mark] = np.inf
    marks = np.flatnonzero(is_mark)
    links[marks, distances[marks].argmin(axis=1)] = True
    return links


def _links_over_equals(boxes: Boxes, is_bar: Flags) -> Flags:
    """What stands before an equals sign joined to what follows it, however far away."""
    links = np.zeros((len(boxes), len(boxes)), bool)
    bars = np.flatnonzero(is_bar)[:MOST_BARS]  # the largest pieces come first
    symbols = np.flatnonzero(~is_bar)
    for upper in bars:
        for lower in bars:
            if _is_equals(boxes[upper], boxes[lower]):
                row = (boxes[upper, 1] + boxes[lower, 3]) / 2
                before, after = _beside(boxes, symbols, row, boxes[upper])
                if before is not None and after is not None:
                    links[before, after] = _are_alike(boxes[before], boxes[after])
    return links


def _is_equals(upper: Boxes, lower: Boxes) -> bool:
    overlap = min(upper[2], lower[2]) - max(upper[0], lower[0])
    width = max(upper[2] - upper[0], lower[2] - lower[0])
    return bool(0 < lower[1] - upper[1] <= width and overlap >= 0.5 * width)


def _beside(
    boxes: Boxes, symbols: NDArray[np.intp], row: float, sign: Boxes
) -> tuple[np.intp | None, np.intp | None]:
    """The nearest symbols to the left and to the right of a sign at a row."""
    in_row = symbols[(boxes[symbols, 1] <= row) & (boxes[symbols, 3] >= row)]
    left = in_row[boxes[in_row, 2] <= sign[2]]
    right = in_row[boxes[in_row, 0] >= sign[0]]
    before = left[boxes[left, 2].argmax()] if len(left) else None
    after = right[boxes[right, 0].argmin()] if len(right) else None
    return before, after


def _are_alike(one: Boxes, other: Boxes) -> bool:
    heights = sorted([one[3] - one[1], other[3] - other[1]])
    return bool(heights[1] <= SAME_SIZE * heights[0])


def _joined(links: Flags) -> NDArray[np.intp]:
    """(n,), the same number for all that is linked by any steps."""
    numbers = np.full(len(links), -1, np.intp)
    for start in range(len(links)):
        if numbers[start] < 0:
            reached = np.zeros(len(links), bool)
            newest = reached.copy()
            newest[start] = True
            while newest.any():
                reached |= newest
                newest = links[newest].any(axis=0) & ~reached
            numbers[reached] = start
    return numbers


def _are_wide(boxes: Boxes) -> Flags:
    """Which pieces are as wide for their height as all digits but 1 mostly are."""
    widths, heights = (boxes[:, 2:] - boxes[:, :2]).T
    return np.asarray(widths >= DIGIT_ASPECT * heights)


def _merged(
    groups: list[NDArray[np.intp]], boxes: Boxes, *, are_strokes: bool = False
) -> list[NDArray[np.intp]]:
    """Groups of about one size that lie in one another made one, in whatever order they come."""
    waiting = list(groups)
    apart: list[NDArray[np.intp]] = []
    while waiting:
        group = waiting.pop()
        # Those apart were so from each other, but may lie in what has grown since.
        for others in (waiting, apart):
            found = next(
                (i for i, other in enumerate(others) if _lie_together(group, other, boxes, are_strokes)), None
            )
            if found is not None:
                waiting.append(np.concatenate([group, others.pop(found)]))
                break
        else:
            apart.append(group)
    return apart


def _lie_together(group: NDArray[np.intp], other: NDArray[np.intp], boxes: Boxes, are_strokes: bool) -> bool:
    one, two = _hull(boxes[group]), _hull(boxes[other])
    overlap = np.minimum(one[2:], two[2:]) - np.maximum(one[:2], two[:2])
    sizes = sorted([_height(boxes[group]), _height(boxes[other])])
    if not (_is_writing(boxes[group], are_strokes) and _is_writing(boxes[other], are_strokes)):
        # Too few to be writing of a size of their own: a bracket, a long stroke, a broken sign.
        return bool(-overlap.min() <= BLOCK_GAP * max(_scale(boxes[group]), _scale(boxes[other])))
    if overlap.min() <= 0:
        return False
    smaller = min(np.prod(one[2:] - one[:2]), np.prod(two[2:] - two[:2]))
    return bool(overlap.prod() >= MOST_COVERED * smaller and sizes[1] <= SAME_SIZE * sizes[0])


def _is_writing(boxes: Boxes, are_strokes: bool) -> bool:
    """Whether a group is a number and no bracket, long stroke or broken sign."""
    if len(boxes) > LEAST_MATES:
        return True
    is_pair = _mates(boxes, _gaps(boxes, 0), _gaps(boxes, 1)).any() and _are_wide(boxes).any()
    return bool(are_strokes and is_pair)


def _without_specks(groups: list[NDArray[np.intp]], boxes: Boxes) -> list[NDArray[np.intp]]:
    """The groups that are writing: a large piece, or a row of not too small ones."""
    largest = max((_height(boxes[group]) for group in groups), default=0.0)

    def is_writing(group: NDArray[np.intp]) -> bool:
        size = float((boxes[group, 2:] - boxes[group, :2]).max())
        return size >= (SPECK_SHARE if len(group) <= LEAST_MATES else LEAST_SHARE) * largest

    return [group for group in groups if is_writing(group)]


def _hull(boxes: Boxes) -> Boxes:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _height(boxes: Boxes) -> float:
    return usual_length(boxes[:, 3] - boxes[:, 1])


def _scale(boxes: Boxes) -> float:
    """The height of the highest piece, or of a digit to which the widest bar would be a sign."""
    widths, heights = (boxes[:, 2:] - boxes[:, :2]).T
    return float(max(heights.max(), widths.max() / SIGN_WIDTHS))


def _around(pieces: Pieces, group: NDArray[np.intp], sketched: Sketch) -> NDArray[np.intp]:
    """The box of a group with a margin, in page pixels."""
    boxes = pieces.boxes[group]
    margin = MARGIN * max(_height(boxes), 1.0) + 1
    hull = _hull(boxes) + np.array([-margin, -margin, margin, margin])
    return np.rint(hull * sketched.factor).astype(np.intp)


def _is_lost_on(shape: tuple[int, ...], box: NDArray[np.intp]) -> bool:
    """Whether a page is large and mostly empty around its only block."""
    area = float(np.prod(box[2:] - box[:2]))
    return shape[0] * shape[1] > LARGEST_PIXELS and area < (1 - LEAST_EMPTY) * shape[0] * shape[1]


def _in_reading_order(boxes: NDArray[np.intp]) -> list[int]:
    """From top to bottom, and from left to right what stands side by side."""
    rows: list[list[int]] = []
    for number in np.argsort(boxes[:, 1], kind="stable").tolist():
        row = rows[-1] if rows else []
        if row and _are_side_by_side(boxes[row[0]], boxes[number]):
            row.append(number)
        else:
            rows.append([number])
    return [number for row in rows for number in sorted(row, key=lambda index: int(boxes[index, 0]))]


def _are_side_by_side(one: NDArray[np.intp], other: NDArray[np.intp]) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return bool(overlap >= 0.5 * min(one[3] - one[1], other[3] - other[1]))


def _cleared(
    page: Block,
    sketched: Sketch,
    pieces: Pieces,
    groups: list[NDArray[np.intp]],
    number: int,
    box: NDArray[np.intp],
) -> Block:
    """One block cut out, without the ink of the others that reaches into its box."""
    import cv2

    height, width = page.page.shape
    x0, y0, x1, y1 = np.clip(box, 0, (width, height, width, height)).tolist()
    part = cut_out(page, (x0, y0, x1, y1))
    is_foreign = np.zeros(len(pieces.boxes) + 1, np.uint8)
    for index, group in enumerate(groups):
        is_foreign[group + 1] = index != number
    factor = sketched.factor
    left, top = x0 // factor, y0 // factor
    labels = pieces.labels[top : -(-y1 // factor), left : -(-x1 // factor)]
    foreign = is_foreign[labels]
    if not foreign.any():
        return part
    own = (labels > 0).astype(np.uint8) - foreign
    soft = cv2.dilate(foreign, np.ones((5, 5), np.uint8)) & (1 - cv2.dilate(own, np.ones((3, 3), np.uint8)))
    rows = np.arange(y0, y1) // factor - top
    columns = np.arange(x0, x1) // factor - left
    return Block(np.where(soft[np.ix_(rows, columns)], np.uint8(0), part.page), part.to_original)
