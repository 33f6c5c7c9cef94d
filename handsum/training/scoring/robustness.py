"""How well digits are still read when they are damaged: each kind of corruption at each strength."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.reader import Reader
from handsum.training.data.labelled import LabelledSet
from handsum.training.scoring.answers import Tracked, read_images
from handsum.training.scoring.corruptions import KINDS, STRENGTHS, corrupt

# Each is read 60 times over; with 1,000 images the mean of all is known to about 0.2 %.
MOST_IMAGES = 1000

SEED = 0


@dataclass(frozen=True)
class DamageFigures:
    """How digits with one kind of damage at one strength were read.

    Attributes:
        kind, strength: the damage.
        accuracy: the share answered right when each image is read as a picture, as anybody's file is:
            polarity, background and the place of the ink are found first.
        share_answered: the share of those pictures that got an answer at all.
        likeliest_right: the share whose likeliest digit is right, answered or not.
        accuracy_as_frames: the share answered right when the pixels go to the network as they are.
    """

    kind: str
    strength: int
    accuracy: float
    share_answered: float
    likeliest_right: float
    accuracy_as_frames: float


@dataclass(frozen=True)
class RobustnessFigures:
    """How damaged digits were read.

    Attributes:
        num_images: how many digits were damaged in each way.
        mean_accuracy, mean_accuracy_as_frames: over all kinds and strengths.
        damages: the figures for each of them.
    """

    num_images: int
    mean_accuracy: float
    mean_accuracy_as_frames: float
    damages: tuple[DamageFigures, ...]


@dataclass(frozen=True, eq=False)
class Robustness:
    """The figures, and how the first digit looked, uint8 (28, 28), by kind and strength."""

    figures: RobustnessFigures
    examples: dict[tuple[str, int], NDArray[np.uint8]]


def score_corruptions(reader: Reader, labelled: LabelledSet, *, tracked: Tracked = iter) -> Robustness:
    """Damage frames in every way and read them, at most 1,000 different ones.

    Raises:
        DataError: the set does not consist of frames.
    """
    chosen = labelled.sample(MOST_IMAGES)
    if chosen.frames is None:
        raise DataError(
            f"{labelled.name} cannot be corrupted: only 28x28 images, light on dark, in an IDX file can."
        )
    images = np.rint(chosen.frames * 255).astype(np.uint8)
    damages, examples = [], {}
    ways = [(kind, strength) for kind in KINDS for strength in STRENGTHS]
    for number in tracked(range(len(ways))):
        damaged = corrupt(images, *ways[number], seed=SEED)
        damages.append(_score_damaged(reader, damaged, chosen.labels, *ways[number]))
        examples[ways[number]] = damaged[0]
    return Robustness(_summary(len(images), damages), examples)


def _score_damaged(
    reader: Reader, damaged: NDArray[np.uint8], labels: NDArray[np.uint8], kind: str, strength: int
) -> DamageFigures:
    said = read_images(reader, lambda index: damaged[index], len(damaged))
    judged = reader.judge_frames(np.divide(damaged, 255, dtype=np.float32))
    return DamageFigures(
        kind=kind,
        strength=strength,
        accuracy=float((said.labels == labels).mean()),
        share_answered=float(said.are_given.mean()),
        likeliest_right=float((said.probabilities.argmax(axis=1) == labels).mean()),
        accuracy_as_frames=float((judged.labels == labels).mean()),
    )


def _summary(num_images: int, damages: list[DamageFigures]) -> RobustnessFigures:
    return RobustnessFigures(
        num_images=num_images,
        mean_accuracy=fmean(damage.accuracy for damage in damages),
        mean_accuracy_as_frames=fmean(damage.accuracy_as_frames for damage in damages),
        damages=tuple(damages),
    )
