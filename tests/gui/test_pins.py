"""Corrections stay with their ink, and go with it."""

from __future__ import annotations

import time

import pytest

from handsum.ink import Ink, Stroke
from handsum.reading import Symbol
from handsum.window import stroke_shape
from handsum.window.pins import Pins, corrected, strokes_in, with_pins
from tests.gui.writing import Sign, strokes_of, written


def ink_of(signs: list[Sign]) -> Ink:
    return Ink.of(strokes_of(signs), width_px=6)


def symbol_of(sign: Sign, label: str = "") -> Symbol:
    return Symbol(label or sign.label, sign.box, 0.6, (("7", 0.3),))


def labels(symbols: tuple[Symbol, ...]) -> str:
    return "".join(symbol.label for symbol in sorted(symbols, key=lambda symbol: symbol.box))


def test_a_correction_outlives_further_writing() -> None:
    signs = written("12+7=")
    symbols = [symbol_of(sign) for sign in signs]
    pins = Pins()
    pins.pin("7", symbols[0], among=symbols[:2], ink=ink_of(signs[:2]))
    ink = ink_of(signs)
    read = with_pins(symbols, pins.held_on(ink), ink)
    assert labels(read) == "72+7="
    assert [symbol.confidence for symbol in read if symbol.box == signs[0].box] == [1.0]


def test_it_goes_with_its_ink_and_comes_back_with_it() -> None:
    signs = written("12")
    pins, ink = Pins(), ink_of(signs)
    pins.pin("7", symbol_of(signs[0]), among=(), ink=ink)
    assert pins.held_on(Ink(ink.strokes[1:])) == ()
    assert len(pins.held_on(ink)) == 1


def test_ink_added_to_a_symbol_ends_its_correction() -> None:
    (one,) = written("1", left=40)
    pins, ink = Pins(), ink_of([one])
    pins.pin("7", symbol_of(one), among=(), ink=ink)
    x0, y0, x1, y1 = one.box
    crossbar = Ink.of([[(x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2)]])
    assert pins.held_on(Ink((*ink.strokes, *crossbar.strokes))) == ()


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        ([(0.8, 0.85)], True),
        ([(0.8, 0.85), (0.83, 0.9)], True),
        ([(0.8, 0.2)], False),  # up there it is no point
        ([(0.5, 0.6), (0.5, 0.95)], False),  # too long for one
        ([(0.8, 1.5)], True),  # below the digit's box
    ],
    ids=["tap", "short stroke", "high", "long", "outside"],
)
def test_a_point_under_the_arm_of_a_digit_leaves_its_correction(
    path: list[tuple[float, float]], holds: bool
) -> None:
    (seven,) = written("7")
    pins, ink = Pins(), ink_of([seven])
    pins.pin("1", symbol_of(seven), among=(), ink=ink)
    x0, y0, x1, y1 = seven.box
    added = Ink.of([[(x0 + x * (x1 - x0), y0 + y * (y1 - y0)) for x, y in path]], width_px=6)
    more = Ink((*ink.strokes, *added.strokes))
    assert len(pins.held_on(more)) == holds
    x, y = added.points[0][:2]
    point = Symbol(".", (x - 3, y - 3, x + 3, y + 3), 0.9)
    if holds:
        read = with_pins([symbol_of(seven), point], pins.held_on(more), more)
        assert sorted(symbol.label for symbol in read) == [".", "1"]


def test_a_point_ends_the_correction_of_what_is_no_digit() -> None:
    (plus,) = written("+")
    pins, ink = Pins(), ink_of([plus])
    pins.pin("×", symbol_of(plus), among=(), ink=ink)
    x0, _, x1, y1 = plus.box
    point = Ink.of([[((x0 + x1) / 2, y1 - 8)]])
    assert pins.held_on(Ink((*ink.strokes, *point.strokes))) == ()


def test_what_has_no_ink_left_is_not_corrected() -> None:
    one, two = written("12")
    pins = Pins()
    assert not pins.pin("7", symbol_of(one), among=(), ink=ink_of([two]))
    assert not pins.pin("7", symbol_of(one), among=(), ink=Ink())
    assert pins.held_on(ink_of([one, two])) == pins.held_on(Ink()) == ()


def seconds_to_see_what_holds(num_rows: int) -> float:
    """On a page of rows of digits, all corrected: the processor's own time, the best of several rounds."""
    signs = [sign for row in range(num_rows) for sign in written("12345" * 2, top=40 + 100 * row)]
    ink = Ink.of([stroke * 50 for stroke in strokes_of(signs)], width_px=6)  # many points, as a slow hand's
    pins, seconds = Pins(), []
    for sign in signs:
        pins.pin("7", symbol_of(sign), among=(), ink=ink)
    for _ in range(8):
        start = time.thread_time()
        held = pins.held_on(ink)
        seconds.append(time.thread_time() - start)
        assert len(held) == len(signs)
    return min(seconds)


def test_many_corrections_do_not_make_a_page_slow() -> None:
    few, many = seconds_to_see_what_holds(1), seconds_to_see_what_holds(4)
    # On four times the page. Were every point looked at anew for every correction, it would be sixteen times.
    assert many < 9 * few


def test_the_shape_of_a_stroke_goes_with_it() -> None:
    stroke = Ink.of([[(0, 0), (3, 0)]]).strokes[0]
    shape = stroke_shape.shape_of(stroke)
    assert shape.box == (0.0, 0.0, 3.0, 0.0)
    assert shape.places.tolist() == [[0, 0], [1.5, 0], [3, 0]]
    assert stroke_shape.shape_of(stroke) is shape
    num_known = len(stroke_shape._shapes)
    del stroke
    assert len(stroke_shape._shapes) == num_known - 1


def test_the_two_bars_that_were_corrected_as_one_sign_stay_one() -> None:
    (equals,) = written("=")
    pins, ink = Pins(), ink_of([equals])
    pins.pin("÷", symbol_of(equals), among=(), ink=ink)
    x0, y0, x1, y1 = equals.box
    middle = (y0 + y1) / 2
    bars = [Symbol("-", (x0, y0, x1, middle), 0.9), Symbol("-", (x0, middle, x1, y1), 0.9)]
    assert labels(with_pins(bars, pins.held_on(ink), ink)) == "÷"


def test_a_second_look_that_is_a_little_off_is_replaced_too() -> None:
    signs = written("12")
    pins, ink = Pins(), ink_of(signs)
    pins.pin("7", symbol_of(signs[0]), among=(), ink=ink)
    x0, y0, x1, y1 = signs[0].box
    found = [Symbol("1", (x0 - 2, y0 + 3, x1 + 4, y1 + 2), 0.9), symbol_of(signs[1])]
    assert labels(with_pins(found, pins.held_on(ink), ink)) == "72"


def test_two_digits_of_one_stroke_are_corrected_apart() -> None:
    ink = Ink.of([[(0, 0), (10, 60), (30, 60), (50, 0), (60, 60)]])
    first, second = Symbol("1", (-5, -5, 15, 65), 0.6), Symbol("4", (35, -5, 65, 65), 0.6)
    pins = Pins()
    pins.pin("7", first, among=(first, second), ink=ink)
    assert labels(with_pins([first, second], pins.held_on(ink), ink)) == "74"


def test_a_slash_leaves_the_digits_in_its_box_alone() -> None:
    ink = Ink.of([[(0, 0), (0, 30)], [(60, 0), (0, 90)], [(55, 60), (60, 90)]])
    one, two = Symbol("1", (-4, -4, 4, 34), 0.9), Symbol("1", (51, 56, 64, 94), 0.9)
    slash = Symbol("1", (-4, -4, 64, 94), 0.5)
    pins = Pins()
    pins.pin("/", slash, among=(one, slash, two), ink=ink)
    assert sorted(symbol.label for symbol in with_pins((one, slash, two), pins.held_on(ink), ink)) == [
        "/",
        "1",
        "1",
    ]


def test_correcting_again_replaces_and_remembers_what_was_read() -> None:
    (one,) = written("1")
    pins, ink, read = Pins(), ink_of([one]), symbol_of(one)
    pins.pin("7", read, among=(), ink=ink)
    (first,) = pins.held_on(ink)
    pins.pin("4", first.symbol, among=(), ink=ink)
    (second,) = pins.held_on(ink)
    assert (second.label, second.read) == ("4", read)
    assert pins.on(ink, second.symbol) == second
    assert pins.on(ink, replace_box(read)) is None


def replace_box(symbol: Symbol) -> Symbol:
    return Symbol(symbol.label, (500, 500, 510, 520), symbol.confidence)


def test_the_layout_does_not_overrule_a_correction() -> None:
    (point,) = written(".")
    pins, ink = Pins(), ink_of([point])
    pins.pin(".", symbol_of(point, ","), among=(), ink=ink)
    raised = (Symbol("×", point.box, 1.0), Symbol("2", (100, 0, 120, 40), 0.9))
    assert labels(corrected(raised, pins.held_on(ink))) == ".2"


def test_strokes_in_a_box_are_those_that_lie_mostly_in_it() -> None:
    ink = Ink.of([[(0, 0), (0, 50)], [(5, 25), (100, 25)], [(2, 2)]])
    assert strokes_in(ink.strokes, (-5, -5, 10, 55)) == {ink.strokes[0], ink.strokes[2]}
    assert strokes_in(ink.strokes, (40, 0, 60, 50)) == {ink.strokes[1]}
    assert strokes_in(ink.strokes, (200, 200, 210, 210)) == frozenset()
    assert strokes_in((), (0, 0, 1, 1)) == frozenset()
    assert strokes_in([Stroke(())], (0, 0, 1, 1)) == frozenset()
