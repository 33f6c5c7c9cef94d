"""A held-out battery of damage to digits: 20 kinds at 3 strengths, for measuring and never for training.

The kinds and the middle strengths follow MNIST-C (Mu and Gilmer, "MNIST-C: A Robustness Benchmark for
Computer Vision", 2019) and ImageNet-C (Hendrycks and Dietterich, "Benchmarking Neural Network Robustness
to Common Corruptions and Perturbations", 2019), but the code is our own, and nothing that trains a network
may import it. People can read the digits at every strength.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handsum.reading import FRAME_SIZE
from handsum.training.scoring.corruptions.blur import (
    edges_only,
    gaussian_blur,
    glass_blur,
    jpeg,
    motion_blur,
    pixelation,
)
from handsum.training.scoring.corruptions.geometry import rotation, scale, shear, shift
from handsum.training.scoring.corruptions.light import brightness, fog, low_contrast
from handsum.training.scoring.corruptions.marks import dotted_line, spatter, stripes, zigzag
from handsum.training.scoring.corruptions.noise import gaussian_noise, impulse_noise, shot_noise

Picture = NDArray[np.float64]


class Kind(NamedTuple):
    """A function of a picture float64 (28, 28) in 0..1, an amount and a generator; the three amounts."""

    damage: Callable[[Picture, float, np.random.Generator], Picture]
    amounts: tuple[float, float, float]


# What an amount means is said where each function is.
_KINDS: dict[str, Kind] = {
    "shot noise": Kind(shot_noise, (6, 3, 2)),
    "gaussian noise": Kind(gaussian_noise, (0.2, 0.3, 0.4)),
    "impulse noise": Kind(impulse_noise, (0.09, 0.17, 0.25)),
    "gaussian blur": Kind(gaussian_blur, (0.8, 1.3, 1.8)),
    "motion blur": Kind(motion_blur, (3, 4.5, 6)),
    "glass blur": Kind(glass_blur, (1, 2, 3)),
    "fog": Kind(fog, (1.5, 2.5, 3)),
    "brightness": Kind(brightness, (0.35, 0.5, 0.65)),
    "low contrast": Kind(low_contrast, (0.4, 0.2, 0.1)),
    "stripes": Kind(stripes, (5, 7, 9)),
    "dotted line": Kind(dotted_line, (0.8, 1.3, 1.8)),
    "zigzag": Kind(zigzag, (0.8, 1.3, 1.8)),
    "spatter": Kind(spatter, (0.03, 0.06, 0.09)),
    "edges only": Kind(edges_only, (0.5, 1.0, 1.5)),
    "shear": Kind(shear, (0.25, 0.4, 0.6)),
    "scale": Kind(scale, (0.8, 0.7, 0.55)),
    "rotation": Kind(rotation, (15, 23, 32)),
    "shift": Kind(shift, (2, 3, 4)),
    "pixelation": Kind(pixelation, (16, 13, 11)),
    "jpeg": Kind(jpeg, (20, 12, 7)),
}

KINDS: tuple[str, ...] = tuple(_KINDS)
STRENGTHS = (1, 2, 3)


def corrupt(images: NDArray[np.uint8], kind: str, strength: int, *, seed: int) -> NDArray[np.uint8]:
    """Damage digits uint8 (n, 28, 28), light on dark as MNIST's are; the result has the same shape.

    The same seed damages the i-th image the same way, whatever the other images are, and puts the same
    line, fog or noise on it at every strength, so that strengths can be compared.

    Raises:
        ValueError: there is no such kind or strength, or the images have another shape or type.
    """
    if kind not in _KINDS or strength not in STRENGTHS:
        raise ValueError(f"no corruption {kind!r} of strength {strength!r}: see KINDS and STRENGTHS")
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (FRAME_SIZE, FRAME_SIZE):
        raise ValueError(f"images are uint8 (n, 28, 28), not {images.dtype} {images.shape}")
    damage, amount = _KINDS[kind].damage, _KINDS[kind].amounts[strength - 1]
    # By name, so that a new kind leaves the damage of the others as it is.
    stream = zlib.crc32(kind.encode())
    damaged = np.empty_like(images)
    for index, image in enumerate(images):
        picture = damage(image / 255.0, amount, np.random.default_rng((seed, stream, index)))
        damaged[index] = np.rint(np.clip(picture, 0, 1) * 255)
    return damaged
