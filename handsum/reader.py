"""The reader: the one place where loading, networks and readings are put together."""

from __future__ import annotations

import os
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handsum.digit import DigitNetwork
from handsum.image import ImageSource, load
from handsum.models import DEFAULT_DIGIT_MODEL, open_model
from handsum.reading import DigitReading, FrameReadings


class Reader:
    """Reads handwritten digits. Opens its network once; safe to call from several threads.

    >>> reader = Reader()
    >>> reader.read_digit("seven.png").label
    7

    Args:
        digit_model: the digit network; "mnist" is the classic one, and the path of an .onnx file that
            `handsum export` wrote is your own.
        min_confidence: what is read with less confidence (0..1) than this gets no label: too unsure.

    Raises:
        ValueError: there is no such network, or `min_confidence` is not between 0 and 1.
        ModelError: its file is missing or damaged.
    """

    def __init__(self, digit_model: str = DEFAULT_DIGIT_MODEL, *, min_confidence: float = 0.0) -> None:
        if not 0 <= min_confidence <= 1:
            raise ValueError(f"min_confidence must lie between 0 and 1, not {min_confidence}")
        self._min_confidence = min_confidence
        self._digits = DigitNetwork(open_model(digit_model))

    def read_digit(self, image: ImageSource) -> DigitReading:
        """Read an image as a single digit.

        Args:
            image: a path, the bytes of an image file, a PIL image, or an array (H, W), (H, W, 1|3|4);
                dark on light or light on dark.

        Raises:
            ImageError: the image is missing, damaged, empty, too large or none at all.
            TypeError, ValueError: `image` is not something that holds an image.
        """
        loaded = load(image)
        return self._digits.read_page(loaded.page, loaded.polarity).refused_below(self._min_confidence)

    def read_digits(self, images: Iterable[ImageSource]) -> list[DigitReading]:
        """Read many images, each as a single digit; the readings keep the images' order.

        Raises:
            ImageError: an image cannot be read, as for `read_digit`.
            TypeError: a single image was given instead of several.
        """
        if isinstance(images, str | bytes | os.PathLike | Image.Image):
            raise TypeError(f"read_digits takes several images, not one {type(images).__name__}")
        # Imported here because few callers have many images, and every start would pay for it.
        from concurrent.futures import ThreadPoolExecutor

        # Pillow and ONNX Runtime let go of the interpreter's lock, so threads share the work.
        with ThreadPoolExecutor() as pool:
            return list(pool.map(self.read_digit, images))

    def read_page(self, page: NDArray[np.uint8]) -> DigitReading:
        """Read a page uint8 (H, W) whose ink is known to be bright on 0, as `ink.render` gives it."""
        return self._digits.read_page(page).refused_below(self._min_confidence)

    def read_frames(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities float32 (n, 10) of ready frames float32 (n, 28, 28), ink 1.0 on 0.0."""
        return self._digits.read_frames(frames)

    def judge_frames(self, frames: NDArray[np.float32]) -> FrameReadings:
        """Labels, confidences and probabilities of ready frames float32 (n, 28, 28), ink 1.0 on 0.0."""
        return self._digits.judge_frames(frames).refused_below(self._min_confidence)
