"""The panel beside the paper: the digit, ten bars, and what the network sees."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from handsum.reading import DigitReading
from handsum.window.bars import Bars
from handsum.window.frame_view import FrameView
from handsum.window.theme import GRID_PX, Theme
from handsum.window.verdict import VerdictView
from handsum.window.wording import verdict_on

WIDTH_PX = 33 * GRID_PX


class DigitPanel(ttk.Frame):
    """Shows the reading of one digit."""

    def __init__(self, master: tk.Misc, theme: Theme) -> None:
        super().__init__(master, width=theme.px(WIDTH_PX))
        self.pack_propagate(False)
        self.verdict = VerdictView(self, theme)
        self.bars = Bars(self, theme)
        self.frame_view = FrameView(self, theme)
        self.verdict.pack(fill="x")
        self.frame_view.pack(side="bottom", fill="x", pady=(theme.px(2 * GRID_PX), 0))
        self.bars.pack(fill="both", expand=True)

    def show(self, reading: DigitReading) -> None:
        """Show another reading."""
        verdict = verdict_on(reading)
        self.verdict.show(verdict)
        self.bars.show(reading.shares, leading=verdict.leading, is_sure=verdict.is_sure)
        self.frame_view.show(reading.frame)
