"""Reading beside Tk's thread: the newest only, errors handed on, and nothing left over in the end."""

from __future__ import annotations

import gc
import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from handsum.window.background_reading import BackgroundReading
from tests.gui.virtual_screen import VirtualScreen

DEADLINE_S = 60.0


class Desk:
    """A window with a reading in it, whose work waits for a sign and fails at a negative number."""

    def __init__(self) -> None:
        self.window = tk.Tk()
        self.go = threading.Event()
        self.begun: list[int] = []
        self.results: list[int] = []
        self.errors: list[str] = []
        self.was_busy: list[bool] = []  # at each result
        self.broken: list[object] = []  # callbacks
        self.window.report_callback_exception = lambda *error: self.broken.append(error)
        # Bound before the reading's own: closing waits for what is being worked on.
        self.window.bind("<Destroy>", lambda _event: self.go.set())
        self.reading = BackgroundReading(
            self.window,
            work=self._work,
            on_result=self._take,
            on_error=lambda error: self.errors.append(str(error)),
        )

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until the condition holds; fails at the deadline."""
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end
            self.window.update()

    def _take(self, result: int) -> None:
        self.results.append(result)
        self.was_busy.append(self.reading.is_busy)

    def _work(self, number: int) -> int:
        self.begun.append(number)
        assert self.go.wait(DEADLINE_S)
        if number < 0:
            raise ValueError(f"{number} is negative")
        return 10 * number


@pytest.fixture
def desk(screen: VirtualScreen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("DISPLAY", screen.name)
    assert gc.isenabled()
    desk = Desk()
    yield desk
    with suppress(tk.TclError):  # the test has closed it
        desk.window.destroy()
    assert not desk.broken
    assert gc.isenabled()


def test_of_what_waits_only_the_newest_is_read(desk: Desk) -> None:
    for number in range(1, 5):
        desk.reading.ask(number)
    desk.go.set()
    desk.until(lambda: not desk.reading.is_busy)
    assert desk.begun == [1, 4]
    assert desk.results == [10, 40]
    assert desk.was_busy == [True, False], "whoever gets the older one can tell"


def test_an_error_is_handed_on_and_reading_goes_on(desk: Desk) -> None:
    desk.go.set()
    desk.reading.ask(-1)
    desk.until(lambda: desk.errors)
    assert desk.errors == ["-1 is negative"]
    desk.reading.ask(2)
    desk.until(lambda: desk.results)
    assert desk.results == [20]


def test_an_error_does_not_keep_what_waits(desk: Desk) -> None:
    desk.reading.ask(-1)
    desk.reading.ask(2)
    desk.go.set()
    desk.until(lambda: not desk.reading.is_busy)
    assert (desk.errors, desk.results) == (["-1 is negative"], [20])


@pytest.mark.parametrize("number", [1, -1], ids=["result", "error"])
def test_garbage_waits_only_while_something_is_read(desk: Desk, number: int) -> None:
    desk.reading.ask(number)
    assert not gc.isenabled()
    desk.go.set()
    desk.until(lambda: not desk.reading.is_busy)
    assert gc.isenabled()


def test_closing_while_something_is_read_leaves_no_timer_no_thread_and_garbage_collected(desk: Desk) -> None:
    desk.reading.ask(1)
    desk.reading.ask(2)
    desk.until(lambda: desk.begun)
    desk.window.destroy()
    assert gc.isenabled()
    assert not desk.window.tk.call("after", "info")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("reading")]
    assert (desk.begun, desk.results) == ([1], [])


def test_closing_before_anything_was_read_is_quiet(desk: Desk) -> None:
    assert not desk.reading.is_busy
