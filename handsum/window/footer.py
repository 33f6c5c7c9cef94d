"""The row at the bottom: Predict, Clear, Copy where there are sums, and the status line."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from handsum.window.theme import GRID_PX, Theme


class Footer(ttk.Frame):
    """Buttons that name their keys, and one line of words."""

    def __init__(
        self,
        master: tk.Misc,
        theme: Theme,
        *,
        predict: Callable[[], None],
        clear: Callable[[], None],
        copy: Callable[[], None],
    ) -> None:
        super().__init__(master)
        self.predict = ttk.Button(self, text="Predict   Enter", style="Accent.TButton", command=predict)
        self.clear = ttk.Button(self, text="Clear   Esc", command=clear)
        self.copy = ttk.Button(self, text="Copy   Ctrl+C", command=copy)
        self._gap_px = theme.px(GRID_PX)
        self._status = ttk.Label(self, style="Caption.TLabel", anchor="e")
        self.predict.pack(side="left")
        self.clear.pack(side="left", padx=self._gap_px)
        self._status.pack(side="left", fill="x", expand=True, padx=(self._gap_px, 0))

    @property
    def status(self) -> str:
        """What the status line says."""
        return str(self._status["text"])

    def show_copy(self, is_shown: bool) -> None:
        """Offer to copy, or do not."""
        if is_shown:
            self.copy.pack(side="left", after=self.clear)
        else:
            self.copy.pack_forget()

    def say(self, words: str) -> None:
        """Put words on the status line."""
        self._status.configure(text=words)
