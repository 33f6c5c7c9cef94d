"""The real window on a virtual screen, with a hand that draws, clicks and presses keys."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

from handsum.window.app import App
from tests.gui.virtual_screen import VirtualScreen, stroke_commands

DEADLINE_S = 30.0
TICK_MS = 5


class Bench:
    """The real window on the virtual screen, with a hand that draws and presses keys."""

    def __init__(self, screen: VirtualScreen, app: App) -> None:
        self.screen, self.app = screen, app
        self.until(lambda: app.reading is not None and app.winfo_viewable(), "the window and its reader")
        self.resize(896, 640)
        app.focus_force()
        self.until(lambda: app.focus_get() is not None, "the keyboard focus")

    def until(self, condition: Callable[[], Any], what: str = "it") -> None:
        """Let the window live until the condition holds; fails at the deadline."""
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, f"waited {DEADLINE_S:.0f} s in vain for {what}"
            tick = self.app.after(TICK_MS, lambda: None)  # so that waiting for the next event ends
            self.app.tk.dooneevent(0)
            self.app.after_cancel(tick)

    def settle(self) -> None:
        """Let the window do all that is due, and its bars come to rest."""
        self.app.update()
        self.until(lambda: not self.app.bars.is_easing, "the bars to come to rest")

    def do(self, commands: Sequence[str]) -> None:
        """Run xdotool's commands while the window lives."""
        hand = self.screen.start(commands)
        self.until(lambda: hand.poll() is not None, "xdotool")
        assert hand.stderr is not None
        with hand.stderr:
            assert hand.returncode == 0, hand.stderr.read()
        self.app.update()

    def draw(self, strokes: Sequence[Sequence[Sequence[float]]]) -> None:
        """Draw strokes given in the paper's pixels with the real pointer; back when the last has ended."""
        paper = self.app.paper
        left, top = paper.winfo_rootx() + 1, paper.winfo_rooty() + 1  # inside the hairline
        goal = len(paper.ink.strokes) + len(strokes)
        self.do(stroke_commands([[(left + x, top + y) for x, y in stroke] for stroke in strokes]))
        self.until(lambda: len(self.app.history.ink.strokes) == goal, f"{goal} strokes")

    def press(self, *keys: str) -> None:
        """Press keys by xdotool's names, e.g. 'ctrl+z'; the window may still have to notice."""
        self.do([f"key {key}" for key in keys])

    def click(self, widget: tk.Misc) -> None:
        """Click in the middle of a widget."""
        x = widget.winfo_rootx() + widget.winfo_width() // 2
        y = widget.winfo_rooty() + widget.winfo_height() // 2
        self.do([f"mousemove {x} {y}", "click 1"])

    def resize(self, width_px: int, height_px: int) -> None:
        """Give the window another size."""
        self.app.geometry(f"{width_px}x{height_px}+0+0")
        size = (width_px, height_px)
        self.until(lambda: (self.app.winfo_width(), self.app.winfo_height()) == size, f"the size {size}")
        self.app.update()

    def resize_paper(self, width_px: int, height_px: int) -> None:
        """Give the window the size at which its page has this one."""
        page_width_px, page_height_px = self.app.paper.page_size_px
        chrome_width_px = self.app.winfo_width() - page_width_px
        chrome_height_px = self.app.winfo_height() - page_height_px
        self.resize(width_px + chrome_width_px, height_px + chrome_height_px)
