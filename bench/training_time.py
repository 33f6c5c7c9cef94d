"""Accuracy against seconds: our recipes beside a stock Keras loop, on the same machine in the same run.

Accuracy is that on the held-out training images; the clock stops while it is measured. The test set is
not touched. Writes bench/training_time.json and docs/training_time.png.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

from handsum.training.batches import as_frames
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import split_by_writer
from handsum.training.machine import describe_machine
from handsum.training.memory import keep_freed_memory
from handsum.training.networks import classic_network
from handsum.training.report import write_json
from handsum.training.train import TrainConfig, fit

ROOT = Path(__file__).resolve().parents[1]
STOCK_EPOCHS, STOCK_BATCH_SIZE = 10, 128


class Clock(keras.callbacks.Callback):
    """Seconds of training, validation left out, and the accuracy that each epoch had reached."""

    def __init__(self) -> None:
        super().__init__()
        self.curve: list[dict[str, float]] = []
        self._seconds = 0.0
        self._started_s = 0.0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._started_s = time.perf_counter()

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:
        self._seconds += time.perf_counter() - self._started_s

    def on_test_end(self, logs: dict[str, float] | None = None) -> None:
        self._started_s = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        accuracy = (logs or {})["val_accuracy"]
        self.curve.append({"seconds": round(self._seconds, 2), "accuracy": round(accuracy, 5)})
        print(f"  epoch {epoch + 1}: {accuracy:.2%} after {self._seconds:.1f} s", flush=True)


def main() -> None:
    """Run the stock loop, the quick recipe and the whole recipe."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    curves = {
        "stock Keras loop": _stock(seed),
        "handsum train --quick": _ours(TrainConfig(seed=seed, quick=True)),
        "handsum train": _ours(TrainConfig(seed=seed)),
    }
    result = {"seed": seed, "machine": describe_machine(), "curves": curves}
    write_json(ROOT / "bench" / "training_time.json", result)
    _plot(curves)


def _stock(seed: int) -> list[dict[str, float]]:
    """Ten epochs of batch 128 with Adam, as in Keras's own example, on the same images."""
    print("stock Keras loop")
    keras.utils.set_random_seed(seed)
    images, labels = load_mnist("train")
    split = split_by_writer(len(images), load_writers("train"))
    frames, one_hot = as_frames(images)[..., None], keras.utils.to_categorical(labels, 10)
    network = classic_network()
    network.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    clock = Clock()
    network.fit(
        frames[split.fit],
        one_hot[split.fit],
        batch_size=STOCK_BATCH_SIZE,
        epochs=STOCK_EPOCHS,
        validation_data=(frames[split.held_out], one_hot[split.held_out]),
        callbacks=[clock],
        verbose=0,
    )
    return clock.curve


def _ours(config: TrainConfig) -> list[dict[str, float]]:
    print("handsum train" + (" --quick" if config.quick else ""))
    keep_freed_memory()
    clock = Clock()
    with TemporaryDirectory() as folder:  # of results that nobody needs
        fit(replace(config, out=Path(folder)), callbacks=[clock])
    return clock.curve


def _plot(curves: dict[str, list[dict[str, float]]]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    for (name, curve), colour in zip(curves.items(), ("#94a3b8", "#f59e0b", "#2563eb"), strict=True):
        axes.plot(
            [point["seconds"] for point in curve],
            [100 * (1 - point["accuracy"]) for point in curve],
            "o-", markersize=3, color=colour, label=name,
        )  # fmt: skip
    axes.set(xlabel="seconds of training", ylabel="% misread, held-out writers", xscale="log", yscale="log")
    axes.grid(alpha=0.25, which="both")
    axes.legend(frameon=False)
    figure.savefig(ROOT / "docs" / "training_time.png", dpi=110)


if __name__ == "__main__":
    main()
