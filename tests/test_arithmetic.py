"""Text becomes an exact answer: every operator and notation, written answers checked, trouble a status."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

import handsum
from handsum.arithmetic import Answer, evaluate
from tests.import_walker import everything_below, outside_libraries, package_sources

# Sums


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12+7", 19),
        ("12-7", 5),
        ("12×7", 84),
        ("12÷7", Fraction(12, 7)),
        ("12/7", Fraction(12, 7)),
        ("12*7", 84),
        ("12x7", 84),
        ("12X7", 84),
        ("12:7", Fraction(12, 7)),
        ("12−7", 5),
        ("12–7", 5),
        ("  1 2 +\t7\u00a0= \n", 19),
        ("2+3×4", 14),
        ("(2+3)×4", 20),
        ("10-4-3", 3),
        ("24÷4÷3", 2),
        ("24÷4×3", 18),
        ("24÷(4×3)", 2),
        ("1/2÷3/4", Fraction(1, 24)),
        ("-5", -5),
        ("+5", 5),
        ("--5", 5),
        ("-+-5", 5),
        ("-(2+3)", -5),
        ("-2×3", -6),
        ("2×-3", -6),
        ("2--3", 5),
        ("2-+3", -1),
        ("6÷-+-3", 2),
        ("2(3+4)", 14),
        ("(1+2)(3+4)", 21),
        ("(1+2)3", 9),
        ("-2(3)", -6),
        ("6÷2(1+2)", 9),
        ("1+2(3)4", 25),
        ("((((7))))", 7),
        ("007", 7),
        ("((151+23)-(183×126))+153", -22731),
        ("(130×(125×85))+152", 1381402),
        ("12345678901234567890×98765432109876543210", 12345678901234567890 * 98765432109876543210),
    ],
)
def test_sums_have_their_exact_value(text: str, value: Fraction) -> None:
    answer = evaluate(text)
    assert answer.value == value
    assert isinstance(answer.value, Fraction)


@pytest.mark.parametrize("text", ["7", "-7", "+7", " 7 ", "(7)", "0,5"])
def test_a_bare_number_is_itself_and_asks_nothing(text: str) -> None:
    assert evaluate(text).status == "number"
    assert evaluate(text + "=").status == "answered"
    assert evaluate(text).value == evaluate(text + "=").value


# Points and commas


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("0.71", "0.71", "0.71"),
        ("0,71", "0.71", "0,71"),
        ("12,5", "12.5", "12,5"),
        (".5", "0.5", "0.5"),
        (",5", "0.5", "0,5"),
        ("5.", "5", "5"),
        ("1,234", "1234", "1234"),  # fits both notations: the point is the decimal mark
        ("1.234", "1.234", "1.234"),
        ("1,234,567", "1234567", "1234567"),
        ("1.234.567", "1234567", "1234567"),
        ("1,234.5", "1234.5", "1234.5"),
        ("1.234,5", "1234.5", "1234,5"),
        ("1234,567", "1234.567", "1234,567"),
        ("0,123", "0.123", "0,123"),
        ("0,5+1,234", "1.734", "1,734"),  # 0,5 settles what the other comma is
        ("0,5+1.234", "1234.5", "1234,5"),
        ("0.5+1,234", "1234.5", "1234.5"),
        ("1.234.567+1,234", "1234568.234", "1234568,234"),
        ("1,234+5.678", "1239.678", "1239.678"),
        ("0.5+0,25", "0.75", "0.75"),  # both for decimals: each as it can be, shown as the first
        ("0,25+0.5", "0.75", "0,75"),
        ("1,234,567+0,5", "1234567.5", "1234567.5"),
    ],
)
def test_points_and_commas(text: str, value: str, shown: str) -> None:
    answer = evaluate(text)
    assert (answer.value, answer.text) == (Fraction(value), shown)


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("22÷7=3,142", Fraction(22, 7), "rounded"),
        ("22÷7=3.142", Fraction(22, 7), "rounded"),
        ("1,234+1=2,234", Fraction("2.234"), "true"),
        ("1,234+1=1,235", 1235, "true"),
        ("2.000+1=2.001", 2001, "true"),
        ("1,234+1=3,235", 1235, "false"),
        ("1/(1,000-1)=5", Fraction(1, 999), "false"),
    ],
)
def test_a_sum_that_fits_both_notations_is_read_as_the_one_that_holds(
    text: str, value: Fraction, status: str
) -> None:
    answer = evaluate(text)
    assert (answer.value, answer.status) == (value, status)


# How the answer is shown


@pytest.mark.parametrize(
    ("text", "shown", "fraction"),
    [
        ("12+7", "19", "19"),
        ("3-5", "-2", "-2"),
        ("5-5", "0", "0"),
        ("1/4", "0.25", "1/4"),
        ("-6/4", "-1.5", "-3/2"),
        ("1,50+1", "2,5", "5/2"),
        ("1000000", "1000000", "1000000"),
        ("1/1024", "0.0009765625", "1/1024"),
        ("0.123456×0.654321", "0.080779853376", str(Fraction("0.080779853376"))),
        ("1/3", "≈ 0.333333", "1/3"),
        ("-2/3", "≈ -0.666667", "-2/3"),
        ("2/3+0,0", "≈ 0,666667", "2/3"),
        ("100/3", "≈ 33.333333", "100/3"),
        ("1/3000", "≈ 0.000333333", "1/3000"),
        ("1/999", "≈ 0.00100100", "1/999"),
        ("1/65536", "≈ 0.0000152588", "1/65536"),  # ends, but only after 16 decimals
        ("0.0000001×0.0000001", "0.00000000000001", f"1/{10**14}"),
        ("0.00000000005×0.00000000123456789", "≈ 0.0000000000000000000617284", None),
        ("2.0000005+1/10000000000000", "≈ 2.000001", None),
        ("-2.0000005-1/10000000000000", "≈ -2.000001", None),
    ],
)
def test_answers_are_exact_or_say_that_they_are_not(text: str, shown: str, fraction: str | None) -> None:
    answer = evaluate(text)
    assert answer.text == shown
    assert answer.fraction == (fraction or str(answer.value))


# Sums that were answered in writing


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("12+7=19", "true"),
        ("12+7=19=", "true"),
        ("19=12+7", "true"),
        ("12+7=20", "false"),
        ("20=12+7", "false"),
        ("5=5.0", "true"),
        ("5=6", "false"),
        ("2+2=4=8/2", "true"),
        ("2+2=4=9/2", "false"),
        ("2+2=5=4", "false"),
        ("25=1+3×8=1+3×(2+3×2)", "true"),
        ("6×6=4×9", "true"),
        ("2/6=1/3", "true"),
        ("125÷176=0,71", "rounded"),
        ("125÷176=0,710", "rounded"),
        ("125÷176=0,72", "false"),
        ("0.33=1/3", "rounded"),
        ("1/3=0.33=0.333=2/6", "rounded"),
        ("8÷3=2.67", "rounded"),
        ("8÷3=2.66", "rounded"),  # cut off
        ("8÷3=2.65", "false"),
        ("8÷3=2.68", "false"),
        ("-8÷3=-2.67", "rounded"),
        ("-8÷3=-2.66", "rounded"),
        ("-8÷3=(-2.66)", "rounded"),
        ("-8÷3=2.67", "false"),
        ("1÷8=0.13", "rounded"),  # a half goes up, to even, or off
        ("1÷8=0.12", "rounded"),
        ("3÷8=0.38", "rounded"),
        ("3÷8=0.37", "rounded"),
        ("7÷2=3", "false"),  # a whole number claims to be exact
        ("7÷2=4", "false"),
        ("7÷2=3.0", "false"),
        ("10-0.05=9.9", "false"),  # a sum of decimals has no more of them, and nobody rounds it
        ("2.5+2.25=4.7", "false"),
        ("1.25+1.5=2.8", "false"),
        ("2.5×1.7=4.2", "rounded"),
        ("0.333=0.33", "false"),  # nothing was calculated, so nothing was rounded
        ("1/3=0.33+0", "false"),
        ("60×0,3127=18,672", "false"),
        ("60×0,3127=18,762", "true"),
    ],
)
def test_written_answers_are_checked(text: str, status: str) -> None:
    assert evaluate(text).status == status
    assert evaluate(text).value is not None


def test_a_false_sum_comes_with_the_right_value() -> None:
    assert evaluate("12+7=20") == Answer(Fraction(19), "false", "19", "19", "False: it comes to 19, not 20.")
    assert evaluate("1,5÷4,5=0,3").value == Fraction(1, 3)
    assert evaluate("1÷3=1000001÷3000002").message == "False: it comes to 1/3, not 1000001/3000002."
    assert evaluate("1,5÷4,5=0,4").message == "False: it comes to ≈ 0,333333, not 0,4."
    assert evaluate("12+7=19").message == "True."
    assert evaluate("1/3=0.3").message == "True to the digits written."


# Trouble


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("", "empty", "nothing to work out"),
        (" \n ", "empty", "nothing to work out"),
        ("12+", "unfinished", "missing after +"),
        ("-", "unfinished", "missing after -"),
        ("12+=5", "unfinished", "missing after +"),
        ("(", "unfinished", "missing after ("),
        ("2×(1+2", "unfinished", "not closed"),
        ("5,", "unfinished", "after a comma"),
        ("(2,-1,1)", "unfinished", "after a comma"),
        ("=", "nonsense", "before ="),
        ("=5", "nonsense", "before ="),
        ("2+2==4", "nonsense", "between two = signs"),
        ("2+2==", "nonsense", "between two = signs"),
        ("×3", "nonsense", "before ×"),
        ("2*:3", "nonsense", "between × and ÷"),
        ("2**3", "nonsense", "between × and ×"),
        ("2//3", "nonsense", "between / and /"),
        ("()", "nonsense", "between ( and )"),
        ("(2+)", "nonsense", "between + and )"),
        (")", "nonsense", "before )"),
        ("1+2)", "nonsense", "never opened"),
        (")1(", "nonsense", "before )"),
        ("(1+2=3)", "unfinished", "not closed"),
        (".", "nonsense", ". is not a number"),
        ("1.2.3", "nonsense", "1.2.3 is not a number"),
        ("1,23,456", "nonsense", "1,23,456 is not a number"),
        ("0,123,456", "nonsense", "0,123,456 is not a number"),
        ("1.234.56", "nonsense", "is not a number"),
        ("1,2." * 100 + "3", "nonsense", "… is not a number"),
        ("12+a", "nonsense", "'a' has no place"),
        ("2^3", "nonsense", "'^' has no place"),
        ("5%", "nonsense", "'%' has no place"),
        ("2²", "nonsense", "'²' has no place"),
        ("٣+٤", "nonsense", "has no place"),
        ("1_000", "nonsense", "'_' has no place"),
        ("1e5", "nonsense", "'e' has no place"),
        ("\x00", "nonsense", "'\\x00' has no place"),
        ("\ud800", "nonsense", "'\\ud800' has no place"),
        ("__import__('os').getcwd()", "nonsense", "'_' has no place"),
        ("1+2\n3+4", "nonsense", "several lines"),
        ("1/0", "undefined", "by zero"),
        ("1÷(2-2)", "undefined", "by zero"),
        ("0/0=1", "undefined", "by zero"),
        ("5=1/0", "undefined", "by zero"),
        ("1/0,0", "undefined", "by zero"),
    ],
)
def test_trouble_is_a_status_with_one_sentence(text: str, status: str, message: str) -> None:
    answer = evaluate(text)
    assert (answer.value, answer.status, answer.text, answer.fraction) == (None, status, "", "")
    assert message in answer.message
    assert answer.message.endswith(".")
    assert answer.message.isprintable()


@pytest.mark.parametrize("text", [None, 12, b"12+7", ["12+7"], Fraction(1)])
def test_only_text_is_evaluated(text: object) -> None:
    with pytest.raises(TypeError, match="takes a text"):
        evaluate(text)  # type: ignore[arg-type]


def test_an_answer_cannot_be_changed() -> None:
    answer = evaluate("12+7")
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.text = "20"  # type: ignore[misc]
    assert hash(answer) == hash(evaluate("12+7"))


def test_it_is_a_public_name_and_needs_python_alone() -> None:
    assert handsum.evaluate is evaluate
    assert handsum.Answer is Answer
    sources = package_sources()
    together = everything_below("arithmetic", sources)
    assert outside_libraries({name: sources[name] for name in together}) == set()
