"""Tiles: pieces of composed pages, scaled, cut and mixed into batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handsum.reading import SYMBOL_LABELS
from handsum.training.batches import as_frames
from handsum.training.detector.network import DIGIT_HEIGHT_PX
from handsum.training.detector.store import StoredPage
from handsum.training.detector.targets import TileSymbol, make_targets

Generator = np.random.Generator


@dataclass(frozen=True)
class Shape:
    """Tiles of one shape: sides in pixels, and the share of the batches that have it."""

    height: int
    width: int
    share: float


# A few symbols, a line, several lines.
SHAPES: Mapping[str, Shape] = {
    "short": Shape(56, 128, 0.3),
    "line": Shape(56, 288, 0.45),
    "lines": Shape(128, 192, 0.25),
}
# Of the first batches of every epoch: where these are of one size, TensorFlow expects it of all others, too.
FIRST_SHAPES = ("short", "lines")
# What fits into the first two, in heights of a digit.
SHORT_WIDTH, LINE_HEIGHT = 4.2, 1.9


@dataclass(frozen=True)
class TileConfig:
    """How tiles are cut.

    Attributes:
        pixels: of a batch, of whatever shape its tiles are.
        jitter: how far digits are from 24 pixels, as the logarithm of a factor.
        stretch: the same for the width against the height.
        faint: the share of tiles whose ink is less bright than the page had it.
    """

    pixels: int = 16 * 48 * 320
    jitter: float = 0.32
    stretch: float = 0.12
    faint: float = 0.25


def cut_tile(
    stored: StoredPage, shape: Shape, rng: Generator, config: TileConfig
) -> tuple[NDArray[np.uint8], list[TileSymbol]]:
    """A piece of a page, uint8 (height, width), and the symbols on it, in its pixels."""
    scale = DIGIT_HEIGHT_PX / stored.digit_height_px * np.exp(rng.uniform(-config.jitter, config.jitter))
    wider = np.exp(rng.uniform(-config.stretch, config.stretch))
    height, width = stored.page.shape
    new_width, new_height = max(1, round(width * scale * wider)), max(1, round(height * scale))
    # The same antialiased triangle filter as that of ONNX's Resize, which the graph uses.
    resized = Image.fromarray(stored.page).resize((new_width, new_height), Image.Resampling.BILINEAR)
    page = np.asarray(resized)
    boxes = stored.boxes * np.array([new_width / width, new_height / height] * 2, np.float32)
    if len(boxes):
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        middle = boxes[int(rng.integers(len(boxes)))].reshape(2, 2).mean(axis=0)
    else:
        low, high = np.zeros(2), np.array([new_width, new_height])
        middle = rng.uniform(low, high)
    left = _begin(new_width, shape.width, low[0], high[0], middle[0], rng)
    top = _begin(new_height, shape.height, low[1], high[1], middle[1], rng)
    tile = np.zeros((shape.height, shape.width), np.uint8)
    part = page[max(0, top) : top + shape.height, max(0, left) : left + shape.width]
    y, x = max(0, -top), max(0, -left)
    tile[y : y + part.shape[0], x : x + part.shape[1]] = part
    if rng.random() < config.faint:
        tile = np.asarray(cv2.convertScaleAbs(tile, alpha=rng.uniform(0.3, 1.0)), np.uint8)
    moved = boxes - np.array([left, top, left, top], np.float32)
    labels = (SYMBOL_LABELS[index] for index in stored.labels)
    return tile, [TileSymbol(label, tuple(map(float, box))) for label, box in zip(labels, moved, strict=True)]  # type: ignore[arg-type]


def _begin(length: int, room: int, low: float, high: float, middle: float, rng: Generator) -> int:
    """Where a tile begins on a page: with all writing on it if that fits, else about a symbol."""
    first, last = (0, length - room) if length >= room else (length - room, 0)
    if high - low <= room:
        least, most = max(first, high - room), min(last, low)
    else:
        least, most = middle - 0.75 * room, middle - 0.25 * room
    least, most = np.clip([least, most], first, last)
    return round(rng.uniform(min(least, most), max(least, most)))


class Tiles(keras.utils.PyDataset):
    """Batches of tiles and targets; each depends on the seed, the epoch and its number alone."""

    def __init__(
        self, pages: Sequence[StoredPage], config: TileConfig, *, num_batches: int, seed: int, epoch: int = 0
    ) -> None:
        super().__init__(workers=1, max_queue_size=8)
        self._pages: dict[str, list[StoredPage]] = {name: [] for name in SHAPES}
        for page in pages:
            self._pages[_fitting(page)].append(page)
        self._config = config
        self._num_batches = num_batches
        self._seed = seed
        self._epoch = epoch

    def __len__(self) -> int:
        return self._num_batches

    def on_epoch_end(self) -> None:
        """Move on, so that no batch comes twice."""
        self._epoch += 1

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rng = np.random.default_rng([self._seed, self._epoch, index])
        shares = np.array([shape.share * bool(self._pages[name]) for name, shape in SHAPES.items()])
        name = str(rng.choice(list(SHAPES), p=shares / shares.sum()))
        if index < len(FIRST_SHAPES) and self._pages[FIRST_SHAPES[index]]:
            name = FIRST_SHAPES[index]
        shape, pool = SHAPES[name], self._pages[name]
        num_tiles = max(1, self._config.pixels // (shape.height * shape.width))
        tiles = np.empty((num_tiles, shape.height, shape.width), np.uint8)
        targets = []
        for number in range(num_tiles):
            page = pool[int(rng.integers(len(pool)))]
            tiles[number], symbols = cut_tile(page, shape, rng, self._config)
            targets.append(make_targets(shape.height, shape.width, symbols))
        return as_frames(tiles)[..., None], np.stack(targets)


def _fitting(page: StoredPage) -> str:
    """The shape of tile that a page's writing fits into."""
    if not len(page.boxes):
        return "short"
    width, height = (page.boxes[:, 2:].max(axis=0) - page.boxes[:, :2].min(axis=0)) / page.digit_height_px
    if height > LINE_HEIGHT:
        return "lines"
    return "short" if width <= SHORT_WIDTH else "line"
