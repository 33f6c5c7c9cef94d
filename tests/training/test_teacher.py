"""A teacher's word is a part of what a student should say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handsum.errors import DataError
from handsum.training.mixture import targets
from handsum.training.networks import NUM_CLASSES, best_network
from handsum.training.saved import save_network
from handsum.training.teacher import Teacher, open_teacher


class AlwaysSays:
    """A network of the same logits whatever it sees."""

    def __init__(self, logits: list[float]) -> None:
        self.logits = np.array([logits], np.float32)

    def predict_on_batch(self, frames: np.ndarray) -> np.ndarray:
        return self.logits.repeat(len(frames), axis=0)


FRAMES = np.zeros((3, 28, 28, 1), np.float32)
WANTED = targets(np.array([0, 7, 10], np.uint8), 0.02)


@pytest.mark.parametrize("share", [0.0, 0.7, 1.0])
def test_its_share_of_the_targets_is_its_softmax(share: float) -> None:
    logits = [0.0] * NUM_CLASSES
    logits[4] = np.log(30.0)
    says = np.full(NUM_CLASSES, 1 / 40)
    says[4] = 30 / 40
    taught = Teacher(AlwaysSays(logits), share=share).teach(FRAMES, WANTED)
    assert taught.dtype == np.float32
    assert taught == pytest.approx(share * says + (1 - share) * WANTED, abs=1e-6)
    assert taught.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_a_wider_network_teaches(tmp_path: Path) -> None:
    wide = best_network(2)
    save_network(wide, tmp_path / "digit.h5")
    teacher = open_teacher(tmp_path / "digit.h5", share=1.0)
    frames = np.random.default_rng(0).random((3, 28, 28, 1)).astype(np.float32)
    logits = wide.predict_on_batch(frames)
    likely = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert teacher.teach(frames, WANTED) == pytest.approx(likely, abs=1e-4)


def test_a_teacher_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file"):
        open_teacher(tmp_path / "digit.h5", share=0.5)
