"""How well digits are still read when they are damaged: each kind of corruption at each strength."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.reader import Reader
from handsum.training.answers import Tracked, read_images
from handsum.training.corruptions import KINDS, STRENGTHS, corrupt
from handsum.training.labelled import LabelledSet

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
class Robustness:
    """The figures for every kind and strength, the number of digits damaged, and the means over all."""

    num_images: int
    mean_accuracy: float
    mean_accuracy_as_frames: float
    damages: tuple[DamageFigures, ...]


def score_corruptions(reader: Reader, labelled: LabelledSet, *, tracked: Tracked = iter) -> Robustness:
    """Damage frames in every way and read them, at most 1,000 different ones.

    Raises:
        DataError: the set does not consist of frames.
    """
    frames = labelled.sample(MOST_IMAGES)
    if frames.frames is None:
        raise DataError(
            f"{labelled.name} cannot be corrupted: only 28x28 images, light on dark, in an IDX file can."
        )
    images = np.rint(frames.frames * 255).astype(np.uint8)
    figures = tuple(_score_all(reader, images, frames.labels, tracked))
    return Robustness(
        num_images=len(images),
        mean_accuracy=fmean(damage.accuracy for damage in figures),
        mean_accuracy_as_frames=fmean(damage.accuracy_as_frames for damage in figures),
        damages=figures,
    )


def _score_all(
    reader: Reader, images: NDArray[np.uint8], labels: NDArray[np.uint8], tracked: Tracked
) -> Iterator[DamageFigures]:
    damages = [(kind, strength) for kind in KINDS for strength in STRENGTHS]
    for number in tracked(range(len(damages))):
        kind, strength = damages[number]
        damaged = corrupt(images, kind, strength, seed=SEED)
        said = read_images(reader, damaged.__getitem__, len(damaged))
        judged = reader.judge_frames(np.divide(damaged, 255, dtype=np.float32))
        yield DamageFigures(
            kind=kind,
            strength=strength,
            accuracy=float((said.labels == labels).mean()),
            share_answered=float(said.are_given.mean()),
            likeliest_right=float((said.probabilities.argmax(axis=1) == labels).mean()),
            accuracy_as_frames=float((judged.labels == labels).mean()),
        )
