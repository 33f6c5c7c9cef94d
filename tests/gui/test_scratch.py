"""What counts as scratching out, and what it takes away."""

from __future__ import annotations

import math

import pytest

from handsum.ink import Ink, Stroke
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
