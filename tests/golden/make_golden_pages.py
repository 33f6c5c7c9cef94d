"""Writes number_pages.npz: pages of numbers and sums, and the symbols that the page network finds there.

    python tests/golden/make_golden_pages.py            write the file
    python tests/golden/make_golden_pages.py --check    compare it with the network; exit 1 if it differs

Everything that runs `page.onnx`, in whatever language, must find these symbols on these pages. In the file:
`names` (n,); `page_0` ... uint8 (H, W), bright ink on 0; and of each page `labels_0` ... (k,), `boxes_0` ...
float32 (k, 4) and `confidences_0` ... float32 (k,), sorted by label and then from left to right;
`network_sha256`, of the file page.onnx.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from handsum.models import GRAPHS_FOLDER, PAGE_MODEL, open_page_model
from handsum.symbols.network import PageNetwork
from tests.golden.make_golden import Arrays, write_or_check
from tests.written_pages import written_page

FILE = Path(__file__).with_name("number_pages.npz")
BOX_TOLERANCE_PX, CONFIDENCE_TOLERANCE = 0.05, 1e-3

Page = NDArray[np.uint8]


def make_pages() -> dict[str, Page]:
    """The pages by name; always the same."""
    return {
        "a sum": written_page("12+7=19"),
        "every sign": written_page("(8-3)×6÷0.5/4,2="),
        "two lines": written_page("305\n7×8=56"),
        "small": written_page("24680", height_px=14),
        "large, thin pen": written_page("13579", height_px=250, pen=0.02),
        "touching": written_page("2035", gap=-0.08),
        "marker": written_page("471", pen=0.2),
        "faint": (written_page("86+9") * np.float32(0.3)).astype(np.uint8),
        "one digit": written_page("5"),
        "noise": np.random.default_rng(7).integers(0, 256, (61, 83), np.uint8),
        "blank": np.zeros((40, 60), np.uint8),
        "white": np.full((31, 17), 255, np.uint8),
        "1x1": np.full((1, 1), 255, np.uint8),
    }


def make_golden() -> Arrays:
    """What the file should hold, read by the network as shipped."""
    network = PageNetwork(open_page_model())
    pages = make_pages()
    golden: Arrays = {"names": np.array(list(pages)), "network_sha256": np.array(_network_sha256())}
    for index, page in enumerate(pages.values()):
        golden |= {f"{name}_{index}": array for name, array in _found(network, page).items()}
        golden[f"page_{index}"] = page
    return golden


def _found(network: PageNetwork, page: Page) -> Arrays:
    symbols = sorted(network.look(page).symbols, key=lambda symbol: (symbol.label, symbol.box))
    return {
        "labels": np.array([symbol.label for symbol in symbols], "U1"),
        "boxes": np.array([symbol.box for symbol in symbols], np.float32).reshape(-1, 4),
        "confidences": np.array([symbol.confidence for symbol in symbols], np.float32),
    }


def _network_sha256() -> str:
    return hashlib.sha256((GRAPHS_FOLDER / f"{PAGE_MODEL}.onnx").read_bytes()).hexdigest()


def differences(golden: Arrays, made: Arrays) -> list[str]:
    """How a golden file differs from what is made now, in words; none if it does not."""
    if sorted(golden) != sorted(made):
        return [f"it lacks or has too many arrays: {sorted(set(golden) ^ set(made))}"]
    return [f"{name} is another" for name in sorted(made) if not _alike(name, golden[name], made[name])]


def _alike(name: str, golden: NDArray[Any], made: NDArray[Any]) -> bool:
    """Pages and texts must be the same; what is computed may differ by rounding."""
    if golden.shape != made.shape or made.dtype.kind != "f":
        return np.array_equal(golden, made)
    tolerance = BOX_TOLERANCE_PX if name.startswith("boxes") else CONFIDENCE_TOLERANCE
    return bool(np.abs(golden - made).max(initial=0) <= tolerance)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the golden file; the exit status."""
    description = "Writes the golden pages of the shipped page network."
    return write_or_check(FILE, make_golden, differences, description=description, arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
