"""The row above the paper: pen, eraser, undo, redo, pen width; at the right what is read, light or dark."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk

from handsum.window.icon_button import IconButton
from handsum.window.paper import Tool
from handsum.window.pen_slider import PenSlider
from handsum.window.subject import Subject
from handsum.window.subject_switch import SubjectSwitch
from handsum.window.theme import GRID_PX, Theme
from handsum.window.tooltip import Tooltip

TIPS = {
    "pen": "Pen  (P)",
    "eraser": "Eraser: takes away whole strokes  (E)",
    "undo": "Undo  (Ctrl+Z)",
    "redo": "Redo  (Ctrl+Shift+Z)",
    "mode": "Light or dark  (D)",
    "subject": "One digit, or numbers and sums  (N)",
}


@dataclass(frozen=True)
class ToolbarActions:
    """What the toolbar's parts do."""

    use: Callable[[Tool], None]
    undo: Callable[[], None]
    redo: Callable[[], None]
    toggle_mode: Callable[[], None]
    set_pen_width: Callable[[float], None]
    read_as: Callable[[Subject], None]


class Toolbar(ttk.Frame):
    """Icon buttons on the window's own ground; the tool in hand is in the accent colour."""

    def __init__(self, master: tk.Misc, theme: Theme, actions: ToolbarActions) -> None:
        super().__init__(master)
        self._theme = theme
        self.buttons: dict[str, IconButton] = {
            "pen": self._button("pen", lambda: actions.use("pen")),
            "eraser": self._button("eraser", lambda: actions.use("eraser")),
        }
        self._rule()
        self.buttons["undo"] = self._button("undo", actions.undo)
        self.buttons["redo"] = self._button("redo", actions.redo)
        self._rule()
        self.pen_width = PenSlider(self, theme, on_change=actions.set_pen_width)
        self.pen_width.pack(side="left")
        Tooltip(self.pen_width, "Pen width  ([ and ])", theme)
        self.buttons["mode"] = self._button("mode", actions.toggle_mode)
        self.subject = SubjectSwitch(self, theme, on_choose=actions.read_as)
        self.subject.pack(side="right", padx=theme.px(GRID_PX))
        Tooltip(self.subject, TIPS["subject"], theme)
        self.bind("<<ThemeChanged>>", lambda _event: self._recolour())
        self.show_tool("pen")

    def show_tool(self, tool: Tool) -> None:
        """Mark the tool in hand."""
        for name in ("pen", "eraser"):
            self.buttons[name].show(look="chosen" if name == tool else "normal")

    def show_history(self, *, can_undo: bool, can_redo: bool) -> None:
        """Grey out what cannot be done."""
        self.buttons["undo"].show(look="normal" if can_undo else "faint")
        self.buttons["redo"].show(look="normal" if can_redo else "faint")

    def _button(self, name: str, command: Callable[[], None]) -> IconButton:
        icon = _mode_icon(self._theme) if name == "mode" else name
        button = IconButton(self, self._theme, icon, command)
        button.pack(side="right" if name == "mode" else "left")
        Tooltip(button, TIPS[name], self._theme)
        return button

    def _rule(self) -> None:
        gap = self._theme.px(GRID_PX)
        height = self._theme.px(2.5 * GRID_PX)
        rule = ttk.Frame(self, style="Rule.TFrame", width=self._theme.px(1), height=height)
        rule.pack(side="left", padx=gap)

    def _recolour(self) -> None:
        self.buttons["mode"].show(icon=_mode_icon(self._theme))
        for button in self.buttons.values():
            button.draw()


def _mode_icon(theme: Theme) -> str:
    """The button shows the mode it leads to."""
    return "light" if theme.mode == "dark" else "dark"
