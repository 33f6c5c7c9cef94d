"""Damaged digits and non-digits, read by the classic network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from handsum.errors import DataError
from handsum.reader import Reader
from handsum.reading import NO_LABEL
from handsum.training.data.labelled import LabelledSet
from handsum.training.scoring.answers import read_images, read_set
from handsum.training.scoring.corruptions import KINDS, STRENGTHS
from handsum.training.scoring.non_digits import PictureSet
from handsum.training.scoring.rejection import score_non_digits
from handsum.training.scoring.robustness import score_corruptions
from tests.samples import as_frames, drawn_page


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader("mnist")


@pytest.fixture(scope="module")
def frames(reader: Reader) -> LabelledSet:
    """The drawn digits 2..8 as the network sees them."""
    pages = [drawn_page(digit) for digit in range(2, 9)]
    seen = np.stack([np.rint(reader.read_page(page).frame * 255) for page in pages]).astype(np.uint8)
    return LabelledSet("drawn", np.arange(2, 9, dtype=np.uint8), lambda index: seen[index], as_frames(seen))


def test_frames_and_pictures_are_answered_alike(reader: Reader, frames: LabelledSet) -> None:
    as_they_are = read_set(reader, frames)
    as_pictures = read_images(reader, frames.image, 7)
    for answers in (as_they_are, as_pictures):
        assert answers.labels.tolist() == list(range(2, 9))
        assert answers.are_given.all()
        assert (answers.confidences > 0.5).all()
        assert (answers.frames.shape, answers.frames.dtype) == ((7, 28, 28), np.uint8)
    assert np.array_equal(as_they_are.frames[0], frames.image(0))


def test_a_blank_is_left_unanswered(reader: Reader) -> None:
    answers = read_images(reader, lambda _: np.full((50, 50), 255, np.uint8), 2)
    assert answers.labels.tolist() == [NO_LABEL, NO_LABEL]
    assert not answers.are_given.any()


def test_every_damage_is_scored_in_both_ways(reader: Reader, frames: LabelledSet) -> None:
    seen: list[int] = []

    def watched(items: Iterable[int]) -> Iterator[int]:
        for item in items:
            seen.append(item)
            yield item

    robustness = score_corruptions(reader, frames, tracked=watched)
    figures = robustness.figures
    ways = [(kind, strength) for kind in KINDS for strength in STRENGTHS]
    assert [(damage.kind, damage.strength) for damage in figures.damages] == ways == list(robustness.examples)
    assert (figures.num_images, seen) == (7, list(range(60)))
    by_way = dict(zip(ways, figures.damages, strict=True))
    assert by_way["shift", 1].accuracy == by_way["shift", 1].accuracy_as_frames == 1.0
    # A lifted background is found and taken away from a picture; the network alone knows nothing of it.
    assert by_way["brightness", 3].accuracy > by_way["brightness", 3].accuracy_as_frames
    assert figures.mean_accuracy == pytest.approx(np.mean([d.accuracy for d in figures.damages]))
    assert figures.mean_accuracy_as_frames < 1


def test_only_frames_can_be_damaged(reader: Reader) -> None:
    pages = LabelledSet("pages", np.array([1], np.uint8), lambda _: drawn_page(1))
    with pytest.raises(DataError, match="pages cannot be corrupted"):
        score_corruptions(reader, pages)


def test_rejection_by_hand(reader: Reader) -> None:
    pages = [np.zeros((40, 40), np.uint8), drawn_page(2), drawn_page(3)]
    pictures = PictureSet("some", "drawn", 3, lambda index: pages[index])
    said = read_images(reader, pictures.image, 3)
    (rejection,) = score_non_digits(reader, np.array([0.0001, 1.0]), [pictures])
    figures = rejection.figures
    # The first digit is above the blank at most, the second above them all.
    assert figures.auroc == pytest.approx((1 + (said.confidences[0] < 0.0001) / 3) / 2)
    assert figures.share_refused == pytest.approx(1 / 3)
    assert figures.confidently_read == pytest.approx((said.confidences > 0.9).mean())
    assert np.array_equal(rejection.examples[-1], np.zeros((28, 28)))
