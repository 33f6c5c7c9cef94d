"""What a reader says of a labelled set: one answer for each image."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handsum.reader import Reader
from handsum.reading import NO_LABEL, DigitReading
from handsum.training.data.labelled import LabelledSet

# Pages drawn and read at a time; 64 of them take 10 MB.
PAGES_AT_ONCE = 64

# What `handsum.cli.progress.tracked` is to the command line: the same items, and a bar if need be.
Tracked = Callable[[Sequence[int]], Iterable[int]]


@dataclass(frozen=True, eq=False)
class Answers:
    """What was said of n images; each array's meaning is that of `DigitReading`.

    Attributes:
        labels: int64 (n,), the digit given as the answer, or NO_LABEL (-1) where none was.
        confidences: float64 (n,).
        probabilities: float32 (n, 10).
        frames: uint8 (n, 28, 28), the pictures that the network saw, ink 255 on 0.
    """

    labels: NDArray[np.int64]
    confidences: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    frames: NDArray[np.uint8]

    @property
    def are_given(self) -> NDArray[np.bool_]:
        """Whether each image got an answer (n,)."""
        return self.labels != NO_LABEL


def read_set(reader: Reader, labelled: LabelledSet, *, tracked: Tracked = iter) -> Answers:
    """Read a labelled set; what are frames already goes to the network as it is."""
    if labelled.frames is not None:
        return _judge_frames(reader, labelled.frames)
    return read_images(reader, labelled.image, len(labelled.labels), tracked=tracked)


def read_images(
    reader: Reader, image: Callable[[int], Any], num_images: int, *, tracked: Tracked = iter
) -> Answers:
    """Read images 0..`num_images`, made one by one when it is their turn, as pictures of anything."""
    readings: list[DigitReading] = []
    for start in tracked(range(0, num_images, PAGES_AT_ONCE)):
        indices = range(start, min(start + PAGES_AT_ONCE, num_images))
        readings += reader.read_digits(image(index) for index in indices)
    return Answers(
        labels=np.array([NO_LABEL if r.label is None else r.label for r in readings], np.int64),
        confidences=np.array([reading.confidence for reading in readings], np.float64),
        probabilities=np.stack([reading.probabilities for reading in readings]),
        frames=_as_bytes(np.stack([reading.frame for reading in readings])),
    )


def _judge_frames(reader: Reader, frames: NDArray[np.float32]) -> Answers:
    judged = reader.judge_frames(frames)
    confidences = judged.confidences.astype(np.float64)
    return Answers(judged.labels, confidences, judged.probabilities, _as_bytes(frames))


def _as_bytes(frames: NDArray[np.float32]) -> NDArray[np.uint8]:
    scaled: NDArray[np.uint8] = np.rint(np.clip(frames, 0, 1) * 255).astype(np.uint8)
    return scaled
