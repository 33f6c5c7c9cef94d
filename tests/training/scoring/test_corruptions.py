"""The battery of damage: complete, repeatable, and mild enough for people."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.scoring.corruptions import KINDS, STRENGTHS, corrupt
from tests.samples import drawn_page

# What chance has no part in.
STEADY = {
    "gaussian blur",
    "brightness",
    "low contrast",
    "stripes",
    "edges only",
    "scale",
    "pixelation",
    "jpeg",
}


@pytest.fixture(scope="module")
def digits() -> NDArray[np.uint8]:
    """Ten frames uint8 (10, 28, 28): the drawn digits, averaged down to 20 pixels with a margin of 4."""
    pages = np.stack([drawn_page(digit, width_px=200, height_px=200) for digit in range(10)])
    small = pages.reshape(10, 20, 10, 20, 10).mean(axis=(2, 4))
    return np.pad(small.astype(np.uint8), ((0, 0), (4, 4), (4, 4)))


def test_there_are_enough_kinds() -> None:
    assert len(set(KINDS)) >= 15
    assert STRENGTHS == (1, 2, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_shows_and_is_the_same_again(kind: str, digits: NDArray[np.uint8]) -> None:
    for strength in STRENGTHS:
        untouched = digits.copy()
        damaged = corrupt(digits, kind, strength, seed=1)
        assert (damaged.shape, damaged.dtype) == (digits.shape, np.uint8)
        assert np.array_equal(digits, untouched)
        assert (damaged != digits).any(axis=(1, 2)).all()
        assert np.array_equal(damaged, corrupt(digits, kind, strength, seed=1))
        assert np.array_equal(damaged[:3], corrupt(digits[:3], kind, strength, seed=1))
        is_the_same = np.array_equal(damaged, corrupt(digits, kind, strength, seed=2))
        assert is_the_same == (kind in STEADY)


@pytest.mark.parametrize("kind", KINDS)
def test_stronger_damage_changes_more(kind: str, digits: NDArray[np.uint8]) -> None:
    changes = [
        np.abs(corrupt(digits, kind, strength, seed=1).astype(float) - digits).mean()
        for strength in STRENGTHS
    ]
    if kind == "edges only":  # its outlines get rounder, not more
        assert len(set(changes)) == 3
    else:
        assert changes[0] < changes[1] < changes[2]


@pytest.mark.parametrize("kind", KINDS)
def test_ink_still_stands_out(kind: str, digits: NDArray[np.uint8]) -> None:
    """What was ink differs from what was paper, or damage would leave nothing to read."""
    damaged = corrupt(digits, kind, 3, seed=1).astype(float)
    if kind in ("shear", "scale", "rotation", "shift", "edges only"):
        assert all(picture.max() > 100 for picture in damaged)
    elif kind == "stripes":
        middle = np.s_[:, :, 9:19]
        assert (
            damaged[middle][digits[middle] > 200].mean()
            > 200
            > 50
            > damaged[middle][digits[middle] < 20].mean()
        )
    else:
        contrast = damaged[digits > 200].mean() - damaged[digits == 0].mean()
        assert contrast > 20


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.filterwarnings("error")
def test_blank_and_full_images_go_through(kind: str, level: int) -> None:
    assert corrupt(np.full((2, 28, 28), level, np.uint8), kind, 2, seed=0).shape == (2, 28, 28)
    assert corrupt(np.zeros((0, 28, 28), np.uint8), kind, 2, seed=0).shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("images", "kind", "strength", "complaint"),
    [
        (np.zeros((1, 28, 28), np.uint8), "sneeze", 1, "no corruption 'sneeze'"),
        (np.zeros((1, 28, 28), np.uint8), "fog", 4, "of strength 4"),
        (np.zeros((1, 28, 28)), "fog", 1, "uint8"),
        (np.zeros((28, 28), np.uint8), "fog", 1, "uint8"),
        (np.zeros((1, 32, 32), np.uint8), "fog", 1, "uint8"),
    ],
)
def test_what_does_not_fit_is_refused(images: NDArray, kind: str, strength: int, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        corrupt(images, kind, strength, seed=0)
