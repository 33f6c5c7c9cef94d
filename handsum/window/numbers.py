"""Numbers and sums: wires the parts of that mode. It reads beside Tk's thread, after each stroke."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from handsum.errors import HandsumError
from handsum.ink import Ink
from handsum.reading import Reading, Symbol
from handsum.window.answers import WrittenAnswer, written_answers
from handsum.window.background_reading import BackgroundReading
from handsum.window.paper import Paper
from handsum.window.pins import Pin, Pins, corrected, strokes_in, with_pins
from handsum.window.pointing import Pointing
from handsum.window.sums import Sum, copied, sums_of, with_symbols
from handsum.window.sums_view import SumsView
from handsum.window.symbol_boxes import SymbolBoxes
from handsum.window.symbol_chooser import SymbolChooser
from handsum.window.theme import Theme
from handsum.window.wording import sentence_on_sums


class SumReader(Protocol):
    """What reads ink as numbers and sums; `handsum.Reader` is one."""

    def find_ink_symbols(self, ink: Ink) -> tuple[Symbol, ...]:
        """The symbols of strokes, in no order."""
        ...

    def read_symbols(self, symbols: Iterable[Symbol]) -> Reading:
        """Symbols put into lines and worked out."""
        ...


@dataclass(frozen=True)
class Job:
    """What one look at the paper needs, so that the other thread touches nothing of Tk's."""

    reader: SumReader
    ink: Ink
    pins: tuple[Pin, ...]
    paper_width_px: float
    min_confidence: float


@dataclass(frozen=True)
class Result:
    """The sums that were read, and the answers to be written."""

    sums: tuple[Sum, ...] = ()
    answers: tuple[WrittenAnswer, ...] = ()


class Numbers:
    """The mode that reads whole sums. While it is off it shows nothing and reads nothing.

    Attributes:
        view: the strip under the paper, to be put in its place by the window.
    """

    def __init__(self, master: tk.Misc, paper: Paper, theme: Theme, *, say: Callable[[str], None]) -> None:
        self._paper, self._say = paper, say
        self._result = Result()
        self._written: tuple[WrittenAnswer, ...] = ()
        self._asked_ink = Ink()  # the newest that is read or is to be
        self._reader: SumReader | None = None
        self._min_confidence = 0.0
        self._is_on = False
        self._due: list[Callable[[], None]] = []  # once the newest ink is read
        self.pins = Pins()
        self.view = SumsView(master, theme, on_pick=self._ask_about)
        self.boxes = SymbolBoxes(paper, theme)
        self.chooser = SymbolChooser(master.winfo_toplevel(), theme)
        self._pointing = Pointing(paper, find=self.boxes.at, on_point=self._point_at)
        self._reading = BackgroundReading(paper, work=read, on_result=self._take, on_error=self._failed)

    @property
    def is_reading(self) -> bool:
        """Whether a result is still to come."""
        return self._reading.is_busy

    @property
    def sums(self) -> tuple[Sum, ...]:
        """Those that were read last."""
        return self._result.sums

    def start(self, reader: SumReader, *, min_confidence: float = 0.0) -> None:
        """Begin reading, if the mode is on; `min_confidence` is what the reader was given."""
        self._reader, self._min_confidence = reader, min_confidence
        self.read_soon()

    def switch(self, is_on: bool) -> None:
        """Turn the mode on or off."""
        self._is_on = is_on
        self._due.clear()
        self.chooser.close()
        if not is_on:
            self._show(Result())

    def read_soon(self) -> bool:
        """Read what is on the paper as soon as can be; False while there is no reader."""
        if not self._is_on or self._reader is None:
            return False
        ink, (width_px, _) = self._paper.visible_ink, self._paper.page_size_px
        if ink != self._asked_ink:
            self._asked_ink = ink
            self._drop_boxes_without_ink()
        pins = self.pins.held_on(ink)
        self._reading.ask(Job(self._reader, ink, pins, width_px, self._min_confidence))
        return True

    def paper_changed(self) -> None:
        """Keep up with the paper; what still grows is read when it is whole."""
        if (pen := self._paper.pen_place) is None:
            self.read_soon()
        else:
            self._write(tuple(answer for answer in self._written if not _is_near(answer.ink, *pen)))

    def predict(self) -> bool:
        """Read, and say what was read; False while there is no reader."""
        is_read = self.read_soon()
        if is_read:
            self._do_once_read(self._say_sums)
        return is_read

    def copy(self) -> None:
        """Put all sums with their answers on the clipboard, once what is on the paper is read."""
        self._do_once_read(self._copy)

    def _do_once_read(self, action: Callable[[], None]) -> None:
        if not self.is_reading:
            action()
        elif action not in self._due:
            self._due.append(action)

    def _do_what_is_due(self) -> None:
        due, self._due = self._due, []
        for action in due:
            action()

    def _say_sums(self) -> None:
        self._say(sentence_on_sums(self.sums))

    def _copy(self) -> None:
        if not self.sums:
            self._say("Nothing to copy yet")
            return
        self._paper.clipboard_clear()
        self._paper.clipboard_append(copied(self.sums))
        self._say("Copied")

    def _take(self, result: Result) -> None:
        if not self._is_on:  # switched off meanwhile
            return
        self._show(result)
        if self.is_reading:  # so this is of older ink
            self._drop_boxes_without_ink()
        else:
            self._do_what_is_due()

    def _show(self, result: Result) -> None:
        self._result = result
        self.boxes.show([symbol for each in result.sums for symbol in each.line.symbols])
        self.view.show(result.sums)
        self._write(result.answers)

    def _drop_boxes_without_ink(self) -> None:
        strokes = self._asked_ink.strokes
        self.boxes.keep(lambda symbol: bool(strokes_in(strokes, symbol.box)))

    def _write(self, answers: tuple[WrittenAnswer, ...]) -> None:
        if answers == self._written:
            return
        self._written = answers
        self._paper.show_answers(_ink_of(answers, is_sure=True), doubtful=_ink_of(answers, is_sure=False))

    def _failed(self, error: Exception) -> None:
        if not self.is_reading:
            self._due.clear()
        if not isinstance(error, HandsumError):
            raise error
        self._say(str(error))

    def _point_at(self, symbol: Symbol) -> None:
        column, row = self._paper.on_screen((symbol.box[0] + symbol.box[2]) / 2, symbol.box[3])
        self._ask_about(symbol, (self._paper.winfo_rootx() + column, self._paper.winfo_rooty() + row))

    def _ask_about(self, symbol: Symbol, place: tuple[int, int]) -> None:
        ink = self._paper.visible_ink
        if not strokes_in(ink.strokes, symbol.box):  # its ink has gone, and this is not read yet
            return
        pin = self.pins.on(ink, symbol)
        # Corrected before: what the network made of it is still worth offering.
        shown = replace(pin.symbol, alternatives=_readings_but(pin.label, pin.read)) if pin else symbol
        self.chooser.ask(shown, place, lambda label: self._pin(label, symbol))

    def _pin(self, label: str, symbol: Symbol) -> None:
        if self.pins.pin(label, symbol, among=self.boxes.symbols, ink=self._paper.visible_ink):
            self._say(f"Read as {label} from now on")
            self.read_soon()


def read(job: Job) -> Result:
    """Read ink as sums, with the corrections that hold on it."""
    found = with_pins(job.reader.find_ink_symbols(job.ink), job.pins, job.ink)
    lines = job.reader.read_symbols(found).lines
    settled = tuple(with_symbols(line, corrected(line.symbols, job.pins)) for line in lines)
    sums = sums_of(Reading(settled), min_confidence=job.min_confidence)
    return Result(sums, written_answers(sums, paper_width_px=job.paper_width_px))


def _ink_of(answers: Iterable[WrittenAnswer], *, is_sure: bool) -> Ink:
    """Those answers that are sure, or those that are not, as one ink."""
    return Ink(tuple(stroke for each in answers if each.is_sure == is_sure for stroke in each.ink.strokes))


def _is_near(answer: Ink, x: float, y: float) -> bool:
    """Whether the pen writes where an answer stands, which then gives way."""
    x0, y0, x1, y1 = answer.box or (0, 0, 0, 0)
    reach = (y1 - y0) / 2
    return x0 - reach <= x <= x1 + reach and y0 - reach <= y <= y1 + reach


def _readings_but(label: str, symbol: Symbol) -> tuple[tuple[str, float], ...]:
    """What a symbol was read as, the likeliest first, without one label."""
    readings: Sequence[tuple[str, float]] = [(symbol.label, symbol.confidence), *symbol.alternatives]
    return tuple(pair for pair in readings if pair[0] != label)
