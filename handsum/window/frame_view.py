"""The 28x28 picture the network was given, every pixel of it a crisp square."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import numpy as np
from numpy.typing import NDArray

from handsum.reading import FRAME_SIZE
from handsum.window.theme import GRID_PX, Theme

ZOOM = 3  # at density 1; whole numbers only, so that all squares are equal
CAPTION_TEXT = "What the network sees:\nyour digit, centred,\nin 28 × 28 pixels"


class FrameView(ttk.Frame):
    """Shows a frame with its explanation beside it."""

    def __init__(self, master: tk.Misc, theme: Theme) -> None:
        super().__init__(master)
        self._theme = theme
        self._zoom = theme.px(ZOOM)
        side = FRAME_SIZE * self._zoom
        self._image = tk.PhotoImage(master=self, width=side, height=side)
        self._picture = tk.Label(self, image=self._image, borderwidth=0, highlightthickness=theme.px(1))
        self._picture.pack(side="left")
        caption = ttk.Label(self, text=CAPTION_TEXT, style="Caption.TLabel")
        caption.pack(side="left", padx=(theme.px(1.5 * GRID_PX), 0))
        self._picture.bind("<<ThemeChanged>>", lambda _event: self._recolour())
        self.show(np.zeros((FRAME_SIZE, FRAME_SIZE), np.float32))
        self._recolour()

    def show(self, frame: NDArray[np.float32]) -> None:
        """Show a frame: float32 (28, 28), ink 1.0 on 0.0; white on black, as the network has it."""
        grey = np.rint(np.clip(frame, 0, 1) * 255).astype(np.uint8)
        large = grey.repeat(self._zoom, 0).repeat(self._zoom, 1)
        pixels = b"P5 %d %d 255\n" % large.shape + large.tobytes()
        self._image.tk.call(self._image, "put", pixels, "-format", "ppm")

    def _recolour(self) -> None:
        self._picture.configure(highlightbackground=self._theme.palette.hairline)
