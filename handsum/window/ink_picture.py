"""The paper's pixels on the screen: the renderer's own antialiased ink in the theme's colours.

Tk draws lines without antialiasing on X11 and Windows. Showing what `render` made instead looks the
same everywhere, and what a person sees is what the network is given. While a stroke grows only the
box around its newest piece is drawn anew. Answers are ink of other colours, below what was written.
"""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, render

Colour = tuple[int, int, int]


@dataclass
class _Layer:
    """Answers of one colour: their ink, how much of each pixel it covers, and what it adds to the paper's."""

    ink: Ink = field(default_factory=Ink)
    coverage: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((1, 1), np.uint8))
    tint: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))


class InkPicture:
    """A Tk image of ink, `density` times as large as the page.

    Attributes:
        image: what Tk shows.
        coverage: uint8 (height, width), how much of each device pixel is ink.
    """

    def __init__(self, master: tk.Misc, density: float) -> None:
        self.image = tk.PhotoImage(master=master, width=1, height=1)
        self._density = density
        self.coverage = np.zeros((1, 1), np.uint8)
        self._layers = _Layer(), _Layer()  # of sure answers, and of those in doubt
        self._ramp = np.zeros((256, 3), np.uint8)

    @property
    def answers_coverage(self) -> NDArray[np.uint8]:
        """The same of all answers' ink."""
        sure, doubtful = self._layers
        return np.maximum(sure.coverage, doubtful.coverage)

    def set_colours(self, *, paper: Colour, ink: Colour, answers: Sequence[Colour]) -> None:
        """Colour the paper, the ink, and answers that are sure and in doubt: red, green, blue, 0..65535."""
        share = np.linspace(0, 1, 256)[:, None] / 257  # 65535 becomes 255
        self._ramp = np.rint(share[::-1] * np.array(paper) + share * np.array(ink)).astype(np.uint8)
        for layer, colour in zip(self._layers, answers, strict=True):
            layer.tint = (np.array(colour) - np.array(paper)) / 257
        self._put_all()

    def show(self, ink: Ink, width_px: int, height_px: int) -> None:
        """Draw the whole ink on `width_px` x `height_px` device pixels."""
        before_px = self.coverage.shape
        self.coverage = render(ink.scaled(self._density), width_px=width_px, height_px=height_px)
        if self.coverage.shape != before_px:
            for layer in self._layers:
                layer.coverage = self._covered_by(layer.ink)
            self.image.configure(width=width_px, height=height_px)
        self._put_all()

    def show_answers(self, sure: Ink, doubtful: Ink) -> None:
        """Draw these answers instead of those that are there; nothing else is drawn anew."""
        for layer, ink in zip(self._layers, (sure, doubtful), strict=True):
            if ink == layer.ink:
                continue
            before, layer.ink, layer.coverage = layer.coverage, ink, self._covered_by(ink)
            rows, columns = np.nonzero(layer.coverage != before)
            if len(rows):
                self._put(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)

    def add(self, piece: Ink) -> None:
        """Draw a piece more over what is there."""
        piece = piece.scaled(self._density)
        height_px, width_px = self.coverage.shape
        box = piece.box
        if box is None:
            return
        x0, y0 = max(0, math.floor(box[0]) - 1), max(0, math.floor(box[1]) - 1)
        x1, y1 = min(width_px, math.ceil(box[2]) + 1), min(height_px, math.ceil(box[3]) + 1)
        if x0 >= x1 or y0 >= y1:
            return
        patch = render(piece.moved(-x0, -y0), width_px=x1 - x0, height_px=y1 - y0)
        below = self.coverage[y0:y1, x0:x1]
        np.maximum(below, patch, out=below)
        self._put(x0, y0, x1, y1)

    def _covered_by(self, ink: Ink) -> NDArray[np.uint8]:
        """How much of each pixel of the picture an ink covers."""
        height_px, width_px = self.coverage.shape
        return render(ink.scaled(self._density), width_px=width_px, height_px=height_px)

    def _put_all(self) -> None:
        height_px, width_px = self.coverage.shape
        self._put(0, 0, width_px, height_px)

    def _put(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Hand the colours of a box to Tk."""
        coverage = self.coverage[y0:y1, x0:x1]
        colours = self._ramp[coverage]
        for layer in self._layers:
            answers = layer.coverage[y0:y1, x0:x1]
            if answers.any():
                share = answers / 255 * (1 - coverage / 255)
                colours = np.rint(colours + share[..., None] * layer.tint).astype(np.uint8)
        pixels = b"P6 %d %d 255\n" % (x1 - x0, y1 - y0) + colours.tobytes()
        self.image.tk.call(self.image, "put", pixels, "-format", "ppm", "-to", x0, y0)
