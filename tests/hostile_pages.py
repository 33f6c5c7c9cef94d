"""Pages that nobody wrote, read one after the other in a process of their own.

    python -m tests.hostile_pages

prints for each page its name, the seconds of processor time it took, and the most megabytes that the process
has held so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handsum.ink import render
from handsum.reader import Reader
from tests.samples import drawn_ink

Page = NDArray[np.uint8]

TINY_PX = 12
TINY_COLUMNS = 75


def _noise(*shape: int) -> Page:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def _dust(share: float, *shape: int) -> Page:
    return (np.random.default_rng(0).random(shape) < share).astype(np.uint8) * np.uint8(255)


def _checkerboard(cell_px: int, side_px: int) -> Page:
    return ((np.indices((side_px, side_px)) // cell_px).sum(axis=0) % 2 * 255).astype(np.uint8)


def _specks(num: int, side_px: int) -> Page:
    page = np.zeros((side_px, side_px), np.uint8)
    for y, x in np.random.default_rng(0).integers(0, side_px - 3, (num, 2)):
        page[y : y + 3, x : x + 3] = 255
    return page


def _bars(num: int) -> Page:
    """Level bars in a row and above one another, each a minus or half an equals sign."""
    cell = np.zeros((16, 16), np.uint8)
    cell[7:9, 2:14] = 255
    columns = int(num**0.5)
    return np.tile(cell, (-(-num // columns), columns))


def _tiny_digits(num: int) -> Page:
    rows = -(-num // TINY_COLUMNS)
    stamps = [
        render(
            drawn_ink(digit, scale=(TINY_PX - 2) / 160, pen_px=1.2).moved(1, 1),
            width_px=TINY_PX,
            height_px=TINY_PX,
        )
        for digit in range(10)
    ]
    page = np.zeros((rows * 2 * TINY_PX, TINY_COLUMNS * TINY_PX), np.uint8)
    for index in range(num):
        row, column = divmod(index, TINY_COLUMNS)
        y, x = row * 2 * TINY_PX, column * TINY_PX
        page[y : y + TINY_PX, x : x + TINY_PX] = stamps[index % 10]
    return page


PAGES: dict[str, Callable[[], Page]] = {
    "1x1": lambda: np.zeros((1, 1), np.uint8),
    "1x1, ink": lambda: np.full((1, 1), 255, np.uint8),
    "no ink": lambda: np.zeros((1000, 1000), np.uint8),
    "all ink": lambda: np.full((1000, 1000), 255, np.uint8),
    "1x8000": lambda: np.full((1, 8000), 255, np.uint8),
    "8000x1": lambda: np.full((8000, 1), 255, np.uint8),
    "1x8000, noise": lambda: _noise(1, 8000),
    "noise": lambda: _noise(1000, 1000),
    "dust": lambda: _dust(0.05, 1500, 1500),
    "fine checkerboard": lambda: _checkerboard(1, 1000),
    "checkerboard": lambda: _checkerboard(8, 2000),
    "coarse checkerboard": lambda: _checkerboard(30, 2000),
    "5,000 specks": lambda: _specks(5000, 1500),
    "1,000 bars": lambda: _bars(1000),
    "4,000 bars": lambda: _bars(4000),
    "1,000 tiny digits": lambda: _tiny_digits(1000),
    "3,000 tiny digits": lambda: _tiny_digits(3000),
    "8000x8000, blank": lambda: np.zeros((8000, 8000), np.uint8),
    "8000x8000, ink": lambda: np.full((8000, 8000), 255, np.uint8),
    "8000x8000, noise": lambda: _noise(8000, 8000),
}


def _peak_megabytes() -> int:
    """The most memory that this program has had; `ru_maxrss` would count what started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) // 1024


def main() -> None:
    """Read every page."""
    reader = Reader()
    for name, make in PAGES.items():
        page = make()
        started_s = time.process_time()
        reader.read(page)
        seconds = time.process_time() - started_s
        print(name, f"{seconds:.2f}", _peak_megabytes(), sep="\t", flush=True)


if __name__ == "__main__":
    main()
