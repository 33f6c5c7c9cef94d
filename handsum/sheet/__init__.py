"""Photographs and scans of whole sheets made ready for the page network.

The stages: `paper` (the sheet alone, seen from above) or `flat` (the strokes alone, whatever they are on),
`skew` (its lines level), `rules` (ruled lines gone), `blocks` (parted by size and place). `plain` spares most
pages all of it, and OpenCV is only imported for those that need it. `Block` knows the way back to the page's
own pixels.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from handsum.sheet.block import Block, mapped
from handsum.sheet.blocks import groups_of_writing, parted
from handsum.sheet.flat import strokes_alone
from handsum.sheet.paper import paper_alone, without_table
from handsum.sheet.plain import is_plain, may_be_photograph
from handsum.sheet.rules import without_rules
from handsum.sheet.skew import upright

__all__ = ["Block", "find_blocks", "find_strokes", "groups_of_writing", "mapped"]


def find_blocks(page: NDArray[np.uint8], *, grey: NDArray[np.uint8] | None = None) -> tuple[Block, ...]:
    """The straightened blocks of a page uint8 (H, W), in reading order; none for a blank page.

    A clean, level page of one size comes back as it is, the same array. `grey` is the picture of which
    `page` was made, of the same size, where it is at hand: of a photograph, a bright sheet on a dark table is
    found there, while in the page made of both its writing may be lost.
    """
    if grey is not None and not may_be_photograph(grey):
        grey = None
    if grey is None and is_plain(page):
        return (Block.whole(page),) if page.any() else ()
    return _made_ready(paper_alone(page if grey is None else grey) or Block.whole(without_table(page)))


def find_strokes(grey: NDArray[np.uint8] | None) -> tuple[Block, ...]:
    """The same of a photograph's strokes alone, whatever shadows part; none for other pictures."""
    if grey is None or not may_be_photograph(grey):
        return ()
    return _made_ready(Block.whole(strokes_alone(grey)))


def _made_ready(whole: Block) -> tuple[Block, ...]:
    level = upright(whole)
    cleared = without_rules(level.page)
    return parted(level if cleared is level.page else replace(level, page=cleared))
