"""Two digits for one, and half a digit: made of what held-out writers wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.ink import DEFAULT_PEN_WIDTH_PX, Ink
from handsum.training.data.labelled import DIGITS, InkEntry, draw, place_ink
from handsum.training.scoring.non_digits.pictures import PictureSet, generated

# Between two digits, as a share of their height: they never touch.
GAPS = (0.15, 0.5)

# The halves of which nobody would say that they are a digit: the upper half of an 8 is a 0, the lower half
# of a 7 is a 1, the upper half of a 4 a 4 without its tail, much of a 2 still a 2, and each half of a 1 a 1.
HALVES = {
    "0": ("left", "right", "upper", "lower"),
    "3": ("left",),
    "5": ("upper",),
    "6": ("right",),
    "7": ("left",),
    "8": ("left",),
    "9": ("left",),
}


def pairs(entries: Sequence[InkEntry], num_pictures: int) -> PictureSet:
    """Two digits by the same writer, side by side and as high as each other."""
    by_writer: dict[str | None, list[Ink]] = defaultdict(list)
    for entry in entries:
        if entry.label in DIGITS and entry.ink.points:
            by_writer[entry.writer].append(entry.ink)
    writers = [inks for inks in by_writer.values() if len(inks) > 1]

    def make(rng: np.random.Generator) -> NDArray[np.uint8]:
        inks = writers[rng.integers(len(writers))]
        first, second = rng.permutation(len(inks))[:2]
        return draw(place_ink(_side_by_side(inks[first], inks[second], rng.uniform(*GAPS))))

    origin = "two digits of one held-out UNIPEN writer side by side, apart"
    return generated("two digits", origin, num_pictures if writers else 0, make)


def halves(entries: Sequence[InkEntry]) -> PictureSet:
    """Digits of which one half was wiped away, where the other is no digit."""
    parts = [
        (entry.ink, half) for entry in entries for half in HALVES.get(entry.label, ()) if entry.ink.points
    ]
    kept = ", ".join(f"{digit}: {' '.join(kept)}" for digit, kept in HALVES.items())
    origin = f"digits of held-out UNIPEN writers cut in the middle, only the halves unlike digits ({kept})"
    return PictureSet("half digits", origin, len(parts), lambda index: _half(*parts[index]))


def _side_by_side(left: Ink, right: Ink, gap: float) -> Ink:
    """Both at height 1, the second to the right of the first."""
    first, second = _at_origin(left), _at_origin(right)
    width = max(point.x for point in first.points)
    # The pen's own width, at the size that `place_ink` will give it, comes on top.
    pen = DEFAULT_PEN_WIDTH_PX / 100
    return Ink(first.strokes + second.moved(width + pen + gap, 0).strokes)


def _at_origin(ink: Ink) -> Ink:
    """Of height 1, its upper left corner at the origin."""
    x0, y0 = min(p.x for p in ink.points), min(p.y for p in ink.points)
    height = max(p.y for p in ink.points) - y0
    width = max(p.x for p in ink.points) - x0
    return ink.moved(-x0, -y0).scaled(1 / max(height, width / 2, 1e-9))


def _half(ink: Ink, half: str) -> NDArray[np.uint8]:
    """At most half of the ink and at most half of its box: neither alone would stop a lopsided digit."""
    page = draw(place_ink(ink))
    axis = 0 if half in ("upper", "lower") else 1
    places = np.nonzero(page)[axis]
    cuts = int(np.median(places)), int(places.min() + places.max() + 1) // 2
    along = page if axis == 0 else page.T
    if half in ("upper", "left"):
        along[min(cuts) :] = 0
    else:
        along[: max(cuts)] = 0
    return page
