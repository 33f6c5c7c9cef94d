"""How high a page's digits are: a small network that looks at a thumbnail.

The detector is at its best with digits of 24 pixels; a digit may be 12 or 300 pixels high. Where a page is
written is seen well on a thumbnail of a fixed number of pixels, whatever the page's sides are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray
from PIL import Image

from handsum.training.callbacks import OneCycle
from handsum.training.detector.store import StoredPage
from handsum.training.networks import FusedBatchNormalization

# Pixels of a thumbnail: a lone digit is over a hundred high on it, the digits of a full page four.
THUMBNAIL_PIXELS = 16_384
# A page is not enlarged by more than this.
MOST_ENLARGED = 6.0

# The answer is a distribution over heights in thumbnail pixels, in equal steps of their logarithm.
LOWEST_PX, HIGHEST_PX, NUM_STEPS = 2.0, 180.0, 56
LOG_HEIGHTS = np.linspace(np.log(LOWEST_PX), np.log(HIGHEST_PX), NUM_STEPS, dtype=np.float32)
# How far a training answer is spread over neighbouring steps.
SPREAD_STEPS = 0.8

BATCH_SIZE = 64
PEAK_LEARNING_RATE = 3e-3

# The last level's maps see all of a lone digit that fills the thumbnail.
STAGES = (16, 32, 48, 64, 96, 96)
# An epoch shows one page in so many, and the next epoch others.
PAGES_APART = 4


def scale_network() -> keras.Model:
    """Thumbnails float32 (n, H, W, 1) in 0..1 to logits (n, 56) of the digits' height on them.

    Every level of a pyramid of convolutions is summed up over the places where there is ink, since small
    writing shows in the first levels and large writing in the last.
    """
    thumbnails = keras.Input((None, None, 1), name="thumbnails")
    maps, ink, summaries = thumbnails, thumbnails, []
    for number, num_channels in enumerate(STAGES, start=1):
        maps = layers.Conv2D(
            num_channels, 3, strides=2, padding="same", use_bias=False, kernel_initializer="he_normal",
            name=f"level{number}",
        )(maps)  # fmt: skip
        maps = FusedBatchNormalization(momentum=0.9, epsilon=1e-3, name=f"level{number}_norm")(maps)
        maps = layers.ReLU()(maps)
        ink = layers.MaxPooling2D(2, padding="same")(ink)
        summaries.append(InkMean(name=f"mean{number}")([maps, ink]))
    summary = layers.Concatenate()(summaries)
    hidden = layers.Dense(128, activation="relu", name="hidden")(summary)
    return keras.Model(thumbnails, layers.Dense(NUM_STEPS, name="heights")(hidden), name="scale")


@keras.saving.register_keras_serializable("handsum")
class InkMean(layers.Layer):
    """The mean of maps (n, h, w, c) over their places, weighted by ink (n, h, w, 1)."""

    def call(self, inputs: Any) -> Any:
        maps, ink = inputs
        return ops.sum(maps * ink, axis=(1, 2)) / (ops.sum(ink, axis=(1, 2)) + 1e-3)


def thumbnail_factor(height: int, width: int) -> float:
    """By how much a page's sides are shrunk for its thumbnail."""
    return float(min(MOST_ENLARGED, np.sqrt(THUMBNAIL_PIXELS / (height * width))))


def thumbnail(page: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """A page's thumbnail, and the factor between their sides."""
    height, width = page.shape
    factor = thumbnail_factor(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(Image.fromarray(page).resize(size, Image.Resampling.BILINEAR)), factor


def ink_box(page: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """The box (y0, y1, x0, x1) around what is not background, as the graph finds it; all of a blank page."""
    threshold = max(0.1 * float(page.max(initial=0)), 24.0)
    rows, columns = np.nonzero(page.max(axis=1) > threshold)[0], np.nonzero(page.max(axis=0) > threshold)[0]
    if not len(rows) or not len(columns):
        return 0, page.shape[0], 0, page.shape[1]
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def examples(
    pages: Sequence[StoredPage], rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Thumbnails of pages and of parts of them, and the logarithm of the digits' height on each."""
    for stored in pages:
        if not len(stored.boxes):
            continue
        page = stored.page
        if rng.random() < 0.4:
            page = _part(page, stored, rng)
        y0, y1, x0, x1 = ink_box(page)
        shown, factor = thumbnail(page[y0:y1, x0:x1])
        if shown.size:
            yield shown, float(np.log(stored.digit_height_px * factor))


def _part(page: NDArray[np.uint8], stored: StoredPage, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A page without most of its margins, as people cut pictures."""
    low, high = stored.boxes[:, :2].min(axis=0), stored.boxes[:, 2:].max(axis=0)
    margin = rng.uniform(0, 0.6) * stored.digit_height_px
    x0, y0 = np.maximum(0, low - margin).astype(int)
    x1, y1 = (high + margin).astype(int) + 1
    return page[y0:y1, x0:x1]


def batches(
    found: Sequence[tuple[NDArray[np.uint8], float]], batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Batches of thumbnails of like shape, padded with background, and the steps wanted (n, 56)."""
    by_shape = np.argsort([shown.shape[0] for shown, _ in found], kind="stable")
    chunks = [by_shape[first : first + batch_size] for first in range(0, len(by_shape), batch_size)]
    for index in rng.permutation(len(chunks)):
        chosen = [found[number] for number in chunks[index]]
        height, width = (max(shown.shape[axis] for shown, _ in chosen) for axis in (0, 1))
        pixels = np.zeros((len(chosen), height, width, 1), np.float32)
        for row, (shown, _) in enumerate(chosen):
            brightest = max(1, int(shown.max()))
            pixels[row, : shown.shape[0], : shown.shape[1], 0] = shown / np.float32(brightest)
        logs = np.array([log_height for _, log_height in chosen], np.float32)
        step = LOG_HEIGHTS[1] - LOG_HEIGHTS[0]
        wanted = np.exp(-(((LOG_HEIGHTS - logs[:, None]) / (step * SPREAD_STEPS)) ** 2) / 2)
        yield pixels, (wanted / np.maximum(1e-6, wanted.sum(axis=1, keepdims=True))).astype(np.float32)


def fit_scale(pages: Sequence[StoredPage], *, epochs: int, seed: int) -> keras.Model:
    """The network trained on thumbnails of composed pages, other pages and parts of them in every epoch."""
    rng = np.random.default_rng([seed, 1])
    network = scale_network()
    shares = [pages[first::PAGES_APART] for first in range(PAGES_APART)]
    num_steps = sum(-(-len(shares[epoch % PAGES_APART]) // BATCH_SIZE) for epoch in range(epochs))
    network.compile(
        keras.optimizers.AdamW(OneCycle(PEAK_LEARNING_RATE, num_steps), beta_2=0.99, weight_decay=0.05),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    )
    for epoch in range(epochs):
        losses = [
            float(network.train_on_batch(shown, wanted))
            for shown, wanted in batches(list(examples(shares[epoch % PAGES_APART], rng)), BATCH_SIZE, rng)
        ]
        print(f"scale, epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}", flush=True)
    return network


def scale_errors(network: keras.Model, pages: Sequence[StoredPage], *, seed: int) -> NDArray[np.float64]:
    """How far the estimated heights are from the true ones, as logarithms of their ratio."""
    rng = np.random.default_rng([seed, 2])
    found = []
    for shown, log_height in examples(pages, rng):
        bright = shown[None, ..., None] / np.float32(max(1, int(shown.max())))
        logits = np.asarray(network.predict_on_batch(bright.astype(np.float32)))
        found.append(float(expected_log_height(logits)[0]) - log_height)
    return np.array(found)


def expected_log_height(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logarithm of the height (n,) that a distribution (n, 56) says, its mode counting most."""
    sharp = np.exp(2 * (logits - logits.max(axis=1, keepdims=True)))
    return np.asarray((sharp * LOG_HEIGHTS).sum(axis=1) / sharp.sum(axis=1), np.float32)
