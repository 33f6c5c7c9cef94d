"""Reads the paper while it is drawn on, often enough to feel live and never so often that ink lags."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from handsum.reading import DigitReading

# About what a screen shows: a reading nobody could see would only keep the pen waiting.
MIN_INTERVAL_MS = 24


class PageReader(Protocol):
    """What reads a page; `handsum.Reader` is one."""

    def read_page(self, page: NDArray[np.uint8]) -> DigitReading:
        """Read one digit from a page: uint8 (H, W), bright ink on 0."""
        ...


class LiveReading:
    """Asks for the page, reads it and hands the reading on, all in Tk's own thread."""

    def __init__(
        self,
        widget: tk.Widget,
        *,
        page: Callable[[], NDArray[np.uint8]],
        on_reading: Callable[[DigitReading], None],
    ) -> None:
        self._widget, self._page, self._on_reading = widget, page, on_reading
        self._pending: str | None = None
        self._reader: PageReader | None = None
        widget.bind("<Destroy>", lambda _event: self._forget_pending(), add=True)

    def start(self, reader: PageReader) -> None:
        """Begin reading, with what is on the paper already."""
        self._reader = reader
        self.read_now()

    def read_soon(self) -> None:
        """Read within a moment; asking again before then changes nothing."""
        if self._pending is None and self._reader is not None:
            self._pending = self._widget.after(MIN_INTERVAL_MS, self.read_now)

    def read_now(self) -> DigitReading | None:
        """Read at once; None while the reader is still being opened."""
        self._forget_pending()
        if self._reader is None:
            return None
        reading = self._reader.read_page(self._page())
        self._on_reading(reading)
        return reading

    def _forget_pending(self) -> None:
        if self._pending is not None:
            self._widget.after_cancel(self._pending)
            self._pending = None
