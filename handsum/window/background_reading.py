"""Reads beside Tk's own thread, so that ink never waits; of what waits only the newest is read.

Python collects garbage in whatever thread comes upon enough of it, and Tk aborts the process when its
objects are deleted outside its own thread. So nothing is collected while the other thread works.
"""

from __future__ import annotations

import gc
import tkinter as tk
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Request = TypeVar("Request")
Result = TypeVar("Result")

# How often a result is looked for; far less than a page takes to read.
LOOK_MS = 4


class BackgroundReading(Generic[Request, Result]):
    """Works on requests in a thread of its own, begun with the first; hands results on in Tk's."""

    def __init__(
        self,
        widget: tk.Misc,
        *,
        work: Callable[[Request], Result],
        on_result: Callable[[Result], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._widget, self._work = widget, work
        self._on_result, self._on_error = on_result, on_error
        self._thread: ThreadPoolExecutor | None = None
        self._running: Future[Result] | None = None
        self._waiting: Request | None = None
        self._look_timer: str | None = None
        widget.bind("<Destroy>", lambda event: self._stop() if event.widget is widget else None, add=True)

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._running is not None

    def ask(self, request: Request) -> None:
        """Work on this as soon as the thread is free, and on nothing that was asked before."""
        self._waiting = request
        if self._running is None:
            self._start_next()

    def _start_next(self) -> None:
        if self._waiting is None:
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        request, self._waiting = self._waiting, None
        gc.disable()
        self._running = self._thread.submit(self._work, request)
        self._look_timer = self._widget.after(LOOK_MS, self._look)

    def _look(self) -> None:
        self._look_timer = None
        if self._running is None:
            return
        future = self._running
        if not future.done():
            self._look_timer = self._widget.after(LOOK_MS, self._look)
            return
        self._running = None
        gc.enable()
        self._start_next()
        if isinstance(error := future.exception(), Exception):
            self._on_error(error)
        else:
            self._on_result(future.result())

    def _stop(self) -> None:
        if self._look_timer is not None:
            self._widget.after_cancel(self._look_timer)
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
            gc.enable()
