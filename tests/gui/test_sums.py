"""Sums as the window has them: with the answer above, in type, and copied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handsum.arithmetic import evaluate
from handsum.cli.read_pages import describe
from handsum.layout import arrange
from handsum.layout.spelling import text_of
from handsum.reader import Reader
from handsum.reading import Line, Reading, Symbol
from handsum.window.answers import written_answers
from handsum.window.sums import Sum, copied, goes_on, is_doubtful, sums_of, with_symbols
from handsum.window.typeset import MAX_ANSWER_LENGTH, pieces_of
from handsum.window.wording import sentence_on_sums
from tests.written_symbols import stacked, written

# A 4 that may well be a 9: 12+7=14 is taken for true.
FOUR_OR_NINE = Symbol("4", (6, 0, 7, 2), 0.5, (("9", 0.4),))


def symbols(text: str, *, confidence: float = 1.0) -> tuple[Symbol, ...]:
    return tuple(Symbol(label, (x, 0, x + 1, 2), confidence) for x, label in enumerate(text))


def line(text: str, *, confidence: float = 1.0) -> Line:
    return Line(text, symbols(text, confidence=confidence), evaluate(text), text)


def doubted(text: str) -> Line:
    return replace(line(text, confidence=0.9), doubt="too unsure")


def wavering(text: str) -> Line:
    """A line whose last digit is doubtful."""
    place = max(place for place, label in enumerate(text) if label.isdigit())
    signs = list(symbols(text))
    signs[place] = replace(signs[place], confidence=0.6)
    return replace(line(text), symbols=tuple(signs))


def sums(*texts: str) -> tuple[Sum, ...]:
    return sums_of(Reading(tuple(map(line, texts))))


def looks(*lines: str | Line) -> list[tuple[str, str]]:
    """What stands beside the written signs of the last line, and how it looks."""
    last = sums_of(Reading(tuple(line(each) if isinstance(each, str) else each for each in lines)))[-1]
    return [(piece.text, piece.look) for piece in pieces_of(last) if piece.symbol is None]


def test_a_stacked_fraction_is_set_in_a_row_with_its_brackets() -> None:
    [whole] = arrange(stacked("1", "2") + written("÷", x=70) + stacked("3", "4", x=150) + written("=", x=220))
    text = text_of(whole)
    [each] = sums_of(Reading((Line(text, whole, evaluate(text), text),)))
    assert [piece.text for piece in pieces_of(each)] == [*"1/2÷(3/4)=", "≈ 0.666667", "2/3"]
    assert [piece.text for piece in pieces_of(each) if piece.symbol is None][:2] == ["(", ")"]
    corrected = with_symbols(each.line, (*whole[:-2], replace(whole[-2], label="8"), whole[-1]))
    assert corrected.text == "1/2÷(3/8)="


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("+5=", True),
        ("×2", True),
        ("÷4=", True),
        ("/4=", True),
        ("-5=", True),
        ("-0,5=", True),
        ("-5", False),  # a negative number
        ("-5+8=", False),  # a sum that begins with one
        ("-5=-5", False),
        ("12+7=", False),
        ("+", True),  # to be gone on with
        ("×", True),
        ("-", False),
        ("-=", False),
        ("=", False),
        ("", False),
    ],
)
def test_which_lines_go_on(text: str, is_so: bool) -> None:
    assert goes_on(text) == is_so


def test_a_line_goes_on_from_the_answer_above() -> None:
    first, second, third = sums("12+7=", "+5=", "×2=")
    assert (first.operand, first.answer.text) == ("", "19")
    assert (second.operand, second.answer.text) == ("19", "24")
    assert (third.operand, third.answer.text) == ("24", "48")


@pytest.mark.parametrize("sign", "+×÷/")
def test_a_lone_operator_below_an_answer_is_unfinished(sign: str) -> None:
    assert looks("12+7=", sign) == [("Ans", "faint")]
    assert sums("12+7=", sign)[1].answer.status == "unfinished"


def test_a_lone_operator_below_nothing_is_told() -> None:
    assert looks("×") == [("A number is missing before ×", "caption")]


def test_it_goes_on_exactly_where_the_answer_was_rounded() -> None:
    assert sums("1÷3=", "×3=")[1].answer.text == "1"


def test_it_goes_on_from_the_right_value_of_a_wrong_sum() -> None:
    assert sums("8×9=73", "+1=")[1].answer.text == "73"


def test_a_negative_answer_is_taken_whole() -> None:
    assert sums("2-5=", "×2=")[1].answer.text == "-6"


def test_without_an_answer_above_there_is_nothing_to_go_on_from() -> None:
    assert sums("+5=")[0].operand == ""
    assert sums("1÷0=", "+5=")[1].operand == ""


def test_an_operator_that_was_mended_away_comes_back_below_an_answer() -> None:
    first = Symbol("1", (0, 0, 1, 2), 0.1, (("×", 0.9),), raw_label="×")
    mended = Line("12=", (first, *symbols("12=")[1:]), evaluate("12="), "×2=", ("well-formed",))
    below = sums_of(Reading((line("12+7="), mended)))[1]
    assert (below.line.text, below.answer.text) == ("×2=", "38")
    assert sums_of(Reading((mended,)))[0].line.text == "12="


def test_one_that_was_mended_away_for_a_true_check_comes_back_too() -> None:
    first = Symbol("1", (0, 0, 1, 2), 0.08, (("×", 0.92),), raw_label="×")
    mended = Line("12=12", (first, *symbols("12=12")[1:]), evaluate("12=12"), "×2=12", ("true",))
    below = sums_of(Reading((line("3+3="), mended)))[1]
    assert (below.line.text, below.verdict) == ("×2=12", "true")


def test_answers_stand_in_the_accent_colour() -> None:
    assert looks("12+7=") == [("19", "answer")]
    assert looks("12+7") == [("=", "faint"), ("19", "answer")]
    assert looks("1÷3=") == [("≈ 0.333333", "answer"), ("1/3", "caption")]
    assert looks("2-5=") == [("−3", "answer")]


def test_a_wrong_sum_shows_the_right_value() -> None:
    assert looks("12+7=18") == [("it comes to", "caption"), ("19", "answer")]


def test_a_right_one_says_so_and_trouble_is_told_quietly() -> None:
    assert looks("12+7=19") == [("true", "caption")]
    assert looks("1÷0=") == [("Nothing can be divided by zero", "caption")]
    assert looks("12+") == looks("1997") == []


def test_what_goes_on_says_so_in_front() -> None:
    first, *_ = pieces_of(sums("12+7=", "+5=")[1])
    assert (first.text, first.look) == ("Ans", "faint")


def test_doubtful_signs_look_so() -> None:
    unsure = Sum(line("7", confidence=0.5))
    assert [piece.look for piece in pieces_of(unsure)] == ["doubtful"]


def test_what_hangs_on_a_doubtful_sign_asks() -> None:
    assert looks(wavering("1÷5=")) == [("0.2?", "doubtful")]
    assert looks(wavering("12+7")) == [("=", "faint"), ("19?", "doubtful")]
    assert looks(wavering("1÷3=")) == [("≈ 0.333333?", "doubtful"), ("1/3", "caption")]
    assert looks(wavering("12+7=18")) == [("it comes to", "caption"), ("19?", "doubtful")]
    assert looks(wavering("12+7=19")) == [("true?", "caption")]


def test_so_does_what_goes_on_from_it() -> None:
    assert looks(wavering("1÷5="), "×2=") == [("Ans", "faint"), ("0.4?", "doubtful")]
    assert looks(wavering("1÷5="), "×2=", "+1=") == [("Ans", "faint"), ("1.4?", "doubtful")]
    assert looks(wavering("1÷5="), "1+2=") == [("3", "answer")]


def test_on_the_paper_it_asks_too() -> None:
    sure, unsure = written_answers(sums_of(Reading((line("2+3="), wavering("2+3=")))), paper_width_px=900)
    assert (sure.is_sure, unsure.is_sure) == (True, False)
    assert len(unsure.ink.strokes) == len(sure.ink.strokes) + 2  # the hook of a ?, and its point


def test_what_was_taken_for_true_says_by_what() -> None:
    read = (*symbols("12+7=1"), FOUR_OR_NINE)
    (taken,) = sums_of(Reader().read_symbols(read))
    assert (taken.line.text, taken.line.reasons) == ("12+7=19", ("true",))
    outcome = [(piece.text, piece.look) for piece in pieces_of(taken) if piece.symbol is None]
    assert outcome == [("true, if this is a 9, not a 4", "caption")]
    assert taken.copied == "12+7=19  (true, if this is a 9, not a 4)"


def test_every_sign_that_was_changed_is_said() -> None:
    eight = Symbol("8", (2, 0, 3, 2), 0.4, (("-", 0.5),), raw_label="-")
    one = Symbol("1", (3, 0, 4, 2), 0.4, (("/", 0.5),), raw_label="/")
    changed = Line("8÷81=0,0987", (*symbols("8÷"), eight, one, *symbols("=0,0987")), None, "8÷-/=0,0987")
    said = pieces_of(Sum(changed))[-1].text
    assert said == "true to the digits written, if this is an 8, not a − and a 1, not a /"


def test_what_was_corrected_is_plainly_true() -> None:
    read = (*symbols("12+7=1"), Symbol("9", FOUR_OR_NINE.box, 1.0))
    assert sums_of(Reader().read_symbols(read))[0].verdict == "true"


def test_a_mark_told_by_its_place_is_no_condition() -> None:
    point = Symbol(".", (1, 0, 2, 2), 0.95, raw_label=",")
    placed = (*symbols("1"), point, *symbols("1.5+1=2.5")[2:])
    assert looks(Line("1.5+1=2.5", placed, None, "1,5+1=2.5", ("place",))) == [("true", "caption")]


def test_operators_stand_apart_and_signs_of_numbers_do_not() -> None:
    pieces = pieces_of(sums("-3×(-4)-2=")[0])
    assert "".join(piece.text for piece in pieces if piece.is_spaced) == "×−="


def test_a_long_answer_is_cut_short_in_type_and_whole_when_copied() -> None:
    (long,) = sums("×".join(["99999"] * 10))
    shown = next(piece.text for piece in pieces_of(long) if piece.look == "answer")
    assert len(shown) == MAX_ANSWER_LENGTH
    assert shown.endswith("…")
    assert long.copied.endswith(str(99999**10))


def test_copied_lines_make_sense_alone() -> None:
    assert copied(sums("12+7=", "+5=", "1÷3=", "8×9=73", "1÷0=", "12+", "4=4")).splitlines() == [
        "12+7=19",
        "19+5=24",
        "1÷3≈0.333333",
        "8×9=73  (False: it comes to 72, not 73.)",
        "1÷0=  (Nothing can be divided by zero.)",
        "12+",
        "4=4",
    ]


def test_a_copied_line_goes_on_exactly_where_the_answer_was_rounded() -> None:
    assert copied(sums("1÷3=", "×3=")).splitlines() == ["1÷3≈0.333333", "(1/3)×3=1"]
    assert copied(sums("125÷176=0,71", "×176=")).splitlines()[1] == "(125/176)×176=125"
    assert copied(sums("1/3-1=", "×3=")).splitlines()[1] == "(-2/3)×3=-2"


@pytest.mark.parametrize("text", ["1÷3=", "2-5=", "0,5+0,25="])
def test_what_is_copied_holds_by_itself(text: str) -> None:
    _, second = copied(sums(text, "×3=")).splitlines()
    assert evaluate(second).status == "true"


def test_a_line_in_doubt_is_faint_and_has_no_answer() -> None:
    (each,) = sums_of(Reading((doubted("12+7="),)))
    assert not each.asks
    assert {piece.look for piece in pieces_of(each) if piece.symbol} == {"doubtful"}
    assert [piece.text for piece in pieces_of(each) if not piece.symbol] == ["too unsure"]
    assert each.copied == "12+7=  (too unsure)"
    assert written_answers([each], paper_width_px=900) == ()


def test_nothing_goes_on_from_a_line_in_doubt() -> None:
    _, below = sums_of(Reading((doubted("12+7="), line("+5="))))
    assert (below.operand, below.answer) == ("", evaluate("+5="))


def test_a_line_that_goes_on_is_as_sure_as_it_was_read() -> None:
    first = Symbol("1", (0, 0, 1, 2), 0.1, (("×", 0.9),), raw_label="×")
    symbols_below = (first, *symbols("12=")[1:])
    mended = Line("12=", symbols_below, evaluate("12="), "×2=", ("well-formed",), "too unsure")
    reading = Reading((line("12+7="), mended))
    assert sums_of(reading, min_confidence=0.8)[1].line.doubt is None
    assert sums_of(reading, min_confidence=0.95)[1].line.doubt == "too unsure"


def test_a_check_that_goes_on_counts_for_more_where_it_holds() -> None:
    check = line("+7=19", confidence=0.9).refused_below(
        0.9
    )  # 0.59; where it holds, at ten times the odds, 0.93
    holds, holds_not = (Reading((line(above), check)) for above in ("12", "13"))
    assert sums_of(holds, min_confidence=0.9)[1].line.doubt is None
    assert sums_of(holds_not, min_confidence=0.9)[1].line.doubt == "too unsure"


def test_doubt_is_decided_anew_where_a_correction_changes_the_line() -> None:
    refused = line("2+2=5", confidence=0.9).refused_below(0.9)
    settled = with_symbols(refused, symbols("2+2=4", confidence=0.9))
    assert (refused.doubt, settled.doubt) == ("too unsure", None)
    assert sums_of(Reading((settled,)), min_confidence=0.9)[0].line.doubt is None
    assert sums_of(Reading((settled,)), min_confidence=0.95)[0].line.doubt == "too unsure"


def test_the_window_is_as_sure_of_a_line_as_the_command_line() -> None:
    check = line("12+7=19", confidence=0.9).refused_below(0.95)
    assert describe(check) == "unsure (12+7=19 at 90 %)"
    (shown,) = sums_of(Reading((check,)), min_confidence=0.95)
    assert sentence_on_sums([shown]) == "Too unsure to read it: 12+7=19 at 90 %"


def test_the_status_line_says_doubt() -> None:
    lines = (line("12+7="), doubted("1+2="))
    assert sentence_on_sums(sums_of(Reading(lines[1:]))) == "Too unsure to read it: 1+2= at 66 %"
    assert sentence_on_sums(sums_of(Reading(lines))) == "Read 2 lines, too unsure of 1"


def test_signs_look_doubtful_where_an_annotated_picture_has_them_so() -> None:
    assert [is_doubtful(symbols("7", confidence=ratio)[0]) for ratio in (0.89, 0.9)] == [True, False]


def test_the_status_line_says_what_was_read() -> None:
    assert "write" in sentence_on_sums(())
    assert sentence_on_sums(sums("12+7=")) == "Read as 12+7=19"
    assert sentence_on_sums(sums_of(Reading((wavering("12+7="),)))) == "Read as 12+7=19, 60 % sure"
    assert sentence_on_sums(sums("12+7=", "+5=")) == "Read 2 lines"
