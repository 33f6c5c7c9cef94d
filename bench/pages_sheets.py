"""Whole sheets as a phone photographs them: lines of real numbers on paper, on a table, in uneven light.

Written apart from `handsum.sheet`, which makes such photographs ready, and from what training composes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, render

Page = NDArray[np.uint8]
Picture = NDArray[np.float32]
Generator = np.random.Generator

PHOTO_SHAPE = (2000, 1500)
SHEET_SHAPE = (1400, 1000)
LEFT_PX, TOP_PX = (90, 200), (90, 220)


@dataclass(frozen=True)
class Scene:
    """How a sheet is photographed.

    Attributes:
        with_table: whether the paper ends within the picture.
        with_shadow: whether a shadow with an edge falls over a part of it.
        print: what is printed on the paper: "none", "ruled" or "squared".
    """

    with_table: bool
    with_shadow: bool
    print: str = "none"


SCENES = {
    "on a table": Scene(with_table=True, with_shadow=False),
    "on a table, shadow": Scene(with_table=True, with_shadow=True),
    "close by": Scene(with_table=False, with_shadow=False),
    "close by, shadow": Scene(with_table=False, with_shadow=True),
    "ruled, on a table, shadow": Scene(with_table=True, with_shadow=True, print="ruled"),
    "squared, close by": Scene(with_table=False, with_shadow=False, print="squared"),
}


def photograph(lines: Sequence[Ink], height: float, scene: Scene, rng: Generator) -> Page:
    """A picture uint8 (H, W) of a sheet with these lines of ink, whose digits are `height` high."""
    sheet = _sheet(lines, height, scene, rng)
    matrix, in_paper = _view(scene, rng)
    size = PHOTO_SHAPE[1], PHOTO_SHAPE[0]
    seen = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    photo = np.where(in_paper > 0, seen, _table(rng)) if scene.with_table else seen
    photo = photo * _light(scene, rng)
    photo = cv2.GaussianBlur(photo.astype(np.float32), (0, 0), rng.uniform(0.7, 1.6))
    noisy = np.clip(photo + rng.normal(0, rng.uniform(2, 7), photo.shape), 0, 255).astype(np.uint8)
    _, content = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 92))])
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE))


def _sheet(lines: Sequence[Ink], height: float, scene: Scene, rng: Generator) -> Picture:
    """The paper from above, as bright as it is, with what is printed and written on it."""
    rows, columns = SHEET_SHAPE
    paper = np.full(SHEET_SHAPE, rng.uniform(215, 245), np.float32)
    pitch = int(rng.integers(34, 60))
    level = rng.uniform(150, 200)
    if scene.print != "none":
        paper[pitch // 2 :: pitch] = level
    if scene.print == "squared":
        paper[:, pitch // 2 :: pitch] = level
    digits_px, pen_px, ink_level = rng.uniform(42, 75), rng.uniform(3, 6.5), rng.uniform(25, 95)
    x, y = rng.uniform(*LEFT_PX), rng.uniform(*TOP_PX)
    for line in lines:
        scaled = line.scaled(digits_px / height, pen_too=False).with_pen(pen_px)
        assert scaled.box is not None
        x0, y0, x1, y1 = scaled.box
        room = min(1.0, 0.95 * (columns - x) / (x1 - x0))
        placed = scaled.moved(-x0, -y0).scaled(room).moved(x + rng.normal(0, 8), y)
        ink = (render(placed, width_px=columns, height_px=rows) / 255).astype(np.float32)
        paper += ink * (np.float32(ink_level) - paper)
        y += (y1 - y0) * room + digits_px * rng.uniform(0.6, 1.4)
    return paper


def _view(scene: Scene, rng: Generator) -> tuple[NDArray[np.float64], Page]:
    """From the sheet's pixels to the photograph's, and where in it the paper is."""
    rows, columns = SHEET_SHAPE
    corners = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    photo = np.array([PHOTO_SHAPE[1], PHOTO_SHAPE[0]], np.float32)
    share = rng.uniform(0.72, 0.9) if scene.with_table else rng.uniform(1.08, 1.25)
    angle = np.deg2rad(rng.normal(0, 3.5))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    centred = (corners / (columns, rows) - 0.5) * photo * share
    seen = centred @ turn + photo / 2 + rng.uniform(-0.03, 0.03, (4, 2)) * photo
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    size = int(photo[0]), int(photo[1])
    return matrix, cv2.warpPerspective(np.full(SHEET_SHAPE, 255, np.uint8), matrix, size)


def _table(rng: Generator) -> Picture:
    """Wood, cloth or plain: darker than paper."""
    grain = rng.normal(0, 1, PHOTO_SHAPE).astype(np.float32)
    along, across = (rng.uniform(20, 60), rng.uniform(1, 3)) if rng.random() < 0.6 else (2.0, 2.0)
    grain = cv2.GaussianBlur(grain, (0, 0), sigmaX=along, sigmaY=across)
    return np.asarray(rng.uniform(40, 140) + grain / grain.std() * rng.uniform(2, 12), np.float32)


def _light(scene: Scene, rng: Generator) -> Picture:
    """How bright each place is: a lamp to one side, and a shadow with a harder or softer edge."""
    y, x = np.mgrid[: PHOTO_SHAPE[0], : PHOTO_SHAPE[1]].astype(np.float32)
    light: NDArray[np.floating]
    angle = rng.uniform(0, 2 * np.pi)
    along = (x - PHOTO_SHAPE[1] / 2) * np.cos(angle) + (y - PHOTO_SHAPE[0] / 2) * np.sin(angle)
    light = 1 - rng.uniform(0, 0.35) * (0.5 + along / 2500)
    if scene.with_shadow:
        shade = np.zeros(PHOTO_SHAPE, np.float32)
        if rng.random() < 0.5:
            middle = rng.uniform(0.2, 0.8, 2) * (PHOTO_SHAPE[1], PHOTO_SHAPE[0])
            reach = rng.uniform(250, 700, 2)
            axes = (int(reach[0]), int(reach[1]))
            cv2.ellipse(shade, middle.astype(int).tolist(), axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
        else:
            side = rng.uniform(0, 2 * np.pi)
            place = (x - PHOTO_SHAPE[1] / 2) * np.cos(side) + (y - PHOTO_SHAPE[0] / 2) * np.sin(side)
            shade[place > rng.uniform(-400, 400)] = 1.0
        soft = np.asarray(cv2.GaussianBlur(shade, (0, 0), rng.uniform(4, 40)), np.float32)
        light = light * (1 - rng.uniform(0.25, 0.5) * soft)
    return np.asarray(light, np.float32)
