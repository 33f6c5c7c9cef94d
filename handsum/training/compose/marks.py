"""Marks on a page that are no symbols: underlines, frames, cells of forms, margins, scribbles.

They are placed like symbols, labelled FOREIGN.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.ink import Ink, render
from handsum.training.compose.content import FOREIGN
from handsum.training.compose.style import Style
from handsum.training.compose.writing import Placed

Generator = np.random.Generator
Path = NDArray[np.float64]
Line = Sequence[Placed]


def add_marks(lines: Sequence[Line], style: Style, rng: Generator) -> list[Placed]:
    """One or two kinds of marks about the lines; none where nothing is written."""
    written = [line for line in lines if line]
    if not written:
        return []
    num_kinds = 1 + int(rng.random() < 0.25)
    marks = []
    for kind in rng.choice(len(KINDS), num_kinds, replace=False, p=SHARES):
        marks += KINDS[kind](written, style, rng)
    return marks


def _box(symbols: Line) -> tuple[int, int, int, int]:
    left, top, right, bottom = zip(*(symbol.box for symbol in symbols), strict=True)
    return min(left), min(top), max(right), max(bottom)


def _drawn(paths: Sequence[Path], width_px: float) -> Placed:
    """Paths in pixels as a mark on the page."""
    points = np.concatenate(paths)
    low, high = np.floor(points.min(axis=0) - width_px), np.ceil(points.max(axis=0) + width_px)
    ink = Ink.of([(path - low).tolist() for path in paths], width_px)
    width, height = (high - low + 1).astype(int)
    return Placed(FOREIGN, render(ink, width_px=int(width), height_px=int(height)), int(low[0]), int(low[1]))


def _pen_px(style: Style, rng: Generator) -> float:
    """The page's own pen, or the thin line of a printer or a ruler."""
    return (
        style.pen_px * rng.uniform(0.8, 1.2)
        if rng.random() < 0.6
        else max(0.7, style.height_px * rng.uniform(0.01, 0.05))
    )


def _by_hand(corners: Sequence[tuple[float, float]], style: Style, rng: Generator) -> Path:
    """A path through the corners, as straight as a hand or a ruler draws."""
    ends = (
        np.array(corners, np.float64)
        + rng.normal(0, 0.06 * style.height_px, (len(corners), 2)) * rng.random()
    )
    pieces = [np.linspace(a, b, 12, endpoint=False) for a, b in itertools.pairwise(ends)]
    path = np.concatenate([*pieces, ends[-1:]])
    trembling = 0.02 * style.height_px * rng.random() ** 2
    return path + np.cumsum(rng.normal(0, trembling, path.shape), axis=0) * 0.4


def underline(lines: Sequence[Line], style: Style, rng: Generator) -> list[Placed]:
    """One or two lines under a line of writing, as under a result or above a total."""
    x0, _, x1, y1 = _box(lines[int(rng.integers(len(lines)))])
    y = y1 + rng.uniform(0.08, 0.45) * style.height_px
    left, right = x0 - rng.uniform(0, 0.8) * style.height_px, x1 + rng.uniform(0, 0.8) * style.height_px
    gap_px = rng.uniform(0.12, 0.3) * style.height_px + 2 * style.pen_px
    paths = [
        _by_hand([(left, y + row * gap_px), (right, y + row * gap_px)], style, rng)
        for row in range(2 if rng.random() < 0.25 else 1)
    ]
    return [_drawn(paths, _pen_px(style, rng))]


def frame(lines: Sequence[Line], style: Style, rng: Generator) -> list[Placed]:
    """A box or a ring around a line, or around all of them."""
    symbols = (
        [symbol for line in lines for symbol in line]
        if rng.random() < 0.4
        else lines[int(rng.integers(len(lines)))]
    )
    x0, y0, x1, y1 = _box(symbols)
    left, top, right, bottom = rng.uniform(0.15, 0.7, 4) * style.height_px + style.pen_px
    x0, y0, x1, y1 = x0 - left, y0 - top, x1 + right, y1 + bottom
    if rng.random() < 0.65:
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        return [_drawn([_by_hand(corners, style, rng)], _pen_px(style, rng))]
    angle = np.linspace(-0.3, 2 * np.pi + rng.uniform(-0.2, 0.5), 60) + rng.uniform(0, 2 * np.pi)
    # The ellipse through a box's corners is wider than the box by the square root of two.
    radii = np.array([x1 - x0, y1 - y0]) / 2 * np.sqrt(2) * rng.uniform(0.9, 1.05)
    ring = np.array([x0 + x1, y0 + y1]) / 2 + radii * np.stack([np.cos(angle), np.sin(angle)], -1)
    return [_drawn([ring], _pen_px(style, rng))]


def cells(lines: Sequence[Line], style: Style, rng: Generator) -> list[Placed]:
    """A form's boxes, one for each symbol, or a comb of short lines between them."""
    marks = []
    is_comb, pen_px = rng.random() < 0.4, max(0.7, style.height_px * rng.uniform(0.01, 0.06))
    for line in lines:
        x0, y0, x1, y1 = _box(line)
        reach = rng.uniform(0.1, 0.35) * style.height_px
        between = [(a.box[2] + b.box[0]) / 2 for a, b in itertools.pairwise(line) if b.box[0] > a.box[2]]
        walls = [x0 - reach, *between, x1 + reach]
        top, bottom = y0 - reach, y1 + reach
        wall_top = bottom - rng.uniform(0.15, 0.4) * style.height_px if is_comb else top
        paths = [np.array([(x, wall_top), (x, bottom)]) for x in walls]
        paths += [np.array([(walls[0], y), (walls[-1], y)]) for y in ([bottom] if is_comb else [top, bottom])]
        marks.append(_drawn(paths, pen_px))
    return marks


def margin(lines: Sequence[Line], style: Style, rng: Generator) -> list[Placed]:
    """A long line down one side, sometimes a double one."""
    x0, y0, x1, y1 = _box([symbol for line in lines for symbol in line])
    off = rng.uniform(0.3, 1.5) * style.height_px
    x = x0 - off if rng.random() < 0.7 else x1 + off
    far = 1.5 * style.height_px
    paths = [_by_hand([(x, y0 - far), (x, y1 + far)], style, rng)]
    if rng.random() < 0.25:
        paths.append(paths[0] + np.array([0.15 * style.height_px + 2 * style.pen_px, 0]))
    return [_drawn(paths, _pen_px(style, rng))]


def scribble(lines: Sequence[Line], style: Style, rng: Generator) -> list[Placed]:
    """A pen moved without sense beside the writing: loops, zigzags, hatching."""
    x0, y0, x1, y1 = _box([symbol for line in lines for symbol in line])
    num = int(rng.integers(20, 90))
    turn = np.cumsum(rng.normal(0, rng.uniform(0.2, 1.0), num)) + rng.uniform(0, 2 * np.pi)
    path = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], -1), axis=0)
    if rng.random() < 0.4:  # to and fro
        path = np.stack([np.linspace(0, 1.5, num), rng.uniform(0.6, 1, num) * (np.arange(num) % 2)], -1)
    path = (path - path.min(axis=0)) / max(float(np.ptp(path, axis=0).max()), 1e-6)
    size_px = rng.uniform(0.9, 2.5) * style.height_px
    far = rng.uniform(0.3, 1.0) * style.height_px + style.pen_px
    corner = [(x1 + far, y0), (x0 - far - size_px, y0), (rng.uniform(x0, x1), y1 + far)][int(rng.integers(3))]
    return [_drawn([path * size_px + np.array(corner)], style.pen_px)]


KINDS: tuple[Callable[[Sequence[Line], Style, Generator], list[Placed]], ...] = (
    underline, frame, cells, margin, scribble,
)  # fmt: skip
SHARES = (0.3, 0.25, 0.15, 0.12, 0.18)
