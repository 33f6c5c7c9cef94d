"""Trains the classic network on MNIST: one short function of named steps.

With the defaults, on held-out training writers and then once on the 10,000 test images, this recipe
gives the figures in `training/runs/`. Backend-neutral Keras 3; TensorFlow is the default.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.training import report
from handsum.training.augment import AugmentConfig, Augmenter
from handsum.training.batches import AugmentedBatches, as_frames, one_hot
from handsum.training.callbacks import BestWeights, OneCycle
from handsum.training.checkpoint import Checkpoint, run_of
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import Split, split_by_writer
from handsum.training.machine import describe_machine
from handsum.training.memory import keep_freed_memory
from handsum.training.networks import classic_network
from handsum.training.repeatable import make_repeatable
from handsum.training.saved import save_network
from handsum.training.scoring.score import Figures, score

# The best weights so far, in the folder of results.
BEST_FILE = "best.h5"

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

    @property
    def recipe(self) -> str:
        """What a run of this calls itself."""
        return "classic, quick" if self.quick else "classic"


@dataclass(frozen=True)
class Fitted:
    """A network with the weights that were best on the held-out images, and how it came by them.

    `history` and `seconds` are of all epochs, those before an interruption too.
    """

    network: keras.Model
    split: Split
    history: dict[str, list[float]]
    seconds: float


def train(config: TrainConfig) -> dict[str, Any]:
    """Train, save the network, read the test set once, and write the folder of results.

    An interrupted run, started again in the same folder, goes on from the last whole epoch. Returns what
    `metrics.json` holds.

    Raises:
        KeyboardInterrupt: after the best weights so far were saved in the folder of results.
        DataError: MNIST could not be found or had, or the folder holds another run's checkpoint.
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
    batches = _batches(images[split.fit], labels[split.fit], config)
    held_out = as_frames(images[split.held_out])[..., None], one_hot(labels[split.held_out])
    network = classic_network()
    best = BestWeights(lambda: save_network(network, config.out / BEST_FILE))
    checkpoint = Checkpoint(config.out, run_of(config.recipe, config) | {"epochs": config.num_epochs}, best)
    try:
        _fit(network, batches, held_out, config, checkpoint, [best, checkpoint, *callbacks])
    except KeyboardInterrupt:
        _keep_interrupted(network, best, config.out / BEST_FILE)
        raise
    best.restore()
    checkpoint.remove()
    return Fitted(network, split, checkpoint.history, checkpoint.seconds)


def predict(network: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities float32 (n, 10) for images uint8 (n, 28, 28)."""
    return np.asarray(network.predict(as_frames(images)[..., None], batch_size=500, verbose=0))


def _batches(images: NDArray[np.uint8], labels: NDArray[np.uint8], config: TrainConfig) -> AugmentedBatches:
    batches = AugmentedBatches(
        images,
        labels,
        batch_size=config.batch_size,
        augmenter=None if config.quick else Augmenter(config.augment, seed=config.seed),
        seed=config.seed,
    )
    if not len(batches):
        raise DataError(f"A batch of {config.batch_size:,} is more than the {len(images):,} images to fit.")
    return batches


def _fit(
    network: keras.Model,
    batches: AugmentedBatches,
    held_out: tuple[NDArray[np.float32], NDArray[np.float32]],
    config: TrainConfig,
    checkpoint: Checkpoint,
    callbacks: Sequence[keras.callbacks.Callback],
) -> None:
    _compile(network, num_steps=len(batches) * config.num_epochs, config=config)
    swap = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
    num_done = _resume(network, swap, checkpoint)
    batches.start_epoch(num_done)
    network.fit(
        batches,
        epochs=config.num_epochs,
        initial_epoch=num_done,
        shuffle=False,  # else an interrupted run would have its batches in another order
        validation_data=held_out,
        validation_batch_size=500,
        callbacks=[swap, *callbacks],
        verbose=1 if sys.stdout.isatty() else 2,
    )


def _resume(network: keras.Model, swap: keras.callbacks.SwapEMAWeights, checkpoint: Checkpoint) -> int:
    """Go back to the checkpoint, if there is one; return the number of epochs that are done.

    Between epochs the average is in the network and what goes on learning is in the optimizer, so they are in
    the checkpoint, too. To know that, Keras swaps them first; the checkpoint then takes their place.
    """
    if checkpoint.is_there:
        network.optimizer.build(network.trainable_variables)
        swap.set_model(network)
        swap.on_test_begin()
    return checkpoint.resume(network)


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
            "\nStopped; the same command goes on after the last whole epoch. The best weights so far "
            f"({best.accuracy:.2%} on held-out images, epoch {best.epoch + 1}) are in {path}."
        )


def _metrics(config: TrainConfig, fitted: Fitted, figures: Figures) -> dict[str, Any]:
    split, history = fitted.split, fitted.history
    num_seen = len(split.fit) // config.batch_size * config.batch_size * config.num_epochs
    return {
        "recipe": config.recipe,
        "config": report.plain(config),
        "split": split.description,
        "history": {name: [round(float(v), 6) for v in values] for name, values in history.items()},
        "held_out_accuracy": max(history["val_accuracy"]),
        "test": report.plain(figures),
        "seconds": round(fitted.seconds, 1),
        "images_per_second": round(num_seen / fitted.seconds),
        "machine": describe_machine(),
    }
