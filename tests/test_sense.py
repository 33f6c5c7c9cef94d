"""What makes sense may decide where the network wavers, within the stated odds, and never in clear ink."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsum.arithmetic import evaluate
from handsum.layout.labels import LEANING
from handsum.reading import SYMBOL_LABELS, Symbol
from handsum.sense import (
    MAX_ODDS_LEANING,
    MAX_ODDS_TRUE,
    MAX_ODDS_WELL_FORMED,
    MAX_TRIALS,
    SIGNS_OF_A_SUM,
    Sense,
    how_common,
    make_sense,
    text_of,
)
from tests.written_symbols import mark, written


def line(text: str, **doubts: dict[str, float]) -> list[Symbol]:
    """A line in clear ink, but for the symbols that `doubts` names: at4={"-": 0.6, "=": 0.3}, label first."""
    symbols = written(text, confidence=0.98)
    for name, shares in doubts.items():
        index = int(name.removeprefix("at"))
        (label, confidence), *alternatives = shares.items()
        assert label == text[index]
        symbols[index] = Symbol(label, symbols[index].box, confidence, tuple(alternatives))
    return symbols


def made(text: str, **doubts: dict[str, float]) -> tuple[str, str | None]:
    """What a line becomes, and why."""
    sense = make_sense(line(text, **doubts))
    return sense.text, sense.reason


def test_nothing_in_nothing_out() -> None:
    assert make_sense([]) == Sense(())


@pytest.mark.parametrize("text", ["((5+2)×3", "((15+2)-(8×3)1+7=-10", "(5+2)1×3=21"])
def test_no_change_makes_or_leaves_a_product_that_nobody_writes(text: str) -> None:
    """1(5+2)×3 is well-formed, and true of 21, but whoever writes brackets writes the sign, too."""
    doubts = {"at0": {"(": 0.8, "1": 0.15}} if text[1] == "(" else {}
    assert made(text, **doubts) == (text, None)


def test_the_bracket_that_is_missing_may_be_a_1() -> None:
    doubts = {"at0": {"(": 0.85, "1": 0.14}, "at13": {"1": 0.9, ")": 0.06}}
    assert made("((15+2)-(8×3)1+7=0", **doubts) == ("((15+2)-(8×3))+7=0", "well-formed")


# True checks


def test_a_wrong_sum_in_clear_ink_stays_wrong() -> None:
    assert made("12+7=18") == ("12+7=18", None)
    assert made("12+7=18", at6={"8": 0.95, "9": 0.05}) == ("12+7=18", None)
    assert made("12+7=18", at6={"8": 0.91, "9": 0.085}) == ("12+7=18", None)


@pytest.mark.parametrize(
    ("text", "doubts", "becomes"),
    [
        ("12+7=18", {"at6": {"8": 0.6, "9": 0.3}}, "12+7=19"),
        ("12+7=18", {"at6": {"8": 0.88, "9": 0.1}}, "12+7=19"),
        ("12+1=19", {"at3": {"1": 0.6, "7": 0.3}}, "12+7=19"),
        ("3×4=7", {"at1": {"×": 0.6, "+": 0.35}}, "3+4=7"),
        ("12+7-19", {"at4": {"-": 0.6, "=": 0.3}}, "12+7=19"),
        ("22÷7=3.74", {"at7": {"7": 0.5, "1": 0.4}}, "22÷7=3.14"),
        (
            "1+1=10",
            {"at3": {"=": 0.9, "-": 0.05}, "at4": {"1": 0.5, "2": 0.4}},
            "1+1=10",
        ),  # two changes needed
    ],
)
def test_a_check_comes_true_by_one_wavering_symbol(text, doubts, becomes) -> None:
    assert made(text, **doubts) == (becomes, "true" if becomes != text else None)


@pytest.mark.parametrize(("text", "index", "alternative"), [("8-8=", 1, "="), ("12+12", 2, "=")])
def test_a_question_is_no_check(text: str, index: int, alternative: str) -> None:
    symbols = written(text)
    symbols[index] = mark(text[index], symbols[index].box, 0.8, **{alternative: 0.15})
    assert make_sense(symbols).text == text


def test_the_raw_reading_stays_in_the_symbols() -> None:
    sense = make_sense(line("12+7=18", at6={"8": 0.6, "9": 0.3, "3": 0.05}))
    last = sense.symbols[-1]
    assert (last.label, last.raw_label, last.confidence) == ("9", "8", 0.3)
    assert last.alternatives == (("8", 0.6), ("3", 0.05))
    assert sense.odds == pytest.approx(2)


def test_what_is_true_or_well_formed_stays_though_something_likelier_were_so_too() -> None:
    assert made("12+7=19", at3={"7": 0.5, "1": 0.49}) == ("12+7=19", None)
    assert made("3+4", at1={"+": 0.5, "×": 0.49}) == ("3+4", None)


def test_of_several_ways_to_be_true_the_likeliest_is_taken() -> None:
    doubts = {"at0": {"1": 0.5, "2": 0.2}, "at4": {"3": 0.5, "2": 0.3}}
    assert made("1+1=3", **doubts) == ("1+1=2", "true")


# Well-formed lines


@pytest.mark.parametrize(
    ("text", "doubts", "becomes"),
    [
        ("12+×7", {"at3": {"×": 0.8, "1": 0.05}}, "12+17"),
        ("12+×7", {"at3": {"×": 0.9, "1": 0.04}}, "12+×7"),  # 22:1
        ("8(+3=", {"at1": {"(": 0.95, "6": 0.03}}, "86+3="),  # 32:1, but a bracket
        ("8(+3=", {"at1": {"(": 0.95, "6": 0.01}}, "8(+3="),
        ("3+4÷=7", {"at2": {"4": 0.9, "÷": 0.03}, "at3": {"÷": 0.9, "1": 0.03}}, "3+4÷=7"),
        (
            "8(+3×=",
            {"at1": {"(": 0.9, "6": 0.1}, "at4": {"×": 0.9, "1": 0.3}},
            "8(+3×=",
        ),  # 27:1; × is no 1
        ("(12+31=15", {"at5": {"1": 0.8, ")": 0.1}}, "(12+3)=15"),
        ("3+(4=7", {"at2": {"(": 0.6, "1": 0.3}}, "3+14=7"),
        ("2+÷=÷4", {"at2": {"÷": 0.6, "1": 0.2}, "at4": {"÷": 0.6, "7": 0.1}}, "2+1=74"),  # 18:1 together
        ("2+÷=÷4", {"at2": {"÷": 0.6, "1": 0.2}, "at4": {"÷": 0.7, "7": 0.1}}, "2+÷=÷4"),  # 21:1 together
        ("12++=19", {"at3": {"+": 0.6, "1": 0.2, "7": 0.1}}, "12+7=19"),  # true, and half as likely as 1
        ("12++=19", {"at3": {"+": 0.6, "1": 0.2, "7": 0.02}}, "12+1=19"),  # 30:1
    ],
)
def test_nonsense_becomes_well_formed_within_the_odds(text, doubts, becomes) -> None:
    assert made(text, **doubts)[0] == becomes


def test_the_reason_is_stated() -> None:
    assert made("12++=19", at3={"+": 0.6, "1": 0.2, "7": 0.1})[1] == "true"
    assert made("12++=19", at3={"+": 0.6, "1": 0.2})[1] == "well-formed"


@pytest.mark.parametrize("text", ["12", "456-7890", "12/27/93", "12/27/93,", "1-800-5729", "(2,-1,1)", "12+"])
def test_numbers_dates_and_what_is_being_written_stay(text: str) -> None:
    wavering = [
        Symbol(symbol.label, symbol.box, 0.4, (("=", 0.39), ("1", 0.38), ("7", 0.37)))
        for symbol in written(text)
    ]
    assert make_sense(wavering) == Sense(tuple(wavering))


# Properties

shares = st.sampled_from([0.5, 0.4, 0.3, 0.1, 0.05, 0.01, 0.0])
alternatives = st.lists(st.tuples(st.sampled_from(SYMBOL_LABELS), shares), max_size=3)
doubtful = st.builds(
    lambda label, confidence, others: Symbol(label, (0, 0, 1, 1), confidence, tuple(dict(others).items())),
    st.sampled_from(SYMBOL_LABELS + "0123456789=++"),
    st.sampled_from([0.5, 0.7, 0.9, 1.0]),
    alternatives,
)


@given(st.lists(doubtful, max_size=12))
@settings(deadline=None)
def test_changes_keep_to_the_odds_and_help(symbols) -> None:
    sense = make_sense(symbols)
    num_changed = sum(new != old for new, old in zip(sense.symbols, symbols, strict=True))
    assert [symbol.raw_label for symbol in sense.symbols] == [symbol.raw_label for symbol in symbols]
    if sense.reason is None:
        assert (num_changed, sense.odds) == (0, 1)
        return
    before, after = (evaluate(text_of(some)).status for some in (symbols, sense.symbols))
    if not SIGNS_OF_A_SUM & set(text_of(symbols)):
        assert sense.reason == "well-formed"
        assert 1 <= sense.odds < how_common(sense.text) / how_common(text_of(symbols)) <= MAX_ODDS_LEANING
    elif before in ("false", "answered"):
        assert (sense.reason, num_changed) == ("true", 1)
        assert after in ("true", "rounded")
        assert sense.odds <= MAX_ODDS_TRUE
    else:
        assert before in ("nonsense", "unfinished")
        assert after in ("true", "rounded", "false", "answered", "number")
        pairs = zip(symbols, sense.symbols, strict=True)
        changed = [(old.label, new.label) for old, new in pairs if old != new]
        are_leaning = all(
            (old in LEANING and new.isdigit()) or (old, new) == ("1", "/") for old, new in changed
        )
        assert sense.odds <= (MAX_ODDS_LEANING if are_leaning else MAX_ODDS_WELL_FORMED)


@given(st.lists(doubtful, max_size=12))
@settings(deadline=None)
def test_clear_ink_stays(symbols) -> None:
    clear = [Symbol(symbol.label, symbol.box, 1.0, (("1", 0.015), ("=", 0.03))) for symbol in symbols]
    assert make_sense(clear) == Sense(tuple(clear))


def test_a_line_that_wavers_everywhere_takes_no_time() -> None:
    others = tuple((label, 0.05) for label in "×÷)(+")
    symbols = [Symbol("×", (0, 0, 1, 1), 0.06, others) for _ in range(60)]
    started = time.perf_counter()
    assert make_sense(symbols) == Sense(tuple(symbols))
    assert time.perf_counter() - started < 2
    assert MAX_TRIALS < 1000


# Numbers


@pytest.mark.parametrize(
    ("text", "doubts", "becomes"),
    [
        ("/234", {"at0": {"/": 0.74, "1": 0.12}}, "1234"),
        ("7890(", {"at4": {"(": 0.41, "1": 0.36}}, "78901"),
        ("(/6", {"at0": {"(": 0.5, "1": 0.3}, "at1": {"/": 0.6, "1": 0.4}}, "116"),
        ("(/6", {"at0": {"(": 0.5, "1": 0.3}, "at1": {"/": 0.6, "1": 0.2}}, "1/6"),
        ("/", {"at0": {"/": 0.6, "1": 0.3}}, "1"),
        ("89/04", {"at2": {"/": 0.42, "1": 0.32}}, "89104"),
        ("89/04", {"at2": {"/": 0.6, "1": 0.2}}, "89/04"),  # a fraction, most likely
        ("903/6", {"at3": {"/": 0.6, "1": 0.2}}, "90316"),
        ("9/906", {"at1": {"/": 0.6, "1": 0.2}}, "91906"),
        ("903/6", {"at3": {"/": 0.7, "1": 0.1}}, "903/6"),
        ("12/2//91", {"at4": {"/": 0.8, "1": 0.1}, "at5": {"/": 0.8, "1": 0.15}}, "12/21/91"),
        ("12/21191", {"at5": {"1": 0.6, "/": 0.3}}, "12/21/91"),
        ("12/21191", {"at5": {"1": 0.8, "/": 0.1}}, "12/21191"),
        ("618", {"at1": {"1": 0.5, "/": 0.5}}, "618"),
        ("12/27/93", {"at2": {"/": 0.6, "1": 0.35}, "at5": {"/": 0.6, "1": 0.35}}, "12/27/93"),  # odds of 2.9
        ("/234", {"at0": {"/": 0.9, "1": 0.03}}, "1234"),
        ("/234", {"at0": {"/": 0.9, "1": 0.01}}, "/234"),
        ("48/0", {"at2": {"/": 0.9, "1": 0.1}}, "4810"),  # nobody divides by zero
        ("1/0", {"at1": {"/": 0.87, "1": 0.13}}, "1/0"),  # but some would like to know what comes of it
        ("002/6", {"at3": {"/": 0.9, "1": 0.1}}, "00216"),
        ("02/6", {"at2": {"/": 0.9, "1": 0.1}}, "02/6"),  # a date
        ("49(4)", {"at2": {"(": 0.8, "6": 0.1}, "at4": {")": 0.6, "7": 0.2}}, "49647"),
        ("/234", {"at0": {"/": 0.5, "-": 0.4}}, "/234"),
        ("2/", {}, "2/"),
        ("12/", {"at2": {"/": 0.85, "1": 0.13}}, "121"),
        ("12/3", {"at2": {"/": 0.85, "1": 0.13}}, "12/3"),
        ("974-3/45", {"at5": {"/": 0.85, "1": 0.1}}, "974-3145"),
        ("800-90/-4678", {"at6": {"/": 0.85, "1": 0.1}}, "800-901-4678"),
        ("2026-1/-22", {"at6": {"/": 0.85, "1": 0.1}}, "2026-11-22"),
        ("974-3/45", {"at5": {"/": 0.96, "1": 0.01}}, "974-3/45"),
        ("97-3/45", {"at4": {"/": 0.85, "1": 0.1}}, "97-3/45"),  # short enough to be worked out
        ("5-3/4", {"at3": {"/": 0.6, "1": 0.35}}, "5-3/4"),
        ("974-3/45=", {"at5": {"/": 0.85, "1": 0.1}}, "974-3/45="),
        ("(7", {"at0": {"(": 0.5, "1": 0.4}, "at1": {"7": 0.5, "1": 0.45}}, "17"),
    ],
)
def test_a_line_without_a_sum_becomes_what_is_likely_written(text, doubts, becomes) -> None:
    assert made(text, **doubts) == (becomes, "well-formed" if becomes != text else None)
