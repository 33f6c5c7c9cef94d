"""Accuracy off MNIST: pen digits of held-out writers drawn many ways, and scanned zip codes.

Each is read twice with the same weights: by `Reader.read_digit`, and the way the classic program does it
(the whole canvas shrunk to 28x28). Neither the writers nor the zip codes were used for fitting; the
constants of the preprocessing graph were chosen on these very pen digits, so their figures are a
little kind. Writes bench/accuracy.json.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handsum.ink import Ink, render
from handsum.reader import Reader
from handsum.reading import FRAME_SIZE
from handsum.training.report import plain, write_json
from handsum.training.score import Figures, score

RESULT = Path(__file__).parent / "accuracy.json"


@dataclass(frozen=True)
class Scene:
    """How digits are drawn: the paper, the longer side of the digit, its centre, the pen; x stretched."""

    paper: tuple[int, int]
    size_px: float
    centre: tuple[float, float]
    pen_px: float
    stretch: float = 1.0


SCENES = {
    "natural place and size": Scene((400, 400), 230, (205, 190), 14),
    "small, in a corner": Scene((400, 400), 80, (55, 60), 8),
    "large": Scene((400, 400), 370, (200, 200), 14),
    "marker": Scene((400, 400), 230, (200, 200), 28),
    "2 px pen on 1050x800": Scene((1050, 800), 600, (480, 410), 2),
    "stretched 1.6:1": Scene((400, 400), 230, (200, 200), 14, stretch=1.6),
}


def main() -> None:
    """Score every scene and USPS, both ways."""
    data, reader = Path(os.environ["HANDSUM_DATA"]), Reader()
    inks, labels = _pen_digits(data / "ink" / "unipen-symbols.jsonl.gz")
    sets = {name: ([draw(ink, scene) for ink in inks], labels) for name, scene in SCENES.items()}
    usps = np.load(data / "images" / "usps-train.npz")
    sets["USPS zip codes, 16x16"] = (list(usps["images"]), usps["labels"])
    results = {name: _both_ways(reader, name, *pages) for name, pages in sets.items()}
    write_json(RESULT, {"num_pen_digits": len(labels), "sets": results})


def draw(ink: Ink, scene: Scene) -> NDArray[np.uint8]:
    """The ink on its paper, as the scene says."""
    stretched = Ink.of([[(p.x * scene.stretch, p.y) for p in stroke.points] for stroke in ink.strokes])
    points = stretched.points
    x0, x1 = min(p.x for p in points), max(p.x for p in points)
    y0, y1 = min(p.y for p in points), max(p.y for p in points)
    factor = (scene.size_px - scene.pen_px) / max(x1 - x0, y1 - y0, 1e-6)
    placed = stretched.moved(-(x0 + x1) / 2, -(y0 + y1) / 2).scaled(factor).moved(*scene.centre)
    return render(placed.with_pen(scene.pen_px), width_px=scene.paper[0], height_px=scene.paper[1])


def _both_ways(
    reader: Reader, name: str, pages: list[NDArray[np.uint8]], labels: NDArray[np.uint8]
) -> dict[str, Any]:
    ours = score([reader.read_page(page).probabilities for page in pages], labels)
    shrunk = np.stack([_shrink_whole(page) for page in pages])
    classic = score(reader.read_frames(shrunk), labels)
    print(f"{name}: {ours.accuracy:.2%}, shrunk whole {classic.accuracy:.2%}", flush=True)
    return {"reader": _short(ours), "whole canvas shrunk": _short(classic)}


def _short(figures: Figures) -> dict[str, Any]:
    return {key: value for key, value in plain(figures).items() if key != "per_digit"}


def _shrink_whole(page: NDArray[np.uint8]) -> NDArray[np.float32]:
    small = Image.fromarray(page).resize((FRAME_SIZE, FRAME_SIZE))
    frame: NDArray[np.float32] = np.asarray(small, np.float32) / 255
    return frame


def _pen_digits(path: Path) -> tuple[list[Ink], NDArray[np.uint8]]:
    rows = list(_rows(path))
    return [Ink.of(row["strokes"]) for row in rows], np.array([int(row["label"]) for row in rows], np.uint8)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["split"] == "dev" and row["label"] in "0123456789":
                yield row


if __name__ == "__main__":
    main()
