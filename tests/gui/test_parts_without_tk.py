"""The parts of the window that need no window: eraser, wording, numbers, density."""

from __future__ import annotations

import numpy as np
import pytest

from handsum.ink import Ink
from handsum.reading import DigitReading, Doubt
from handsum.window.bars import number_beside
from handsum.window.density import dpi_in
from handsum.window.eraser import ERASER_RADIUS_PX, touches, without_touched
from handsum.window.wording import WAITING, Verdict, percent, sentence_on, verdict_on

FRAME = np.ones((28, 28), np.float32)


def reading(*, best: int, second: int, confidence: float, doubt: Doubt | None = None) -> DigitReading:
    probabilities = np.zeros(10, np.float32)
    probabilities[best], probabilities[second] = confidence, 1 - confidence
    return DigitReading(None if doubt else best, confidence, 1.0, probabilities, FRAME, doubt)


@pytest.mark.parametrize(
    ("x", "y", "is_touched"),
    [
        (50, 10, True),
        (50, 10 + 2 + ERASER_RADIUS_PX, True),
        (50, 10 + 2 + ERASER_RADIUS_PX + 0.1, False),
        (-11, 10, False),
        (-9, 10, True),
    ],
)
def test_eraser_reaches_as_far_as_the_ink_is_wide(x: float, y: float, is_touched: bool) -> None:
    line = Ink.of([[(0, 10), (100, 10)]], width_px=4).strokes[0]
    assert touches(line, x, y) == is_touched


def test_eraser_takes_dots_and_strokes_of_equal_points() -> None:
    ink = Ink.of([[(10, 10)], [(50, 50), (50, 50)], [(90, 90), (99, 99)]])
    assert without_touched(ink, 10, 12) == Ink(ink.strokes[1:])
    assert without_touched(ink, 50, 52) == Ink((ink.strokes[0], ink.strokes[2]))


def test_eraser_beside_the_ink_changes_nothing() -> None:
    ink = Ink.of([[(10, 10), (20, 20)]])
    assert without_touched(ink, 200, 200) is ink
    assert without_touched(Ink(), 0, 0) == Ink()


def test_sure_digit_is_said_with_its_runner_up() -> None:
    verdict = verdict_on(reading(best=7, second=1, confidence=0.98))
    assert verdict == Verdict("7", "98 % sure, else 1", is_sure=True, leading=7)
    assert verdict_on(reading(best=7, second=1, confidence=0.999)).words == "over 99 % sure"


def test_unsure_digit_is_grey() -> None:
    assert not verdict_on(reading(best=7, second=1, confidence=0.6)).is_sure


def test_what_is_no_digit_is_said_to_be_none() -> None:
    doubtful = reading(best=4, second=9, confidence=0.55, doubt="not a digit")
    assert verdict_on(doubtful) == Verdict("?", "not a digit? else 4", is_sure=False, leading=None)
    assert "nearest is 4" in sentence_on(doubtful)


def test_what_is_refused_is_said_with_what_it_might_be() -> None:
    refused = reading(best=4, second=9, confidence=0.95, doubt="too unsure")
    assert verdict_on(refused) == Verdict("?", "unsure: 4 at 95 %, else 9", is_sure=False, leading=4)
    assert sentence_on(refused) == "Too unsure to read it: 4 at 95 %"


def test_blank_paper_asks_for_a_digit() -> None:
    blank = DigitReading(
        None, 0.0, 0.0, np.full(10, 0.1, np.float32), np.zeros((28, 28), np.float32), "blank"
    )
    assert verdict_on(blank) is WAITING
    assert "draw" in sentence_on(blank)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.0, "0 %"),
        (0.001, "under 1 %"),
        (0.98, "98 %"),
        (0.994, "99 %"),
        (0.995, "over 99 %"),
        (0.9999, "over 99 %"),
        (1.0, "over 99 %"),
    ],
)
def test_percent_never_claims_certainty(ratio: float, words: str) -> None:
    assert percent(ratio) == words


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, ""),
        (0.004, ""),
        (0.006, "1 %"),
        (0.5, "50 %"),
        (0.994, "99 %"),
        (0.996, "> 99 %"),
        (1.0, "> 99 %"),
    ],
)
def test_number_beside_a_bar_is_short_and_never_certain(probability: float, words: str) -> None:
    assert number_beside(probability) == words


@pytest.mark.parametrize(
    ("resources", "dpi"),
    [("", 0.0), ("Xft.dpi:\t192\nXft.hinting: 1", 192.0), ("Xft.dpi: wide", 0.0), ("a.Xft.dpi: 192", 0.0)],
)
def test_desktop_dpi_is_found_among_resources(resources: str, dpi: float) -> None:
    assert dpi_in(resources) == dpi
