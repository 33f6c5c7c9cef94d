"""Thin boxes and small labels over the ink: how it was read, symbol by symbol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from tkinter import font as tkfont

from handsum.reading import Box, Symbol
from handsum.window.paper import Paper
from handsum.window.sums import is_doubtful
from handsum.window.theme import CAPTION, Theme
from handsum.window.typeset import set_in_type

TAG = "symbol_box"  # Tk takes a space for the end of a tag
# Between the ink and its box, and between the box and its label.
MARGIN_PX = 4.0
LABEL_GAP_PX = 1.0
DASHES = (3, 3)


class SymbolBoxes:
    """Draws on the paper's canvas, over the ink. A doubtful symbol's box is dashed, its label asks."""

    def __init__(self, paper: Paper, theme: Theme) -> None:
        self._paper, self._theme = paper, theme
        self._label_px = tkfont.nametofont(CAPTION, root=theme.root).metrics("linespace")
        self.symbols: tuple[Symbol, ...] = ()
        paper.bind("<<ThemeChanged>>", lambda _event: self._draw(), add=True)

    def show(self, symbols: Sequence[Symbol]) -> None:
        """Show these symbols instead of those before."""
        if tuple(symbols) != self.symbols:
            self.symbols = tuple(symbols)
            self._draw()

    def keep(self, is_there: Callable[[Symbol], bool]) -> None:
        """Show no longer what is not there."""
        self.show([symbol for symbol in self.symbols if is_there(symbol)])

    def at(self, x: float, y: float) -> Symbol | None:
        """The symbol whose box a place of the page is in: the smallest, where boxes overlap."""
        hit = [symbol for symbol in self.symbols if _holds(symbol, x, y)]
        return min(hit, key=_area, default=None)

    def _draw(self) -> None:
        self._paper.delete(TAG)
        boxes = [self._on_screen(symbol.box) for symbol in self.symbols]
        for index, symbol in enumerate(self.symbols):
            self._draw_one(symbol, boxes[:index] + boxes[index + 1 :])

    def _draw_one(self, symbol: Symbol, others: Sequence[Box]) -> None:
        palette, doubtful = self._theme.palette, is_doubtful(symbol)
        x0, y0, x1, y1 = symbol.box
        left, top = self._paper.on_screen(x0 - MARGIN_PX, y0 - MARGIN_PX)
        right, bottom = self._paper.on_screen(x1 + MARGIN_PX, y1 + MARGIN_PX)
        self._paper.create_rectangle(
            left,
            top,
            right,
            bottom,
            outline=palette.faint if doubtful else palette.hairline,
            dash=DASHES if doubtful else (),
            tags=TAG,
        )
        x, label_top = self._label_place((left, top, right, bottom), others)
        self._paper.create_text(
            x,
            label_top,
            text=set_in_type(symbol.label) + "?" * doubtful,
            anchor="n",
            font=CAPTION,
            fill=palette.faint if doubtful else palette.muted,
            tags=TAG,
        )

    def _label_place(self, box: Box, others: Sequence[Box]) -> tuple[float, float]:
        """The middle and top of a label: above its box, else below or behind it, within the paper.

        Above the lower number of a fraction is its bar, and beside that its numbers.
        """
        gap, size = self._theme.px(LABEL_GAP_PX), self._label_px
        left, top, right, bottom = box
        middle = (left + right) / 2
        above, below = (middle, top - gap - size), (middle, bottom + gap)
        behind = right + size / 2, (top + bottom - size) / 2
        lowest = self._paper.winfo_height() - size
        inside = [place for place in (above, below, behind) if 0 <= place[1] <= lowest]
        free = (place for place in inside if not any(_meets(place, size, other) for other in others))
        return next(free, inside[0] if inside else (middle, min(bottom + gap, lowest)))

    def _on_screen(self, box: Box) -> Box:
        return *self._paper.on_screen(*box[:2]), *self._paper.on_screen(*box[2:])


def _meets(place: tuple[float, float], size: float, box: Box) -> bool:
    """Whether a label, about as wide as high, whose top has its middle at a place would lie over a box."""
    x, top = place
    return box[0] < x + size / 4 and x - size / 4 < box[2] and box[1] < top + size and top < box[3]


def _holds(symbol: Symbol, x: float, y: float) -> bool:
    x0, y0, x1, y1 = symbol.box
    return x0 - MARGIN_PX <= x <= x1 + MARGIN_PX and y0 - MARGIN_PX <= y <= y1 + MARGIN_PX


def _area(symbol: Symbol) -> float:
    x0, y0, x1, y1 = symbol.box
    return (x1 - x0) * (y1 - y0)
