"""Makes images/sums.png, a page of sums to read, and images/sums-as-read.png, what `--annotate` makes of it.

Run `python docs/sums_picture.py`, again whenever the page network changes. It stops where the reader does not
read what was written.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the script lives in docs/, the package one folder up

from handsum.annotate import annotate  # noqa: E402
from handsum.ink import Ink, Point, Stroke, render  # noqa: E402
from handsum.reader import Reader  # noqa: E402
from tests.cli.pictures import SUMS, sums_ink  # noqa: E402

PAPER = (250, 247, 240)
PEN = (38, 52, 110)
PEN_PX = 4.5
SCALE = 0.5
SIZE_PX = (600, 470)
SLANT = 0.12
UNREST_PX = 5.0


def main() -> None:
    """Make both."""
    picture = picture_of(hand_drawn(sums_ink()))
    reading = Reader().read(picture)
    if reading.text != "\n".join(SUMS):
        raise SystemExit(f"the sums are read as {reading.text!r}")
    for name, image in (("sums", picture), ("sums-as-read", annotate(picture, reading))):
        target = ROOT / "images" / f"{name}.png"
        image.quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)
        print(target.relative_to(ROOT))


def hand_drawn(ink: Ink) -> Ink:
    """The same ink as a hand draws it: aslant a little, and never quite straight."""
    return Ink(tuple(replace(stroke, points=tuple(by_hand(in_steps(stroke)))) for stroke in ink.strokes))


def in_steps(stroke: Stroke) -> list[Point]:
    """The stroke's points and, between them, others a few pixels apart, so that straight pieces can bend."""
    points = list(stroke.points)
    places = np.arange(len(points))
    fine = np.linspace(0, len(points) - 1, 1 + 20 * (len(points) - 1))
    x, y = (np.interp(fine, places, [getattr(point, axis) for point in points]) for axis in "xy")
    return [Point(float(left), float(top)) for left, top in zip(x, y, strict=True)]


def by_hand(points: list[Point]) -> list[Point]:
    """The points where a hand would have put them."""
    return [
        Point(
            x - SLANT * (y % 300) + UNREST_PX * math.sin(y / 37 + x / 90),
            y + UNREST_PX * math.sin(x / 60 + y / 200) - 0.02 * x,
        )
        for x, y, *_ in points
    ]


def picture_of(ink: Ink) -> Image.Image:
    """The ink in blue on warm paper."""
    width_px, height_px = SIZE_PX
    small = ink.scaled(SCALE).with_pen(PEN_PX).moved(10, 10)
    shares = render(small, width_px=width_px, height_px=height_px)[:, :, None] / 255
    colours = np.array(PAPER) * (1 - shares) + np.array(PEN) * shares
    return Image.fromarray(np.rint(colours).astype(np.uint8))


if __name__ == "__main__":
    main()
