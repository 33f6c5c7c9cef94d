"""Digits as a pen draws them, and pictures of them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from handsum.ink import Ink, render

SEVEN = [[(110, 100), (290, 100), (250, 170), (205, 260), (180, 330)]]
ONE = [[(200, 90), (200, 310)]]


def draw(path: Path, strokes: list[list[tuple[int, int]]] = SEVEN) -> Path:
    """A picture of ink, dark on white."""
    page = Image.fromarray(render(Ink.of(strokes), width_px=400, height_px=400))
    path.parent.mkdir(parents=True, exist_ok=True)
    ImageOps.invert(page).save(path)
    return path
