"""The big digit and the words under it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from handsum.window.theme import DIGIT, GRID_PX, Theme
from handsum.window.wording import WAITING, Verdict


class VerdictView(ttk.Frame):
    """Shows a verdict; keeps its height whatever it shows, so that nothing below it jumps."""

    def __init__(self, master: tk.Misc, theme: Theme) -> None:
        super().__init__(master)
        self._digit = ttk.Label(self, anchor="center")
        self._words = ttk.Label(self, anchor="center")
        self._digit.pack(fill="x")
        self._words.pack(fill="x", pady=(0, theme.px(GRID_PX)))
        self.show(WAITING)

    def show(self, verdict: Verdict) -> None:
        """Show another verdict."""
        look = "Sure" if verdict.is_sure else "Doubt"
        # A space keeps the line's height where there is no digit.
        self._digit.configure(text=verdict.digit or " ", style=f"{look}.Digit.TLabel", font=DIGIT)
        self._words.configure(text=verdict.words, style=f"{look}.TLabel")

    @property
    def digit(self) -> str:
        """The digit that is shown: '0' to '9', '?' in doubt, '' while there is nothing to read."""
        return str(self._digit["text"]).strip()

    @property
    def is_grey(self) -> bool:
        """Whether it is shown in the colours of doubt."""
        return str(self._digit["style"]).startswith("Doubt")

    @property
    def words(self) -> str:
        """The words that are shown."""
        return str(self._words["text"])
