"""Trains the classic network on MNIST: one short function of named steps.

With the defaults, on held-out training writers and then once on the 10,000 test images, this recipe
gives the figures in `training/runs/`. Backend-neutral Keras 3; TensorFlow is the default.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from handsum.atomic import whole_file
from handsum.errors import DataError
from handsum.training import report
from handsum.training.augment import AugmentConfig, Augmenter
from handsum.training.batches import AugmentedBatches, as_frames
from handsum.training.callbacks import BestWeights, OneCycle
from handsum.training.machine import describe_machine
from handsum.training.memory import keep_freed_memory
from handsum.training.mnist import load_mnist, load_writers
from handsum.training.networks import classic_network
from handsum.training.score import Figures, score
from handsum.training.split import Split, split_by_writer

# The attribute of the HDF5 file that holds its figures on the test set, as JSON.
FIGURES_ATTRIBUTE = "handsum_figures"

QUICK_EPOCHS = 2
EMA_MOMENTUM = 0.999


@dataclass(frozen=True)
class TrainConfig:
    """One training run.

    Attributes:
        epochs: passes over the images to fit; the one-cycle schedule spans them all.
        batch_size: images a step.
        seed: of the weights, the order and the distortions.
        out: the folder for metrics.json and the pictures.
        model_path: where the finished network is saved (HDF5).
        quick: two epochs without augmentation, to about 99 %.
        peak_learning_rate: the top of the one-cycle schedule.
        weight_decay: decoupled, as in AdamW.
        label_smoothing: the share of each label that is spread over all ten digits; a little of it leaves
            fewer wrong answers that are given with more than 90 % confidence.
        augment: how far the distortions go.
    """

    epochs: int = 20
    batch_size: int = 128
    seed: int = 1
    out: Path = Path("results")
    model_path: Path = Path("mnist.h5")
    quick: bool = False
    peak_learning_rate: float = 3e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.02
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    @property
    def num_epochs(self) -> int:
        """The epochs really run."""
        return min(self.epochs, QUICK_EPOCHS) if self.quick else self.epochs


@dataclass(frozen=True)
class Fitted:
    """A network with the weights that were best on the held-out images, and how it came by them."""

    network: keras.Model
    split: Split
    history: dict[str, list[float]]
    seconds: float


def train(config: TrainConfig) -> dict[str, Any]:
    """Train, save the network, read the test set once, and write the folder of results.

    Returns what `metrics.json` holds.

    Raises:
        KeyboardInterrupt: after the best weights so far were saved in the folder of results.
        DataError: MNIST could not be found or had.
    """
    # Fetched first, so that a missing file does not cost a whole training; looked at last.
    test_images, test_labels = load_mnist("test")
    fitted = fit(config)
    probabilities = predict(fitted.network, test_images)
    figures = score(probabilities, test_labels)
    metrics = _metrics(config, fitted, figures)
    save_network(fitted.network, config.model_path, figures=metrics["test"])
    report.write_results(config.out, metrics, test_images, test_labels, probabilities)
    print(
        f"{figures.accuracy:.2%} of {figures.num_images:,} test images read right "
        f"({figures.num_missed} missed), after {fitted.seconds:,.0f} s of training.\n"
        f"The network is in {config.model_path}, its results in {config.out}."
    )
    return metrics


def fit(config: TrainConfig, callbacks: Sequence[keras.callbacks.Callback] = ()) -> Fitted:
    """Fit the classic network and keep its best weights; further callbacks see the averaged weights.

    Raises:
        KeyboardInterrupt, DataError: as `train`.
    """
    keep_freed_memory()
    make_repeatable(config.seed)
    images, labels = load_mnist("train")
    split = split_by_writer(len(images), load_writers("train"))
    network = classic_network()
    started_s = time.perf_counter()
    history = _fit(network, images, labels, split, config, callbacks)
    return Fitted(network, split, history, time.perf_counter() - started_s)


def make_repeatable(seed: int) -> None:
    """Seed Python, numpy and the backend, so that the same seed on the same machine repeats a run."""
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()


def predict(network: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities float32 (n, 10) for images uint8 (n, 28, 28)."""
    return np.asarray(network.predict(as_frames(images)[..., None], batch_size=500, verbose=0))


def save_network(network: keras.Model, path: Path, figures: dict[str, Any] | None = None) -> None:
    """Save as HDF5 without optimizer state, whole or not at all.

    `figures` are kept inside the file, so that they cannot part from the weights.
    """
    # Keras calls HDF5 a legacy format at every save; it is the format that `mnist.h5` is known in.
    logging.getLogger("absl").setLevel(logging.ERROR)
    with whole_file(path) as part:
        network.save(part, include_optimizer=False)
        if figures is not None:
            with h5py.File(part, "a") as file:
                file.attrs[FIGURES_ATTRIBUTE] = json.dumps(figures)


def _fit(
    network: keras.Model,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    split: Split,
    config: TrainConfig,
    callbacks: Sequence[keras.callbacks.Callback],
) -> dict[str, list[float]]:
    batches = AugmentedBatches(
        images[split.fit],
        labels[split.fit],
        batch_size=config.batch_size,
        augmenter=None if config.quick else Augmenter(config.augment, seed=config.seed),
        seed=config.seed,
    )
    if not len(batches):
        raise DataError(
            f"A batch of {config.batch_size:,} is more than the {len(split.fit):,} images to fit."
        )
    held_out = as_frames(images[split.held_out])[..., None]
    held_out_labels = keras.utils.to_categorical(labels[split.held_out], 10)
    _compile(network, num_steps=len(batches) * config.num_epochs, config=config)
    best = BestWeights(lambda: save_network(network, config.out / "best.h5"))
    try:
        fitted = network.fit(
            batches,
            epochs=config.num_epochs,
            validation_data=(held_out, held_out_labels),
            validation_batch_size=500,
            callbacks=[keras.callbacks.SwapEMAWeights(swap_on_epoch=True), best, *callbacks],
            verbose=1 if sys.stdout.isatty() else 2,
        )
    except KeyboardInterrupt:
        _keep_interrupted(network, best, config.out / "best.h5")
        raise
    best.restore()
    return fitted.history


def _compile(network: keras.Model, *, num_steps: int, config: TrainConfig) -> None:
    """Adam under a one-cycle schedule, with an exponential moving average of the weights."""
    optimizer = keras.optimizers.Adam(
        OneCycle(config.peak_learning_rate, num_steps),
        beta_2=0.99,
        weight_decay=config.weight_decay,
        use_ema=True,
        ema_momentum=min(EMA_MOMENTUM, max(0.0, 1 - 10 / num_steps)),
    )
    network.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing),
        metrics=["accuracy"],
        # Measured on two cores: XLA's convolutions take 2-3 times as long as TensorFlow's own.
        jit_compile=keras.backend.backend() == "jax",
    )


def _keep_interrupted(network: keras.Model, best: BestWeights, path: Path) -> None:
    if best.epoch is None:
        save_network(network, path)
        print(f"\nStopped within the first epoch; the weights as they were are in {path}.")
    else:
        print(
            f"\nStopped. The best weights so far ({best.accuracy:.2%} on held-out images, "
            f"epoch {best.epoch + 1}) are in {path}."
        )


def _metrics(config: TrainConfig, fitted: Fitted, figures: Figures) -> dict[str, Any]:
    split, history = fitted.split, fitted.history
    num_seen = len(split.fit) // config.batch_size * config.batch_size * config.num_epochs
    return {
        "recipe": "classic, quick" if config.quick else "classic",
        "config": report.plain(config),
        "split": split.description,
        "history": {name: [round(float(v), 6) for v in values] for name, values in history.items()},
        "held_out_accuracy": max(history["val_accuracy"]),
        "test": report.plain(figures),
        "seconds": round(fitted.seconds, 1),
        "images_per_second": round(num_seen / fitted.seconds),
        "machine": describe_machine(),
    }
