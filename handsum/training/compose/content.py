"""What people write on a page: numbers, dates and sums, as lines of text.

A line is a string of labels; a space is a wider gap, and FOREIGN is writing that is no symbol of ours. Digits
on either side of a FRACTION_SLASH are written above and below a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np

FOREIGN = "¤"
# As in Unicode, where it makes one fraction of the digits beside it.
FRACTION_SLASH = "\u2044"

# A line longer than this is broken off: few papers are that wide, and the page would be slow to draw.
MOST_SYMBOLS = 26

OPERATORS = "+-×÷"

Generator = np.random.Generator


def write_lines(rng: Generator, *, shares: Mapping[str, float] | None = None) -> list[str]:
    """One to four lines of text, which may be empty; `shares` says how often each of KINDS is written."""
    names = list(shares or SHARES)
    weights = np.array([(shares or SHARES)[name] for name in names])
    if shares is None and rng.random() < LONE_SHARE:
        return [lone(rng)]
    num_lines = int(rng.choice([1, 2, 3, 4], p=[0.7, 0.15, 0.09, 0.06]))
    # People who write several lines mostly go on with what they began.
    first = str(rng.choice(names, p=weights / weights.sum()))
    lines = []
    for _ in range(num_lines):
        kind = first if rng.random() < 0.6 else str(rng.choice(names, p=weights / weights.sum()))
        lines.append(_cut(KINDS[kind](rng)))
    return lines


def text_of(line: str) -> str:
    """The labels of a line, without gaps and foreign writing; every fraction has a slash."""
    return line.replace(" ", "").replace(FOREIGN, "").replace(FRACTION_SLASH, "/")


def _cut(line: str) -> str:
    return line if len(line) <= MOST_SYMBOLS else line[:MOST_SYMBOLS].rstrip()


def digits(rng: Generator, most: int = 12) -> str:
    """A row of 1 to `most` digits, short ones more often."""
    num = 1 + int(most * rng.beta(1.1, 2.6))
    return "".join(str(digit) for digit in rng.integers(0, 10, num))


def lone(rng: Generator) -> str:
    """A single symbol that needs no neighbours to be known."""
    return str(rng.integers(10)) if rng.random() < 0.8 else str(rng.choice(list("+-×÷=()")))


def grouped_digits(rng: Generator) -> str:
    """Rows of digits apart, as on forms and cards."""
    return " ".join(digits(rng, 5) for _ in range(int(rng.integers(2, 5))))


def _separator(rng: Generator) -> str:
    return "." if rng.random() < 0.5 else ","


def decimal(rng: Generator) -> str:
    """A number with a decimal point or comma; rarely without a digit before it."""
    whole = "" if rng.random() < 0.05 else digits(rng, 5)
    return whole + _separator(rng) + digits(rng, 5)


def thousands(rng: Generator) -> str:
    """A large number whose thousands are marked, perhaps with cents."""
    mark = str(rng.choice([",", ".", " "], p=[0.45, 0.35, 0.2]))
    groups = [str(rng.integers(1, 1000))] + [
        f"{rng.integers(1000):03d}" for _ in range(int(rng.integers(1, 4)))
    ]
    cents = "." if mark == "," else ","
    return mark.join(groups) + (f"{cents}{rng.integers(100):02d}" if rng.random() < 0.35 else "")


def amount(rng: Generator) -> str:
    """A sum of money as on cheques: its currency before it, and after it what lets nobody add a digit."""
    kind = rng.random()
    number = thousands(rng) if kind < 0.45 else decimal(rng) if kind < 0.75 else digits(rng, 7)
    before = str(rng.choice(["", FOREIGN, 2 * FOREIGN, "=", "-", "("], p=[0.5, 0.25, 0.1, 0.06, 0.05, 0.04]))
    after = str(
        rng.choice(
            ["", "-", "--", "=", ".-", ",-", "/", FOREIGN], p=[0.4, 0.14, 0.06, 0.08, 0.1, 0.07, 0.05, 0.1]
        )
    )
    gap = " " if rng.random() < 0.3 else ""
    return f"{before}{gap}{number}{')' if before == '(' else after}"


def date(rng: Generator) -> str:
    """A date, or another number in parts: telephone, account, page."""
    mark = str(rng.choice([".", "/", "-"], p=[0.25, 0.45, 0.3]))
    day, month, year = int(rng.integers(1, 32)), int(rng.integers(1, 13)), int(rng.integers(1900, 2100))
    if rng.random() < 0.3:
        return mark.join(digits(rng, 4) for _ in range(int(rng.integers(2, 4))))
    width = 2 if rng.random() < 0.5 else 1
    shown_year = str(year) if rng.random() < 0.6 else f"{year % 100:02d}"
    return mark.join([f"{day:0{width}d}", f"{month:0{width}d}", shown_year])


def operand(rng: Generator) -> str:
    """A number as it stands in a sum."""
    kind = rng.random()
    if kind < 0.72:
        return str(rng.integers(0, 10 ** int(rng.integers(1, 4))))
    return digits(rng, 6) if kind < 0.8 else f"{rng.integers(0, 100)}{_separator(rng)}{digits(rng, 3)}"


def _operator(rng: Generator) -> str:
    return str(rng.choice(list(OPERATORS + "/"), p=[0.25, 0.25, 0.22, 0.18, 0.1]))


def result(rng: Generator, value: Fraction | None = None) -> str:
    """What stands after the equals sign: nothing, the value as written by hand, or any number."""
    if rng.random() < 0.25:
        return ""
    if value is None or rng.random() < 0.3:
        return ("-" if rng.random() < 0.15 else "") + operand(rng)
    rounded = round(float(value), int(rng.integers(1, 4)))
    shown = str(value) if value.denominator == 1 else f"{rounded:.12g}"
    return shown.replace(".", _separator(rng)).partition("e")[0]


def simple_sum(rng: Generator) -> str:
    """Two numbers, an operator and mostly an equals sign."""
    left, right = (int(rng.integers(0, 10 ** int(rng.integers(1, 4)))) for _ in range(2))
    operator = _operator(rng)
    sign = "-" if rng.random() < 0.08 else ""
    text = f"{sign}{left}{operator}{right}"
    return (
        text
        if rng.random() < 0.12
        else f"{text}={result(rng, _value(-left if sign else left, operator, right))}"
    )


def _value(left: int, operator: str, right: int) -> Fraction | None:
    if operator in "÷/":
        return Fraction(left, right) if right else None
    return Fraction({"+": left + right, "-": left - right, "×": left * right}[operator])


def long_sum(rng: Generator) -> str:
    """Several numbers, some with decimals or a minus of their own."""
    text = operand(rng)
    for _ in range(int(rng.integers(1, 4))):
        number = operand(rng)
        text += _operator(rng) + (f"(-{number})" if rng.random() < 0.08 else number)
    return text if rng.random() < 0.25 else f"{text}={result(rng)}"


def bracketed_sum(rng: Generator) -> str:
    """A sum with parentheses, one inside another at times."""

    def inner(depth: int) -> str:
        left = inner(depth - 1) if depth and rng.random() < 0.4 else operand(rng)
        right = inner(depth - 1) if depth and rng.random() < 0.4 else operand(rng)
        return f"({left}{_operator(rng)}{right})"

    parts = [inner(1), operand(rng) if rng.random() < 0.6 else inner(0)]
    text = _operator(rng).join(parts if rng.random() < 0.5 else parts[::-1])
    return text if rng.random() < 0.3 else f"{text}={result(rng)}"


def chain(rng: Generator) -> str:
    """Steps joined by equals signs, or an answer worked out in the line below."""
    steps = [operand(rng) + _operator(rng) + operand(rng) for _ in range(int(rng.integers(1, 3)))]
    if rng.random() < 0.2:
        return "=" + steps[0]
    return "=".join([*steps, operand(rng)])


def fraction(rng: Generator) -> str:
    """Fractions with a slash, alone or in a sum."""
    parts = [f"{rng.integers(1, 100)}/{rng.integers(1, 100)}" for _ in range(int(rng.integers(1, 3)))]
    text = str(rng.choice(list("+-×÷"))).join(parts)
    return f"{text}={operand(rng)}/{operand(rng)}" if rng.random() < 0.3 else text


def stacked_fraction(rng: Generator) -> str:
    """Fractions with a bar, alone or in a sum with others and with whole numbers."""

    def part() -> str:
        if rng.random() < 0.25:
            return str(rng.integers(1, 100))
        return FRACTION_SLASH.join(str(rng.integers(1, 10 ** int(rng.integers(1, 3)))) for _ in range(2))

    parts = [part() for _ in range(int(rng.integers(1, 4)))]
    if not any(FRACTION_SLASH in each for each in parts):
        parts[0] = f"{parts[0]}{FRACTION_SLASH}{rng.integers(1, 100)}"
    text = parts[0] + "".join(f"{rng.choice(list('+-×'))}{each}" for each in parts[1:])
    return (
        text if len(parts) == 1 and rng.random() < 0.5 else f"{text}={part() if rng.random() < 0.4 else ''}"
    )


def negative(rng: Generator) -> str:
    """A number below zero, or one with a plus."""
    return ("-" if rng.random() < 0.8 else "+") + (operand(rng) if rng.random() < 0.6 else decimal(rng))


def soup(rng: Generator) -> str:
    """Symbols in no order, so that neighbours alone do not tell what a symbol is."""
    labels = "0123456789" + "+-×÷/()=" * 2 + ".,"
    # A point is one only beside a digit.
    middle = [str(rng.choice(list(labels))) for _ in range(int(rng.integers(2, 10)))]
    return "".join([str(rng.integers(10)), *(f"{m}{rng.integers(10)}" if m in ".," else m for m in middle)])


def with_words(rng: Generator) -> str:
    """A number among letters, units or currency signs."""
    word = FOREIGN * int(rng.integers(1, 5))
    number = (digits, decimal, thousands, simple_sum)[int(rng.integers(4))](rng)
    gap = " " if rng.random() < 0.7 else ""
    return f"{number}{gap}{word}" if rng.random() < 0.6 else f"{word}{gap}{number}"


def words(rng: Generator) -> str:
    """Writing without any symbol of ours."""
    return " ".join(FOREIGN * int(rng.integers(2, 7)) for _ in range(int(rng.integers(1, 4))))


def nothing(rng: Generator) -> str:
    """No writing: the paper alone."""
    return ""


# Of pages with a single symbol: what most people try first.
LONE_SHARE = 0.13

KINDS: dict[str, Callable[[Generator], str]] = {
    "digits": digits, "grouped digits": grouped_digits, "decimal": decimal, "thousands": thousands,
    "amount": amount, "date": date, "simple sum": simple_sum, "long sum": long_sum,
    "bracketed sum": bracketed_sum, "chain": chain, "fraction": fraction, "negative": negative, "soup": soup,
    "with words": with_words, "words": words, "nothing": nothing, "stacked fraction": stacked_fraction,
}  # fmt: skip

SHARES: dict[str, float] = {
    "digits": 0.22, "grouped digits": 0.03, "decimal": 0.08, "thousands": 0.05, "amount": 0.06, "date": 0.09,
    "simple sum": 0.21, "long sum": 0.07, "bracketed sum": 0.08, "chain": 0.05,
    "fraction": 0.06, "negative": 0.02, "soup": 0.05, "with words": 0.05, "words": 0.01,
    "nothing": 0.015, "stacked fraction": 0.08,
}  # fmt: skip
