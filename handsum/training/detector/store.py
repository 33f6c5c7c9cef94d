"""Composed pages kept small: shrunk to the size that the detector needs, in one compressed file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.atomic import whole_file
from handsum.reading import SYMBOL_LABELS
from handsum.training.compose.page import ComposedPage
from handsum.training.detector.network import DIGIT_HEIGHT_PX

# Digits are kept at most so high: tiles never show them larger.
MOST_HEIGHT_PX = 1.45 * DIGIT_HEIGHT_PX

# How high a digit of the same hand would be, from a symbol's sides, where a page has no digit.
HEIGHT_OF = {"()/": 1.0, "+×÷=-": 1.6, ".,": 8.0}


@dataclass(frozen=True, eq=False)
class StoredPage:
    """A page uint8 (H, W) with its symbols.

    Attributes:
        labels: indices into SYMBOL_LABELS (n,).
        boxes: float32 (n, 4), x0, y0, x1, y1 in pixels.
        digit_height_px: how high its digits are, or would be.
        num_lines: of writing.
    """

    page: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    digit_height_px: float
    num_lines: int


def digit_height_px(labels: str, boxes: Sequence[Sequence[float]] | NDArray[np.float32]) -> float | None:
    """The median height of the digits; without a digit, guessed from other symbols; without any, None."""
    sides = [(label, x1 - x0, y1 - y0) for label, (x0, y0, x1, y1) in zip(labels, boxes, strict=True)]
    digits = [height for label, _, height in sides if label.isdigit()]
    if digits:
        return float(np.median(digits))
    for like, factor in HEIGHT_OF.items():
        heights = [factor * max(width, height) for label, width, height in sides if label in like]
        if heights:
            return float(np.median(heights))
    return None


def stored(composed: ComposedPage) -> StoredPage:
    """A composed page, shrunk if its digits are large."""
    labels = "".join(symbol.label for symbol in composed.symbols)
    boxes = np.array([symbol.box for symbol in composed.symbols], np.float32).reshape(-1, 4)
    height_px = digit_height_px(labels, boxes) or DIGIT_HEIGHT_PX
    page = composed.page
    factor = min(1.0, MOST_HEIGHT_PX / height_px)
    if factor < 1:
        height, width = page.shape
        size = max(1, round(width * factor)), max(1, round(height * factor))
        page = np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)
        boxes = boxes * np.array([size[0] / width, size[1] / height] * 2, np.float32)
    indices = np.array([SYMBOL_LABELS.index(label) for label in labels], np.uint8)
    return StoredPage(page, indices, boxes, height_px * factor, len(composed.lines))


def save_pages(path: Path, pages: Iterable[StoredPage]) -> None:
    """Write pages as one npz file, whole or not at all."""
    kept = list(pages)
    with whole_file(path) as part, part.open("wb") as file:
        np.savez(
            file,
            pixels=np.concatenate([page.page.ravel() for page in kept]),
            sides=np.array([page.page.shape for page in kept]),
            labels=np.concatenate([page.labels for page in kept]),
            boxes=np.concatenate([page.boxes for page in kept]),
            num_symbols=np.array([len(page.labels) for page in kept]),
            digit_heights_px=np.array([page.digit_height_px for page in kept]),
            num_lines=np.array([page.num_lines for page in kept]),
        )


def load_pages(path: Path) -> list[StoredPage]:
    """The pages of a file that `save_pages` wrote; they share its memory."""
    with np.load(path) as arrays:
        pixels, labels, boxes = arrays["pixels"], arrays["labels"], arrays["boxes"]
        sides, num_symbols = arrays["sides"], arrays["num_symbols"]
        heights, num_lines = arrays["digit_heights_px"], arrays["num_lines"]
    pixel_ends, symbol_ends = np.cumsum(sides.prod(axis=1)), np.cumsum(num_symbols)
    return [
        StoredPage(
            pixels[pixel_end - side.prod() : pixel_end].reshape(side),
            labels[symbol_end - num : symbol_end],
            boxes[symbol_end - num : symbol_end],
            float(height),
            int(lines),
        )
        for side, num, pixel_end, symbol_end, height, lines in zip(
            sides, num_symbols, pixel_ends, symbol_ends, heights, num_lines, strict=True
        )
    ]
