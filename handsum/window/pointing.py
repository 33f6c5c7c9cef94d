"""Pointing at what is on the paper, apart from drawing: the right button, or the pen held still.

A short tap stays ink: the dots of ÷ and a decimal point are taps.
"""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable

from handsum.reading import Symbol
from handsum.window.paper import Paper

HOLD_MS = 600
# A hand that holds still trembles by this much.
STILL_PX = 4.0

Find = Callable[[float, float], Symbol | None]
OnPoint = Callable[[Symbol], None]


class Pointing:
    """Calls `on_point(symbol)` with what `find(x, y)` says is at a place of the page, if anything is."""

    def __init__(self, paper: Paper, *, find: Find, on_point: OnPoint) -> None:
        self._paper, self._find, self._on_point = paper, find, on_point
        self._start = (0.0, 0.0)
        self._timer: str | None = None
        for button in _menu_buttons(paper):
            paper.bind(button, self._asked)
        paper.bind("<Button-1>", self._press, add=True)
        paper.bind("<B1-Motion>", self._move, add=True)
        for end in ("<ButtonRelease-1>", "<Destroy>"):
            paper.bind(end, lambda _event: self._stop_waiting(), add=True)

    def _asked(self, event: tk.Event) -> None:
        if symbol := self._find(*self._paper.place_of(event)):
            self._on_point(symbol)

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
        if symbol := self._find(*self._start):
            # First, so that the dot which the pen has left is no ink of the symbol.
            self._paper.abandon_stroke()
            self._on_point(symbol)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._paper.after_cancel(self._timer)
            self._timer = None


def _menu_buttons(widget: tk.Misc) -> tuple[str, ...]:
    """What brings up a menu: on macOS the right button is the second."""
    is_aqua = widget.tk.call("tk", "windowingsystem") == "aqua"
    return ("<Button-2>", "<Control-Button-1>") if is_aqua else ("<Button-3>",)
