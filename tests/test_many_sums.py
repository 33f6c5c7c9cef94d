"""Sums by the thousand, hostile ones among them: always an answer, the right one, and soon."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsum.arithmetic import evaluate
from handsum.arithmetic.expression import MAX_CHARACTERS
from handsum.arithmetic.numerals import MAX_DIGITS
from tests.expressions import Writer

TROUBLES = {"empty", "unfinished", "nonsense", "undefined", "too large"}
ALPHABET = "0123456789+-×÷/().,="

# Generous beside the few milliseconds that an idle machine needs: others may be at work on this one.
SOON_S = 0.5

examples = settings(deadline=None, max_examples=300)


# Absurd sizes

NINES = "9" * MAX_DIGITS


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10_000_000,
        f"{'7' * 10_000}×{'3' * 10_000}",
        "(" * 5000 + "1" + ")" * 5000,
        "1+" * 100_000,
        " " * 1_000_000,
        NINES + "9",
        f"{NINES}+1",
        f"{NINES}×{NINES[1:]}",
        "×".join([NINES[:249]] * 4),
        f"1/{NINES}/9",
        f"0.{NINES}",
        f"1/{NINES[:300]}+1/{'7' * 299}",
    ],
)
def test_absurd_sizes_are_refused_at_once(text: str) -> None:
    started_s = time.perf_counter()
    answer = evaluate(text)
    assert time.perf_counter() - started_s < SOON_S
    assert (answer.value, answer.status) == (None, "too large")
    assert len(answer.message) < 100


def repeated(unit: str, end: str = "") -> str:
    """As often as the longest allowed text holds it."""
    return unit * ((MAX_CHARACTERS - len(end)) // len(unit)) + end


@pytest.mark.parametrize(
    "text",
    [
        "(" * 499 + "1" + ")" * 499,
        repeated("("),
        repeated(")"),
        repeated("-", "1"),
        repeated("-(", "1"),
        repeated("9×", "9"),
        repeated("1/7+", "1"),
        repeated("1/7="),
        repeated("1,234=", "1,234"),
        repeated("1.1"),
        repeated("1,"),
        repeated("1,234,", "1"),
        repeated(","),
        repeated("()"),
        repeated("(1)"),
        repeated("="),
        repeated("1:"),
        NINES + "/7" * 250,
        "1" + "/7" * 499,
        "+".join(f"1/{n}" for n in range(1001, 1140)),
        f"{NINES}/{NINES[1:]}",
        f"1/{NINES}",
        f"1/3=0.{'3' * 499}",
        f"{'7' * 300}/{'9' * 290}={'1' * 200},{'1' * 200}",
    ],
)
def test_the_largest_texts_are_worked_out_soon(text: str) -> None:
    assert len(text) <= MAX_CHARACTERS
    started_s = time.perf_counter()
    answer = evaluate(text)
    assert time.perf_counter() - started_s < SOON_S
    assert (answer.value is None) == (answer.status in TROUBLES)


def test_just_below_the_limits_is_exact() -> None:
    assert evaluate(NINES).text == NINES
    assert evaluate(f"{NINES}-1+1").value == int(NINES)
    assert evaluate(f"1/{NINES}").fraction == f"1/{NINES}"
    assert evaluate("(" * 499 + "1" + ")" * 499).value == 1
    assert evaluate(repeated("-", "1")).value == -1


# Against Python's own fractions


def test_a_hundred_thousand_sums_agree_with_fractions() -> None:
    num_sums = 100_000
    writer = Writer(seed=4)
    for _ in range(num_sums):
        text, value = writer.sum()
        answer = evaluate(text)
        expected = "undefined" if value is None else "number, answered"
        assert answer.value == value, text
        assert answer.status in expected, text
    # What the generator made: every branch, often.
    least = dict.fromkeys("+-×÷/", 20_000) | {
        "division by zero": 1_000,
        "unary minus": 10_000,
        "parentheses": 20_000,
        "superfluous parentheses": 10_000,
        "omitted ×": 2_000,
        "depth over 3": 5_000,
        "decimal point": 10_000,
        "decimal comma": 10_000,
        "thousands marks": 1_000,
        "other spelling": 10_000,
        "spaces": 10_000,
        "asked with =": 10_000,
    }
    rare = {name: writer.made[name] for name, least_often in least.items() if writer.made[name] < least_often}
    assert not rare, f"the generator hardly makes {rare}; it made {dict(writer.made)}"


# Properties


@given(st.text(st.sampled_from(ALPHABET + "xX*: −"), max_size=40))
@examples
def test_no_line_of_the_alphabet_is_an_exception(text: str) -> None:
    answer = evaluate(text)
    assert (answer.value is None) == (answer.status in TROUBLES)
    assert bool(answer.text) == bool(answer.fraction) == (answer.value is not None)
    assert bool(answer.message) == (answer.status not in ("number", "answered"))


@given(st.text(max_size=60))
@examples
def test_no_text_at_all_is_an_exception(text: str) -> None:
    assert (evaluate(text).value is None) == (evaluate(text).status in TROUBLES)


values = st.fractions(max_denominator=10_000)


@given(values)
@examples
def test_a_shown_answer_reads_back_as_itself(value: Fraction) -> None:
    answer = evaluate(f"{value.numerator}/{value.denominator}")
    assert answer.value == value
    assert evaluate(answer.fraction).value == value
    shown = evaluate(answer.text.removeprefix("≈ ")).value
    assert shown is not None
    assert (shown == value) == (not answer.text.startswith("≈"))
    assert abs(shown - value) <= Fraction(1, 2 * 10**6)


@given(values, st.integers(1, 9))
@examples
def test_a_rounded_or_cut_answer_is_true_to_its_digits(value: Fraction, num_decimals: int) -> None:
    scaled = value * 10**num_decimals
    for written in {round(scaled), int(scaled)}:
        sign = "-" if written < 0 else ""
        digits = str(abs(written)).zfill(num_decimals + 1)
        shown = f"{sign}{digits[:-num_decimals]}.{digits[-num_decimals:]}"
        status = evaluate(f"{value.numerator}/{value.denominator}={shown}").status
        assert status == ("true" if written == scaled else "rounded")
        beyond = Fraction(written + (2 if written >= 0 else -2), 10**num_decimals)
        assert evaluate(f"{value}+0={beyond}").status == "false"


@given(values, values)
@examples
def test_the_shown_mark_is_the_mark_that_was_used(a: Fraction, b: Fraction) -> None:
    points = evaluate(f"({a})-({b})+0.0")
    commas = evaluate(f"({a})-({b})+0,0")
    assert points.value == commas.value == a - b
    assert points.text.replace(".", ",") == commas.text
