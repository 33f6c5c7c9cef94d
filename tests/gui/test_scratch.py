"""What counts as scratching out, and what it takes away."""

from __future__ import annotations

import math

import pytest

from handsum.ink import Ink, Stroke
from handsum.reading import Box
from handsum.window.handwriting import GLYPHS, smooth
from handsum.window.scratch import is_zigzag, without_scratched
from tests.gui.writing import SIGNS, strokes_of, written

Path = list[tuple[float, float]]


def zigzag(left: float, top: float, width: float, height: float, *, num_sweeps: int = 8) -> Path:
    """From top to bottom, to and fro."""
    return [
        (left + width * (index % 2), top + height * index / num_sweeps) for index in range(num_sweeps + 1)
    ]


def turned(path: Path, degrees: float) -> Path:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(x * cosine - y * sine, x * sine + y * cosine) for x, y in path]


def stroke_of(path: Path) -> Stroke:
    return Ink.of([path], width_px=6).strokes[0]


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 200])
@pytest.mark.parametrize("height", [12, 60, 200])
def test_to_and_fro_is_a_zigzag_in_any_direction(degrees: float, height: float) -> None:
    assert is_zigzag(stroke_of(turned(zigzag(0, 0, 60, height), degrees)))


@pytest.mark.parametrize("degrees", [0, 30, 90])
@pytest.mark.parametrize(("width", "height"), [(60, 12), (60, 70), (200, 60)])
def test_a_wrist_draws_it_rounded(width: float, height: float, degrees: float) -> None:
    num_steps = 8 * 12
    path = [
        (width / 2 * -math.cos(step * math.pi / 12), height * step / num_steps + bend(step, width))
        for step in range(num_steps + 1)
    ]
    assert is_zigzag(stroke_of(turned(path, degrees)))


def bend(step: int, width: float) -> float:
    """How far a sweep of twelve steps bows upwards."""
    return 0.06 * width * math.sin(step * math.pi / 12) ** 2


def test_flat_loops_that_move_on_are_one_too() -> None:
    path = [(x, y + 0.4 * step) for step, (x, y) in enumerate(loops((0, 0, 60, 6), num_loops=5))]
    assert is_zigzag(stroke_of(path))


def loops(box: Box, *, num_loops: float, start_deg: float = 0.0) -> Path:
    """Round and round in a box."""
    x0, y0, x1, y1 = box
    turns = [math.radians(start_deg + 15 * step) for step in range(int(24 * num_loops) + 1)]
    return [
        ((x0 + x1 + (x1 - x0) * math.cos(turn)) / 2, (y0 + y1 + (y1 - y0) * math.sin(turn)) / 2)
        for turn in turns
    ]


@pytest.mark.parametrize("start_deg", [0, 45, 90, 200])
@pytest.mark.parametrize("num_loops", [3, 3.5, 4, 6])
@pytest.mark.parametrize("text", ["0", "12", "12+7="])
def test_rings_around_symbols_leave_them(text: str, num_loops: float, start_deg: float) -> None:
    signs = written(text)
    ink = Ink.of(strokes_of(signs), width_px=6)
    left, top, right, bottom = ink.box or (0, 0, 0, 0)
    for gap in (-4, 0, 15):
        ring = loops(
            (left - gap, top - gap, right + gap, bottom + gap), num_loops=num_loops, start_deg=start_deg
        )
        assert without_scratched(Ink((*ink.strokes, stroke_of(ring)))) is None


@pytest.mark.parametrize("num_loops", [3, 4])
def test_rings_that_drift_or_end_in_a_tail_are_none(num_loops: int) -> None:
    ring = loops((0, 0, 50, 60), num_loops=num_loops)
    drifting = [(x + 0.5 * step, y) for step, (x, y) in enumerate(ring)]
    tail = [(50.0 + 10 * step, 30.0) for step in range(10)]
    assert not is_zigzag(stroke_of(drifting))
    assert not is_zigzag(stroke_of(ring + tail))


@pytest.mark.parametrize("times", [2, 3, 4])
@pytest.mark.parametrize("digit", "0869")
def test_a_digit_gone_over_again_stays(digit: str, times: int) -> None:
    path = [(60 * x, 60 * y) for x, y in smooth(GLYPHS[digit].paths[0])]
    ink = Ink.of([path], width_px=6)
    assert without_scratched(Ink((*ink.strokes, stroke_of(path * times)))) is None


@pytest.mark.parametrize("label", SIGNS)
def test_no_sign_is_a_zigzag(label: str) -> None:
    assert not any(is_zigzag(stroke_of(path)) for path in strokes_of(written(label, height=100)))


@pytest.mark.parametrize(
    "path",
    [
        [(0, 0)],
        [(5, 5)] * 20,
        zigzag(0, 0, 60, 40, num_sweeps=4),  # a W, lying
        zigzag(0, 0, 60, 2),  # a line drawn over again
        zigzag(0, 0, 8, 8),
        [(40 * math.cos(turn / 3), 40 * math.sin(turn / 3)) for turn in range(19)],
    ],
    ids=["dot", "equal points", "w", "bolder line", "tiny", "circle"],
)
def test_what_else_is_none(path: Path) -> None:
    assert not is_zigzag(stroke_of(path))


def test_it_takes_what_it_covers_and_itself() -> None:
    one, two = written("12", left=0, top=0, height=70)
    ink = Ink.of(strokes_of([one, two]), width_px=6)
    x0, y0, x1, y1 = two.box
    scratched = without_scratched(Ink((*ink.strokes, stroke_of(zigzag(x0, y0, x1 - x0, y1 - y0)))))
    assert scratched == Ink(ink.strokes[:1])


def test_a_zigzag_over_nothing_is_ink() -> None:
    ink = Ink.of([[(0, 0), (0, 70)]])
    assert without_scratched(Ink((*ink.strokes, stroke_of(zigzag(200, 200, 60, 60))))) is None


def test_a_part_covered_is_not_enough() -> None:
    long_bar = Ink.of([[(0, 30), (300, 30)]])
    assert without_scratched(Ink((*long_bar.strokes, stroke_of(zigzag(100, 0, 60, 60))))) is None


def test_no_ink_and_a_first_stroke_scratch_nothing() -> None:
    assert without_scratched(Ink()) is None
    assert without_scratched(Ink((stroke_of(zigzag(0, 0, 60, 60)),))) is None
