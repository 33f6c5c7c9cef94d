"""A part of a page seen straight, and the way back to the page's own pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.reading import Box

Page = NDArray[np.uint8]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Block:
    """A straightened part of a page with writing of about one size.

    Attributes:
        page: uint8 (h, w), bright ink on 0.
        to_original: float64 (3, 3), the homography from its points to those of the original page.
    """

    page: Page
    to_original: Matrix

    @classmethod
    def whole(cls, page: Page) -> Block:
        """The page as it is."""
        return cls(page, np.eye(3))

    def to_image(self, box: Box) -> Box:
        """The upright box in pixels of the original page around a box in pixels of this block."""
        x0, y0, x1, y1 = box
        corners = mapped(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float64), self.to_original)
        left, top = corners.min(axis=0).tolist()
        right, bottom = corners.max(axis=0).tolist()
        return left, top, right, bottom


def mapped(points: NDArray[np.float64], matrix: Matrix) -> NDArray[np.float64]:
    """Points (n, 2) moved by a homography."""
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def seen_through(block: Block, matrix: Matrix, *, width_px: int, height_px: int) -> Block:
    """The block drawn anew, `matrix` saying where its points go; what comes from outside it is 0."""
    import cv2

    # Boxes count from the corners of pixels, OpenCV from their middles.
    half = np.array([(1.0, 0.0, 0.5), (0.0, 1.0, 0.5), (0.0, 0.0, 1.0)])
    of_middles = np.linalg.inv(half) @ matrix @ half
    page = cv2.warpPerspective(block.page, of_middles, (width_px, height_px), flags=cv2.INTER_LINEAR)
    return Block(np.asarray(page), block.to_original @ np.linalg.inv(matrix))


def cut_out(block: Block, box: tuple[int, int, int, int]) -> Block:
    """The part of a block inside a box of whole pixels."""
    x0, y0, x1, y1 = box
    shift = np.array([(1.0, 0.0, x0), (0.0, 1.0, y0), (0.0, 0.0, 1.0)])
    return Block(np.ascontiguousarray(block.page[y0:y1, x0:x1]), block.to_original @ shift)
