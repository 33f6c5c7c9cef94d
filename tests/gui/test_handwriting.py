"""Answers in handwriting: the glyphs, and where on the paper they go."""

from __future__ import annotations

import pytest

from handsum.arithmetic import evaluate
from handsum.ink import render
from handsum.layout import arrange
from handsum.reader import Reader
from handsum.reading import Line, Symbol
from handsum.window.answers import SPACE, written_answers
from handsum.window.handwriting import GLYPHS, smooth, width_of, write
from handsum.window.sums import Sum
from tests.gui.writing import Sign, written
from tests.written_symbols import stacked
from tests.written_symbols import written as symbols_of

PAPER_WIDTH_PX = 800


def sum_of(signs: list[Sign]) -> Sum:
    symbols = tuple(Symbol(sign.label, sign.box, 0.98) for sign in signs)
    text = "".join(sign.label for sign in signs)
    return Sum(Line(text, symbols, evaluate(text), text))


@pytest.mark.parametrize("character", sorted(set(GLYPHS) - {" "}))
def test_glyphs_stand_on_the_baseline_within_their_width(character: str) -> None:
    box = write(character, left=100, baseline=200, height=100, pen_px=4).box
    assert box is not None
    assert box[0] >= 90
    assert box[2] <= 100 + width_of(character) * 100 + 20  # it leans
    assert 95 <= box[1] <= box[3] <= (225 if character == "," else 205)


@pytest.mark.parametrize("digit", "0123456789")
def test_our_digits_can_be_read(digit: str) -> None:
    ink = write(digit, left=40, baseline=160, height=120, pen_px=12)
    assert Reader().read_page(render(ink, width_px=200, height_px=200)).label == int(digit)


@pytest.mark.parametrize("text", ["1÷3=", "2-5=", "0,5×3=", "12+7=", "10÷4="])
def test_every_answer_has_its_glyphs(text: str) -> None:
    assert set(evaluate(text).text) <= set(GLYPHS)


def test_nothing_is_written_for_nothing() -> None:
    assert write("", left=0, baseline=0, height=10, pen_px=2).strokes == ()
    assert width_of("") == 0


def test_smoothing_keeps_the_places_and_the_corners() -> None:
    path = [(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    curve = smooth(path)
    assert set(path) <= set(curve)
    assert all(x == pytest.approx(1.0) or y == pytest.approx(0.0) for x, y in curve)
    assert smooth([(0.5, 0.5)]) == [(0.5, 0.5)]


def test_an_answer_stands_after_its_equals_in_the_size_of_its_line() -> None:
    signs = written("12+7=", left=30, top=100, height=70)
    (answer,) = written_answers([sum_of(signs)], paper_width_px=PAPER_WIDTH_PX)
    assert answer.ink.box is not None
    x0, y0, x1, y1 = answer.ink.box
    assert signs[-1].box[2] < x0 < signs[-1].box[2] + 70
    assert y0 == pytest.approx(100, abs=12)
    assert y1 == pytest.approx(170, abs=12)
    assert x1 < PAPER_WIDTH_PX


def test_behind_a_stacked_fraction_it_is_level_with_the_equals() -> None:
    [signs] = arrange([*stacked("3", "4", x=40, y=100, height=70), *symbols_of("=", x=140, y=100, height=70)])
    each = Sum(Line("3/4=", signs, evaluate("3/4="), "3-4="))
    (answer,) = written_answers([each], paper_width_px=PAPER_WIDTH_PX)
    assert answer.ink.box is not None
    middle = (signs[-1].box[1] + signs[-1].box[3]) / 2
    assert (answer.ink.box[1] + answer.ink.box[3]) / 2 == pytest.approx(middle, abs=10)


def test_it_is_smaller_where_there_is_little_room_and_missing_where_there_is_none() -> None:
    signs = written("12+7=", left=30, top=100, height=70)
    end = signs[-1].box[2]
    whole = written_answers([sum_of(signs)], paper_width_px=PAPER_WIDTH_PX)[0].ink.box
    (small,) = written_answers([sum_of(signs)], paper_width_px=end + 2 * SPACE * 70 + 70)
    assert whole is not None
    assert small.ink.box is not None
    assert small.ink.box[3] - small.ink.box[1] < whole[3] - whole[1]
    assert small.ink.box[2] < end + 2 * SPACE * 70 + 70
    # So is the space around it: a digit's height is room enough for two digits of half that.
    (smallest,) = written_answers([sum_of(signs)], paper_width_px=end + 70)
    assert smallest.ink.box is not None
    assert end + 5 < smallest.ink.box[0] < end + SPACE * 70
    assert smallest.ink.box[2] < end + 65
    assert written_answers([sum_of(signs)], paper_width_px=end + 30) == ()


def test_it_stays_clear_of_what_stands_beside_it() -> None:
    signs, beside = written("12+7=", left=30, top=100, height=70), written("5", left=520, top=100, height=70)
    (answer,) = written_answers([sum_of(signs), sum_of(beside)], paper_width_px=PAPER_WIDTH_PX)
    assert answer.ink.box is not None
    assert answer.ink.box[2] < beside[0].box[0]


@pytest.mark.parametrize("text", ["12+7", "12+7=19", "1÷0=", "12+", "12"])
def test_only_what_is_asked_is_answered_on_the_paper(text: str) -> None:
    assert written_answers([sum_of(written(text))], paper_width_px=PAPER_WIDTH_PX) == ()
