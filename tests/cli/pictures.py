"""Digits and sums as a pen draws them, and pictures of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

from handsum.ink import Ink, render
from tests.samples import STROKES, Strokes

SEVEN = [[(110, 100), (290, 100), (250, 170), (205, 260), (180, 330)]]
ONE = [[(200, 90), (200, 310)]]


def draw(path: Path, strokes: list[list[tuple[int, int]]] = SEVEN) -> Path:
    """A picture of ink, dark on white."""
    page = Image.fromarray(render(Ink.of(strokes), width_px=400, height_px=400))
    path.parent.mkdir(parents=True, exist_ok=True)
    ImageOps.invert(page).save(path)
    return path


# In a box about 100 wide and 160 high, as the digits of tests.samples.
SIGNS: dict[str, Strokes] = {
    "+": [[(5, 85), (95, 80)], [(52, 40), (48, 125)]],
    "×": [[(10, 42), (90, 124)], [(88, 40), (10, 126)]],
    "=": [[(5, 64), (95, 60)], [(6, 102), (96, 99)]],
}
SUMS = ("12+7=", "3×4=13", "2468")
PITCH_PX = 150.0
LINE_PX = 300.0
SUMS_PEN_PX = 6.0


def sums_ink(lines: Sequence[str] = SUMS) -> Ink:
    """Lines of digits and signs nobody would mistake, about 160 px high."""
    return Ink(
        tuple(
            stroke
            for row, line in enumerate(lines)
            for column, label in enumerate(line)
            for stroke in _written(label).moved(60 + column * PITCH_PX, 60 + row * LINE_PX).strokes
        )
    )


def draw_sums(path: Path, lines: Sequence[str] = SUMS) -> Path:
    """A picture of sums, dark on white."""
    width_px = round(160 + PITCH_PX * max(map(len, lines)))
    height_px = round(100 + LINE_PX * len(lines))
    ink = sums_ink(lines).scaled(0.5, pen_too=False)
    page = Image.fromarray(render(ink, width_px=width_px // 2, height_px=height_px // 2))
    ImageOps.invert(page).save(path)
    return path


def _written(label: str) -> Ink:
    return Ink.of(STROKES[int(label)] if label.isdigit() else SIGNS[label], SUMS_PEN_PX)
