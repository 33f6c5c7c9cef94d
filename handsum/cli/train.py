"""``handsum train``: the classic network, the best one, or the one that reads pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from handsum.cli.extras import require

INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended
# The options that belong to some recipes only.
RECIPES_OF = {
    "batch_size": ("classic",),
    "quick": ("classic",),
    "only_mnist": ("best",),
    "width_multiplier": ("best",),
    "pools": ("best", "page"),
    "start_from": ("best", "page"),
    "share_of_start": ("page",),
    "teacher": ("best",),
    "bfloat16": ("best", "page"),
}


@click.command(
    name="train",
    epilog="\b\nExamples:\n  handsum train --quick --out tried-out\n"
    "  KERAS_BACKEND=torch handsum train --recipe best --out best",
)
@click.option(
    "--recipe",
    type=click.Choice(("classic", "best", "page")),
    default="classic",
    help="classic: the classic network, on MNIST. best: our own, on MNIST, pen ink and what is not a digit. "
    "page: the network that reads numbers and sums, on pages composed of pen ink and MNIST.",
)
@click.option("--epochs", type=click.IntRange(min=1), help="Passes over the training images.")
@click.option(
    "--seed", type=click.IntRange(min=0), help="The same seed on the same machine: the same weights."
)
@click.option("--batch-size", type=click.IntRange(min=1), help="Images a step (classic).")
@click.option(
    "--peak-learning-rate",
    type=click.FloatRange(min=0, min_open=True),
    help="The top of the learning rate's one cycle; a run that goes on from another takes 0.6 of it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the network and the results. By default results/; a classic mnist.h5 stays here.",
)
@click.option("--quick", is_flag=True, help="Stop at about 99 %, in a fraction of the time (classic).")
@click.option("--only-mnist", is_flag=True, help="Train the best network on MNIST alone, to compare (best).")
@click.option(
    "--width-multiplier",
    type=click.IntRange(1, 8),
    help="Have this many times the shipped network's channels: for experiments, slower (best).",
)
@click.option(
    "--pools",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where drawn training pictures are kept for other runs (best, page). By default in --out.",
)
@click.option(
    "--start-from",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A run's folder, whose network is trained further (best, page).",
)
@click.option(
    "--share-of-start",
    type=click.FloatRange(0, 1),
    help="How far a network that was trained further moves back in the end towards the one it started from, "
    "so that it forgets little; three quarters of the way if not said (page).",
)
@click.option(
    "--teacher",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A run's folder, whose network, a wider one perhaps, has a say in what is learnt (best).",
)
@click.option(
    "--bfloat16",
    is_flag=True,
    help="Compute in bfloat16, weights aside: half the time where the processor can (AVX512_BF16, AMX), far "
    "longer where not (best, page).",
)
def command(recipe: str, out: Path | None, **options: Any) -> None:
    """Train a network on handwriting and save it as mnist.h5, digit.h5, or detector.h5 and scale.h5.

    Progress is shown by batch and epoch. For digits, the test images are read once at the end, and metrics,
    learning curves, a confusion matrix and the misread digits are written. Ctrl-C keeps a checkpoint
    from which the same command goes on, and of the classic network the best weights so far, too. The recipes
    best and page need the folder of ink and scans that HANDSUM_DATA names, --only-mnist aside; `handsum
    export` makes the network's graph.
    """
    given = {name: value for name, value in options.items() if value is not None and value is not False}
    for name, recipes in RECIPES_OF.items():
        if name in given and recipe not in recipes:
            raise click.UsageError(f"--{name.replace('_', '-')} is not for the recipe {recipe}.")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's greetings are not news
    require("Training", "keras", os.environ.get("KERAS_BACKEND") or "tensorflow")
    try:
        TRAINERS[recipe](out, given)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _train_classic(out: Path | None, given: dict[str, Any]) -> None:
    from handsum.training.train import TrainConfig, train

    paths: dict[str, Any] = {} if out is None else {"out": out, "model_path": out / "mnist.h5"}
    train(TrainConfig(**given, **paths))


def _train_best(out: Path | None, given: dict[str, Any]) -> None:
    from handsum.training.best import BestConfig, phases, train_best

    if given.pop("only_mnist", False):
        given["phases"] = phases(only_mnist=True)
    if "pools" in given:
        given["pools_folder"] = given.pop("pools")
    if out is not None:
        given["out"] = out
    train_best(BestConfig(**given))


def _train_page(out: Path | None, given: dict[str, Any]) -> None:
    from handsum.training.detector.train import DetectorConfig, train_page

    if "pools" in given:
        given["pages_folder"] = given.pop("pools")
    if out is not None:
        given["out"] = out
    train_page(DetectorConfig(**given))


TRAINERS: dict[str, Callable[[Path | None, dict[str, Any]], None]] = {
    "classic": _train_classic, "best": _train_best, "page": _train_page,
}  # fmt: skip
