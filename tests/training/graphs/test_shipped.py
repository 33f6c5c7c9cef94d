"""`make export` makes the very files that are shipped, from the committed weights."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.models import GRAPHS_FOLDER, PAGE_MODEL, SUMS_FILE, Model, open_model, open_page_model
from handsum.training.detector.export import export_page, is_detector
from handsum.training.graphs.export import export, made_with
from tests.samples import drawn_page
from tests.written_pages import written_page

ROOT = Path(__file__).resolve().parents[3]
EXPORTS = re.findall(
    r"handsum export (\S+\.h5) --out handsum/graphs/(\w+)\.onnx",
    (ROOT / "Makefile").read_text(encoding="utf-8"),
)
SUMS = dict(
    line.split("  ")[::-1] for line in (GRAPHS_FOLDER / SUMS_FILE).read_text(encoding="ascii").splitlines()
)

# Of a probability, where other versions of the libraries fold constants in another order.
TOLERANCE = 1e-6


def opened(name: str, path: Path | None = None) -> Model:
    """A shipped network, or one that stands for it."""
    return open_page_model(path) if name == PAGE_MODEL else open_model(str(path) if path else name)


def answers(model: Model, name: str) -> list[NDArray[Any]]:
    """What a network says of a handful of pages, and of ready frames."""
    if name == PAGE_MODEL:
        given: list[Mapping[str, NDArray[Any]]] = [
            {"page": written_page(text), "digit_height": np.zeros(1, np.float32)}
            for text in ("12+7=", "305\n7×8=56")
        ]
    else:
        frames = np.random.default_rng(0).random((50, 28, 28), np.float32)
        given = [{"page": drawn_page(digit), "frames": frames} for digit in range(10)]
    return [value for one in given for value in model.session.run(None, one)]


def test_every_shipped_file_is_exported() -> None:
    assert {f"{name}.onnx" for _, name in EXPORTS} == SUMS.keys()


@pytest.mark.parametrize(("weights", "name"), EXPORTS, ids=[name for _, name in EXPORTS])
def test_the_committed_weights_become_the_shipped_bytes(weights: str, name: str, tmp_path: Path) -> None:
    path, shipped = tmp_path / f"{name}.onnx", opened(name)
    (export_page if is_detector(ROOT / weights) else export)(ROOT / weights, path)
    # Other versions of the libraries may write the same graph in other bytes.
    if shipped.card["made_with"] == made_with():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == SUMS[path.name]
    pairs = zip(answers(opened(name, path), name), answers(shipped, name), strict=True)
    assert all(np.allclose(ours, theirs, rtol=0, atol=TOLERANCE) for ours, theirs in pairs)
