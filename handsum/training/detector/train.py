"""Trains the page network: compose pages, cut tiles, fit, and write the folder of results."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from handsum.models import open_session
from handsum.training import report
from handsum.training.averaging import AveragedWeights
from handsum.training.callbacks import CONTINUED_LEARNING_RATE_SHARE, OneCycle
from handsum.training.checkpoint import Checkpoint, run_of
from handsum.training.compose.many import compose_many
from handsum.training.compose.sources import Split
from handsum.training.detector.calibrate import (
    DetectorCalibration,
    Found,
    calibrate_detector,
    match,
)
from handsum.training.detector.graph import build_page_model
from handsum.training.detector.loss import detection_loss
from handsum.training.detector.network import detector
from handsum.training.detector.scale import fit_scale, scale_errors
from handsum.training.detector.store import StoredPage, load_pages, save_pages, stored
from handsum.training.detector.tiles import TileConfig, Tiles
from handsum.training.machine import describe_machine
from handsum.training.memory import keep_freed_memory
from handsum.training.repeatable import make_repeatable
from handsum.training.saved import (
    DETECTOR_FILE,
    SCALE_FILE,
    built,
    in_float32,
    move_back,
    open_network,
    save_network,
    take_over,
)

NUM_HELD_OUT_BATCHES = 12
# Lower than one half: of a real line a lost symbol spoils as much as a superfluous one, and more of what is
# doubtful there is writing than on composed pages full of letters and marks.
LEAST_SCORE = 0.25
HEIGHT_SHARES = (0.1, 0.2, 0.4)
# Pages are composed and kept in this many parts.
NUM_PAGE_SEEDS = 4


@dataclass(frozen=True)
class DetectorConfig:
    """One training run of the detector.

    Attributes:
        pages_per_seed: of each of `page_seeds` so many are composed, and cut into tiles many times over.
        held_out_seed, num_held_out: of pages by "dev" writers, for the loss that is shown beside.
        epochs: rounds of `batches_per_epoch` batches; the one-cycle schedule spans them all.
        scale_epochs: rounds of the small network that estimates heights, each over a quarter of the pages.
        seed: of the weights, the pages and the tiles.
        out: the folder for the network, the checkpoint and metrics.json.
        pages_folder: where composed pages are kept from run to run; in `out` if not said.
        start_from: a run's folder; layers that its detector has alike begin with its weights, and the
            learning rate is lower.
        share_of_start: how far the weights are moved back in the end towards those of `start_from`, if its
            detector has the same layers.
        peak_learning_rate, weight_decay, ema_momentum, clip_norm: of AdamW under a one-cycle schedule.
        bfloat16: compute the detector's maps in that, which some processors are twice as fast at.
    """

    pages_per_seed: int = 24_000
    held_out_seed: int = 900
    num_held_out: int = 1_200
    epochs: int = 16
    batches_per_epoch: int = 500
    scale_epochs: int = 12
    tiles: TileConfig = field(default_factory=TileConfig)
    seed: int = 1
    out: Path = Path("results")
    pages_folder: Path | None = None
    start_from: Path | None = None
    share_of_start: float = 0.75
    peak_learning_rate: float = 3e-3
    weight_decay: float = 0.05
    ema_momentum: float = 0.998
    clip_norm: float = 5.0
    bfloat16: bool = False

    @property
    def page_seeds(self) -> tuple[int, ...]:
        """Of the pages to fit: others for every run, so that one that goes on from another sees new pages."""
        return tuple(100 * self.seed + number for number in range(1, NUM_PAGE_SEEDS + 1))


def composed_pages(folder: Path, num: int, *, seed: int, split: Split) -> list[StoredPage]:
    """Composed pages, from the folder where it has them, else made and kept there."""
    path = folder / f"{split}-{seed}-{num}.npz"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        save_pages(path, (stored(page) for page in compose_many(num, seed=seed, split=split)))
    return load_pages(path)


def train_page(config: DetectorConfig) -> dict[str, Any]:
    """Train both networks, calibrate them on held-out writers' pages, and write the folder of results.

    An interrupted run, started again in the same folder, goes on from the last whole epoch. Returns what
    `metrics.json` holds.

    Raises:
        KeyboardInterrupt: the last whole epoch is kept in the folder of results.
        DataError: HANDSUM_DATA is not set, data are missing, or the folder holds another run's checkpoint.
    """
    keep_freed_memory()
    make_repeatable(config.seed)
    # First, so that nobody waits for pages only to hear of a missing run or another one's checkpoint.
    network = first_network(config)
    averaged = AveragedWeights(config.ema_momentum)
    checkpoint = Checkpoint(config.out, run_of("page", config), averaged)
    folder = config.pages_folder or config.out / "pages"
    held_out = composed_pages(folder, config.num_held_out, seed=config.held_out_seed, split="dev")
    pages = [
        page
        for seed in config.page_seeds
        for page in composed_pages(folder, config.pages_per_seed, seed=seed, split="train")
    ]
    config.out.mkdir(parents=True, exist_ok=True)
    _fit_detector(network, config, pages, held_out, averaged, checkpoint)
    network = in_float32(detector, network)
    if config.start_from is not None:
        move_back(
            network, open_network(config.start_from / DETECTOR_FILE, recipe="page"), config.share_of_start
        )
    begun = time.perf_counter()
    scale = fit_scale(pages, epochs=config.scale_epochs, seed=config.seed)
    seconds = checkpoint.seconds + time.perf_counter() - begun
    uncalibrated = match(_finder(network, scale, DetectorCalibration()), held_out)
    calibration = calibrate_detector(uncalibrated, least_score=LEAST_SCORE)
    held_out_figures = figures_on(held_out, network, scale, calibration)
    metrics = {
        "recipe": "page",
        "config": report.plain(config),
        "calibration": report.plain(calibration),
        "history": {
            name: [round(float(v), 6) for v in values] for name, values in checkpoint.history.items()
        },
        "held_out": held_out_figures,
        "seconds": round(seconds, 1),
        "machine": describe_machine(),
    }
    save_page_networks(network, scale, calibration, config.out)
    report.write_json(config.out / "metrics.json", metrics)
    checkpoint.remove()
    print(
        f"Of {held_out_figures['symbols']:,} symbols on held-out writers' pages "
        f"{held_out_figures['found']:.2%} found, of these {held_out_figures['named_right']:.2%} named right; "
        f"{held_out_figures['superfluous']:.2%} superfluous; {seconds:,.0f} s.\n"
        f"The networks and their results are in {config.out}."
    )
    return metrics


def figures_on(
    pages: Sequence[StoredPage],
    network: keras.Model,
    scale: keras.Model,
    calibration: DetectorCalibration,
) -> dict[str, Any]:
    """What the networks find of what is written, and how often the estimated height is that near."""
    matches = match(_finder(network, scale, calibration), pages)
    errors = np.abs(scale_errors(scale, pages, seed=0))
    is_named_right = matches.probabilities.argmax(axis=1) == matches.labels
    return {
        "pages": len(pages),
        "symbols": matches.num_written,
        "found": float(matches.is_symbol.sum() / matches.num_written),
        "superfluous": float((~matches.is_symbol).sum() / matches.num_written),
        "named_right": float(is_named_right.mean()) if len(is_named_right) else 0.0,
        "height_within": {
            f"{share:.0%}": float((errors < np.log1p(share)).mean()) for share in HEIGHT_SHARES
        },
    }


def _finder(
    network: keras.Model, scale: keras.Model, calibration: DetectorCalibration
) -> Callable[[NDArray[np.uint8]], Found]:
    """What finds symbols on a page, through the very graph that is shipped."""
    model = build_page_model(network, scale, calibration, {})
    session = open_session(model.SerializeToString(), num_threads=os.cpu_count() or 1)

    def find(page: NDArray[np.uint8]) -> Found:
        given = {"page": page, "digit_height": np.zeros(1, np.float32)}
        return Found(*session.run(["boxes", "probabilities", "scores"], given))

    return find


def first_network(config: DetectorConfig) -> keras.Model:
    """The detector that training begins with: new, or as far as it goes with an earlier run's weights."""
    network = built(detector, bfloat16=config.bfloat16)
    if config.start_from is not None:
        take_over(network, open_network(config.start_from / DETECTOR_FILE, recipe="page"))
    return network


def _fit_detector(
    network: keras.Model,
    config: DetectorConfig,
    pages: Sequence[StoredPage],
    held_out: Sequence[StoredPage],
    averaged: AveragedWeights,
    checkpoint: Checkpoint,
) -> None:
    """Fit the network, and leave it averaged."""
    peak_learning_rate = config.peak_learning_rate
    if config.start_from is not None:
        peak_learning_rate *= CONTINUED_LEARNING_RATE_SHARE
    schedule = OneCycle(peak_learning_rate, config.epochs * config.batches_per_epoch)
    network.compile(
        keras.optimizers.AdamW(
            schedule, beta_2=0.99, weight_decay=config.weight_decay, global_clipnorm=config.clip_norm
        ),
        loss=detection_loss,
    )
    done = checkpoint.resume(network)
    network.fit(
        Tiles(pages, config.tiles, num_batches=config.batches_per_epoch, seed=config.seed, epoch=done),
        epochs=config.epochs,
        initial_epoch=done,
        shuffle=False,  # else an interrupted run would have its batches in another order
        callbacks=[averaged, HeldOutLoss(held_out, config.tiles, averaged), checkpoint],
        verbose=1 if sys.stdout.isatty() else 2,
    )
    averaged.settle()


class HeldOutLoss(keras.callbacks.Callback):
    """The averaged network's loss on the same tiles of held-out writers, after every epoch, as `val_loss`."""

    def __init__(self, pages: Sequence[StoredPage], config: TileConfig, averaged: AveragedWeights) -> None:
        super().__init__()
        # Taken in once: Keras would move on to other tiles from epoch to epoch.
        tiles = Tiles(pages, config, num_batches=NUM_HELD_OUT_BATCHES, seed=0)
        self._batches = [tiles[index] for index in range(len(tiles))]
        self._averaged = averaged

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._averaged.on_test_begin()
        losses = [float(self.model.test_on_batch(*batch)) for batch in self._batches]
        self._averaged.on_test_end()
        if logs is not None:
            logs["val_loss"] = float(np.mean(losses))


def save_page_networks(
    network: keras.Model, scale: keras.Model, calibration: DetectorCalibration, folder: Path
) -> None:
    """Write detector.h5, with its calibration, and scale.h5 beside it, each whole or not at all."""
    save_network(scale, folder / SCALE_FILE)
    save_network(network, folder / DETECTOR_FILE, calibration=report.plain(calibration))
