"""Thin to thick: a wedge to slide along, whose knob is as wide as the pen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

import numpy as np

from handsum.ink import DEFAULT_PEN_WIDTH_PX, Ink, Point, Stroke
from handsum.window.layers import paint
from handsum.window.theme import GRID_PX, Theme

MIN_WIDTH_PX = 4.0
MAX_WIDTH_PX = 32.0
STEP_PX = 2.0

LENGTH_PX = 18 * GRID_PX
HEIGHT_PX = 4 * GRID_PX
MARGIN_PX = MAX_WIDTH_PX / 2  # half the largest knob
NUM_WEDGE_STEPS = 48
WEDGE_PX = (1.5, 10.0)


def _wedge() -> Ink:
    """A line that grows from thin to thick, as many short ones."""
    places = np.linspace(MARGIN_PX, LENGTH_PX - MARGIN_PX, NUM_WEDGE_STEPS)
    widths = np.linspace(*WEDGE_PX, NUM_WEDGE_STEPS)
    points = [Point(float(x), HEIGHT_PX / 2) for x in places]
    pairs = zip(points, points[1:], widths, strict=False)
    return Ink(tuple(Stroke((start, end), float(width)) for start, end, width in pairs))


WEDGE = _wedge()


class PenSlider(tk.Canvas):
    """Chooses the pen's width; calls `on_change(width_px)`."""

    def __init__(self, master: tk.Misc, theme: Theme, *, on_change: Callable[[float], None]) -> None:
        super().__init__(
            master,
            width=theme.px(LENGTH_PX),
            height=theme.px(HEIGHT_PX),
            borderwidth=0,
            highlightthickness=0,
            cursor="hand2",
        )
        self._theme, self._on_change = theme, on_change
        self.width_px = DEFAULT_PEN_WIDTH_PX
        self._image = tk.PhotoImage(master=self, width=theme.px(LENGTH_PX), height=theme.px(HEIGHT_PX))
        self.create_image(0, 0, image=self._image, anchor="nw")
        for press in ("<Button-1>", "<B1-Motion>"):
            self.bind(press, lambda event: self.choose(self._width_at(event.x)))
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        self._draw()

    def choose(self, width_px: float) -> None:
        """Take a pen of this width, or the nearest there is."""
        steps = round((min(max(width_px, MIN_WIDTH_PX), MAX_WIDTH_PX) - MIN_WIDTH_PX) / STEP_PX)
        self.width_px = MIN_WIDTH_PX + steps * STEP_PX
        self._draw()
        self._on_change(self.width_px)

    def thicker(self) -> None:
        """One step thicker."""
        self.choose(self.width_px + STEP_PX)

    def thinner(self) -> None:
        """One step thinner."""
        self.choose(self.width_px - STEP_PX)

    def _width_at(self, x: int) -> float:
        share = (x / self._theme.density - MARGIN_PX) / (LENGTH_PX - 2 * MARGIN_PX)
        return MIN_WIDTH_PX + share * (MAX_WIDTH_PX - MIN_WIDTH_PX)

    def _knob(self) -> Ink:
        share = (self.width_px - MIN_WIDTH_PX) / (MAX_WIDTH_PX - MIN_WIDTH_PX)
        x = MARGIN_PX + share * (LENGTH_PX - 2 * MARGIN_PX)
        return Ink((Stroke((Point(x, HEIGHT_PX / 2),), self.width_px),))

    def _draw(self) -> None:
        palette = self._theme.palette
        layers = [(WEDGE, palette.hairline), (self._knob(), palette.text)]
        paint(self._image, palette.ground, layers, density=self._theme.density)
