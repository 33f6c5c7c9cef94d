"""The bench for the window: a screen of its own, and a test fails on any error the window meets."""

from __future__ import annotations

import gzip
import json
import logging
import os
import tkinter as tk
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from handsum.reader import Reader
from handsum.window.app import App
from tests.gui.bench import Bench
from tests.gui.sums_bench import OpenNumbers
from tests.gui.virtual_screen import VirtualScreen, missing_programs
from tests.gui.writing import KnowingReader


@pytest.fixture(scope="session")
def screen() -> Iterator[VirtualScreen]:
    if missing := missing_programs():
        pytest.skip(f"the window is tested with {' and '.join(missing)}: apt-get install xvfb xdotool")
    with VirtualScreen() as virtual:
        yield virtual


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Reads with what the window reads with."""
    return Reader()


@pytest.fixture(autouse=True)
def no_logged_error(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Errors in callbacks are logged by the window, so this catches them too."""
    errors: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    monkeypatch.setattr(handler, "emit", errors.append)
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    assert not errors, [record.exc_info or record.getMessage() for record in errors]


@pytest.fixture
def bench(screen: VirtualScreen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("DISPLAY", screen.name)
    app = App()
    try:
        yield Bench(screen, app)
        app.update()
        assert [child for child in app.winfo_children() if isinstance(child, tk.Toplevel)] == []
    finally:
        app.destroy()
    assert not app.tk.call("after", "info"), "a timer outlives the window"


@pytest.fixture
def open_numbers(screen: VirtualScreen, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenNumbers]:
    """Open a window for numbers whose reader is given; it is closed after the test."""
    monkeypatch.setenv("DISPLAY", screen.name)
    with ExitStack() as stack:

        def open_it(reader: KnowingReader, *, min_confidence: float = 0.0) -> Bench:
            monkeypatch.setattr("handsum.window.app._open_reader", lambda *_arguments: reader)
            app = App(subject="numbers", min_confidence=min_confidence)
            stack.callback(lambda: _close(app))
            return Bench(screen, app)

        yield open_it


def _close(app: App) -> None:
    left_over = [child for child in app.winfo_children() if isinstance(child, tk.Toplevel)]
    app.destroy()
    assert left_over == []
    assert not app.tk.call("after", "info"), "a timer outlives the window"


@pytest.fixture(scope="session")
def pen_digits() -> list[dict[str, Any]]:
    """30 digits, three of each, by as many held-out writers as there are; always the same ones."""
    folder = os.environ.get("HANDSUM_DATA")
    path = Path(folder or "") / "ink" / "unipen-symbols.jsonl.gz"
    if not folder or not path.is_file():
        pytest.skip("needs real pen digits: set HANDSUM_DATA to the folder with ink/unipen-symbols.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    digits = [row for row in rows if row["split"] == "dev" and row["label"] in "0123456789"]
    return _spread_over_writers(digits)


def _spread_over_writers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    chosen: list[dict[str, Any]] = []
    times_drawn: dict[str, int] = {}
    for index in range(30):
        candidates = [row for row in rows if row["label"] == str(index % 10) and row not in chosen]
        best = min(candidates, key=lambda row: times_drawn.get(row["writer"], 0))
        times_drawn[best["writer"]] = times_drawn.get(best["writer"], 0) + 1
        chosen.append(best)
    return chosen
