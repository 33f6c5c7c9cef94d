"""Digits that the page network overlooked: ink as high as digits are that no symbol has in its box.

Mostly they are 1s, far from their neighbours or long, which the page network takes for a rule or a bracket
of nothing. The digit network, which refuses what is no digit, decides. Beside other digits that is done for
strokes alone: on a picture the side of a printed frame is a 1, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.digit import DigitNetwork
from handsum.reading import Box, Symbol
from handsum.strokes import ink_extent, ink_of, loose_ink
from handsum.symbols.sizes import digit_height

# How sure the digit network must be of a digit on a page where nothing was found; and of one beside others.
# There something is written, and a doubtful digit is more honest than none; less sure ones are letters.
LEAST_ALONE, LEAST_BESIDE = 0.8, 0.6
# The page network did not see it, so it is believed only so far.
BELIEF = 0.8
# How high it may be and how wide, in heights of the page's digits.
HEIGHTS, MOST_WIDTH = (0.5, 1.5), 1.5
# It stands in a line: this share of its height is beside a symbol at most so many digits' heights away.
SHARED_HEIGHT, MOST_GAP = 0.5, 3.0
# So much of its ink is in no symbol's box.
LEAST_LOOSE = 0.9
MARGIN_PX = 2


def overlooked_digit(page: NDArray[np.uint8], network: DigitNetwork) -> tuple[Symbol, ...]:
    """The digit on a page uint8 (H, W) on which the page network found nothing, if it clearly is one."""
    box = ink_extent(page)
    return () if box is None else _seen(page, box, network, LEAST_ALONE)


def overlooked_digits(
    symbols: Sequence[Symbol], page: NDArray[np.uint8], network: DigitNetwork
) -> tuple[Symbol, ...]:
    """The digits on a page of strokes uint8 (H, W) that are in line with its symbols and none of them."""
    height, ink = digit_height(symbols), ink_of(page)
    if not height:
        return ()
    loose = loose_ink(ink, (symbol.box for symbol in symbols))
    if np.count_nonzero(loose.any(axis=1)) < HEIGHTS[0] * height:
        return ()
    # Imported here: on most pages nothing is left over, and all would wait for it.
    import cv2

    _, pieces, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    found: list[Symbol] = []
    for number, (left, top, width, tall, area) in enumerate(stats[1:].tolist(), start=1):
        box = float(left), float(top), float(left + width), float(top + tall)
        is_of_size = HEIGHTS[0] <= tall / height <= HEIGHTS[1] and width <= MOST_WIDTH * height
        if is_of_size and any(_are_in_line(box, symbol.box, MOST_GAP * height) for symbol in symbols):
            place = slice(top, top + tall), slice(left, left + width)
            own = pieces[place] == number
            if np.count_nonzero(loose[place] & own) >= LEAST_LOOSE * area:
                alone = np.pad(np.where(own, page[place], np.uint8(0)), MARGIN_PX)
                found += _seen(alone, box, network, LEAST_BESIDE)
    return tuple(found)


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
