"""Small pictures of the window's own, painted from layers of ink: sharp at any density, in any colour.

They are opaque. Tk blends a translucent picture by asking the X server for what lies below it, which
costs milliseconds each time.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable

import numpy as np

from handsum.ink import Ink, render


def paint(image: tk.PhotoImage, ground: str, layers: Iterable[tuple[Ink, str]], *, density: float) -> None:
    """Fill an image with the ground colour, then draw inks over it, each in its colour #rrggbb."""
    width_px, height_px = image.width(), image.height()
    pixels = np.empty((height_px, width_px, 3))
    pixels[...] = _rgb(ground)
    for ink, colour in layers:
        page = render(ink.scaled(density), width_px=width_px, height_px=height_px)
        pixels += page[..., None] / 255 * (_rgb(colour) - pixels)
    data = b"P6 %d %d 255\n" % (width_px, height_px) + np.rint(pixels).astype(np.uint8).tobytes()
    image.tk.call(image, "put", data, "-format", "ppm")


def _rgb(colour: str) -> np.ndarray:
    """Red, green and blue of a colour written #rrggbb."""
    return np.array(list(bytes.fromhex(colour.removeprefix("#"))), float)
