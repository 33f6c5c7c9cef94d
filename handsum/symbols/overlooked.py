"""Digits that the page network overlooked: ink as high as digits are that no symbol has in its box.

Mostly they are 1s, far from their neighbours or long, which the page network takes for a rule or a bracket
of nothing. The digit network, which refuses what is no digit, decides. Beside other digits that is done for
strokes, and for pictures of them on which hardly any ink is left over else: on others the side of a printed
frame is a 1, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.digit import DigitNetwork
from handsum.reading import Box, Symbol
from handsum.strokes import ink_extent, ink_of, loose_ink
from handsum.symbols.sizes import digit_height

# How sure the digit network must be of a digit on a page where nothing was found; and of one beside others,
# where something is written and the question is only what: a doubtful digit is more honest than none.
LEAST_ALONE, LEAST_BESIDE = 0.8, 0.3
# The page network did not see it, so it is believed only so far.
BELIEF = 0.8
# How high it may be and how wide, in heights of the page's digits.
HEIGHTS, MOST_WIDTH = (0.5, 1.5), 1.5
# It stands in a line: this share of its height is beside a symbol at most so many digits' heights away.
SHARED_HEIGHT, MOST_GAP = 0.5, 3.0
# So much of its ink is in no symbol's box.
LEAST_LOOSE = 0.9
# On a picture of writing and nothing else, so much of the ink may be in no symbol's box besides.
MOST_LEFT_OVER = 0.02
MARGIN_PX = 2


def overlooked_digit(page: NDArray[np.uint8], network: DigitNetwork) -> tuple[Symbol, ...]:
    """The digit on a page uint8 (H, W) on which the page network found nothing, if it clearly is one."""
    box = ink_extent(page)
    return () if box is None else _seen(page, box, network, LEAST_ALONE)


def overlooked_digits(
    symbols: Sequence[Symbol], page: NDArray[np.uint8], network: DigitNetwork, *, are_strokes: bool = True
) -> tuple[Symbol, ...]:
    """The digits on a page uint8 (H, W), of strokes or not, in line with its symbols and none of them."""
    height, ink = digit_height(symbols), ink_of(page)
    if not height:
        return ()
    loose = loose_ink(ink, (symbol.box for symbol in symbols))
    if np.count_nonzero(loose.any(axis=1)) < HEIGHTS[0] * height:
        return ()
    pieces = [
        piece
        for piece in _loose_pieces(ink, loose, height)
        if any(_are_in_line(piece.box, symbol.box, MOST_GAP * height) for symbol in symbols)
    ]
    num_left_over = np.count_nonzero(loose) - sum(piece.num_loose for piece in pieces)
    if not are_strokes and num_left_over > MOST_LEFT_OVER * np.count_nonzero(ink):
        return ()
    return tuple(
        digit for piece in pieces for digit in _seen(_cut_out(page, piece), piece.box, network, LEAST_BESIDE)
    )


class _Piece(NamedTuple):
    """Connected ink that no symbol has.

    Attributes:
        box: around it, on the page.
        ink: bool (h, w), where in the box it is.
        num_loose: how much of it is in no symbol's box, in pixels.
    """

    box: Box
    ink: NDArray[np.bool_]
    num_loose: int


def _loose_pieces(ink: NDArray[np.bool_], loose: NDArray[np.bool_], height: float) -> list[_Piece]:
    """The pieces of ink bool (H, W) of about a digit's size that are all but whole in what is loose."""
    # Imported here: on most pages nothing is left over, and all would wait for it.
    import cv2

    _, numbers, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    tall, wide = (stats[:, side] / height for side in (cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH))
    is_of_size = (tall >= HEIGHTS[0]) & (tall <= HEIGHTS[1]) & (wide <= MOST_WIDTH)
    is_of_size[0] = False  # the paper
    found = []
    for number in np.flatnonzero(is_of_size).tolist():
        left, top, width_px, height_px, area = stats[number].tolist()
        if left == 0 or top == 0 or left + width_px == ink.shape[1] or top + height_px == ink.shape[0]:
            continue  # cut off by the page's edge, or the edge itself
        place = slice(top, top + height_px), slice(left, left + width_px)
        own = numbers[place] == number
        num_loose = int(np.count_nonzero(loose[place] & own))
        if num_loose >= LEAST_LOOSE * area:
            box = float(left), float(top), float(left + width_px), float(top + height_px)
            found.append(_Piece(box, own, num_loose))
    return found


def _cut_out(page: NDArray[np.uint8], piece: _Piece) -> NDArray[np.uint8]:
    """A piece alone on a page."""
    left, top, right, bottom = map(int, piece.box)
    return np.pad(np.where(piece.ink, page[top:bottom, left:right], np.uint8(0)), MARGIN_PX)


def _are_in_line(one: Box, other: Box, most_gap: float) -> bool:
    shared_height = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(one[0], other[0]) - min(one[2], other[2])
    return shared_height >= SHARED_HEIGHT * (one[3] - one[1]) and gap <= most_gap


def _seen(page: NDArray[np.uint8], box: Box, network: DigitNetwork, least: float) -> tuple[Symbol, ...]:
    """The digit alone on a page as a symbol in the box, if the network is so sure of it."""
    reading = network.read_page(page)
    if reading.label is None or reading.confidence < least:
        return ()
    label = str(reading.label)
    return (Symbol(label, box, BELIEF * reading.confidence, (), label),)
