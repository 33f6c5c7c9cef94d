"""The strip under the paper: every sum in type, a row each; a click on a symbol asks what it is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font as tkfont
from tkinter import ttk

from handsum.reading import Symbol
from handsum.window.sums import Sum
from handsum.window.theme import BODY, GRID_PX, SUM, Theme
from handsum.window.typeset import Look, Piece, pieces_of

ROW_PX = 4 * GRID_PX
NUM_ROWS = 3  # that can be seen at a time
# Between two signs, around an operator, and before what is not written but said.
SIGN_GAP_PX, OPERATOR_GAP_PX, CAPTION_GAP_PX = 1.0, 7.0, 14.0
FONTS: dict[Look, str] = {"plain": SUM, "doubtful": SUM, "faint": BODY, "answer": SUM, "caption": BODY}
SIGN = "sign"  # the tag of what can be clicked
EMPTY_WORDS = "What you write is set here; an = asks for the answer"

OnPick = Callable[[Symbol, tuple[int, int]], None]


class SumsView(ttk.Frame):
    """Shows sums; calls `on_pick(symbol, place)` when one is clicked, with its place on the screen."""

    def __init__(self, master: tk.Misc, theme: Theme, *, on_pick: OnPick) -> None:
        super().__init__(master)
        self._theme, self._on_pick = theme, on_pick
        self._sums: tuple[Sum, ...] = ()
        self._signs: dict[int, tuple[Symbol, str]] = {}  # by its text on the canvas, and in which colour
        self._fonts = {look: tkfont.nametofont(name, root=theme.root) for look, name in FONTS.items()}
        row_px = theme.px(ROW_PX)
        self._canvas = tk.Canvas(
            self, height=NUM_ROWS * row_px, borderwidth=0, highlightthickness=0, yscrollincrement=row_px
        )
        self._scrollbar = ttk.Scrollbar(self, orient="vertical", command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._scrolled)
        self._canvas.pack(side="left", fill="both", expand=True)
        self._bind_pointer()
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        self._draw()

    @property
    def rows(self) -> list[str]:
        """What stands in each row, piece by piece."""
        return [" ".join(piece.text for piece in pieces_of(each)) for each in self._sums]

    def show(self, sums: Sequence[Sum]) -> None:
        """Show these sums; where they do not fit, the one that changed last can be seen."""
        before, self._sums = self._sums, tuple(sums)
        if self._sums == before:
            return
        self._draw()
        changed = [row for row, each in enumerate(self._sums) if each not in before]
        if changed:
            self._reveal(changed[-1])

    def place_of(self, symbol: Symbol) -> tuple[int, int]:
        """The middle of a shown symbol on the screen."""
        item = next(item for item, (shown, _) in self._signs.items() if shown == symbol)
        left, top, right, bottom = self._canvas.bbox(item)
        y = (top + bottom) / 2 - self._canvas.canvasy(0)
        return self._canvas.winfo_rootx() + (left + right) // 2, self._canvas.winfo_rooty() + round(y)

    def _draw(self) -> None:
        palette = self._theme.palette
        canvas, row_px = self._canvas, self._theme.px(ROW_PX)
        canvas.configure(background=palette.ground)
        canvas.delete("all")
        self._signs.clear()
        for row, each in enumerate(self._sums):
            self._draw_row(pieces_of(each), (row + 0.5) * row_px)
        if not self._sums:
            canvas.create_text(0, 0.5 * row_px, text=EMPTY_WORDS, anchor="w", font=BODY, fill=palette.faint)
        height_px = max(len(self._sums), NUM_ROWS) * row_px
        canvas.configure(scrollregion=(0, 0, 1, height_px))

    def _draw_row(self, pieces: Sequence[Piece], middle: float) -> None:
        x, before = 0.0, None
        for piece in pieces:
            x += self._theme.px(_gap(before, piece)) if before else 0
            self._draw_piece(piece, x, middle)
            x += self._fonts[piece.look].measure(piece.text)
            before = piece

    def _draw_piece(self, piece: Piece, x: float, middle: float) -> None:
        palette = self._theme.palette
        colours: dict[Look, str] = {
            "plain": palette.text,
            "doubtful": palette.faint,
            "faint": palette.faint,
            "answer": palette.accent,
            "caption": palette.muted,
        }
        canvas, colour = self._canvas, colours[piece.look]
        item = canvas.create_text(x, middle, text=piece.text, anchor="w", font=FONTS[piece.look], fill=colour)
        if piece.symbol is None:
            return
        canvas.itemconfigure(item, tags=SIGN)
        self._signs[item] = piece.symbol, colour

    def _point_at(self, is_under_pointer: bool) -> None:
        for item in self._canvas.find_withtag("current"):
            _, colour = self._signs[item]
            self._canvas.itemconfigure(item, fill=self._theme.palette.accent if is_under_pointer else colour)
        self._canvas.configure(cursor="hand2" if is_under_pointer else "")

    def _pick(self) -> None:
        for item in self._canvas.find_withtag("current"):
            symbol, _ = self._signs[item]
            self._on_pick(symbol, self.place_of(symbol))

    def _bind_pointer(self) -> None:
        self._canvas.tag_bind(SIGN, "<ButtonRelease-1>", lambda _event: self._pick())
        self._canvas.tag_bind(SIGN, "<Enter>", lambda _event: self._point_at(True))
        self._canvas.tag_bind(SIGN, "<Leave>", lambda _event: self._point_at(False))
        self._canvas.bind("<Button-4>", lambda _event: self._scroll(-1))
        self._canvas.bind("<Button-5>", lambda _event: self._scroll(1))
        self._canvas.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1))

    def _scroll(self, rows: int) -> None:
        if len(self._sums) > NUM_ROWS:
            self._canvas.yview_scroll(rows, "units")

    def _scrolled(self, first: float, last: float) -> None:
        self._scrollbar.set(first, last)
        if float(first) <= 0 and float(last) >= 1:
            self._scrollbar.pack_forget()
        else:
            self._scrollbar.pack(side="right", fill="y")

    def _reveal(self, row: int) -> None:
        first = max(0, row - NUM_ROWS + 1)
        self._canvas.yview_moveto(first / max(len(self._sums), NUM_ROWS))


def _gap(before: Piece, piece: Piece) -> float:
    """The space between two pieces, in logical pixels."""
    if "caption" in (before.look, piece.look):
        return CAPTION_GAP_PX
    is_wide = before.is_spaced or piece.is_spaced or before.look == "faint"
    return OPERATOR_GAP_PX if is_wide else SIGN_GAP_PX
