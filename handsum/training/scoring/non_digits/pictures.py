"""A set of pictures without labels, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_SEED = 0


@dataclass(frozen=True, eq=False)
class PictureSet:
    """Pictures of one sort.

    Attributes:
        name: what they are.
        origin: where they come from and what was left out, in a sentence.
        num_pictures: how many there are.
        image: gives the i-th, uint8 (H, W), as `Reader.read_digit` takes it.
    """

    name: str
    origin: str
    num_pictures: int
    image: Callable[[int], NDArray[np.uint8]]


def generated(
    name: str,
    origin: str,
    num_pictures: int,
    make: Callable[[np.random.Generator], NDArray[np.uint8]],
) -> PictureSet:
    """Pictures from a generator of chance; the i-th is always the same one."""
    return PictureSet(name, origin, num_pictures, lambda index: make(np.random.default_rng((1, index))))


def sampled(pictures: PictureSet, most: int) -> PictureSet:
    """At most so many of them, chosen by chance but always the same."""
    if most >= pictures.num_pictures:
        return pictures
    chosen: Any = np.sort(np.random.default_rng(SAMPLE_SEED).permutation(pictures.num_pictures)[:most])
    return PictureSet(pictures.name, pictures.origin, most, lambda index: pictures.image(int(chosen[index])))
