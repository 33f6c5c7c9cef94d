"""The folder of results: metrics.json, learning curves, confusion matrix and every misread digit."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from handsum.atomic import whole_file
from handsum.reading import NUM_DIGITS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ACCENT = "#2563eb"
MOST_MISREAD_SHOWN = 120


def write_results(
    folder: Path,
    metrics: dict[str, Any],
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    probabilities: NDArray[np.float32],
) -> None:
    """Write the folder of results for a run scored on images uint8 (n, 28, 28)."""
    write_json(folder / "metrics.json", metrics)
    _save(_learning_curves(metrics["history"]), folder / "learning_curves.png")
    _save(_confusion_matrix(labels, probabilities.argmax(axis=1)), folder / "confusion_matrix.png")
    _save(_misread_digits(images, labels, probabilities), folder / "misread_digits.png")


def write_json(path: Path, value: Any) -> None:
    """Write JSON, whole or not at all."""
    with whole_file(path) as part:
        part.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def plain(record: Any) -> dict[str, Any]:
    """A dataclass as JSON values; of paths only the name is kept."""

    def convert(value: Any) -> Any:
        if isinstance(value, Path):
            return value.name
        if isinstance(value, np.ndarray | np.generic):
            return value.tolist()
        if isinstance(value, dict):
            return {str(key): convert(item) for key, item in value.items()}
        return [convert(item) for item in value] if isinstance(value, list | tuple) else value

    return {str(key): convert(value) for key, value in dataclasses.asdict(record).items()}


def _new_figure(width: float, height: float) -> Figure:
    # The object interface needs no display and leaves matplotlib's global state alone.
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: Figure, path: Path) -> None:
    with whole_file(path) as part:
        figure.savefig(part, dpi=110)


def _learning_curves(history: dict[str, list[float]]) -> Figure:
    figure = _new_figure(9, 3.6)
    errors, losses = figure.subplots(1, 2)
    epochs = range(1, len(history["loss"]) + 1)
    for axes, name, title, scale in (
        (errors, "accuracy", "error", 100.0),
        (losses, "loss", "cross-entropy", 1.0),
    ):
        for prefix, label, style in (("", "fitted (distorted)", "--"), ("val_", "held out (clean)", "-")):
            values = np.asarray(history[prefix + name])
            shown = (1 - values) * scale if name == "accuracy" else values
            axes.plot(epochs, shown, style, color=ACCENT, label=label, alpha=0.6 if not prefix else 1.0)
        axes.set(xlabel="epoch", ylabel="% misread" if name == "accuracy" else "nats", title=title)
        axes.set_yscale("log")
        axes.grid(alpha=0.25, which="both")
        axes.legend(frameon=False)
    return figure


def _confusion_matrix(labels: NDArray[np.uint8], answers: NDArray[np.intp]) -> Figure:
    counts = np.zeros((NUM_DIGITS, NUM_DIGITS), int)
    np.add.at(counts, (labels, answers), 1)
    wrong = counts * (1 - np.eye(NUM_DIGITS, dtype=int))
    figure = _new_figure(5.6, 5.2)
    axes = figure.subplots()
    axes.imshow(wrong, cmap="Blues", vmax=max(1, wrong.max()))
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            bright = wrong[row, column] > wrong.max() / 2
            axes.text(
                column, row, str(counts[row, column]), ha="center", va="center",
                fontsize=8, color="white" if bright else "#334155",
            )  # fmt: skip
    axes.set(xlabel="read as", ylabel="label", xticks=range(NUM_DIGITS), yticks=range(NUM_DIGITS))
    axes.set_title(f"{wrong.sum()} of {len(labels):,} misread (shade: mistakes only)")
    return figure


def _misread_digits(
    images: NDArray[np.uint8], labels: NDArray[np.uint8], probabilities: NDArray[np.float32]
) -> Figure:
    answers = probabilities.argmax(axis=1)
    misread = np.flatnonzero(answers != labels)
    # The surest mistakes first: they are the ones to worry about.
    misread = misread[np.argsort(-probabilities[misread, answers[misread]])][:MOST_MISREAD_SHOWN]
    columns = 12
    rows = max(1, math.ceil(len(misread) / columns))
    figure = _new_figure(columns, rows * 1.25)
    for place in figure.subplots(rows, columns, squeeze=False).flat:
        place.axis("off")
    for axes, index in zip(figure.axes, misread, strict=False):
        answer = answers[index]
        axes.imshow(255 - images[index], cmap="gray", vmin=0, vmax=255)
        axes.set_title(f"{labels[index]} read {answer}  {probabilities[index, answer]:.0%}", fontsize=7)
    return figure
