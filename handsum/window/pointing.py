"""Pointing at what is on the paper, apart from drawing: the right button, or the pen held still.

A short tap stays ink: the dots of ÷ and a decimal point are taps.
"""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable

from handsum.window.paper import Paper

HOLD_MS = 600
# A hand that holds still trembles by this much.
STILL_PX = 4.0

OnPoint = Callable[[float, float], bool]


class Pointing:
    """Calls `on_point(x, y)` with a place of the page; it says whether there was anything to point at."""

    def __init__(self, paper: Paper, *, on_point: OnPoint) -> None:
        self._paper, self._on_point = paper, on_point
        self._start = (0.0, 0.0)
        self._timer: str | None = None
        for button in _menu_buttons(paper):
            paper.bind(button, lambda event: self._on_point(*paper.place_of(event)))
        paper.bind("<Button-1>", self._press, add=True)
        paper.bind("<B1-Motion>", self._move, add=True)
        for end in ("<ButtonRelease-1>", "<Destroy>"):
            paper.bind(end, lambda _event: self._stop_waiting(), add=True)

    def _press(self, event: tk.Event) -> None:
        self._stop_waiting()
        self._start = self._paper.place_of(event)
        if self._paper.pen_place is not None:
            self._timer = self._paper.after(HOLD_MS, self._held)

    def _move(self, event: tk.Event) -> None:
        if math.dist(self._start, self._paper.place_of(event)) > STILL_PX:
            self._stop_waiting()

    def _held(self) -> None:
        self._timer = None
        if self._on_point(*self._start):
            self._paper.abandon_stroke()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._paper.after_cancel(self._timer)
            self._timer = None


def _menu_buttons(widget: tk.Misc) -> tuple[str, ...]:
    """What brings up a menu: on macOS the right button is the second."""
    is_aqua = widget.tk.call("tk", "windowingsystem") == "aqua"
    return ("<Button-2>", "<Control-Button-1>") if is_aqua else ("<Button-3>",)
