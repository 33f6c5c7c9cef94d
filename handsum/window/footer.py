"""The row under the paper: Predict, Clear and the status line."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from handsum.window.theme import GRID_PX, Theme


class Footer(ttk.Frame):
    """Two buttons that name their keys, and one line of words."""

    def __init__(
        self, master: tk.Misc, theme: Theme, *, predict: Callable[[], None], clear: Callable[[], None]
    ) -> None:
        super().__init__(master)
        self.predict = ttk.Button(self, text="Predict   Enter", style="Accent.TButton", command=predict)
        self.clear = ttk.Button(self, text="Clear   Esc", command=clear)
        self._status = ttk.Label(self, style="Caption.TLabel", anchor="e")
        self.predict.pack(side="left")
        self.clear.pack(side="left", padx=(theme.px(GRID_PX), theme.px(2 * GRID_PX)))
        self._status.pack(side="left", fill="x", expand=True)

    @property
    def status(self) -> str:
        """What the status line says."""
        return str(self._status["text"])

    def say(self, words: str) -> None:
        """Put words on the status line."""
        self._status.configure(text=words)
