"""A small card that asks what a symbol is: what it might be, then every sign there is; or type it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from handsum.reading import SYMBOL_LABELS, Symbol, percent
from handsum.window.theme import GRID_PX, Theme
from handsum.window.typeset import set_in_type

NUM_COLUMNS = 10
# As it is read, and what else it most likely is; the others are among all signs below.
MOST_LIKELY = 5
# How signs that keyboards lack are typed.
TYPED = {"*": "×", "x": "×", "X": "×", ":": "÷"}
WORDS = "or type it  ·  * is ×, : is ÷  ·  Esc leaves it"

OnChoose = Callable[[str], None]


class SymbolChooser:
    """Opens the card over the window; while it is open, all else waits."""

    def __init__(self, window: tk.Misc, theme: Theme) -> None:
        self._window, self._theme = window, theme
        self._card: tk.Frame | None = None
        self._focus_before: tk.Misc | None = None
        self.buttons: dict[str, ttk.Button] = {}

    @property
    def is_open(self) -> bool:
        """Whether the card is on the screen."""
        return self._card is not None

    def ask(self, symbol: Symbol, place: tuple[int, int], on_choose: OnChoose) -> None:
        """Ask what a symbol is, near a place on the screen; one label of SYMBOL_LABELS is the answer."""
        self.close()
        self._focus_before = self._window.focus_get()
        card = tk.Frame(self._window, background=self._theme.palette.faint, padx=1, pady=1, takefocus=True)
        self._card = card
        self._fill(card, symbol, lambda label: self._choose(label, on_choose))
        card.bind("<Key>", lambda event: self._typed(event, on_choose))
        card.bind("<Button>", self._clicked)
        # Once it can be seen: a click anywhere else then only closes it, and leaves no ink.
        card.bind("<Map>", lambda _event: card.grab_set())
        x, y = self._within_window(card, place)
        card.place(x=x, y=y)
        card.lift()
        card.focus_set()

    def close(self) -> None:
        """Take the card away and change nothing."""
        if self._card is None:
            return
        self._card.grab_release()
        self._card.destroy()
        self._card, self.buttons = None, {}
        if self._focus_before is not None:
            self._focus_before.focus_set()

    def _fill(self, card: tk.Frame, symbol: Symbol, choose: OnChoose) -> None:
        px = self._theme.px
        inside = ttk.Frame(card, padding=px(1.5 * GRID_PX))
        inside.pack()
        top = ttk.Frame(inside)
        top.pack(anchor="w", pady=(0, px(GRID_PX)))
        likely = [(symbol.label, symbol.confidence), *symbol.alternatives]
        for label, confidence in likely[:MOST_LIKELY]:
            self._add_likely(top, label, percent(confidence), choose)
        self._add_signs(inside, choose)
        ttk.Label(inside, text=WORDS, style="Caption.TLabel").pack(anchor="w", pady=(px(GRID_PX), 0))

    def _add_likely(self, master: ttk.Frame, label: str, confidence: str, choose: OnChoose) -> None:
        cell = ttk.Frame(master)
        cell.pack(side="left", padx=(0, self._theme.px(GRID_PX)))
        style = "TButton" if self.buttons else "Accent.TButton"  # as it is read now comes first
        self._add_button(cell, label, choose, style).pack()
        ttk.Label(cell, text=confidence, style="Caption.TLabel").pack(pady=(self._theme.px(0.5 * GRID_PX), 0))

    def _add_signs(self, master: ttk.Frame, choose: OnChoose) -> None:
        grid = ttk.Frame(master)
        grid.pack()
        for place, label in enumerate(SYMBOL_LABELS):
            button = self._add_button(grid, label, choose, "Choice.TButton")
            button.grid(row=place // NUM_COLUMNS, column=place % NUM_COLUMNS)

    def _add_button(self, master: ttk.Frame, label: str, choose: OnChoose, style: str) -> ttk.Button:
        command = lambda: choose(label)  # noqa: E731
        words = set_in_type(label)
        button = ttk.Button(master, text=words, style=style, width=2, takefocus=False, command=command)
        self.buttons.setdefault(label, button)
        return button

    def _choose(self, label: str, on_choose: OnChoose) -> None:
        self.close()
        on_choose(label)

    def _typed(self, event: tk.Event, on_choose: OnChoose) -> str:
        label = TYPED.get(event.char, event.char)
        if event.keysym == "Escape":
            self.close()
        elif label and label in SYMBOL_LABELS:
            self._choose(label, on_choose)
        return "break"  # the window's own keys wait

    def _clicked(self, event: tk.Event) -> None:
        card = self._card
        if card and not (0 <= event.x < card.winfo_width() and 0 <= event.y < card.winfo_height()):
            self.close()

    def _within_window(self, card: tk.Frame, place: tuple[int, int]) -> tuple[int, int]:
        """Where the card goes: below the place, or above it where there is no room."""
        window, gap = self._window, self._theme.px(1.5 * GRID_PX)
        self._window.update_idletasks()
        width, height = card.winfo_reqwidth(), card.winfo_reqheight()
        x = place[0] - window.winfo_rootx() - width // 2
        y = place[1] - window.winfo_rooty() + gap
        if y + height > window.winfo_height():
            y -= height + 2 * gap
        return max(gap, min(x, window.winfo_width() - width - gap)), max(gap, y)
