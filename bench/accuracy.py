"""Accuracy of single digits: pens of held-out writers drawn many ways, scanned zip codes, MNIST's test set.

Each is read three times: by `Reader` with our network and with the classic one, and by the classic network
the way its program does it (the whole canvas shrunk to 28x28). None of the writers was used for
fitting; the constants of the preprocessing graph and the temperature were chosen on these very
pen digits, so their figures are a little kind. Writes bench/accuracy.json.
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
from handsum.training.data.mnist import load_mnist
from handsum.training.report import plain, write_json
from handsum.training.scoring.score import Figures, score

RESULT = Path(__file__).parent / "accuracy.json"


@dataclass(frozen=True)
class Scene:
    """How digits are drawn.

    Attributes:
        paper: its width and height in pixels.
        size_px: the least and the most that the longer side of a digit measures.
        centre: where its middle is, give or take `wander_px` in x and in y.
        pen_px: the pen's width.
        stretch: how many times as wide as it was written.
    """

    paper: tuple[int, int]
    size_px: tuple[float, float]
    centre: tuple[float, float]
    pen_px: float
    wander_px: float = 0.0
    stretch: float = 1.0


SCENES = {
    "natural place and size": Scene((400, 400), (120, 260), (200, 200), 14, wander_px=60),
    "small, in a corner": Scene((400, 400), (60, 90), (60, 60), 8, wander_px=10),
    "large": Scene((400, 400), (350, 380), (200, 200), 14),
    "marker": Scene((400, 400), (200, 260), (200, 200), 28, wander_px=40),
    "2 px pen on 1050x800": Scene((1050, 800), (300, 700), (500, 400), 2, wander_px=40),
    "stretched 1.6:1": Scene((400, 400), (120, 260), (200, 200), 14, wander_px=60, stretch=1.6),
}


def main() -> None:
    """Score every scene, USPS and MNIST's test set, in every way."""
    data = Path(os.environ["HANDSUM_DATA"])
    readers = {name: Reader(name) for name in ("digit", "mnist")}
    inks, labels = pen_digits(data / "ink" / "unipen-symbols.jsonl.gz")
    sets = {name: (draw_all(inks, scene), labels) for name, scene in SCENES.items()}
    usps = np.load(data / "images" / "usps-train.npz")
    sets["USPS zip codes, 16x16"] = (list(usps["images"]), usps["labels"])
    images, test_labels = load_mnist("test")
    sets["MNIST test set, 28x28"] = (list(images), test_labels)
    results = {name: _every_way(readers, name, *pages) for name, pages in sets.items()}
    write_json(RESULT, {"num_pen_digits": len(labels), "sets": results})


def draw_all(inks: list[Ink], scene: Scene) -> list[NDArray[np.uint8]]:
    """Each ink on its paper, as the scene says; the same places and sizes at every run."""
    rng = np.random.default_rng(0)
    sizes_px = rng.uniform(*scene.size_px, len(inks))
    centres = scene.centre + rng.uniform(-scene.wander_px, scene.wander_px, (len(inks), 2))
    return [
        _draw(ink, scene, size, *centre) for ink, size, centre in zip(inks, sizes_px, centres, strict=True)
    ]


def _draw(ink: Ink, scene: Scene, size_px: float, x: float, y: float) -> NDArray[np.uint8]:
    stretched = Ink.of([[(p.x * scene.stretch, p.y) for p in stroke.points] for stroke in ink.strokes])
    points = stretched.points
    x0, x1 = min(p.x for p in points), max(p.x for p in points)
    y0, y1 = min(p.y for p in points), max(p.y for p in points)
    factor = (size_px - scene.pen_px) / max(x1 - x0, y1 - y0, 1e-6)
    placed = stretched.moved(-(x0 + x1) / 2, -(y0 + y1) / 2).scaled(factor).moved(x, y)
    return render(placed.with_pen(scene.pen_px), width_px=scene.paper[0], height_px=scene.paper[1])


def _every_way(
    readers: dict[str, Reader], name: str, pages: list[NDArray[np.uint8]], labels: NDArray[np.uint8]
) -> dict[str, Any]:
    ways = {model: _read_all(reader, pages, labels) for model, reader in readers.items()}
    shrunk = np.stack([_shrink_whole(page) for page in pages])
    ways["whole canvas shrunk"] = score(readers["mnist"].read_frames(shrunk), labels)
    print(
        f"{name}: " + ", ".join(f"{way} {figures.accuracy:.2%}" for way, figures in ways.items()), flush=True
    )
    return {way: _short(figures) for way, figures in ways.items()}


def _read_all(reader: Reader, pages: list[NDArray[np.uint8]], labels: NDArray[np.uint8]) -> Figures:
    readings = [reader.read_page(page) for page in pages]
    return score(
        [reading.probabilities for reading in readings],
        labels,
        confidences=[reading.confidence for reading in readings],
        answered=[reading.label is not None for reading in readings],
    )


def _short(figures: Figures) -> dict[str, Any]:
    return {key: value for key, value in plain(figures).items() if key != "per_digit"}


def _shrink_whole(page: NDArray[np.uint8]) -> NDArray[np.float32]:
    small = Image.fromarray(page).resize((FRAME_SIZE, FRAME_SIZE))
    return (np.asarray(small) / 255).astype(np.float32)


def pen_digits(path: Path) -> tuple[list[Ink], NDArray[np.uint8]]:
    """The digits of held-out writers, and their labels."""
    rows = list(_rows(path))
    return [Ink.of(row["strokes"]) for row in rows], np.array([int(row["label"]) for row in rows], np.uint8)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["split"] == "dev" and row["label"] in "0123456789":
                yield row


if __name__ == "__main__":
    main()
