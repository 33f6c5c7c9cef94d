"""The paper: turns the pointer into strokes and shows the ink. Knows nothing of reading or undoing.

Ink lies where it was put, measured from the paper's upper left corner in logical pixels. A larger
window gives more paper to the right and below; a smaller one hides what no longer fits, which comes
back with the room. What can be seen is what is read.
"""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from handsum.ink import DEFAULT_PEN_WIDTH_PX, Ink, Point, Stroke, render
from handsum.window.eraser import without_touched
from handsum.window.ink_picture import InkPicture
from handsum.window.stroke_shape import shape_of
from handsum.window.theme import TITLE, Theme

Tool = Literal["pen", "eraser"]
CURSORS: dict[Tool, str] = {"pen": "pencil", "eraser": "dotbox"}


class Paper(tk.Canvas):
    """A canvas to draw on.

    Calls `on_change()` when the page to read has changed: while a stroke or an erasure goes on, and when
    the paper was resized. Calls `on_ink(ink)` with the new ink when a stroke or an erasure has ended.
    """

    def __init__(
        self, master: tk.Misc, theme: Theme, *, on_change: Callable[[], None], on_ink: Callable[[Ink], None]
    ) -> None:
        super().__init__(master, borderwidth=0, highlightthickness=theme.px(1), takefocus=False)
        self._theme, self._on_change, self._on_ink = theme, on_change, on_ink
        self.pen_width_px = DEFAULT_PEN_WIDTH_PX
        self._tool: Tool = "pen"
        self._ink = Ink()
        self._points: list[Point] = []
        self._erased: Ink | None = None
        self._is_pressed = False
        self._origin_ms: int | None = None
        self._picture = InkPicture(self, theme.density)
        self.create_image(self._border_px, self._border_px, image=self._picture.image, anchor="nw")
        self._hint = self.create_text(0, 0, font=TITLE)
        self._bind_pointer()
        self._recolour()
        self.use("pen")

    @property
    def ink(self) -> Ink:
        """The ink on the paper, the growing stroke or erasure included."""
        if self._erased is not None:
            return self._erased
        return Ink((*self._ink.strokes, self._growing_stroke())) if self._points else self._ink

    @property
    def page_size_px(self) -> tuple[int, int]:
        """Width and height of the visible page, in logical pixels."""
        return tuple(max(1, math.ceil(side / self._theme.density)) for side in self._picture_size_px)  # type: ignore[return-value]

    @property
    def visible_ink(self) -> Ink:
        """The strokes that can be seen, at least in part."""
        width_px, height_px = self.page_size_px
        return Ink(tuple(stroke for stroke in self.ink.strokes if _meets(stroke, width_px, height_px)))

    @property
    def pen_place(self) -> tuple[float, float] | None:
        """Where on the page the stroke that grows has come to; None while none does."""
        return self._points[-1][:2] if self._points else None

    @property
    def shown_coverage(self) -> NDArray[np.uint8]:
        """What is on the screen: how much of each device pixel is ink, 0..255, uint8 (height, width)."""
        return self._picture.coverage

    @property
    def shown_answers(self) -> NDArray[np.uint8]:
        """The same of the answers."""
        return self._picture.answers_coverage

    def page(self) -> NDArray[np.uint8]:
        """The page to read: uint8 (height, width), ink 255 on 0, at one pixel per logical pixel."""
        width_px, height_px = self.page_size_px
        return render(self.ink, width_px=width_px, height_px=height_px)

    def show(self, ink: Ink) -> None:
        """Put this ink on the paper instead of what is there."""
        self._ink, self._points, self._erased = ink, [], None
        self._redraw()

    def show_answers(self, answers: Ink, *, doubtful: Ink) -> None:
        """Write these answers below the ink, those in doubt in grey; they are no part of it."""
        self._picture.show_answers(answers, doubtful)

    def hint(self, words: str) -> None:
        """What an empty paper says."""
        self.itemconfigure(self._hint, text=words)

    def abandon_stroke(self) -> None:
        """Forget the stroke that goes on; the pointer draws again when it is next pressed."""
        self._is_pressed = False
        self.show(self._ink)
        self._on_change()

    def place_of(self, event: tk.Event) -> tuple[float, float]:
        """Where on the page an event was, in logical pixels: the middle of the device pixel pointed at."""
        density, edge = self._theme.density, self._border_px
        return (event.x - edge + 0.5) / density, (event.y - edge + 0.5) / density

    def on_screen(self, x: float, y: float) -> tuple[int, int]:
        """Where on the canvas, in device pixels, a place of the page is."""
        return tuple(self._border_px + round(side * self._theme.density) for side in (x, y))  # type: ignore[return-value]

    def use(self, tool: Tool) -> None:
        """Take the pen or the eraser."""
        self.pen_up()
        self._tool = tool
        self.configure(cursor=CURSORS[tool])

    def pen_up(self) -> None:
        """End the stroke or erasure that goes on, if any, as if the pointer had been lifted."""
        if not self._points and self._erased is None:
            return
        self._ink = self.ink
        self._points, self._erased = [], None
        self._on_ink(self._ink)

    def _bind_pointer(self) -> None:
        self.bind("<Button-1>", self._press)
        self.bind("<B1-Motion>", self._move)
        self.bind("<ButtonRelease-1>", self._release)
        self.bind("<Configure>", lambda _event: self._resized())
        self.bind("<<ThemeChanged>>", lambda _event: self._recolour())

    def _press(self, event: tk.Event) -> None:
        self.pen_up()
        self._is_pressed = True
        if self._tool == "eraser":
            self._erased = self._ink
        self._move(event)

    def _move(self, event: tk.Event) -> None:
        # Without a press it is no stroke: after a Control-click of macOS, or when it was abandoned.
        if not self._is_pressed:
            return
        point = self._point(event)
        if self._tool == "eraser" and self._erased is not None:
            self._erase(point)
        elif self._tool == "pen":
            self._points.append(point)
            self._picture.add(Ink((Stroke(tuple(self._points[-2:]), self.pen_width_px),)))
            self.itemconfigure(self._hint, state="hidden")
        self._on_change()

    def _release(self, event: tk.Event) -> None:
        # The last motion may have been merged into the release.
        if self._points and (self._points[-1].x, self._points[-1].y) != self._point(event)[:2]:
            self._move(event)
        self._is_pressed = False
        self.pen_up()

    def _erase(self, point: Point) -> None:
        before = self.ink
        self._erased = without_touched(before, point.x, point.y)
        if self._erased is not before:
            self._redraw()

    def _point(self, event: tk.Event) -> Point:
        if self._origin_ms is None:
            self._origin_ms = event.time
        return Point(*self.place_of(event), float(event.time - self._origin_ms))

    def _growing_stroke(self) -> Stroke:
        return Stroke(tuple(self._points), self.pen_width_px)

    @property
    def _border_px(self) -> int:
        return int(self["highlightthickness"])

    @property
    def _picture_size_px(self) -> tuple[int, int]:
        edges = 2 * self._border_px
        return max(1, self.winfo_width() - edges), max(1, self.winfo_height() - edges)

    def _resized(self) -> None:
        self._redraw()
        self._on_change()

    def _redraw(self) -> None:
        width_px, height_px = self._picture_size_px
        self._picture.show(self.ink, width_px, height_px)
        self.coords(self._hint, self._border_px + width_px / 2, self._border_px + height_px / 2)
        self.itemconfigure(self._hint, state="hidden" if self.ink.strokes else "normal")

    def _recolour(self) -> None:
        palette = self._theme.palette
        self.configure(background=palette.paper, highlightbackground=palette.hairline)
        self.itemconfigure(self._hint, fill=palette.faint)
        paper, ink, *answers = map(
            self.winfo_rgb, (palette.paper, palette.ink, palette.accent, palette.faint)
        )
        self._picture.set_colours(paper=paper, ink=ink, answers=answers)


def _meets(stroke: Stroke, width_px: int, height_px: int) -> bool:
    """Whether any ink of a stroke is on a page of this size."""
    if not stroke.points:
        return False
    (x0, y0, x1, y1), reach = shape_of(stroke).box, stroke.width_px / 2
    return x0 - reach < width_px and y0 - reach < height_px and x1 + reach > 0 and y1 + reach > 0
