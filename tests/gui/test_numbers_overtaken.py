"""Numbers in the real window when ink and keys are faster than the reader, and when it is in doubt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handsum.errors import ModelError
from handsum.ink import Ink
from handsum.reading import Symbol
from handsum.window.numbers import Result
from handsum.window.pointing import HOLD_MS
from tests.gui.bench import Bench
from tests.gui.sums_bench import (
    DOUBTED_SEVEN,
    SUM,
    OpenNumbers,
    SlowReader,
    in_strip,
    on_paper,
    pick,
    rows,
    wait,
    write,
)
from tests.gui.test_scratch import zigzag
from tests.gui.writing import KnowingReader, strokes_of

HOLD = ["mousedown 1", f"sleep {2 * HOLD_MS / 1000}", "mouseup 1"]


@pytest.fixture
def slow_reader() -> Iterator[SlowReader]:
    reader = SlowReader(SUM)
    yield reader
    reader.go.set()  # closing the window waits for it


def test_predict_says_the_newest_ink(open_numbers: OpenNumbers, slow_reader: SlowReader) -> None:
    bench = open_numbers(slow_reader)
    slow_reader.go.clear()
    bench.draw(strokes_of(SUM[:2]))
    bench.press("Return")
    slow_reader.go.set()
    bench.until(lambda: bench.app.footer.status.startswith("Read as"), "the answer")
    wait(bench)
    assert bench.app.footer.status == "Read as 12"


def test_predict_does_not_outlive_a_switch(open_numbers: OpenNumbers, slow_reader: SlowReader) -> None:
    bench = open_numbers(slow_reader)
    slow_reader.go.clear()
    bench.draw(strokes_of(SUM[:1]))
    bench.press("Return", "n", "n")
    bench.until(lambda: bench.app.subject == "numbers", "the mode again")
    slow_reader.go.set()
    bench.until(lambda: rows(bench) == ["1"], "the reading")
    wait(bench)
    assert bench.app.footer.status == ""


def test_predict_does_not_outlive_an_error(
    open_numbers: OpenNumbers, slow_reader: SlowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_ink: Ink) -> tuple[Symbol, ...]:
        raise ModelError("page.onnx is missing")

    bench = open_numbers(slow_reader)
    wait(bench)
    with monkeypatch.context() as broken:
        broken.setattr(slow_reader, "find_ink_symbols", fail)
        bench.press("Return")
        bench.until(lambda: "missing" in bench.app.footer.status, "the error")
    write(bench, SUM[:1])
    assert rows(bench) == ["1"]
    assert bench.app.footer.status == ""


def test_copy_waits_for_the_newest_ink(open_numbers: OpenNumbers, slow_reader: SlowReader) -> None:
    bench = open_numbers(slow_reader)
    write(bench, SUM[:-1])
    slow_reader.go.clear()
    bench.draw(strokes_of(SUM[-1:]))
    bench.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+c")
    assert bench.app.footer.status == "Undone"
    slow_reader.go.set()
    bench.until(lambda: bench.app.footer.status == "Copied", "the copy")
    assert bench.app.clipboard_get() == "12+"


def test_what_was_cleared_cannot_be_corrected(open_numbers: OpenNumbers, slow_reader: SlowReader) -> None:
    bench = open_numbers(slow_reader)
    write(bench, SUM[:2])
    numbers = bench.app.numbers
    slow_reader.go.clear()
    bench.press("ctrl+z")
    bench.until(lambda: [symbol.label for symbol in numbers.boxes.symbols] == ["1"], "the 2's box to go")
    bench.press("Escape")
    bench.until(lambda: numbers.boxes.symbols == (), "the boxes to go")
    bench.do([on_paper(bench, SUM[0]), "click 3", in_strip(bench, 0, 0), "click 1"])
    assert not numbers.chooser.is_open
    slow_reader.go.set()
    bench.until(lambda: rows(bench) == [], "the reading")


def test_an_older_reading_brings_no_boxes_of_cleared_ink(
    open_numbers: OpenNumbers, slow_reader: SlowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_numbers(slow_reader)
    wait(bench)
    shown: list[tuple[list[str], tuple[Symbol, ...]]] = []
    numbers = bench.app.numbers

    def take(result: Result) -> None:
        numbers._take(result)
        shown.append((rows(bench), numbers.boxes.symbols))

    monkeypatch.setattr(numbers._reading, "_on_result", take)
    slow_reader.go.clear()
    bench.draw(strokes_of(SUM[:1]))
    bench.press("Escape")
    slow_reader.go.set()
    wait(bench)
    assert shown == [(["1"], ()), ([], ())]


def test_a_hold_on_what_was_corrected_offers_what_was_read(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM, doubts=DOUBTED_SEVEN))
    write(bench, SUM)
    pick(bench, 0, 3)
    bench.press("1")
    bench.until(lambda: rows(bench) == ["1 2 + 1 = 13"], "the correction")
    chooser = bench.app.numbers.chooser
    bench.do([on_paper(bench, SUM[3]), *HOLD])
    bench.until(lambda: chooser.is_open, "the card")
    assert list(chooser.buttons)[:2] == ["1", "7"]
    bench.press("7")
    bench.until(lambda: rows(bench) == ["1 2 + 7 = 19"], "the correction")


def test_an_answer_hidden_by_a_hold_comes_back(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    paper, (_, y0, x1, y1) = bench.app.paper, SUM[-1].box
    near = f"mousemove {paper.winfo_rootx() + round(x1)} {paper.winfo_rooty() + round((y0 + y1) / 2)}"
    bench.do([near, "mousedown 1"])
    bench.until(lambda: not paper.shown_answers.any(), "the answer to give way")
    bench.until(lambda: bench.app.numbers.chooser.is_open, "the card")
    bench.do(["mouseup 1"])
    bench.press("Escape")
    bench.until(lambda: not bench.app.numbers.chooser.is_open, "the card to close")
    bench.until(lambda: paper.shown_answers.any(), "the answer")


def test_an_erasure_scratches_nothing_out(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    bench.press("n")
    bench.until(lambda: bench.app.subject == "digit", "the other mode")
    bench.draw([[(100, 100), (100, 200)], zigzag(60, 90, 80, 120, num_sweeps=10)])
    ink, paper = bench.app.history.ink, bench.app.paper
    bench.press("n", "e")
    bench.until(lambda: str(paper["cursor"]) == "dotbox", "the eraser")
    bench.do([f"mousemove {paper.winfo_rootx() + 500} {paper.winfo_rooty() + 250}", "click 1"])
    wait(bench)
    assert (bench.app.history.ink, paper.ink) == (ink, ink)


def test_a_sum_in_doubt_is_not_answered(open_numbers: OpenNumbers) -> None:
    reader = KnowingReader(SUM, doubts=DOUBTED_SEVEN, min_confidence=0.9)
    bench = open_numbers(reader, min_confidence=0.9)
    write(bench, SUM)
    assert rows(bench) == ["1 2 + 7 = too unsure"]
    assert not bench.app.paper.shown_answers.any()
    bench.press("Return")
    bench.until(lambda: bench.app.footer.status.startswith("Too unsure to read it: 12+7="), "the answer")
    pick(bench, 0, 3)
    bench.press("7")
    bench.until(lambda: rows(bench) == ["1 2 + 7 = 19"], "the correction")
    wait(bench)
    assert bench.app.paper.shown_answers.any()


def test_the_switch_asks_only_for_what_is_not_chosen(
    open_numbers: OpenNumbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_numbers(KnowingReader(SUM))
    chosen: list[str] = []
    switch = bench.app.toolbar.subject
    monkeypatch.setattr(switch, "_on_choose", chosen.append)
    click(bench, 3)
    assert chosen == []
    click(bench, 1)
    assert chosen == ["digit"]


def click(bench: Bench, quarter: int) -> None:
    """Click on the switch, so many quarters from its left."""
    switch = bench.app.toolbar.subject
    x = switch.winfo_rootx() + switch.winfo_width() * quarter // 4
    bench.do([f"mousemove {x} {switch.winfo_rooty() + switch.winfo_height() // 2}", "click 1"])
