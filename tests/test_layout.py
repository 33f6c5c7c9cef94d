"""Symbols become lines in reading order, wherever they lie, however large, in whatever order they come."""

from __future__ import annotations

import random

import pytest

from handsum.layout import arrange, side_by_side
from handsum.reading import Box, Line, Reading, Symbol
from tests.written_symbols import LINES, changed, mark, texts, written

# Lines


@pytest.mark.parametrize("text", LINES)
def test_a_line_is_read_from_left_to_right(text: str) -> None:
    assert texts(arrange(reversed(written(text)))) == [text]


def test_nothing_is_no_line() -> None:
    assert arrange([]) == ()


@pytest.mark.parametrize("slope", [-0.15, -0.05, 0.05, 0.15])
def test_lines_may_lean(slope: float) -> None:
    page = [*written("12+7=19"), *written("(2+3)×4=20", y=128), *written("456-7890", y=256)]
    leaning = [changed(symbol, dy=slope * symbol.box[0]) for symbol in page]
    assert texts(arrange(leaning)) == ["12+7=19", "(2+3)×4=20", "456-7890"]


def test_lines_may_be_close_and_of_very_different_size() -> None:
    page = [
        *written("12+7=19"),
        *written("345", y=80),
        *written("67", y=160, height=400),
        *written("8.9", y=580),
    ]
    assert texts(arrange(page)) == ["12+7=19", "345", "67", "8.9"]


@pytest.mark.parametrize("seed", range(20))
def test_digits_may_jump_and_differ_in_size(seed: int) -> None:
    chance = random.Random(seed)
    page = [
        changed(symbol, dy=chance.uniform(-10, 10))
        for row, text in enumerate(["12+7=19", "3.14", "5/27", "98765"])
        for symbol in written(text, y=130 * row, height=chance.uniform(54, 74))
    ]
    chance.shuffle(page)
    assert texts(arrange(page)) == ["12+7=19", "3.14", "5/27", "98765"]


def test_two_things_side_by_side_are_two_lines_and_an_operator_holds_on_to_what_follows() -> None:
    assert texts(arrange(written("12+7") + written("34", x=1000) + written("56", y=128))) == [
        "12+7",
        "34",
        "56",
    ]
    assert texts(arrange(written("12+7=") + written("19", x=800))) == ["12+7=19"]
    assert texts(arrange(written("98765") + written("43210", x=450))) == ["9876543210"]


@pytest.mark.parametrize("gap", [1.4, 3, 8])
@pytest.mark.parametrize(
    ("left", "right"), [("3+4=7", "5+6=11"), ("3+4=", "5+6="), ("3+4=", "5+6=11"), ("3+4=7", "-5+6=1")]
)
def test_two_sums_in_one_row_may_be_parted(left: str, right: str, gap: float) -> None:
    first = written(left)
    line = [*first, *written(right, x=first[-1].box[2] + gap * 64)]
    assert texts(side_by_side(line)) == [left, right]


@pytest.mark.parametrize("gap", [0.2, 0.6, 1.5])
@pytest.mark.parametrize("text", ["3+4=7", "2+2=4=8/2", "12+7=19=20-1", "305", "1=", "="])
def test_a_line_written_evenly_is_not_parted(text: str, gap: float) -> None:
    assert texts(side_by_side(written(text, gap=gap))) == [text]


def test_three_sums_in_one_row() -> None:
    row = [symbol for n in range(3) for symbol in written(f"{n}+4=", x=500 * n)]
    assert texts(side_by_side(row)) == ["0+4=", "1+4=", "2+4="]


def test_no_equals_sign_no_second_sum() -> None:
    assert texts(side_by_side(written("12+7=") + written("19", x=800))) == ["12+7=19"]
    assert texts(side_by_side(written("12") + written("7+5=12", x=800))) == ["127+5=12"]
    assert texts(side_by_side(written("12+7=") + written("-19", x=800))) == ["12+7=-19"]


def test_a_second_sum_that_is_being_written() -> None:
    assert texts(side_by_side(written("12+7=") + written("8+5", x=800))) == ["12+7=", "8+5"]
    assert texts(side_by_side(written("12+7=19") + written("8+", x=800))) == ["12+7=19", "8+"]


@pytest.mark.parametrize("pitch", [80, 86, 92])
def test_long_minus_signs_on_close_rows_are_no_equals_sign(pitch: float) -> None:
    def row(left: str, right: str, y: float) -> list[Symbol]:
        return [*written(left, y=y), mark("-", (60, y + 32, 140, y + 37)), *written(right, x=160, y=y)]

    assert texts(arrange(row("8", "3", 0) + row("9", "4", pitch))) == ["8-3", "9-4"]


def test_a_dot_in_a_small_digit_multiplies_nothing() -> None:
    small = [mark("0", (0, 0, 1, 25), 0.1), mark(".", (0, 14, 1, 16), 0.1)]
    assert texts(arrange(small + written("12", x=100, height=80))) == ["012"]


def test_a_slanted_fraction_is_one_line() -> None:
    fraction = [mark("1", (0, 0, 12, 64)), mark("/", (16, 40, 70, 150)), mark("4", (80, 110, 120, 174))]
    assert texts(arrange(fraction)) == ["1/4"]


def test_the_rule_of_a_sum_in_columns_is_a_line_of_its_own() -> None:
    column = [*written("12"), *written("34", y=100), mark("-", (-10, 180, 140, 186)), *written("46", y=200)]
    assert texts(arrange(column)) == ["12", "34", "-", "46"]


@pytest.mark.parametrize("text", ["-", "+", "=", "(", "/", "2+", "+2", "(("])
def test_what_is_only_begun_is_read_too(text: str) -> None:
    assert texts(arrange(written(text))) == [text]


# Clutter


@pytest.mark.parametrize(
    "clutter",
    [
        pytest.param(mark(".", (300, -90, 306, -84)), id="a speck above"),
        pytest.param(mark(",", (10, 200, 14, 206)), id="a speck below"),
        pytest.param(mark(".", (600, 58, 606, 64)), id="a speck far to the right"),
        pytest.param(mark(".", (92, 4, 97, 9)), id="a speck at the top of the line"),
        pytest.param(mark("-", (-10, 74, 340, 80)), id="an underline"),
        pytest.param(mark("=", (-10, 74, 340, 94)), id="a double underline"),
        pytest.param(mark("0", (-30, -40, 400, 100), 0.95), id="a frame"),
        pytest.param(mark("=", (-30, -40, 400, 100), 0.95), id="rules above and below"),
        pytest.param(mark("7", (1, 2, 39, 62), 0.6), id="a second look"),
        pytest.param(mark("0", (5, 2, 25, 30), 0.85), id="the loop of a digit"),
        pytest.param(mark("-", (4, 30, 32, 34), 0.95), id="the bar of a digit"),
        pytest.param(mark("-", (225, 32, 264, 36), 0.95), id="a bar of the ="),
    ],
)
def test_clutter_is_dropped(clutter: Symbol) -> None:
    line = written("12+7=19")
    assert texts(arrange([*line, clutter])) == ["12+7=19"]
    assert arrange([*line, clutter]) == arrange(line)


def test_the_surer_of_two_looks_is_kept() -> None:
    looks = [mark("1", (0, 0, 4, 64), 0.4), mark("7", (2, 1, 7, 64), 0.5)]
    assert texts(arrange(looks)) == ["7"]
    assert texts(arrange(written("11", gap=0.05))) == ["11"]


def test_an_underline_of_one_line_is_no_minus_of_the_next() -> None:
    page = [*written("123"), mark("-", (0, 72, 160, 78)), *written("-45", y=128)]
    assert texts(arrange(page)) == ["123", "-45"]


def test_a_leaning_slash_is_no_frame_and_swallows_nothing() -> None:
    page = [mark("5", (0, 10, 40, 70)), mark("/", (10, -20, 100, 110)), mark("1", (80, 40, 88, 100))]
    assert texts(arrange(page)) == ["5/1"]


# Signs


def test_two_bars_are_an_equals_sign() -> None:
    bars = [mark("-", (60, 30, 100, 35), 0.9), mark("-", (62, 48, 99, 52), 0.7)]
    (line,) = arrange([*written("7"), *bars, *written("7", x=120)])
    assert texts([line]) == ["7=7"]
    assert line[1] == Symbol("=", (60, 30, 100, 52), 0.7, raw_label="--")


def test_two_minus_signs_on_two_lines_stay_so() -> None:
    assert texts(arrange(written("-5") + written("-7", y=90))) == ["-5", "-7"]


@pytest.mark.parametrize(("dots", "confidence"), [((10, 50), 0.9), ((10,), 0.45), ((50,), 0.45)])
def test_a_bar_with_dots_divides(dots: tuple[int, ...], confidence: float) -> None:
    marks = [mark("-", (60, 30, 104, 34)), *(mark(".", (79, y, 85, y + 6)) for y in dots)]
    (line,) = arrange([*written("8"), *marks, *written("2", x=125)])
    assert texts([line]) == ["8÷2"]
    assert line[1].confidence == pytest.approx(confidence)
    assert sorted(line[1].raw_label) == sorted(f"-{'.' * len(dots)}")


@pytest.mark.parametrize(
    ("box", "read", "reported"),
    [
        ((50, 58, 56, 64), ".", "."),
        ((50, 66, 56, 72), ".", "."),  # on a lower baseline
        ((50, 30, 56, 36), ".", "×"),
        ((48, 30, 78, 36), ".", "-"),
        ((50, 58, 56, 84), ",", ","),
        ((50, 0, 56, 12), ",", ""),  # 1'234
        ((50, 57, 57, 63), "-", "."),
        ((45, 32, 75, 36), "-", "-"),
        ((45, 58, 75, 62), "-", "-"),
    ],
)
def test_a_small_mark_is_what_its_place_says(box: Box, read: str, reported: str) -> None:
    (line,) = arrange([*written("3"), mark(read, box), *written("4", x=85)])
    assert texts([line]) == [f"3{reported}4"]
    assert [symbol.raw_label for symbol in line if symbol.label not in "34"] == ([read] if reported else [])


@pytest.mark.parametrize(("bottom", "label"), [(66, "."), (92, ",")])
def test_point_and_comma_are_told_apart_by_place_only_where_the_network_wavers(
    bottom: int, label: str
) -> None:
    for sure, read in [(0.5, "."), (0.5, ","), (0.9, "."), (0.9, ",")]:
        other = "," if read == "." else "."
        symbol = mark(read, (48, 58, 54, bottom), sure, **{other: 0.95 - sure})
        assert texts(arrange([*written("3"), symbol, *written("4", x=64)])) == [
            f"3{read if sure > 0.8 else label}4"
        ]


# Symbols, lines, readings


@pytest.mark.parametrize("label", ["", "x", "12"])
def test_a_symbol_has_a_label_of_ours(label: str) -> None:
    with pytest.raises(ValueError, match="label"):
        mark(label, (0, 0, 1, 1))


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 1), (0, 1, 1, 0), (0, 0, float("nan"), 1), (0, 0, 1, float("inf"))]
)
def test_a_symbol_has_a_box_with_something_in_it(box: Box) -> None:
    with pytest.raises(ValueError, match="box"):
        mark("1", box)


def test_a_symbol_is_relabelled_only_as_one_of_its_alternatives() -> None:
    assert mark("1", (0, 0, 1, 1), 0.6, **{"7": 0.3}).relabelled("7").alternatives == (("1", 0.6),)
    with pytest.raises(ValueError, match="no alternative"):
        mark("1", (0, 0, 1, 1)).relabelled("7")


def test_a_reading_joins_its_lines() -> None:
    lines = arrange(written("12") + written("7", y=128))
    reading = Reading(
        tuple(Line(text, line, None, text) for text, line in zip(texts(lines), lines, strict=True))
    )
    assert reading.text == "12\n7"
    assert reading.lines[0].confidence == pytest.approx(0.81)
    assert Reading().text == ""
