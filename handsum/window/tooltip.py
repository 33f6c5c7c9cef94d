"""A word about a button, shown after the pointer has rested on it."""

from __future__ import annotations

import tkinter as tk

from handsum.window.theme import CAPTION, GRID_PX, Theme

DELAY_MS = 500


class Tooltip:
    """Shows `text` under `widget` while the pointer rests there."""

    def __init__(self, widget: tk.Widget, text: str, theme: Theme) -> None:
        self._widget, self._text, self._theme = widget, text, theme
        self._timer: str | None = None
        self._window: tk.Toplevel | None = None
        widget.bind("<Enter>", lambda _event: self._wait(), add=True)
        for gone in ("<Leave>", "<Button>", "<Destroy>"):
            widget.bind(gone, lambda _event: self._hide(), add=True)

    def _wait(self) -> None:
        self._hide()
        self._timer = self._widget.after(DELAY_MS, self._show)

    def _show(self) -> None:
        self._timer = None
        palette, gap = self._theme.palette, self._theme.px(GRID_PX)
        self._window = tk.Toplevel(self._widget, background=palette.hairline)
        self._window.wm_overrideredirect(True)
        label = tk.Label(
            self._window,
            text=self._text,
            font=CAPTION,
            background=palette.paper,
            foreground=palette.text,
            padx=gap,
            pady=gap // 2,
        )
        label.pack(padx=self._theme.px(1), pady=self._theme.px(1))
        x, y = self._widget.winfo_rootx(), self._widget.winfo_rooty() + self._widget.winfo_height() + gap // 2
        # Kept on the screen: a tip under a button at the right edge moves left.
        x = min(x, self._widget.winfo_screenwidth() - label.winfo_reqwidth() - gap)
        self._window.wm_geometry(f"+{x}+{y}")

    def _hide(self) -> None:
        if self._timer is not None:
            self._widget.after_cancel(self._timer)
            self._timer = None
        if self._window is not None:
            self._window.destroy()
            self._window = None
