"""Trains our best digit network: one short function of named steps.

MNIST, pen ink drawn in many ways, pages spoiled in many ways, and what is not a digit, mixed in fixed
shares; every picture comes through `image.load` and the preprocessing graph. Backend-neutral Keras 3; on
two cores torch is the fastest backend (`KERAS_BACKEND=torch`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.models import open_session
from handsum.training import report
from handsum.training.augment import AugmentConfig
from handsum.training.averaging import AveragedWeights
from handsum.training.batches import as_frames
from handsum.training.calibrate import Calibration, calibrate
from handsum.training.callbacks import CONTINUED_LEARNING_RATE_SHARE, OneCycle
from handsum.training.checkpoint import Checkpoint, run_of
from handsum.training.data.labelled import load_labelled
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.data.split import Split, split_by_writer
from handsum.training.graphs.export import build_best_model
from handsum.training.machine import describe_machine
from handsum.training.memory import keep_freed_memory
from handsum.training.mixture import MixedBatches, Phase, targets
from handsum.training.networks import NOT_A_DIGIT, best_network, width_multiplier_of
from handsum.training.pools import PoolConfig, build_pools, frame_of, ink_folder, mnist_pool
from handsum.training.repeatable import make_repeatable
from handsum.training.saved import built, in_float32, open_network, save_network, take_over
from handsum.training.scoring.score import score
from handsum.training.teacher import Teacher, open_teacher

# How many frames of each pool are in a batch; at the end, more of them as people really write.
ALL_SOURCES = {
    "mnist": 44,
    "mnist spoiled": 14,
    "mnist spoiled frames": 10,
    "pens": 30,
    "pens spoiled": 6,
    "scans": 3,
    "letters and symbols": 8,
    "several digits": 3,
    "halves": 2,
    "made up": 6,
    "digits by rule": 2,
}
ALL_SOURCES_MILDLY = ALL_SOURCES | {
    "mnist": 46,
    "mnist spoiled": 13,
    "mnist spoiled frames": 9,
    "pens": 8,
    "pens drawn mildly": 22,
    "pens spoiled": 6,
}
ONLY_MNIST = {"mnist": 128}
NETWORK_FILE = "digit.h5"

ReadFrames = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
OUTLIERS = frozenset(["letters and symbols", "several digits", "halves", "made up"])

# Strong distortions make the network sturdy, and might blur what parts a 1 from a 7: the last quarter of a
# run does without them. On the one run there is, held-out pens gained nothing by it.
MILD = AugmentConfig(
    rotation_deg=5.0,
    shear=0.1,
    scale=0.08,
    squeeze=0.12,
    shift_px=1.2,
    elastic_px=0.6,
    thickness=0.4,
    clean_share=0.3,
)
MILD_FROM = 0.76


def phases(*, only_mnist: bool) -> tuple[Phase, ...]:
    """The parts of a run: strong distortions, then mild ones.

    MNIST alone is distorted strongly to the end: mildly, its digits would be learnt by heart.
    """
    if only_mnist:
        return (Phase(0.0, ONLY_MNIST),)
    return Phase(0.0, ALL_SOURCES, AugmentConfig(clean_share=0.2)), Phase(MILD_FROM, ALL_SOURCES_MILDLY, MILD)


def share_of_outliers(phase: Phase) -> float:
    """How much of a phase's batches is no digit."""
    outliers = sum(count for name, count in phase.counts.items() if name in OUTLIERS)
    return outliers / sum(phase.counts.values())


@dataclass(frozen=True)
class BestConfig:
    """One training run of the best recipe.

    Attributes:
        epochs: rounds of `batches_per_epoch` batches; the one-cycle schedule spans them all.
        phases: what is in a batch, and how far it is distorted.
        seed: of the weights, the batches and the distortions.
        out: the folder for the network, the checkpoint, metrics.json and the pictures.
        pools_folder: where pools are kept from run to run; in `out` if not said.
        width_multiplier: how many times the shipped network's channels to have.
        teacher: the folder of a run whose network has a say in the targets, `taught_share` of it.
        start_from: a run's folder; layers that its network has alike begin with its weights.
        peak_learning_rate, weight_decay, ema_momentum: of AdamW under a one-cycle schedule, and of the moving
            average that a run ends with.
        label_smoothing: the share of each digit's label that is spread over all classes.
        bfloat16: compute the network's maps in that, which some processors are twice as fast at.
    """

    epochs: int = 50
    batches_per_epoch: int = 512
    phases: tuple[Phase, ...] = phases(only_mnist=False)
    seed: int = 1
    width_multiplier: int = 1
    out: Path = Path("results")
    pools_folder: Path | None = None
    start_from: Path | None = None
    teacher: Path | None = None
    taught_share: float = 0.7
    peak_learning_rate: float = 4e-3
    weight_decay: float = 0.05
    ema_momentum: float = 0.999
    label_smoothing: float = 0.02
    bfloat16: bool = False
    pools: PoolConfig = field(default_factory=PoolConfig)

    @property
    def only_mnist(self) -> bool:
        """Whether nothing but MNIST is learnt from."""
        return all(phase.counts.keys() == {"mnist"} for phase in self.phases)

    @property
    def recipe(self) -> str:
        """What a run of this calls itself."""
        return "best, MNIST only" if self.only_mnist else "best"

    def network(self) -> keras.Model:
        """The network to train, with new weights."""
        return best_network(self.width_multiplier)


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Digits of writers who are not fitted: frames uint8 (n, 28, 28) and labels uint8 (n,), by set.

    `split` is how MNIST's were parted from those to fit.
    """

    sets: dict[str, tuple[NDArray[np.uint8], NDArray[np.uint8]]]
    split: Split

    @property
    def frames(self) -> NDArray[np.uint8]:
        """All sets, one after the other."""
        return np.concatenate([frames for frames, _ in self.sets.values()])

    @property
    def labels(self) -> NDArray[np.uint8]:
        """Their labels."""
        return np.concatenate([labels for _, labels in self.sets.values()])

    @property
    def hardest(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The last set: confidence that is true of what people draw is a little low for MNIST, not high."""
        return list(self.sets.values())[-1]


def train_best(config: BestConfig) -> dict[str, Any]:
    """Train, calibrate, save the network, read the MNIST test set once, and write the folder of results.

    An interrupted run, started again in the same folder, goes on from the last whole epoch. Returns what
    `metrics.json` holds.

    Raises:
        KeyboardInterrupt: the last whole epoch is kept in the folder of results.
        DataError: data are missing, or the folder holds another run's checkpoint.
    """
    with_pens = not config.only_mnist
    if with_pens:
        ink_folder()  # if it is not known, that is said before anything is downloaded
    keep_freed_memory()
    make_repeatable(config.seed)
    # First, so that nobody waits for pools only to hear of a missing run or another one's checkpoint.
    network = first_network(config)
    teacher = None
    if config.teacher is not None:
        path = config.teacher / NETWORK_FILE
        teacher = open_teacher(path, share=config.taught_share, bfloat16=config.bfloat16)
    averaged = AveragedWeights(config.ema_momentum)
    checkpoint = Checkpoint(config.out, run_of(config.recipe, config), averaged)
    test_images, test_labels = load_mnist("test")
    held_out = held_out_digits(with_pens=with_pens)
    _fit(network, config, teacher, held_out, averaged, checkpoint)
    network = in_float32(config.network, network)
    frames, labels = held_out.hardest
    share = share_of_outliers(config.phases[-1])
    calibration = calibrate(logits_of(network, frames), labels, share_in_training=share)
    read = _graph_of(network, calibration)
    metrics = {
        "recipe": config.recipe,
        "config": report.plain(config),
        "split": held_out.split.description,
        "calibration": report.plain(calibration),
        "history": {
            name: [round(float(v), 6) for v in values] for name, values in checkpoint.history.items()
        },
        "held_out": {name: _figures(read, *pair) for name, pair in held_out.sets.items()},
        "test": _figures(read, test_images, test_labels),
        "missed_at_first_look": {
            name: _num_missed(logits_of(network, frames), labels)
            for name, (frames, labels) in {**held_out.sets, "test": (test_images, test_labels)}.items()
        },
        "seconds": round(checkpoint.seconds, 1),
        "machine": describe_machine(),
    }
    save_network(
        network, config.out / NETWORK_FILE, {"calibration": metrics["calibration"], "test": metrics["test"]}
    )
    report.write_results(config.out, metrics, test_images, test_labels, read(test_images))
    checkpoint.remove()
    _say(metrics, config.out)
    return metrics


def held_out_digits(*, with_pens: bool) -> HeldOut:
    """MNIST's held-out writers and, `with_pens`, the pen digits of "dev" writers as drawn in the window."""
    images, labels = load_mnist("train")
    split = split_by_writer(len(images), load_writers("train"))
    sets = {"mnist": (images[split.held_out], labels[split.held_out])}
    if with_pens:
        pens = load_labelled(ink_folder() / "unipen-symbols.jsonl.gz", split="dev")
        frames = np.stack([frame_of(pens.image(index)) for index in range(len(pens.labels))])
        sets["pens"] = (frames, pens.labels)
    return HeldOut(sets, split)


def logits_of(network: keras.Model, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Logits float32 (n, 11) of frames uint8 (n, 28, 28)."""
    return np.asarray(network.predict(as_frames(frames)[..., None], batch_size=500, verbose=0))


def first_network(config: BestConfig) -> keras.Model:
    """The network that training begins with: new, or as far as it goes with the weights of an earlier run.

    Raises:
        DataError: there is no such run, or its network is of another width.
    """
    network = built(config.network, bfloat16=config.bfloat16)
    if config.start_from is not None:
        earlier = open_network(config.start_from / NETWORK_FILE, recipe="best")
        width = width_multiplier_of(earlier)
        if width != config.width_multiplier:
            raise DataError(
                f"The network in {config.start_from} has {width} times the shipped one's channels, "
                f"not {config.width_multiplier}; --width-multiplier says which."
            )
        take_over(network, earlier)
    return network


def _fit(
    network: keras.Model,
    config: BestConfig,
    teacher: Teacher | None,
    held_out: HeldOut,
    averaged: AveragedWeights,
    checkpoint: Checkpoint,
) -> None:
    """Fit the network, and leave it averaged."""
    pools = {"mnist": mnist_pool()}
    if not config.only_mnist:
        pools |= build_pools(config.pools, folder=config.pools_folder or config.out / "pools")
    _compile(network, config)
    num_done = checkpoint.resume(network)
    batches = MixedBatches(
        pools,
        config.phases,
        num_epochs=config.epochs,
        num_batches=config.batches_per_epoch,
        label_smoothing=config.label_smoothing,
        seed=config.seed,
        teacher=teacher,
    )
    tell_epoch = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: batches.start_epoch(epoch))
    network.fit(
        batches,
        epochs=config.epochs,
        initial_epoch=num_done,
        shuffle=False,  # else an interrupted run would have its batches in another order
        validation_data=(as_frames(held_out.frames)[..., None], targets(held_out.labels, 0.0)),
        validation_batch_size=500,
        callbacks=[tell_epoch, averaged, checkpoint],
        verbose=1 if sys.stdout.isatty() else 2,
    )
    averaged.settle()


def _compile(network: keras.Model, config: BestConfig) -> None:
    num_steps = config.epochs * config.batches_per_epoch
    peak_learning_rate = config.peak_learning_rate
    if config.start_from is not None:
        peak_learning_rate *= CONTINUED_LEARNING_RATE_SHARE
    network.compile(
        optimizer=keras.optimizers.AdamW(
            OneCycle(peak_learning_rate, num_steps), beta_2=0.99, weight_decay=config.weight_decay
        ),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=keras.backend.backend() == "jax",
    )


def _graph_of(network: keras.Model, calibration: Calibration) -> ReadFrames:
    """What reads frames, through the very graph that is shipped.

    Probabilities float32 (n, 10) that sum to 1 less the probability that it is no digit.
    """
    model = build_best_model(network, calibration, {})
    session = open_session(model.SerializeToString(), num_threads=os.cpu_count() or 1)

    def read(frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        given = {"page": np.zeros((0, 0), np.uint8), "frames": as_frames(frames)}
        probabilities, of_digit = session.run(["probabilities", "digit_probability"], given)
        return np.asarray(probabilities * of_digit[:, None])

    return read


def _figures(read: ReadFrames, frames: NDArray[np.uint8], labels: NDArray[np.uint8]) -> dict[str, Any]:
    return report.plain(score(read(frames), labels))


def _num_missed(logits: NDArray[np.float32], labels: NDArray[np.uint8]) -> int:
    return int((logits[:, :NOT_A_DIGIT].argmax(axis=1) != labels).sum())


def _say(metrics: dict[str, Any], out: Path) -> None:
    test = metrics["test"]
    held_out = ", ".join(f"{name} {figures['accuracy']:.2%}" for name, figures in metrics["held_out"].items())
    print(
        f"{test['accuracy']:.2%} of {test['num_images']:,} test images read right "
        f"({test['num_missed']} missed); held-out writers: {held_out}; {metrics['seconds']:,.0f} s.\n"
        f"The network and its results are in {out}."
    )
