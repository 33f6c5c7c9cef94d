"""A sum drawn in the real window and read by the real networks."""

from __future__ import annotations

import pytest

from handsum.window.app import App
from tests.gui.bench import Bench
from tests.gui.virtual_screen import VirtualScreen
from tests.gui.writing import Path, strokes_of, written

FRACTION = [
    *strokes_of(written("3", left=85, top=50, height=80)),
    [(60.0, 150.0), (105.0, 152.0), (150.0, 150.0)],
    *strokes_of(written("4", left=80, top=170, height=80)),
    *strokes_of(written("=", left=190, top=105, height=80)),
]


@pytest.mark.parametrize(
    ("strokes", "copied"),
    [(strokes_of(written("12+7=", left=60, top=80, height=80)), "12+7=19"), (FRACTION, "3/4=0.75")],
)
def test_a_drawn_sum_is_answered(
    screen: VirtualScreen, monkeypatch: pytest.MonkeyPatch, strokes: list[Path], copied: str
) -> None:
    monkeypatch.setenv("DISPLAY", screen.name)
    app = App(subject="numbers")
    try:
        bench = Bench(screen, app)
        for stroke in strokes:
            bench.draw([stroke])
            # A busy window gets fewer of the pointer's places, and the digits corners of their own.
            bench.until(lambda: not app.numbers.is_reading, "the reading")
        assert [each.copied for each in app.numbers.sums] == [copied]
        assert app.paper.shown_answers.any()
    finally:
        app.destroy()
