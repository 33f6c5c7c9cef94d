"""How well a reader's confidence parts digits from what is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsum.reader import Reader
from handsum.training.scoring.answers import Tracked, read_images
from handsum.training.scoring.curves import auroc
from handsum.training.scoring.non_digits import PictureSet
from handsum.training.scoring.score import CONFIDENT

NUM_EXAMPLES = 6


@dataclass(frozen=True)
class RejectionFigures:
    """How one set of pictures that are not one digit was read, beside a set of digits.

    Attributes:
        name, origin: what the pictures are and where they come from.
        num_pictures: how many there are.
        auroc: the chance that a digit, rightly read or not, gets more confidence than one of them.
        share_refused: the share that got no answer.
        confidently_read: the share that got one with more than 90 % confidence.
    """

    name: str
    origin: str
    num_pictures: int
    auroc: float
    share_refused: float
    confidently_read: float


@dataclass(frozen=True, eq=False)
class Rejection:
    """The figures of one set, and uint8 (6, 28, 28), the frames that were most taken for digits."""

    figures: RejectionFigures
    examples: NDArray[np.uint8]


def score_non_digits(
    reader: Reader,
    digit_confidences: NDArray[np.float64],
    sets: Sequence[PictureSet],
    *,
    tracked: Tracked = iter,
) -> list[Rejection]:
    """Read each set and compare its confidences with those (n,) of digits."""
    return [_score_set(reader, digit_confidences, pictures, tracked) for pictures in sets]


def _score_set(
    reader: Reader, digit_confidences: NDArray[np.float64], pictures: PictureSet, tracked: Tracked
) -> Rejection:
    said = read_images(reader, pictures.image, pictures.num_pictures, tracked=tracked)
    is_confident = said.are_given & (said.confidences > CONFIDENT)
    figures = RejectionFigures(
        name=pictures.name,
        origin=pictures.origin,
        num_pictures=pictures.num_pictures,
        auroc=auroc(digit_confidences, said.confidences),
        share_refused=float(1 - said.are_given.mean()),
        confidently_read=float(is_confident.mean()),
    )
    return Rejection(figures, said.frames[np.argsort(-said.confidences, kind="stable")[:NUM_EXAMPLES]])
