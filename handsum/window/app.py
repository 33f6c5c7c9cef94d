"""The window itself: makes the parts, puts them in their places and wires them. Nothing else is here."""

from __future__ import annotations

import logging
import tkinter as tk
from tkinter import ttk
from types import TracebackType
from typing import TYPE_CHECKING

from handsum.errors import HandsumError
from handsum.ink import Ink
from handsum.models import DEFAULT_DIGIT_MODEL
from handsum.reading import DigitReading
from handsum.window import density
from handsum.window.digit_panel import DigitPanel
from handsum.window.footer import Footer
from handsum.window.history import History
from handsum.window.live_reading import LiveReading
from handsum.window.numbers import Numbers
from handsum.window.paper import Paper, Tool
from handsum.window.scratch import without_scratched
from handsum.window.shortcuts import bind_keys
from handsum.window.subject import HINTS, PEN_WIDTHS_PX, SUBJECTS, Subject
from handsum.window.theme import GRID_PX, Theme
from handsum.window.toolbar import Toolbar, ToolbarActions
from handsum.window.wording import sentence_on

if TYPE_CHECKING:
    from handsum.reader import Reader

SIZE_PX = (112 * GRID_PX, 80 * GRID_PX)
MIN_SIZE_PX = (82 * GRID_PX, 65 * GRID_PX)

logger = logging.getLogger(__name__)


class App(tk.Tk):
    """The drawing window. `mainloop()` runs it.

    Attributes:
        reading: the last reading of one digit, of the ink that was on the paper then; None before the first.
        subject: what is read now: one digit, or numbers and sums.
    """

    def __init__(
        self,
        model: str = DEFAULT_DIGIT_MODEL,
        *,
        min_confidence: float = 0.0,
        subject: Subject = "digit",
    ) -> None:
        """Build the window; the digit network is opened once it stands, as `Reader` takes it."""
        super().__init__(className="Handsum")
        self.title("handsum")
        self.theme = Theme(self, density.measure(self))
        self.reading: DigitReading | None = None
        self._why_no_reading = "One moment, the network is being opened"
        self.history = History()
        self.subject: Subject = subject
        self._pen_widths_px = dict(PEN_WIDTHS_PX)
        self._build()
        self._bind_keys()
        self._show_history()
        self.live = LiveReading(self.paper, page=self.paper.page, on_reading=self._show_reading)
        self._show_subject()
        # The window comes first: a person sees it and can draw while the network is opened.
        self.update_idletasks()
        self._start = self.after(1, lambda: self._start_reading(model, min_confidence))

    def destroy(self) -> None:
        """Close the window."""
        self.after_cancel(self._start)
        super().destroy()

    def predict(self) -> None:
        """Read what is on the paper and say so."""
        self.paper.pen_up()
        if self.subject == "numbers":
            if not self.numbers.predict():
                self.footer.say(self._why_no_reading)
            return
        reading = self.live.read_now()
        self.footer.say(sentence_on(reading) if reading else self._why_no_reading)

    def read_as(self, subject: Subject) -> None:
        """Read the same ink as one digit, or as numbers and sums; each has a pen of its own."""
        self.paper.pen_up()
        self._pen_widths_px[self.subject] = self.paper.pen_width_px
        self.subject = subject
        self._show_subject()
        self._read_now()

    def clear(self) -> None:
        """Empty the paper; undo brings the ink back."""
        self.paper.pen_up()
        if self.history.clear():
            self._show_ink("Cleared; Ctrl+Z brings it back")

    def undo(self) -> None:
        """Take back the last stroke, erasure or clearing."""
        self.paper.pen_up()
        if self.history.undo():
            self._show_ink("Undone")

    def redo(self) -> None:
        """Do again what was undone."""
        self.paper.pen_up()
        if self.history.redo():
            self._show_ink("Done again")

    def use(self, tool: Tool) -> None:
        """Take the pen or the eraser."""
        self.paper.use(tool)
        self.toolbar.show_tool(tool)

    def report_callback_exception(
        self, exc: type[BaseException], val: BaseException, tb: TracebackType | None
    ) -> None:
        """Log an error that no part expected, and go on: the ink is kept."""
        logger.error("the window met an error", exc_info=(exc, val, tb))
        self.footer.say("Something went wrong; your ink is safe, the log says more")

    def _build(self) -> None:
        px = self.theme.px
        self.geometry("{}x{}".format(*map(px, SIZE_PX)))
        self.minsize(*map(px, MIN_SIZE_PX))
        frame = ttk.Frame(self, padding=px(2 * GRID_PX))
        frame.pack(fill="both", expand=True)
        frame.columnconfigure(0, weight=1)
        frame.rowconfigure(1, weight=1)
        self.paper = Paper(frame, self.theme, on_change=self._read_soon, on_ink=self._take_ink)
        self.panel = DigitPanel(frame, self.theme)
        self.verdict, self.bars = self.panel.verdict, self.panel.bars
        self.numbers = Numbers(frame, self.paper, self.theme, say=lambda words: self.footer.say(words))
        self.footer = Footer(
            frame, self.theme, predict=self.predict, clear=self.clear, copy=self.numbers.copy
        )
        self.toolbar = Toolbar(frame, self.theme, self._toolbar_actions())
        self.toolbar.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(GRID_PX)))
        self.paper.grid(row=1, column=0, sticky="nsew")
        self.panel.grid(row=1, column=1, sticky="nsew", padx=(px(3 * GRID_PX), px(GRID_PX)))
        self.numbers.view.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(px(GRID_PX), 0))
        self.footer.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(px(2 * GRID_PX), 0))

    def _toolbar_actions(self) -> ToolbarActions:
        return ToolbarActions(
            use=self.use,
            undo=self.undo,
            redo=self.redo,
            toggle_mode=self.theme.toggle,
            set_pen_width=self._set_pen_width,
            read_as=self.read_as,
        )

    def _bind_keys(self) -> None:
        pen_width = self.toolbar.pen_width
        bind_keys(
            self,
            {
                "predict": self.predict,
                "clear": self.clear,
                "undo": self.undo,
                "redo": self.redo,
                "copy": self._copy,
                "thinner": pen_width.thinner,
                "thicker": pen_width.thicker,
                "pen": lambda: self.use("pen"),
                "eraser": lambda: self.use("eraser"),
                "mode": self.theme.toggle,
                "subject": self._toggle_subject,
            },
        )

    def _start_reading(self, model: str, min_confidence: float) -> None:
        try:
            reader = _open_reader(model, min_confidence)
        except (HandsumError, ValueError) as error:
            self._why_no_reading = str(error)
            self.footer.say(self._why_no_reading)
            return
        self.live.start(reader)
        self.numbers.start(reader, min_confidence=min_confidence)

    def _toggle_subject(self) -> None:
        self.read_as(SUBJECTS[1 - SUBJECTS.index(self.subject)])

    def _show_subject(self) -> None:
        """Give the paper the neighbours that what is read asks for."""
        is_numbers = self.subject == "numbers"
        self.toolbar.subject.show(self.subject)
        self.toolbar.pen_width.choose(self._pen_widths_px[self.subject])
        self.paper.hint(HINTS[self.subject])
        self.numbers.switch(is_numbers)
        self.footer.show_copy(is_numbers)
        self.footer.say("")
        self.paper.grid(columnspan=2 if is_numbers else 1)
        for part, is_shown in ((self.panel, not is_numbers), (self.numbers.view, is_numbers)):
            if is_shown:
                part.grid()
            else:
                part.grid_remove()

    def _copy(self) -> None:
        if self.subject == "numbers":
            self.numbers.copy()

    def _read_soon(self) -> None:
        if self.subject == "numbers":
            self.numbers.paper_changed()
        else:
            self.live.read_soon()

    def _read_now(self) -> bool:
        """Read what is on the paper; False while there is no reader."""
        if self.subject == "numbers":
            return self.numbers.read_soon()
        return self.live.read_now() is not None

    def _take_ink(self, ink: Ink) -> None:
        # After an erasure the last stroke is an older one, which may have been written as a digit's.
        is_written = ink.strokes[:-1] == self.history.ink.strokes
        rest = without_scratched(ink) if is_written and self.subject == "numbers" else None
        self.history.change_to(ink if rest is None else rest)
        if rest is not None:
            self._show_ink("Scratched out; Ctrl+Z brings it back")
            return
        self.footer.say("" if self._read_now() else self._why_no_reading)
        self._show_history()

    def _show_ink(self, words: str) -> None:
        self.paper.show(self.history.ink)
        self._read_now()
        self.footer.say(words)
        self._show_history()

    def _show_reading(self, reading: DigitReading) -> None:
        self.reading = reading
        self.panel.show(reading)

    def _show_history(self) -> None:
        self.toolbar.show_history(can_undo=self.history.can_undo, can_redo=self.history.can_redo)

    def _set_pen_width(self, width_px: float) -> None:
        self.paper.pen_up()
        self.paper.pen_width_px = width_px
        self.footer.say(f"Pen width {width_px:.0f}")


def _open_reader(model: str, min_confidence: float) -> Reader:
    # Here and not above: the window is on the screen before ONNX Runtime is loaded.
    from handsum.reader import Reader

    return Reader(digit_model=model, min_confidence=min_confidence)
