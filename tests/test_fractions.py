"""Stacked fractions: which bar parts one, how it is read in its line, and what its text needs."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from handsum.cli.read_pages import describe
from handsum.layout import arrange, numbering, side_by_side
from handsum.layout.spelling import text_of
from handsum.reader import Reader
from handsum.reading import Symbol
from tests.written_pages import ink_as_page, written_ink
from tests.written_symbols import changed, mark, stacked, texts, written


def row(*parts: str | tuple[str, str], gap: float = 0.4, height: float = 64) -> list[Symbol]:
    """Texts and fractions side by side on one line."""
    symbols: list[Symbol] = []
    x = 0.0
    for part in parts:
        new = written(part, x, height=height) if isinstance(part, str) else stacked(*part, x, height=height)
        symbols += new
        x = max(symbol.box[2] for symbol in new) + gap * height
    return symbols


# Which bar is one


@pytest.mark.parametrize("apart", [0.05, 0.25, 0.6])
@pytest.mark.parametrize(
    ("upper", "lower"), [("1", "2"), ("3", "4"), ("12", "345"), ("345", "6"), ("99", "1")]
)
def test_a_bar_between_two_numbers_is_a_fraction(upper: str, lower: str, apart: float) -> None:
    page = stacked(upper, lower, apart=apart)
    random.Random(0).shuffle(page)
    [line] = arrange(page)
    assert texts([line]) == [f"{upper}/{lower}"]
    assert [symbol.raw_label for symbol in line] == [*upper, "-", *lower]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([("1", "2"), "+", ("1", "4"), "="], "1/2+1/4="),
        (["7-", ("3", "8"), "="], "7-3/8="),
        ([("12", "5"), "×3=7"], "12/5×3=7"),
        ([("9", "14"), "=", ("18", "28")], "9/14=18/28"),
        (["(", ("1", "2"), "+3)×2"], "(1/2+3)×2"),
        ([("1.5", "2"), "="], "1.5/2="),
    ],
)
def test_a_fraction_stands_in_its_line(parts: list[str | tuple[str, str]], text: str) -> None:
    page = row(*parts)
    random.Random(1).shuffle(page)
    assert texts(arrange(page)) == [text]


def test_lines_with_fractions_below_one_another() -> None:
    first, second = row(("1", "2"), "+", ("3", "4"), "="), row("5-", ("6", "7"), "=")
    page = [*first, *(changed(symbol, dy=220) for symbol in second), *written("12+7=", y=400)]
    assert texts(arrange(page)) == ["1/2+3/4=", "5-6/7=", "12+7="]


def test_two_numbers_without_a_bar_are_two_lines() -> None:
    assert texts(arrange(written("12") + written("34", y=90))) == ["12", "34"]


@pytest.mark.parametrize("number", ["2024", "12"])
@pytest.mark.parametrize("text", ["12+7=19", "7+5="])
def test_a_number_underlined_above_a_sum_is_no_fraction(number: str, text: str) -> None:
    end = max(symbol.box[2] for symbol in written(number))
    page = [*written(number), mark("-", (-5, 74, end + 5, 78)), *written(text, y=90)]
    assert "".join(label for label in texts(arrange(page)) if label != "-") == number + text


@pytest.mark.parametrize("pitch", [80, 110, 135])
def test_two_numbers_over_a_rule_are_a_sum_in_columns(pitch: float) -> None:
    rule = mark("-", (-10, pitch + 75, 140, pitch + 80))
    page = [*written("12"), *written("34", y=pitch), rule, *written("46", y=pitch + 90)]
    assert texts(arrange(page)) == ["12", "34", "-", "46"]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        # The rule of a sum in columns: two rows above it, or one that begins with an operator.
        ([*written("12"), *written("34", y=80), mark("-", (-10, 155, 140, 160)), *written("46", y=170)], 4),
        ([*written("+34", y=0), mark("-", (-10, 75, 200, 80)), *written("46", x=60, y=90)], 3),
        # An underline of part of a row, and a dash in a row between others.
        ([*written("123456"), mark("-", (50, 70, 130, 74)), *written("7", x=70, y=80)], 3),
        ([*written("888"), *written("8-8", y=75), *written("888", y=150)], 3),
        # A bar far longer than the numbers, and one that is no bar.
        ([*written("1", x=300), mark("-", (0, 75, 700, 79)), *written("2", x=300, y=90)], 3),
    ],
)
def test_what_is_no_fraction(page: list[Symbol], lines: int) -> None:
    found = texts(arrange(page))
    assert len(found) == lines
    assert not any("/" in line for line in found)


# The text


@pytest.mark.parametrize(
    ("parts", "text", "value"),
    [
        ([("3", "4")], "3/4", Fraction(3, 4)),
        ([("3", "4"), "÷", ("1", "2"), "="], "3/4÷(1/2)=", Fraction(3, 2)),
        (["2×", ("3", "4"), "="], "2×3/4=", Fraction(3, 2)),
        (["1÷", ("1", "3"), "×2="], "1÷(1/3)×2=", 6),
        (["2", ("3", "4"), "="], "(2+3/4)=", Fraction(11, 4)),
        (["-2", ("3", "4")], "-(2+3/4)", Fraction(-11, 4)),
        (["1+", ("-3", "4"), "="], "1+(-3)/4=", Fraction(1, 4)),
        (["12", ("1", "2"), "÷", "5", ("1", "4"), "="], "(12+1/2)÷(5+1/4)=", Fraction(50, 21)),
        ([("1+2", "4"), "="], "(1+2)/4=", Fraction(3, 4)),
        ([("1", "4-2"), "+1="], "1/(4-2)+1=", Fraction(3, 2)),
        ([("1", "2"), ("3", "4"), "="], "(1/2)(3/4)=", Fraction(3, 8)),
        ([("1", "2"), "(3+1)="], "1/2(3+1)=", 2),
        (["(1+1)", ("3", "4"), "="], "(1+1)(3/4)=", Fraction(3, 2)),
        ([("1", "2"), "=0.5"], "1/2=0.5", Fraction(1, 2)),
    ],
)
def test_the_text_means_what_is_written(
    parts: list[str | tuple[str, str]], text: str, value: Fraction | int
) -> None:
    reading = Reader().read_symbols(row(*parts))
    assert reading.text == text
    [line] = reading.lines
    assert line.answer is not None
    assert line.answer.value == value


@pytest.mark.parametrize("text", ["12+7=19", "1/2", "5/27", "(2+3)×4", "3/4÷1/2", "2(3+4)"])
def test_what_is_not_stacked_needs_nothing(text: str) -> None:
    assert text_of(written(text)) == text


def test_the_runner_up_keeps_the_brackets() -> None:
    symbols = row("2", ("3", "4"), "=")
    symbols[-2] = mark("4", symbols[-2].box, 0.6, **{"9": 0.3})
    [line] = Reader().read_symbols(symbols).lines
    assert (line.text, line.runner_up) == ("(2+3/4)=", "(2+3/9)=")


def test_what_it_looks_like_keeps_the_brackets() -> None:
    symbols = row("2", ("3", "4"), "=2.75")
    symbols[-1] = mark("6", symbols[-1].box, 0.5, **{"5": 0.45})
    [line] = Reader().read_symbols(symbols).lines
    assert (line.text, line.reasons) == ("(2+3/4)=2.75", ("place", "true"))
    assert "looks like (2+3/4)=2.76" in describe(line)


def test_a_fraction_is_one_number_of_its_line() -> None:
    chain = arrange(row("8×", ("9", "86"), "=", ("9", "39"), gap=1.6))
    assert texts(side_by_side(chain[0])) == ["8×9/86=9/39"]
    exercise = [changed(symbol, dx=250) for symbol in row(("1", "2"), "+", ("1", "4"), "=")]
    [numbered] = arrange([*written("3."), *exercise])
    assert numbering(numbered) == 2


# The bar on the page, which the page network need not see


@pytest.mark.parametrize("pen", [0.04, 0.1])
@pytest.mark.parametrize(
    ("written_text", "text"),
    [
        ("3\u20444", "3/4"),
        ("5\u20446+2\u20443=", "5/6+2/3="),
        ("6\u20448=36\u204448", "6/8=36/48"),
        ("7\u20448-1\u20442=", "7/8-1/2="),
        ("7-12\u204425=", "7-12/25="),
        ("8\u20443÷2\u20445=", "8/3÷(2/5)="),
    ],
)
def test_stacked_fractions_are_read(written_text: str, text: str, pen: float) -> None:
    reader = Reader()
    ink = written_ink(written_text, pen=pen)
    for reading in (reader.read_ink(ink), reader.read(255 - ink_as_page(ink))):
        assert reading.text == text


def test_a_fraction_keeps_what_was_seen() -> None:
    [line] = Reader().read_ink(written_ink("2\u20443=")).lines
    assert (line.raw_text, line.reasons) == ("2-3=", ("place",))
    assert line.answer is not None
    assert line.answer.fraction == "2/3"
