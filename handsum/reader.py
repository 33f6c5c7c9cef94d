"""The reader: the one place where loading, networks and readings are put together."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handsum.digit import DigitNetwork
from handsum.image import ImageSource, LoadedImage, load
from handsum.ink import Ink
from handsum.models import DEFAULT_DIGIT_MODEL, open_model, open_page_model
from handsum.reading import Box, DigitReading, FrameReadings, Line, Reading, Symbol
from handsum.redrawn import redrawn
from handsum.sheet import Block, find_blocks, find_strokes, mapped
from handsum.symbols import (
    PageNetwork,
    find_symbols,
    find_symbols_of_strokes,
    without_pattern,
    worth,
)

# What a second way to look at a page must show more than the first one to be taken: a sure symbol.
CLEARLY_MORE = 0.5
# Of a sheet whose rows lean by more than this, six degrees, rows may be taken for one another as it lies.
MOST_SLOPE = 0.1


class Reader:
    """Reads handwritten digits, numbers and sums. Opens its network once; safe to call from several threads.

    >>> reader = Reader()
    >>> reader.read_digit("seven.png").label
    7

    Args:
        digit_model: the digit network; "mnist" is the classic one, and the path of an .onnx file that
            `handsum export` wrote is your own.
        min_confidence: what is read with less confidence (0..1) than this is "too unsure": a digit gets no
            label, a line keeps its text and says so in its `doubt`.

    Raises:
        ValueError: there is no such network, or `min_confidence` is not between 0 and 1.
        ModelError: its file is missing, damaged, or of another version of handsum.
    """

    def __init__(
        self, digit_model: str | os.PathLike[str] = DEFAULT_DIGIT_MODEL, *, min_confidence: float = 0.0
    ) -> None:
        if not 0 <= min_confidence <= 1:
            raise ValueError(f"min_confidence must lie between 0 and 1, not {min_confidence}")
        self._min_confidence = min_confidence
        self._digit_model = os.fspath(digit_model)
        self._digits = DigitNetwork(open_model(self._digit_model))
        self._pages: tuple[PageNetwork, DigitNetwork] | None = None
        self._opening_pages = threading.Lock()

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
            TypeError: a single image was given instead of several; an array of several is (n, H, W) or
                (n, H, W, 1|3|4).
        """
        if isinstance(images, str | bytes | os.PathLike | Image.Image) or _is_one_picture(images):
            raise TypeError(f"read_digits takes several images, not one {type(images).__name__}")
        # Imported here because few callers have many images, and every start would pay for it.
        from concurrent.futures import ThreadPoolExecutor

        # OpenCV and ONNX Runtime let go of the interpreter's lock, so threads share most of the work.
        with ThreadPoolExecutor() as pool:
            return list(pool.map(self.read_digit, images))

    def read(self, image: ImageSource) -> Reading:
        """Read an image as numbers and sums: lines from top to bottom, each with its answer.

        Boxes are in the image's own pixels, as it is looked at: turned the way its EXIF says.

        Args:
            image: as for `read_digit`; a photograph or scan may hold several lines, aslant and on ruled
                paper. Of a file with several pages or frames, the first is read.

        Raises:
            ImageError, TypeError, ValueError: as for `read_digit`.
            ModelError: the page network's file is missing or damaged.
        """
        # Imported here: whoever reads single digits does not need it.
        from handsum.layout.doubtful import without_doubtful

        loaded = load(image)
        lines = without_doubtful(self._read_loaded(loaded))
        return self._reported(_in_image(line, loaded) for line in lines)

    def _read_loaded(self, loaded: LoadedImage) -> list[Line]:
        """The lines of a page, in its pixels; of the ways to look at it, the one that shows most for sure.

        The network reads most pages best as they are. Print that is far fainter than the ink may be left out,
        and a sheet made ready: aslant on a table, or with writing of several sizes, it is hard to read as is.
        Of a photograph, the strokes alone are looked at, too: a shadow may hide what is sheet.
        """
        # Imported here: whoever reads single digits does not need it.
        from handsum.layout.doubtful import without_crossings

        read = self._read_page(loaded)
        blocks = find_strokes(loaded.grey)
        strokes = without_crossings(self._read_blocks(blocks)) if blocks else []
        is_more = strokes and (not read or worth(_symbols(strokes)) > worth(_symbols(read)))
        return strokes if is_more else read

    def _read_page(self, loaded: LoadedImage) -> list[Line]:
        """The lines of a page as it is, or of its sheet made ready."""
        as_it_is = self._read_blocks(_whole(loaded.page))
        cleared = without_pattern(loaded.page)
        if cleared is not None:
            as_it_is = max(as_it_is, self._read_blocks(_whole(cleared)), key=_sureness)
        sheet = find_blocks(loaded.page, grey=loaded.grey)
        if all(block.page is loaded.page for block in sheet):
            return as_it_is
        made_ready = self._read_blocks(sheet)
        likelier, other = (made_ready, as_it_is) if any(map(_is_turned, sheet)) else (as_it_is, made_ready)
        is_more = not likelier or worth(_symbols(other)) > worth(_symbols(likelier)) + CLEARLY_MORE
        return other if is_more else likelier

    def _read_blocks(self, blocks: Sequence[Block]) -> list[Line]:
        """The lines of blocks, put together as straightened, since on the page they may be aslant."""
        # Imported here: whoever reads single digits does not need it.
        from handsum.lines import lines_of

        found = find_symbols([block.page for block in blocks], *self._page_networks())
        return [
            _on_page(line, block)
            for block, symbols in zip(blocks, found, strict=True)
            for line in lines_of(symbols)
        ]

    def read_ink(self, ink: Ink) -> Reading:
        """Read strokes as numbers and sums, as `read` does; boxes are in the ink's own coordinates.

        Raises:
            ModelError: the page network's file is missing or damaged.
        """
        return self.read_symbols(self.find_ink_symbols(ink))

    def find_ink_symbols(self, ink: Ink) -> tuple[Symbol, ...]:
        """The symbols of strokes, in no order and as the network saw them; boxes in the ink's coordinates.

        Raises:
            ModelError: the page network's file is missing or damaged.
        """
        drawings = redrawn(ink)
        if not drawings:
            return ()
        networks = self._page_networks()
        return tuple(
            replace(symbol, box=drawing.to_ink(symbol.box))
            for drawing in drawings
            for symbol in find_symbols_of_strokes(drawing.page, *networks)
        )

    def read_symbols(self, symbols: Iterable[Symbol]) -> Reading:
        """Symbols put into lines and worked out; where they come from does not matter."""
        # Imported here: whoever reads single digits does not need it.
        from handsum.lines import lines_of

        return self._reported(lines_of(symbols))

    def _reported(self, lines: Iterable[Line]) -> Reading:
        """Lines as sure as such lines are right, and doubted where that is not sure enough."""
        return Reading(tuple(line.kept().refused_below(self._min_confidence) for line in lines))

    def _page_networks(self) -> tuple[PageNetwork, DigitNetwork]:
        """The networks that read pages, opened for the first page: single digits do not wait for them."""
        with self._opening_pages:
            if self._pages is None:
                is_ours = self._digit_model == DEFAULT_DIGIT_MODEL
                digits = self._digits if is_ours else DigitNetwork(open_model(DEFAULT_DIGIT_MODEL))
                self._pages = PageNetwork(open_page_model()), digits
            return self._pages

    def read_page(self, page: NDArray[np.uint8]) -> DigitReading:
        """Read a page uint8 (H, W) whose ink is known to be bright on 0, as `ink.render` gives it."""
        return self._digits.read_page(page).refused_below(self._min_confidence)

    def read_frames(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities float32 (n, 10) of ready frames float32 (n, 28, 28), ink 1.0 on 0.0."""
        return self._digits.read_frames(frames)

    def judge_frames(self, frames: NDArray[np.float32]) -> FrameReadings:
        """Labels, confidences and probabilities of ready frames float32 (n, 28, 28), ink 1.0 on 0.0."""
        return self._digits.judge_frames(frames).refused_below(self._min_confidence)


def _is_one_picture(images: object) -> bool:
    """Whether this is an array (H, W), or (H, W, 3) or (H, W, 4), and no stack of them."""
    return isinstance(images, np.ndarray) and (
        images.ndim == 2 or (images.ndim == 3 and images.shape[2] in (3, 4))
    )


def _on_page(line: Line, block: Block) -> Line:
    """The line of a block, in pixels of the page that the block was cut from."""
    return replace(line, symbols=tuple(replace(s, box=block.to_image(s.box)) for s in line.symbols))


def _in_image(line: Line, loaded: LoadedImage) -> Line:
    """The line in pixels of the image, which was shrunk to become the page; no box reaches beyond it."""
    width, height = loaded.size

    def enlarged(box: Box) -> Box:
        x0, y0, x1, y1 = (side * loaded.factor for side in box)
        x0, y0 = min(max(x0, 0.0), width - 1.0), min(max(y0, 0.0), height - 1.0)
        return x0, y0, min(max(x1, x0 + 1.0), float(width)), min(max(y1, y0 + 1.0), float(height))

    return replace(line, symbols=tuple(replace(s, box=enlarged(s.box)) for s in line.symbols))


def _whole(page: NDArray[np.uint8]) -> tuple[Block, ...]:
    """A page as its only block; a blank one has none."""
    return (Block.whole(page),) if page.any() else ()


def _is_turned(block: Block) -> bool:
    """Whether a block's rows lie so far from level on its page that they may be taken for several."""
    (x0, y0), (x1, y1) = mapped(np.array([(0.0, 0.0), (float(block.page.shape[1]), 0.0)]), block.to_original)
    return bool(abs(y1 - y0) > MOST_SLOPE * abs(x1 - x0))


def _sureness(lines: Sequence[Line]) -> float:
    """How sure symbols are in the mean; 0 where there are none."""
    confidences = [symbol.confidence for symbol in _symbols(lines)]
    return sum(confidences) / max(1, len(confidences))


def _symbols(lines: Sequence[Line]) -> list[Symbol]:
    return [symbol for line in lines for symbol in line.symbols]
