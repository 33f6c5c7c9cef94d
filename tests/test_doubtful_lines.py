"""Of a page's lines those far less sure than the surest are left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsum.layout.doubtful import LEAST_SURE, without_crossings, without_doubtful
from handsum.reading import Line, Symbol


def line_of(*confidences: float, label: str = "1") -> Line:
    symbols = tuple(Symbol(label, (9.0 * n, 0, 9.0 * n + 5, 20), sure) for n, sure in enumerate(confidences))
    return Line(label * len(symbols), symbols, None, label * len(symbols))


WRITTEN = line_of(0.98, 0.9, 0.95)


@pytest.mark.parametrize("confidences", [(0.3,), (0.49, 0.5), (0.9, 0.2), (0.0, 0.9, 0.9)])
def test_what_wavers_beside_sure_writing_is_left_out(confidences: tuple[float, ...]) -> None:
    assert without_doubtful([line_of(*confidences), WRITTEN]) == [WRITTEN]


@pytest.mark.parametrize("confidences", [(0.6,), (0.9, 0.4), (0.5, 0.55, 0.6)])
def test_what_is_rather_sure_stays(confidences: tuple[float, ...]) -> None:
    other = line_of(*confidences)
    assert without_doubtful([WRITTEN, other]) == [WRITTEN, other]


def test_where_all_waver_what_wavers_as_much_stays() -> None:
    faint = [line_of(0.3, 0.35), line_of(0.32), line_of(0.1)]
    assert without_doubtful(faint) == faint[:2]


@pytest.mark.parametrize("label", ["-", "=", "÷", "."])
def test_signs_alone_are_left_out_beside_digits(label: str) -> None:
    rule = line_of(0.99, 0.98, label=label)
    assert without_doubtful([rule, WRITTEN, rule]) == [WRITTEN]
    assert without_doubtful([rule]) == [rule]


def row_of(text: str, height: float) -> Line:
    symbols = tuple(
        Symbol(label, (60.0 * n, 0, 60.0 * n + height, height), 0.9) for n, label in enumerate(text)
    )
    return Line(text, symbols, None, text)


@pytest.mark.parametrize("text", ["000", "00000", "00006"])
def test_rows_of_small_zeros_are_what_is_left_of_squares(text: str) -> None:
    digits = row_of("894", 95)
    assert without_crossings([row_of(text, 31), digits, row_of(text, 30)]) == [digits]
    # As high as the digits, alone on the page, or of few zeros, they are written.
    for lines in ([row_of(text, 90), digits], [row_of(text, 31)], [row_of("1200", 31), digits], [digits], []):
        assert without_crossings(lines) == lines


@given(st.lists(st.lists(st.floats(0, 1), max_size=4).map(lambda shares: line_of(*shares)), max_size=5))
def test_order_is_kept_and_something_is_left(lines: list[Line]) -> None:
    kept = without_doubtful(lines)
    assert [line for line in lines if any(line is other for other in kept)] == kept
    assert bool(kept) == bool(lines)
    assert 0 < LEAST_SURE < 1
