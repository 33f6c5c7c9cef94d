"""A sum drawn in the real window and read by the real networks."""

from __future__ import annotations

import pytest

from handsum.window.app import App
from tests.gui.bench import Bench
from tests.gui.virtual_screen import VirtualScreen
from tests.gui.writing import strokes_of, written


def test_a_drawn_sum_is_answered(screen: VirtualScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", screen.name)
    app = App(subject="numbers")
    try:
        bench = Bench(screen, app)
        for stroke in strokes_of(written("12+7=", left=60, top=80, height=80)):
            bench.draw([stroke])
            # A busy window gets fewer of the pointer's places, and the digits corners of their own.
            bench.until(lambda: not app.numbers.is_reading, "the reading")
        assert [each.copied for each in app.numbers.sums] == ["12+7=19"]
        assert app.paper.shown_answers.any()
    finally:
        app.destroy()
