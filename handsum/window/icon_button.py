"""A button that is only an icon, with a round shade under the pointer."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Literal

from handsum.ink import Ink, Point, Stroke
from handsum.window.icons import ICONS, SIDE_PX
from handsum.window.layers import paint
from handsum.window.theme import GRID_PX, Theme

BUTTON_PX = 4 * GRID_PX
MIDDLE = BUTTON_PX / 2
SHADE = Ink((Stroke((Point(MIDDLE, MIDDLE),), BUTTON_PX),))
MARGIN_PX = (BUTTON_PX - SIDE_PX) / 2

Look = Literal["normal", "chosen", "faint"]


class IconButton(tk.Label):
    """Calls `command` when it is clicked. A faint one cannot do anything now, and shows no shade."""

    def __init__(self, master: tk.Misc, theme: Theme, icon: str, command: Callable[[], None]) -> None:
        side = theme.px(BUTTON_PX)
        self._image = tk.PhotoImage(master=master, width=side, height=side)
        super().__init__(master, image=self._image, borderwidth=0, highlightthickness=0, padx=0, pady=0)
        self._theme, self._icon, self._command = theme, icon, command
        self.look: Look = "normal"
        self._is_hovered = False
        self.bind("<Enter>", lambda _event: self._hover(True))
        self.bind("<Leave>", lambda _event: self._hover(False))
        self.bind("<ButtonRelease-1>", self._released)
        self.draw()

    def show(self, *, icon: str | None = None, look: Look | None = None) -> None:
        """Change the icon or the look."""
        before = self._icon, self.look
        self._icon, self.look = icon or self._icon, look or self.look
        if (self._icon, self.look) != before:
            self.draw()

    def _hover(self, is_hovered: bool) -> None:
        self._is_hovered = is_hovered
        self.draw()

    def _released(self, event: tk.Event) -> None:
        inside = 0 <= event.x < self.winfo_width() and 0 <= event.y < self.winfo_height()
        if inside and self.look != "faint":
            self._command()

    def draw(self) -> None:
        """Draw the button in the theme's present colours."""
        palette = self._theme.palette
        colour = {"normal": palette.muted, "chosen": palette.accent, "faint": palette.hairline}[self.look]
        layers = [(ICONS[self._icon].moved(MARGIN_PX, MARGIN_PX), colour)]
        if self._is_hovered and self.look != "faint":
            layers.insert(0, (SHADE, palette.track))
        paint(self._image, palette.ground, layers, density=self._theme.density)
