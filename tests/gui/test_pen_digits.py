"""Real digits by held-out writers, drawn into the real window with the real pointer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from handsum.ink import render
from handsum.reader import Reader
from handsum.window.wording import percent
from tests.gui.bench import Bench

# The classic network reads about 95 % of these writers' digits; 30 digits allow for chance.
MIN_SHARE_RIGHT = 0.85


@pytest.mark.parametrize(
    ("size_px", "left_px", "top_px"),
    [(72, 24, 24), (180, 340, 220), (420, 60, 40)],
    ids=["small in the corner", "middling, off centre", "large"],
)
def test_window_reads_what_people_write(
    bench: Bench, reader: Reader, pen_digits: list[dict[str, Any]], size_px: int, left_px: int, top_px: int
) -> None:
    num_right = 0
    for row in pen_digits:
        bench.draw(_placed(row["strokes"], size_px, left_px, top_px))
        _assert_window_says_what_reader_says(bench, reader)
        num_right += bench.app.verdict.digit == row["label"]
        bench.press("Escape")
        bench.until(lambda: not bench.app.paper.ink.strokes, "the cleared paper")
    assert num_right / len(pen_digits) >= MIN_SHARE_RIGHT, f"{num_right} of {len(pen_digits)} right"


def _placed(strokes: list[list[list[float]]], size_px: int, left_px: int, top_px: int) -> list[Any]:
    largest = max(max(point) for stroke in strokes for point in stroke)
    scale = size_px / max(largest, 1)
    return [[(left_px + x * scale, top_px + y * scale) for x, y in stroke] for stroke in strokes]


def _assert_window_says_what_reader_says(bench: Bench, reader: Reader) -> None:
    app = bench.app
    width_px, height_px = app.paper.page_size_px
    expected = reader.read_page(render(app.history.ink, width_px=width_px, height_px=height_px))
    assert app.reading is not None
    assert app.reading.label == expected.label
    assert np.array_equal(app.reading.probabilities, expected.probabilities)
    assert app.reading.doubt == expected.doubt
    assert app.bars.goals == expected.shares.tolist()
    assert app.verdict.digit == ("?" if expected.label is None else str(expected.label))
    if expected.label is not None:
        rival = "" if expected.rival is None else f", else {expected.rival}"
        assert app.verdict.words == f"{percent(expected.confidence)} sure{rival}"
