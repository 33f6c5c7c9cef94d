"""The paper's pixels on the screen: the renderer's own antialiased ink in the theme's colours.

Tk draws lines without antialiasing on X11 and Windows. Showing what `render` made instead looks the
same everywhere, and what a person sees is what the network is given. While a stroke grows only the
box around its newest piece is drawn anew. Answers are ink of another colour, below what was written.
"""

from __future__ import annotations

import math
import tkinter as tk

import numpy as np

from handsum.ink import Ink, render

Colour = tuple[int, int, int]


class InkPicture:
    """A Tk image of ink, `density` times as large as the page.

    Attributes:
        image: what Tk shows.
        coverage: uint8 (height, width), how much of each device pixel is ink.
        answers_coverage: the same of the answers' ink.
    """

    def __init__(self, master: tk.Misc, density: float) -> None:
        self.image = tk.PhotoImage(master=master, width=1, height=1)
        self._density = density
        self.coverage = np.zeros((1, 1), np.uint8)
        self.answers_coverage = np.zeros((1, 1), np.uint8)
        self._answers = Ink()
        self._ramp = np.zeros((256, 3), np.uint8)
        self._answers_tint = np.zeros(3)

    def set_colours(self, *, paper: Colour, ink: Colour, answers: Colour) -> None:
        """Colour the paper and both inks: red, green and blue, 0..65535 as Tk gives them."""
        share = np.linspace(0, 1, 256)[:, None] / 257  # 65535 becomes 255
        self._ramp = np.rint(share[::-1] * np.array(paper) + share * np.array(ink)).astype(np.uint8)
        self._answers_tint = (np.array(answers) - np.array(paper)) / 257
        self._put_all()

    def show(self, ink: Ink, width_px: int, height_px: int) -> None:
        """Draw the whole ink on `width_px` x `height_px` device pixels."""
        size_px = {"width_px": width_px, "height_px": height_px}
        self.coverage = render(ink.scaled(self._density), **size_px)
        if self.answers_coverage.shape != self.coverage.shape:
            self.answers_coverage = render(self._answers.scaled(self._density), **size_px)
            self.image.configure(width=width_px, height=height_px)
        self._put_all()

    def show_answers(self, answers: Ink) -> None:
        """Draw these answers instead of those that are there; nothing else is drawn anew."""
        before, self._answers = self.answers_coverage, answers
        height_px, width_px = self.coverage.shape
        self.answers_coverage = render(answers.scaled(self._density), width_px=width_px, height_px=height_px)
        rows, columns = np.nonzero(self.answers_coverage != before)
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

    def _put_all(self) -> None:
        height_px, width_px = self.coverage.shape
        self._put(0, 0, width_px, height_px)

    def _put(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Hand the colours of a box to Tk."""
        coverage, answers = self.coverage[y0:y1, x0:x1], self.answers_coverage[y0:y1, x0:x1]
        colours = self._ramp[coverage]
        if answers.any():
            share = answers / 255 * (1 - coverage / 255)
            colours = np.rint(colours + share[..., None] * self._answers_tint).astype(np.uint8)
        pixels = b"P6 %d %d 255\n" % (x1 - x0, y1 - y0) + colours.tobytes()
        self.image.tk.call(self.image, "put", pixels, "-format", "ppm", "-to", x0, y0)
