"""Writes digit_pages.npz: pages, and what the shipped digit network makes of them.

    python tests/golden/make_golden.py            write the file
    python tests/golden/make_golden.py --check    compare it with the shipped network; exit 1 if it differs

Everything that prepares pixels, in whatever language, must get these frames from these pages, and these
probabilities with the weights whose source has the sha256 `source_sha256`. In the file: `names` (n,);
`page_0` ... uint8 (H, W), bright ink on 0; `frames` float32 (n, 28, 28); `probabilities` float32 (n, 10).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from handsum.digit import DigitNetwork
from handsum.ink import Ink, render
from handsum.models import open_model
from tests.samples import drawn_ink, drawn_page

FILE = Path(__file__).with_name("digit_pages.npz")
TOLERANCE = 1e-5

Page = NDArray[np.uint8]
Arrays = dict[str, NDArray[Any]]


def make_pages() -> dict[str, Page]:
    """The pages by name; always the same."""
    pages = {f"digit {digit}": drawn_page(digit) for digit in range(10)}
    pages |= {f"28x28 {digit}": _small(digit) for digit in (2, 5, 9)}
    pages |= {
        "small in the corner": _placed(3, 0.2, (4, 3), 5, (400, 400)),
        "large and off the page": _placed(8, 3.0, (-40, 150), 40, (400, 500)),
        "hairline": _placed(7, 2.5, (600, 300), 1, (1000, 750)),
        "thin pen on a very large page": _placed(4, 7.0, (700, 100), 3, (2000, 1500)),
        "faint": (_placed(6, 1.0, (50, 40), 14, (200, 240)) * np.float32(0.3)).astype(np.uint8),
        "dot": render(Ink.of([[(40, 30)]], 9), width_px=100, height_px=80),
        "one pixel": _with(np.zeros((50, 70), np.uint8), 20, 33),
        "one-pixel line": _with(np.zeros((60, 200), np.uint8), 30, slice(20, 180)),
        "one-pixel column": _with(np.zeros((200, 60), np.uint8), slice(20, 180), 30),
        "blank": np.zeros((40, 60), np.uint8),
        "too faint to be ink": np.full((12, 9), 23, np.uint8),
        "white": np.full((31, 17), 255, np.uint8),
        "1x1 black": np.zeros((1, 1), np.uint8),
        "1x1 white": np.full((1, 1), 255, np.uint8),
        "3x5": np.arange(15, dtype=np.uint8).reshape(3, 5) * np.uint8(18),
        "noise": np.random.default_rng(7).integers(0, 256, (41, 37), np.uint8),
        "smudges": np.maximum(drawn_page(5), _smudges((280, 280))),
        "specks": _specked(_placed(3, 0.2, (4, 3), 5, (400, 400))),
    }
    return pages


def _small(digit: int) -> Page:
    """As MNIST has them: 20 pixels high in 28x28."""
    return render(drawn_ink(digit, scale=0.11, pen_px=2.4).moved(8, 5), width_px=28, height_px=28)


def _smudges(shape: tuple[int, int]) -> Page:
    """Squares fainter than ink."""
    levels = np.random.default_rng(8).integers(0, 20, (shape[0] // 14, shape[1] // 14), np.uint8)
    return np.kron(levels, np.ones((14, 14), np.uint8))


def _specked(page: Page) -> Page:
    """With dust far from the digit."""
    for y, x in np.random.default_rng(9).integers(150, 396, (7, 2)):
        page[y : y + 3, x : x + 3] = 255
    return page


def _placed(digit: int, scale: float, at: tuple[int, int], pen_px: float, size: tuple[int, int]) -> Page:
    ink = drawn_ink(digit, scale=scale, pen_px=pen_px).moved(*at)
    return render(ink, width_px=size[0], height_px=size[1])


def _with(page: Page, rows: int | slice, columns: int | slice) -> Page:
    page[rows, columns] = 255
    return page


def make_golden() -> Arrays:
    """What the file should hold, read by the network as shipped."""
    model = open_model("mnist")
    network = DigitNetwork(model)
    pages = make_pages()
    readings = [network.read_page(page) for page in pages.values()]
    return {
        "names": np.array(list(pages)),
        **{f"page_{index}": page for index, page in enumerate(pages.values())},
        "frames": np.stack([reading.frame for reading in readings]),
        "probabilities": np.stack([reading.probabilities for reading in readings]),
        "source_sha256": np.array(model.card["source_sha256"]),
    }


def differences(golden: Arrays, made: Arrays) -> list[str]:
    """How a golden file differs from what is made now, in words; none if it does not."""
    if sorted(golden) != sorted(made):
        return [f"it lacks or has too many arrays: {sorted(set(golden) ^ set(made))}"]
    # Pages and texts must be the same; what is computed may differ by rounding.
    found = [
        f"{name} is another"
        for name in made
        if made[name].dtype.kind in "Uu"
        if not _same(golden, made, name)
    ]
    for name in ("frames", "probabilities"):
        if golden[name].shape != made[name].shape:
            found.append(f"{name} has the shape {golden[name].shape}, not {made[name].shape}")
        elif (worst := float(np.abs(golden[name] - made[name]).max())) > TOLERANCE:
            found.append(f"{name} differs by {worst:.2g}")
    return found


def _same(golden: Arrays, made: Arrays, name: str) -> bool:
    return np.array_equal(golden[name], made[name])


def load_golden(path: Path = FILE) -> Arrays:
    """The arrays of a golden file."""
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the golden file; the exit status."""
    description = "Writes the golden vectors of the shipped digit network."
    return write_or_check(FILE, make_golden, differences, description=description, arguments=arguments)


def write_or_check(
    path: Path,
    make: Callable[[], Arrays],
    differences: Callable[[Arrays, Arrays], list[str]],
    *,
    description: str,
    arguments: list[str] | None,
) -> int:
    """The command line of a golden file: write what is made, or with --check compare; the exit status."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the file is out of date"
    )
    parser.add_argument("--file", type=Path, default=path)
    options = parser.parse_args(arguments)
    made = make()
    if not options.check:
        np.savez_compressed(options.file, allow_pickle=False, **made)
        return 0
    found = differences(load_golden(options.file), made)
    for difference in found:
        print(f"{options.file.name}: {difference}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
