"""Lines of ink as scanners, cameras and cheques show them, each a picture uint8 (H, W), mostly dark on light.

Written apart from what training composes pages of (`training.compose.papers`, `patterns`), and by other
means, so that a reader is not measured on what it was fitted to. Lengths are in heights of a digit.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, render

Page = NDArray[np.uint8]
Picture = NDArray[np.float32]
Generator = np.random.Generator
# From a line of ink and the height of its digits in the ink's own units.
Paper = Callable[[Ink, float, Generator], Page]


def tight_crop(ink: Ink, height: float, rng: Generator) -> Page:
    """Cut off all around where the ink ends."""
    return _finished(255 - 240 * _drawn(ink, height, 64, 4, (3, 3)), rng)


def low_resolution(ink: Ink, height: float, rng: Generator) -> Page:
    """26 pixels high, soft, and a JPEG."""
    return _finished(255 - 200 * _soft(_drawn(ink, height, 26, 1.8, (3, 3)), 0.6), rng, 4, quality=60)


def _wavy_print(
    shape: tuple[int, ...], rng: Generator, *, dark: float, light: float, period: float
) -> Picture:
    """Two to four families of waving lines that cross."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    paper = np.full(shape, light, np.float32)
    for _ in range(int(rng.integers(2, 5))):
        angle, swing, length = rng.uniform(0, np.pi), rng.uniform(1, 3), rng.uniform(0.5, 2) * period
        along, aside = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
        place = along + swing * np.sin(aside / length * 2) * period / 4
        is_line = np.abs((place / period) % 1 - 0.5) < rng.uniform(0.08, 0.16)
        paper[is_line] -= (light - dark) * rng.uniform(0.5, 1)
    return _soft(paper, 0.5)


def cheque(ink: Ink, height: float, rng: Generator) -> Page:
    """Waving lines printed all over, scanned 38 pixels high."""
    alpha = _soft(_drawn(ink, height, 38, 2.6, (14, 8)), 0.6)
    paper = _wavy_print(alpha.shape, rng, dark=165, light=225, period=rng.uniform(5, 14))
    return _finished(paper * (1 - alpha) + rng.uniform(30, 90) * alpha, rng, 4, quality=50)


def cheque_of_dark_print(ink: Ink, height: float, rng: Generator) -> Page:
    """The same with finer lines that are nearly as dark as ink."""
    alpha = _soft(_drawn(ink, height, 38, 2.6, (14, 8)), 0.6)
    paper = _wavy_print(alpha.shape, rng, dark=110, light=215, period=rng.uniform(4, 9))
    return _finished(paper * (1 - alpha) + rng.uniform(20, 70) * alpha, rng, 5, quality=40)


def form_field(ink: Ink, height: float, rng: Generator) -> Page:
    """A printed frame, a line to write on and small words, over faint waving lines."""
    alpha = _soft(_drawn(ink, height, 42, 3, (20, 10)), 0.6)
    rows, columns = alpha.shape
    paper = _wavy_print(alpha.shape, rng, dark=185, light=235, period=8).astype(np.uint8)
    cv2.line(paper, (0, rows - 7), (columns, rows - 6), 90, 1)
    cv2.line(paper, (0, 2), (columns, 3), 120, 2)
    cv2.line(paper, (2, 0), (2, rows), 110, 2)
    for _ in range(3):
        corner = int(rng.integers(-20, columns)), int(rng.integers(5, rows))
        cv2.putText(paper, "BANCO NACIONAL", corner, cv2.FONT_HERSHEY_SIMPLEX, 0.28, 170, 1, cv2.LINE_AA)
    return _finished(paper * (1 - alpha) + 50 * alpha, rng, 4, quality=50)


def two_levels(ink: Ink, height: float, rng: Generator) -> Page:
    """Black and white, with ragged edges and specks or gaps."""
    alpha = _drawn(ink, height, 45, 3.2, (8, 6)) + rng.normal(0, 0.18)
    noise = _soft(rng.normal(0, 1, alpha.shape).astype(np.float32), 0.9)
    return np.where(alpha + 0.5 * noise > 0.5, 0, 255).astype(np.uint8)


def photograph(ink: Ink, height: float, rng: Generator) -> Page:
    """Seen aslant in uneven light, half of the time with a shadow over a part."""
    alpha = _drawn(ink, height, 80, rng.uniform(3, 6), (150, 120))
    rows, columns = alpha.shape
    corners = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    moved = corners + (rng.uniform(-0.04, 0.04, (4, 2)) * (columns, rows)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    alpha = _soft(np.asarray(cv2.warpPerspective(alpha, matrix, (columns, rows))), 1.3)
    y, x = np.mgrid[:rows, :columns] / np.array([rows, columns])[:, None, None]
    angle = rng.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    light = 175 + 55 * np.sin(2 * along + rng.uniform(0, 6))
    if rng.random() < 0.5:
        light = light * np.where(along > np.quantile(along, rng.uniform(0.2, 0.8)), 1, 0.6)
    return _finished(_soft(light, 8) * (1 - alpha * rng.uniform(0.5, 0.8)), rng, 7, quality=70)


def squared_paper(ink: Ink, height: float, rng: Generator) -> Page:
    """Squares a little aslant, lit from one side."""
    alpha = _soft(_drawn(ink, height, 60, rng.uniform(3, 5), (80, 60)), 0.9)
    rows, columns = alpha.shape
    paper, step = np.full(alpha.shape, 225, np.float32), rng.uniform(22, 45)
    for place in np.arange(0, columns, step).astype(int).tolist():
        cv2.line(paper, (place, 0), (place + 3, rows), 165, 1)
    for place in np.arange(0, rows, step).astype(int).tolist():
        cv2.line(paper, (0, place), (columns, place + 2), 165, 1)
    light = np.linspace(0.75, 1, columns, dtype=np.float32)[None, :]
    return _finished(paper * light * (1 - 0.75 * alpha), rng, 5, quality=70)


def pencil(ink: Ink, height: float, rng: Generator) -> Page:
    """Pale, and rough as paper is."""
    alpha = _drawn(ink, height, 64, 4, (30, 25))
    grain = np.clip((_soft(rng.random(alpha.shape).astype(np.float32), 0.8) - 0.35) * 4, 0.2, 1)
    return _finished(215 - 75 * alpha * grain, rng, 6, quality=70)


def blackboard(ink: Ink, height: float, rng: Generator) -> Page:
    """Rough chalk, light on dark."""
    alpha = _drawn(ink, height, 80, 7, (60, 50))
    grain = np.clip(rng.random(alpha.shape) * 1.6, 0.3, 1)
    light = np.linspace(60, 90, alpha.shape[1])[None, :]
    return _finished(light + 130 * alpha * grain, rng, 6, quality=70)


def _drawn(ink: Ink, height: float, height_px: float, pen_px: float, margins_px: tuple[int, int]) -> Picture:
    """The ink with digits of so many pixels, 0..1, with margins beside it and above."""
    scaled = ink.scaled(height_px / height, pen_too=False).with_pen(pen_px)
    beside, above = margins_px
    assert scaled.box is not None
    x0, y0, x1, y1 = scaled.box
    drawn = render(
        scaled.moved(beside - x0, above - y0),
        width_px=max(2, int(x1 - x0 + 2 * beside)),
        height_px=max(2, int(y1 - y0 + 2 * above)),
    )
    return np.asarray(drawn / np.float32(255), np.float32)


def _soft(picture: NDArray[np.floating], sigma_px: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), sigma_px))


def _finished(
    picture: NDArray[np.floating], rng: Generator, grain: float = 0, *, quality: int | None = None
) -> Page:
    """As bytes, with a camera's grain, and perhaps through a JPEG of that quality."""
    page = np.clip(picture + rng.normal(0, grain, picture.shape), 0, 255).astype(np.uint8)
    if quality is None:
        return page
    _, content = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE))


PAPERS: dict[str, Paper] = {
    "cut out tightly": tight_crop,
    "26 pixels high": low_resolution,
    "cheque": cheque,
    "cheque of dark print": cheque_of_dark_print,
    "field of a form": form_field,
    "black and white with specks": two_levels,
    "photograph, shadows": photograph,
    "squared paper": squared_paper,
    "pencil": pencil,
    "blackboard": blackboard,
}
