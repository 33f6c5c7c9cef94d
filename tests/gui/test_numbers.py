"""Numbers and sums in the real window, by a real pointer; what is written where is known to the reader."""

from __future__ import annotations

import numpy as np
import pytest

from handsum.errors import ModelError
from handsum.ink import Ink
from handsum.reading import Symbol
from handsum.window.pointing import HOLD_MS
from handsum.window.subject import PEN_WIDTHS_PX
from handsum.window.symbol_boxes import TAG
from handsum.window.theme import PALETTES
from tests.gui.bench import Bench
from tests.gui.sums_bench import BELOW, DOUBTED_SEVEN, SUM, OpenNumbers, on_paper, pick, rows, wait, write
from tests.gui.test_scratch import zigzag
from tests.gui.writing import KnowingReader, strokes_of, written
from tests.written_symbols import stacked


def test_the_answer_appears_after_the_equals_and_goes_with_it(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM[:-1])
    assert rows(bench) == ["1 2 + 7 = 19"]
    assert not bench.app.paper.shown_answers.any()
    write(bench, SUM[-1:])
    assert rows(bench) == ["1 2 + 7 = 19"]
    columns = np.flatnonzero(bench.app.paper.shown_answers.any(axis=0))
    assert SUM[-1].box[2] < columns.min() < columns.max() < SUM[-1].box[2] + 200
    bench.press("ctrl+z")
    bench.until(lambda: not bench.app.paper.shown_answers.any(), "the answer to go")
    assert not bench.app.paper.page()[:, columns].any(), "the answer is no ink"


def test_each_line_has_its_answer_and_may_go_on_from_the_one_above(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM, BELOW))
    write(bench, SUM + BELOW)
    assert rows(bench) == ["1 2 + 7 = 19", "Ans × 2 = 38"]


def test_a_wrong_sum_shows_the_right_value(open_numbers: OpenNumbers) -> None:
    signs = written("2+2=5", left=40, top=40, height=60)
    bench = open_numbers(KnowingReader(signs))
    write(bench, signs)
    assert rows(bench) == ["2 + 2 = 5 it comes to 4"]
    assert not bench.app.paper.shown_answers.any()


def test_boxes_and_labels_lie_over_the_ink_and_doubt_looks_like_doubt(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM, doubts=DOUBTED_SEVEN))
    write(bench, SUM)
    paper, palette = bench.app.paper, bench.app.theme.palette
    texts = [item for item in paper.find_withtag(TAG) if paper.type(item) == "text"]
    labels = {paper.itemcget(item, "text"): paper.itemcget(item, "fill") for item in texts}
    assert set(labels) == {"1", "2", "+", "7?", "="}
    assert (labels["1"], labels["7?"]) == (palette.muted, palette.faint)
    boxes = [item for item in paper.find_withtag(TAG) if paper.type(item) == "rectangle"]
    assert [paper.itemcget(item, "dash") != "" for item in boxes] == [False, False, False, True, False]


@pytest.mark.parametrize("top", [5, 21])
def test_labels_stay_on_the_paper(open_numbers: OpenNumbers, top: float) -> None:
    signs = written("12+7=", left=40, top=top, height=60)
    bench = open_numbers(KnowingReader(signs, doubts=DOUBTED_SEVEN))
    write(bench, signs)
    paper = bench.app.paper
    texts = [item for item in paper.find_withtag(TAG) if paper.type(item) == "text"]
    assert len(texts) == len(signs)
    for item in texts:
        _, y0, _, y1 = paper.bbox(item)
        assert 0 <= y0 < y1 <= paper.winfo_height(), paper.itemcget(item, "text")


def test_a_label_of_what_fills_the_paper_stays_on_it(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    paper = bench.app.paper
    bench.app.numbers.boxes.show([Symbol("1", (40, 2, 90, paper.page_size_px[1] - 2), 0.98)])
    (label,) = (item for item in paper.find_withtag(TAG) if paper.type(item) == "text")
    _, y0, _, y1 = paper.bbox(label)
    assert 0 <= y0 < y1 <= paper.winfo_height()


def test_the_labels_of_a_fraction_lie_over_none_of_its_symbols(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    paper = bench.app.paper
    fraction = stacked("3", "4", x=60, y=120, height=70)
    bench.app.numbers.boxes.show(fraction)
    labels = [paper.bbox(item) for item in paper.find_withtag(TAG) if paper.type(item) == "text"]
    assert len(labels) == len(fraction)
    for x0, y0, x1, y1 in labels:
        middle = (x0 + x1) / 2
        for left, top, right, bottom in (symbol.box for symbol in fraction):
            assert not (left < middle < right and top < y1 and y0 < bottom)


def test_an_answer_that_hangs_on_a_doubtful_symbol_is_grey_and_asks(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM, doubts=DOUBTED_SEVEN))
    write(bench, SUM)
    palette = bench.app.theme.palette
    assert rows(bench) == ["1 2 + 7 = 19?"]
    assert answer_colours(bench) == {palette.faint}
    pick(bench, 0, 3)
    bench.press("7")
    bench.until(lambda: rows(bench) == ["1 2 + 7 = 19"], "the correction")
    assert answer_colours(bench) == {palette.accent}


def answer_colours(bench: Bench) -> set[str]:
    """In which colours answers stand on the paper, where they cover it."""
    paper = bench.app.paper
    (picture,) = (paper.itemcget(item, "image") for item in paper.find_all() if paper.type(item) == "image")
    is_covered = (paper.shown_answers == 255) & (paper.shown_coverage == 0)
    places = list(zip(*is_covered.nonzero(), strict=True))
    colours = (paper.tk.call(picture, "get", int(column), int(row)) for row, column in places)
    return {"#{:02x}{:02x}{:02x}".format(*colour) for colour in colours}


def test_a_sum_taken_for_true_says_so_and_shows_what_was_read(open_numbers: OpenNumbers) -> None:
    signs = written("12+7=14", left=40, top=40, height=60)
    doubts = {"4": Symbol("4", (0, 0, 1, 1), 0.5, (("9", 0.4),))}
    bench = open_numbers(KnowingReader(signs, doubts=doubts))
    write(bench, signs)
    assert rows(bench) == ["1 2 + 7 = 1 9 true, if this is a 9, not a 4"]
    pick(bench, 0, 6)
    bench.press("4")
    bench.until(lambda: rows(bench) == ["1 2 + 7 = 1 4 it comes to 19"], "the correction")


def test_a_sign_below_an_answer_is_no_error(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM, BELOW))
    write(bench, SUM + BELOW[:1])
    assert rows(bench) == ["1 2 + 7 = 19", "Ans ×"]


def test_the_card_offers_the_likeliest_few(open_numbers: OpenNumbers) -> None:
    others = tuple((digit, (20 - place) / 200) for place, digit in enumerate("135682904"))
    bench = open_numbers(KnowingReader(SUM, doubts={"7": Symbol("7", (0, 0, 1, 1), 0.2, others)}))
    write(bench, SUM)
    pick(bench, 0, 3)
    card = bench.app.numbers.chooser
    offered = [label for label, button in card.buttons.items() if button.winfo_manager() == "pack"]
    assert offered == ["7", "1", "3", "5", "6"]
    bench.click(card.buttons["4"])  # the others are still there
    bench.until(lambda: rows(bench) == ["1 2 + 4 = 16"], "the correction")


def test_a_symbol_is_corrected_in_the_strip_and_stays_so(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM, doubts=DOUBTED_SEVEN))
    write(bench, SUM[:-1])
    pick(bench, 0, 3)
    bench.click(bench.app.numbers.chooser.buttons["1"])
    bench.until(lambda: rows(bench) == ["1 2 + 1 = 13"], "the correction")
    write(bench, SUM[-1:])
    assert rows(bench) == ["1 2 + 1 = 13"]
    bench.press("ctrl+z", "ctrl+z", "ctrl+z")
    bench.until(lambda: rows(bench) == ["1 2 +"], "the corrected symbol to go")
    bench.press("ctrl+shift+z")
    bench.until(lambda: rows(bench) == ["1 2 + 1 = 13"], "it to come back as corrected")


def test_the_right_sign_can_be_typed(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    for key, row in (("asterisk", "1 2 × 7 = 84"), ("colon", "1 2 ÷ 7 = ≈ 1.714286 12/7")):
        pick(bench, 0, 2)
        bench.press(key)
        bench.until(lambda row=row: rows(bench) == [row], row)  # type: ignore[misc]
    assert not bench.app.numbers.chooser.is_open


def test_escape_and_a_click_elsewhere_only_close_the_card(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    ink, chooser = bench.app.history.ink, bench.app.numbers.chooser
    pick(bench, 0, 0)
    bench.press("Escape")
    bench.until(lambda: not chooser.is_open, "the card to close")
    pick(bench, 0, 0)
    paper = bench.app.paper
    bench.do([f"mousemove {paper.winfo_rootx() + 500} {paper.winfo_rooty() + 200}", "click 1"])
    bench.until(lambda: not chooser.is_open, "the card to close")
    assert (bench.app.history.ink, rows(bench)) == (ink, ["1 2 + 7 = 19"])


def test_the_right_button_asks_on_the_paper(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    bench.do([on_paper(bench, SUM[0]), "click 3"])
    bench.until(lambda: bench.app.numbers.chooser.is_open, "the card")
    bench.press("9")
    bench.until(lambda: rows(bench) == ["9 2 + 7 = 99"], "the correction")


def test_a_pen_held_still_asks_and_leaves_no_ink(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    ink = bench.app.history.ink
    bench.do([on_paper(bench, SUM[1]), "mousedown 1", f"sleep {2 * HOLD_MS / 1000}", "mouseup 1"])
    bench.until(lambda: bench.app.numbers.chooser.is_open, "the card")
    assert bench.app.history.ink == bench.app.paper.ink == ink
    bench.press("3")
    bench.until(lambda: rows(bench) == ["1 3 + 7 = 20"], "the correction")


def test_a_tap_is_ink_even_on_a_symbol(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    num_strokes = len(bench.app.history.ink.strokes)
    bench.do([on_paper(bench, SUM[1]), "click 1"])
    bench.until(lambda: len(bench.app.history.ink.strokes) == num_strokes + 1, "the dot")
    assert not bench.app.numbers.chooser.is_open


def test_scratching_out_takes_a_symbol_away_in_one_step(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    before = bench.app.history.ink
    x0, y0, x1, y1 = SUM[1].box
    path = zigzag(x0 - 2, y0, x1 - x0 + 4, y1 - y0, num_sweeps=10)
    left, top = bench.app.paper.winfo_rootx() + 1, bench.app.paper.winfo_rooty() + 1
    moves = [f"mousemove {round(left + x)} {round(top + y)} sleep 0.05" for x, y in path]
    bench.do([moves[0], "mousedown 1", *moves[1:], "mouseup 1"])
    bench.until(lambda: rows(bench) == ["1 + 7 = 8"], "the symbol to go")
    assert len(bench.app.paper.ink.strokes) == len(before.strokes) - 1
    assert "Scratched out" in bench.app.footer.status
    bench.press("ctrl+z")
    bench.until(lambda: bench.app.paper.ink == before, "the symbol to come back")
    bench.until(lambda: rows(bench) == ["1 2 + 7 = 19"], "the sum")


def test_a_zigzag_is_ink_where_one_digit_is_read(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    bench.press("n")
    bench.until(lambda: bench.app.subject == "digit", "the other mode")
    bench.draw([[(100, 100), (100, 200)], zigzag(60, 90, 80, 120, num_sweeps=10)])
    assert len(bench.app.history.ink.strokes) == 2


def test_all_lines_are_copied_with_their_answers(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM, BELOW))
    app = bench.app
    bench.press("ctrl+c")
    bench.until(lambda: app.footer.status == "Nothing to copy yet", "the refusal")
    write(bench, SUM + BELOW)
    bench.press("ctrl+c")
    bench.until(lambda: app.footer.status == "Copied", "the copy")
    assert app.clipboard_get() == "12+7=19\n19×2=38"
    app.clipboard_clear()
    app.footer.say("")
    bench.click(app.footer.copy)
    bench.until(lambda: app.footer.status == "Copied", "the copy")
    assert app.clipboard_get() == "12+7=19\n19×2=38"


def test_predict_says_what_it_reads(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    bench.press("Return")
    bench.until(lambda: "write a number" in bench.app.footer.status, "the answer to an empty paper")
    write(bench, SUM)
    bench.click(bench.app.footer.predict)
    bench.until(lambda: bench.app.footer.status == "Read as 12+7=19", "the answer")


def test_switching_keeps_the_ink_and_reads_it_anew(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    app, ink = bench.app, bench.app.history.ink
    wide_px = app.paper.winfo_width()
    bench.press("n")
    bench.until(lambda: app.panel.winfo_viewable() and app.paper.winfo_width() < wide_px, "the digit's panel")
    bench.until(lambda: app.verdict.digit != "", "the digit")
    assert (app.history.ink, app.paper.ink) == (ink, ink)
    assert app.numbers.boxes.symbols == ()
    assert app.paper.find_withtag(TAG) == ()
    assert not app.paper.shown_answers.any()
    assert not app.numbers.view.winfo_viewable()
    assert not app.footer.copy.winfo_viewable()
    switch = app.toolbar.subject
    x = switch.winfo_rootx() + switch.winfo_width() * 3 // 4
    bench.do([f"mousemove {x} {switch.winfo_rooty() + switch.winfo_height() // 2}", "click 1"])
    bench.until(lambda: rows(bench) == ["1 2 + 7 = 19"], "the sum")
    bench.until(lambda: app.paper.winfo_width() == wide_px, "the wide paper")
    assert app.paper.ink == ink


def test_each_mode_keeps_its_own_pen(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    paper = bench.app.paper
    assert paper.pen_width_px == PEN_WIDTHS_PX["numbers"]
    bench.press("bracketright", "n")
    bench.until(lambda: paper.pen_width_px == PEN_WIDTHS_PX["digit"], "the digit's pen")
    bench.press("n")
    bench.until(lambda: paper.pen_width_px == PEN_WIDTHS_PX["numbers"] + 2, "the sums' pen")


def test_clear_eraser_and_theme_work_as_ever(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    bench.press("d")
    bench.until(lambda: str(bench.app.paper["background"]) == PALETTES["dark"].paper, "the dark")
    bench.press("e")
    x, y = SUM[3].strokes[0][0]
    left, top = bench.app.paper.winfo_rootx() + 1, bench.app.paper.winfo_rooty() + 1
    bench.do([f"mousemove {round(left + x)} {round(top + y)}", "click 1"])
    bench.until(lambda: rows(bench) == ["1 2 + ="], "the 7 to go")
    bench.press("Escape")
    bench.until(lambda: rows(bench) == [], "the empty paper")
    assert not bench.app.paper.shown_answers.any()
    bench.press("ctrl+z")
    bench.until(lambda: rows(bench) == ["1 2 + ="], "the ink")


def test_what_no_longer_fits_in_the_window_is_not_read(open_numbers: OpenNumbers) -> None:
    far = written("9", left=900, top=40, height=60)
    bench = open_numbers(KnowingReader(SUM, far))
    bench.resize(1200, 640)
    write(bench, far)
    assert rows(bench) == ["9"]
    bench.resize(700, 640)
    bench.until(lambda: rows(bench) == [], "the hidden ink to be unread")
    bench.resize(1200, 640)
    bench.until(lambda: rows(bench) == ["9"], "it to be back")


def test_the_answer_gives_way_to_the_pen(open_numbers: OpenNumbers) -> None:
    bench = open_numbers(KnowingReader(SUM))
    write(bench, SUM)
    paper = bench.app.paper
    rows_of_answer, columns = paper.shown_answers.nonzero()
    x, y = paper.winfo_rootx() + round(columns.mean()), paper.winfo_rooty() + round(rows_of_answer.mean())
    bench.do([f"mousemove {x} {y}", "mousedown 1", f"mousemove {x + 5} {y + 5}"])
    bench.until(lambda: not paper.shown_answers.any(), "the answer to give way")
    bench.do(["mouseup 1"])
    bench.until(lambda: len(bench.app.history.ink.strokes) > len(strokes_of(SUM)), "the stroke")
    wait(bench)


def test_more_lines_than_fit_can_be_scrolled_to(open_numbers: OpenNumbers) -> None:
    lines = [written("1+1=", left=40, top=30 + 70 * row, height=40) for row in range(5)]
    bench = open_numbers(KnowingReader(*lines))
    bench.draw([stroke for line in lines for stroke in strokes_of(line)])
    bench.until(lambda: len(rows(bench)) == 5, "the lines")
    view = bench.app.numbers.view
    last = bench.app.numbers.sums[-1].line.symbols[0]
    assert view.place_of(last)[1] < view.winfo_rooty() + view.winfo_height()
    bench.do([f"mousemove {view.winfo_rootx() + 300} {view.winfo_rooty() + 40}", "click --repeat 4 4"])
    first = bench.app.numbers.sums[0].line.symbols[0]
    bench.until(lambda: view.place_of(first)[1] > view.winfo_rooty(), "the first line")


def test_a_page_network_that_does_not_open_is_said(
    open_numbers: OpenNumbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = KnowingReader(SUM)

    def fail(_ink: Ink) -> tuple[Symbol, ...]:
        raise ModelError("page.onnx is missing; reinstall handsum.")

    monkeypatch.setattr(reader, "find_ink_symbols", fail)
    bench = open_numbers(reader)
    bench.draw([[(50, 50), (60, 120)]])
    bench.until(lambda: "reinstall" in bench.app.footer.status, "the sentence")
    assert len(bench.app.history.ink.strokes) == 1
