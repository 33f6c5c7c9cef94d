"""Answers in a hand of their own: digits and signs as a pen would write them. Pure, no Tk.

Each glyph is a few strokes through a few places, made smooth. Places are in digit heights: x from the
glyph's left, y down from the top of the digits, with the baseline at 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from handsum.ink import Ink

Place = tuple[float, float]
Path = list[Place]

# The hand leans a little to the right, and stands so far from one glyph to the next.
SLANT = 0.12
GAP = 0.17
# Between two places of a glyph so many more are put on the curve.
NUM_STEPS = 8


@dataclass(frozen=True)
class Glyph:
    """One character: its width and its strokes."""

    width: float
    paths: list[Path]


# A corner sharper than a smooth one would be is written as two equal places.
GLYPHS = {
    "0": Glyph(0.56, [[(0.36, 0.01), (0.14, 0.12), (0.01, 0.5), (0.1, 0.88), (0.28, 1.0), (0.48, 0.86),
                       (0.56, 0.47), (0.46, 0.12), (0.3, 0.0), (0.2, 0.05)]]),
    "1": Glyph(0.26, [[(0.0, 0.24), (0.12, 0.15), (0.24, 0.0), (0.24, 0.0), (0.24, 0.5), (0.22, 1.0)]]),
    "2": Glyph(0.58, [[(0.03, 0.22), (0.12, 0.05), (0.31, 0.0), (0.48, 0.1), (0.49, 0.32), (0.34, 0.6),
                       (0.02, 0.98), (0.02, 0.98), (0.28, 0.96), (0.6, 0.97)]]),
    "3": Glyph(0.52, [[(0.04, 0.12), (0.2, 0.0), (0.4, 0.04), (0.46, 0.22), (0.36, 0.4), (0.19, 0.46),
                       (0.19, 0.46), (0.4, 0.52), (0.52, 0.7), (0.44, 0.92), (0.22, 1.0), (0.0, 0.89)]]),
    "4": Glyph(0.6, [[(0.3, 0.0), (0.16, 0.36), (0.0, 0.64), (0.0, 0.64), (0.3, 0.63), (0.62, 0.61)],
                     [(0.44, 0.36), (0.43, 0.7), (0.4, 1.0)]]),
    "5": Glyph(0.54, [[(0.52, 0.01), (0.3, 0.02), (0.12, 0.03), (0.12, 0.03), (0.06, 0.42), (0.06, 0.42),
                       (0.26, 0.36), (0.46, 0.46), (0.52, 0.68), (0.42, 0.91), (0.2, 1.0), (0.0, 0.9)]]),
    "6": Glyph(0.52, [[(0.42, 0.0), (0.2, 0.16), (0.05, 0.46), (0.03, 0.76), (0.16, 0.98), (0.38, 0.96),
                       (0.52, 0.76), (0.44, 0.55), (0.26, 0.52), (0.06, 0.7)]]),
    "7": Glyph(0.54, [[(0.0, 0.03), (0.26, 0.03), (0.55, 0.01), (0.55, 0.01), (0.38, 0.36), (0.26, 0.68),
                       (0.17, 1.0)]]),
    "8": Glyph(0.52, [[(0.46, 0.13), (0.28, 0.0), (0.09, 0.11), (0.12, 0.31), (0.3, 0.47), (0.48, 0.65),
                       (0.47, 0.88), (0.25, 1.0), (0.05, 0.88), (0.06, 0.67), (0.26, 0.47), (0.44, 0.3),
                       (0.46, 0.13)]]),
    "9": Glyph(0.52, [[(0.5, 0.2), (0.34, 0.01), (0.12, 0.06), (0.02, 0.28), (0.12, 0.48), (0.32, 0.46),
                       (0.48, 0.26), (0.5, 0.18), (0.5, 0.18), (0.47, 0.56), (0.4, 1.0)]]),
    ".": Glyph(0.05, [[(0.02, 0.98)]]),
    ",": Glyph(0.1, [[(0.08, 0.93), (0.08, 1.06), (0.0, 1.2)]]),
    "-": Glyph(0.42, [[(0.0, 0.57), (0.42, 0.55)]]),
    "≈": Glyph(0.56, [[(0.0, 0.5), (0.14, 0.4), (0.29, 0.46), (0.43, 0.52), (0.56, 0.42)],
                      [(0.0, 0.72), (0.14, 0.62), (0.29, 0.68), (0.43, 0.74), (0.56, 0.64)]]),
    "?": Glyph(0.44, [[(0.02, 0.22), (0.1, 0.05), (0.25, 0.0), (0.41, 0.08), (0.42, 0.27), (0.28, 0.46),
                       (0.21, 0.58), (0.21, 0.72)], [(0.21, 0.97)]]),
    " ": Glyph(0.12, []),
}  # fmt: skip


def width_of(text: str) -> float:
    """How wide a text is written, in digit heights. Raises KeyError for what has no glyph."""
    return sum(GLYPHS[character].width for character in text) + GAP * max(0, len(text) - 1)


def write(text: str, *, left: float, baseline: float, height: float, pen_px: float) -> Ink:
    """A text as ink: digits of a height that stand on a baseline, all in pixels.

    Raises KeyError for a character that has no glyph.
    """
    strokes: list[Path] = []
    pen = 0.0
    for character in text:
        glyph = GLYPHS[character]
        for path in glyph.paths:
            strokes.append([(x + pen + SLANT * (1 - y), y) for x, y in smooth(path)])
        pen += glyph.width + GAP
    top = baseline - height
    return Ink.of(([(left + x * height, top + y * height) for x, y in path] for path in strokes), pen_px)


def smooth(path: Path) -> Path:
    """A curve through all places of a path (Catmull-Rom); two equal places in a row make a corner."""
    curve = path[:1]
    for index, (start, end) in enumerate(pairwise(path)):
        if start == end:
            continue
        before = path[index - 1] if index > 0 else start
        after = path[index + 2] if index + 2 < len(path) else end
        for step in range(1, NUM_STEPS + 1):
            share = step / NUM_STEPS
            x, y = (_between(share, *four) for four in zip(before, start, end, after, strict=True))
            curve.append((x, y))
    return curve


def _between(share: float, before: float, start: float, end: float, after: float) -> float:
    """Catmull and Rom's cubic from start to end, one coordinate of it."""
    return 0.5 * (
        2 * start
        + (end - before) * share
        + (2 * before - 5 * start + 4 * end - after) * share**2
        + (3 * start - before - 3 * end + after) * share**3
    )
