"""How the window looks in doubt: grey, a question mark, and what else it might be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from handsum.reading import DigitReading, Doubt
from handsum.window.app import App
from handsum.window.bars import number_beside
from handsum.window.wording import verdict_on
from tests.doubtful import DIGIT_PROBABILITY, doubtful_network
from tests.gui.bench import Bench
from tests.gui.virtual_screen import VirtualScreen

SEVEN = [[(120, 80), (180, 80), (240, 80), (215, 150), (190, 220), (165, 290)]]

OpenWindow = Callable[..., Bench]


@pytest.fixture
def open_window(screen: VirtualScreen, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenWindow]:
    """Open a window whose reader doubts; it is closed after the test."""
    monkeypatch.setenv("DISPLAY", screen.name)
    with ExitStack() as stack:

        def open_it(model: str, **options: Any) -> Bench:
            app = App(model, **options)
            stack.callback(app.destroy)
            return Bench(screen, app)

        yield open_it


def text_colours(bench: Bench) -> set[str]:
    """The colours of all digits and numbers beside the bars."""
    bars = bench.app.bars
    return {bars.itemcget(item, "fill") for item in bars.find_all() if bars.type(item) == "text"}


def test_a_sure_digit_stands_out_in_the_accent_colour(open_window: OpenWindow) -> None:
    bench = open_window("mnist")
    bench.draw(SEVEN)
    palette = bench.app.theme.palette
    assert bench.app.verdict.digit == "7"
    assert not bench.app.verdict.is_grey
    assert bench.app.bars.colours == [palette.faint] * 7 + [palette.accent] + [palette.faint] * 2
    assert text_colours(bench) == {palette.text, palette.muted}


def test_what_is_no_digit_is_grey_all_over(open_window: OpenWindow, tmp_path: Path) -> None:
    bench = open_window(doubtful_network(tmp_path))
    bench.draw(SEVEN)
    app, palette = bench.app, bench.app.theme.palette
    assert (app.verdict.digit, app.verdict.words) == ("?", "not a digit? else 7")
    assert app.verdict.is_grey
    assert (set(app.bars.colours), text_colours(bench)) == ({palette.faint}, {palette.muted})
    assert sum(app.bars.goals) == pytest.approx(DIGIT_PROBABILITY)
    assert app.bars.numbers[7] == number_beside(app.bars.goals[7])
    bench.press("Return")
    bench.until(lambda: "nearest is 7" in app.footer.status, "the answer to Predict")


def test_a_refused_digit_is_grey_and_named_as_a_guess(open_window: OpenWindow) -> None:
    bench = open_window("mnist", min_confidence=1.0)
    bench.draw(SEVEN)
    app, palette = bench.app, bench.app.theme.palette
    assert app.verdict.digit == "?"
    assert app.verdict.words.startswith("unsure: 7 at ")
    assert app.verdict.is_grey
    assert (set(app.bars.colours), text_colours(bench)) == ({palette.faint}, {palette.text, palette.muted})
    bench.press("Return")
    bench.until(lambda: app.footer.status.startswith("Too unsure to read it: 7"), "the answer to Predict")


def test_doubt_leaves_with_the_ink(open_window: OpenWindow, tmp_path: Path) -> None:
    bench = open_window(doubtful_network(tmp_path))
    bench.draw(SEVEN)
    bench.press("Escape")
    bench.until(lambda: bench.app.verdict.words == "Draw a digit", "the empty paper")
    assert bench.app.verdict.digit == ""
    assert bench.app.bars.goals == [0.0] * 10
    assert bench.app.bars.numbers == [""] * 10


@pytest.mark.parametrize("doubt", ["not a digit", "too unsure"])
@pytest.mark.parametrize("confidence", [0.005, 0.5, 0.999])
def test_the_words_of_doubt_fit_and_move_nothing(
    open_window: OpenWindow, doubt: Doubt, confidence: float
) -> None:
    bench = open_window("mnist")
    app = bench.app
    before = (app.bars.winfo_y(), app.bars.winfo_height())
    probabilities, frame = np.full(10, 0.1, np.float32), np.ones((28, 28), np.float32)
    app.verdict.show(verdict_on(DigitReading(None, confidence, 1.0, probabilities, frame, doubt)))
    app.update()
    assert app.verdict.winfo_reqwidth() <= app.verdict.winfo_width()
    assert (app.bars.winfo_y(), app.bars.winfo_height()) == before
