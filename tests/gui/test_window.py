"""What the window does, by real clicks and keys."""

from __future__ import annotations

import time

import numpy as np
import pytest

from handsum.ink import DEFAULT_PEN_WIDTH_PX, Ink, render
from handsum.window.app import App
from handsum.window.bars import number_beside
from handsum.window.pen_slider import MAX_WIDTH_PX, MIN_WIDTH_PX, STEP_PX
from tests.gui.bench import Bench
from tests.gui.virtual_screen import VirtualScreen

ONE = [[(200, 100), (200, 140), (200, 180), (200, 240), (200, 300)]]
SEVEN = [[(120, 80), (180, 80), (240, 80), (215, 150), (190, 220), (165, 290)]]
CROSSBAR = [[(160, 180), (200, 180), (240, 180)]]


def test_begins_with_a_hint_and_nothing_to_undo(bench: Bench) -> None:
    app = bench.app
    assert app.verdict.digit == ""
    assert app.verdict.words == "Draw a digit"
    assert app.bars.numbers == [""] * 10
    assert not app.history.can_undo


def test_reads_while_the_stroke_still_grows(bench: Bench) -> None:
    paper = bench.app.paper
    left, top = paper.winfo_rootx(), paper.winfo_rooty()
    moves = [f"mousemove {left + x} {top + y}" for x, y in SEVEN[0]]
    bench.do([moves[0], "mousedown 1", *moves[1:]])
    bench.until(lambda: bench.app.verdict.digit in {"1", "7"}, "a reading before the pen is lifted")
    assert not bench.app.history.can_undo
    bench.do(["mouseup 1"])
    bench.until(lambda: bench.app.history.can_undo, "the end of the stroke")


def test_points_carry_time(bench: Bench) -> None:
    bench.draw(SEVEN)
    times = [point.t_ms for point in bench.app.history.ink.points]
    assert times == sorted(times)
    assert times[0] == 0.0
    assert 0 < times[-1] < 10_000


def test_bars_come_to_rest_at_the_probabilities(bench: Bench) -> None:
    bench.draw(ONE)
    assert bench.app.reading is not None
    assert bench.app.bars.goals == bench.app.reading.shares.tolist()
    assert bench.app.bars.numbers[1] == number_beside(bench.app.reading.shares[1])
    bench.settle()


def test_predict_says_what_it_reads(bench: Bench) -> None:
    bench.press("Return")
    bench.until(lambda: "draw a digit" in bench.app.footer.status, "the answer to an empty paper")
    bench.draw(ONE)
    bench.click(bench.app.footer.predict)
    bench.until(lambda: bench.app.footer.status.startswith("Read as 1,"), "the answer")


def test_keys_undo_and_redo_strokes(bench: Bench) -> None:
    bench.draw(SEVEN)
    bench.draw(CROSSBAR)
    both = bench.app.history.ink
    bench.press("ctrl+z")
    bench.until(lambda: len(bench.app.paper.ink.strokes) == 1, "undo")
    bench.press("ctrl+z")
    bench.until(lambda: bench.app.verdict.words == "Draw a digit", "undo to the empty paper")
    bench.press("ctrl+shift+z")
    bench.until(lambda: len(bench.app.paper.ink.strokes) == 1, "redo")
    bench.press("ctrl+y")
    bench.until(lambda: bench.app.paper.ink == both, "redo by the other key")


def test_undo_brings_back_what_was_cleared(bench: Bench) -> None:
    bench.draw(SEVEN)
    before = bench.app.history.ink
    bench.click(bench.app.footer.clear)
    bench.until(lambda: not bench.app.paper.ink.strokes, "the cleared paper")
    assert bench.app.verdict.digit == ""
    bench.click(bench.app.toolbar.buttons["undo"])
    bench.until(lambda: bench.app.paper.ink == before, "the ink")
    bench.click(bench.app.toolbar.buttons["redo"])
    bench.until(lambda: not bench.app.paper.ink.strokes, "the cleared paper once more")


def test_keys_change_the_pen(bench: Bench) -> None:
    bench.press("bracketright")
    bench.until(lambda: bench.app.paper.pen_width_px == DEFAULT_PEN_WIDTH_PX + STEP_PX, "a thicker pen")
    bench.press("bracketleft", "bracketleft")
    bench.until(lambda: bench.app.paper.pen_width_px == DEFAULT_PEN_WIDTH_PX - STEP_PX, "a thinner pen")
    bench.draw(ONE)
    assert bench.app.history.ink.strokes[0].width_px == DEFAULT_PEN_WIDTH_PX - STEP_PX


def test_slider_changes_the_pen_and_stops_at_its_ends(bench: Bench) -> None:
    slider = bench.app.toolbar.pen_width
    left, middle = slider.winfo_rootx(), slider.winfo_rooty() + slider.winfo_height() // 2
    bench.do([f"mousemove {left + slider.winfo_width() - 2} {middle}", "click 1"])
    bench.until(lambda: bench.app.paper.pen_width_px == MAX_WIDTH_PX, "the thickest pen")
    bench.do([f"mousemove {left + 1} {middle}", "click 1"])
    bench.until(lambda: bench.app.paper.pen_width_px == MIN_WIDTH_PX, "the thinnest pen")


def test_eraser_takes_whole_strokes_and_undo_returns_them(bench: Bench) -> None:
    bench.draw(SEVEN)
    bench.draw(CROSSBAR)
    both = bench.app.history.ink
    bench.press("e")
    bench.until(lambda: str(bench.app.paper["cursor"]) == "dotbox", "the eraser")
    paper = bench.app.paper
    left, top = paper.winfo_rootx(), paper.winfo_rooty()
    beside, on = f"mousemove {left + 232} {top + 210}", f"mousemove {left + 234} {top + 184}"
    bench.do([beside, "mousedown 1", on, "mouseup 1"])
    bench.until(lambda: bench.app.history.ink == Ink(both.strokes[:1]), "the crossbar to go")
    bench.press("ctrl+z")
    bench.until(lambda: bench.app.paper.ink == both, "the crossbar to come back")
    bench.press("p")
    bench.until(lambda: str(bench.app.paper["cursor"]) == "pencil", "the pen")


def test_a_pointer_that_was_not_pressed_here_leaves_no_ink(bench: Bench) -> None:
    paper = bench.app.paper
    # As a Control-click of macOS does, which opens a menu: its press is not the pen's.
    paper.event_generate("<B1-Motion>", x=100, y=100)
    paper.event_generate("<B1-Motion>", x=150, y=150)
    paper.event_generate("<ButtonRelease-1>", x=150, y=150)
    assert (paper.ink, bench.app.history.ink) == (Ink(), Ink())
    bench.draw(ONE)
    paper.event_generate("<B1-Motion>", x=150, y=150)
    assert len(paper.ink.strokes) == 1


def test_dot_is_ink(bench: Bench) -> None:
    bench.draw([[(150, 150)]])
    assert len(bench.app.history.ink.strokes) == 1
    assert bench.app.paper.page().any()


def test_stroke_may_leave_the_paper(bench: Bench) -> None:
    bench.draw([[(40, 200), (5, 200), (-10, 200), (-10, 260), (60, 260)]])
    width_px, height_px = bench.app.paper.page_size_px
    assert bench.app.paper.page().shape == (height_px, width_px)
    assert min(point.x for point in bench.app.history.ink.points) < 0


def test_theme_changes_colours_and_keeps_ink(bench: Bench) -> None:
    bench.draw(SEVEN)
    ink, digit, light = bench.app.history.ink, bench.app.verdict.digit, str(bench.app.paper["background"])
    bench.press("d")
    bench.until(lambda: str(bench.app.paper["background"]) != light, "the dark")
    assert (bench.app.paper.ink, bench.app.verdict.digit) == (ink, digit)
    bench.click(bench.app.toolbar.buttons["mode"])
    bench.until(lambda: str(bench.app.paper["background"]) == light, "the light")


def test_resizing_keeps_ink_where_it_is(bench: Bench) -> None:
    bench.draw(SEVEN)
    ink, digit = bench.app.history.ink, bench.app.verdict.digit
    bench.resize(1200, 900)
    assert bench.app.paper.ink == ink
    bench.resize(700, 600)
    assert bench.app.paper.ink == ink
    bench.settle()
    assert bench.app.verdict.digit == digit


def test_ink_hidden_by_a_smaller_window_comes_back(bench: Bench) -> None:
    bench.resize(1300, 900)
    bench.draw([[(x + 700, y) for x, y in SEVEN[0]]])
    bench.resize(700, 600)
    bench.until(lambda: bench.app.verdict.words == "Draw a digit", "the hidden ink to be unread")
    bench.resize(1300, 900)
    bench.until(lambda: bench.app.verdict.digit == "7", "the ink to be back and read")


@pytest.mark.parametrize("strokes", [ONE, SEVEN + CROSSBAR], ids=["one", "crossed seven"])
def test_screen_shows_the_ink_that_is_read(bench: Bench, strokes: list[list[tuple[int, int]]]) -> None:
    bench.draw(strokes)
    page = bench.app.paper.page()
    shown = bench.app.paper.shown_coverage
    height_px, width_px = shown.shape
    assert np.array_equal(page, render(bench.app.history.ink, width_px=width_px, height_px=height_px))
    # Where two pieces meet, edges add up a little differently while drawing.
    assert np.abs(shown.astype(int) - page).mean() < 0.2
    assert ((shown > 127) == (page > 127)).mean() > 0.999


def test_tooltip_comes_and_goes(bench: Bench) -> None:
    button = bench.app.toolbar.buttons["eraser"]
    bench.do([f"mousemove {button.winfo_rootx() + 9} {button.winfo_rooty() + 9}"])
    bench.until(lambda: button.winfo_children(), "the tooltip")
    bench.do([f"mousemove {button.winfo_rootx() + 500} {button.winfo_rooty() + 200}"])
    bench.until(lambda: not button.winfo_children(), "the tooltip to go")


def test_a_network_that_does_not_open_is_said_and_stays_said(
    screen: VirtualScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", screen.name)
    app = App("nonsense")
    try:
        end = time.monotonic() + 30
        while "no network 'nonsense'" not in app.footer.status:
            assert time.monotonic() < end, app.footer.status
            app.update()
        app.paper.event_generate("<Button-1>", x=50, y=50)
        app.paper.event_generate("<ButtonRelease-1>", x=90, y=90)
        app.predict()
        assert len(app.history.ink.strokes) == 1
        assert "no network 'nonsense'" in app.footer.status
    finally:
        app.destroy()
