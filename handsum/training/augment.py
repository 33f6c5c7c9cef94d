"""Augmentation: a batch of frames as other hands, pens and papers might have left them.

Affine and elastic distortion follow Simard, Steinkraus and Platt, "Best Practices for Convolutional
Neural Networks Applied to Visual Document Analysis" (ICDAR 2003); the width squeeze follows Byerly,
Kalganova and Dear, "No Routing Needed Between Capsules" (2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from handsum.reading import FRAME_SIZE

# Smooth displacement fields are drawn once and combined at random: blurring a fresh pair of noise
# fields for each digit would cost more than everything else together.
NUM_ELASTIC_FIELDS = 512


@dataclass(frozen=True)
class AugmentConfig:
    """How far each distortion may go; the defaults were chosen on held-out training writers."""

    rotation_deg: float = 12.0
    shear: float = 0.25
    scale: float = 0.12
    squeeze: float = 0.3
    shift_px: float = 1.8
    elastic_px: float = 1.1
    elastic_sigma_px: float = 4.5
    thickness: float = 0.6
    clean_share: float = 0.1


class Augmenter:
    """Distorts batches of frames; the same seed gives the same distortions in the same order."""

    def __init__(self, config: AugmentConfig, *, seed: int) -> None:
        self.config = config
        self._fields = _elastic_fields(np.random.default_rng([seed, 0xE1A]), config)
        axis = np.arange(FRAME_SIZE, dtype=np.float32) - (FRAME_SIZE - 1) / 2
        self._grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)

    def __call__(self, frames: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
        """Distort frames float32 (n, 28, 28) in 0..1; a share of them stays clean."""
        maps = self._sampling_maps(len(frames), rng)
        dirty = rng.random(len(frames)) >= self.config.clean_share
        out = frames.copy()
        for index in np.flatnonzero(dirty):
            out[index] = cv2.remap(frames[index], maps[index], None, cv2.INTER_LINEAR)
        out[dirty] = _change_thickness(out[dirty], rng, self.config.thickness)
        return out

    def _sampling_maps(self, num: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Where each pixel of each distorted frame is taken from: float32 (num, 28, 28, 2) as (x, y)."""
        matrices = _affine_matrices(num, rng, self.config)
        shifts = rng.uniform(-self.config.shift_px, self.config.shift_px, (num, 1, 2)).astype(np.float32)
        places = self._grid @ matrices + shifts + np.float32((FRAME_SIZE - 1) / 2)
        strengths = rng.uniform(0, self.config.elastic_px, (num, 1, 1, 1)).astype(np.float32)
        elastic = self._fields[rng.integers(0, NUM_ELASTIC_FIELDS, num)] * strengths
        return places.reshape(num, FRAME_SIZE, FRAME_SIZE, 2) + elastic


def _affine_matrices(num: int, rng: np.random.Generator, config: AugmentConfig) -> NDArray[np.float32]:
    """Inverse linear maps float32 (num, 2, 2), applied to row vectors (x, y) about the centre."""
    angle = np.deg2rad(rng.uniform(-config.rotation_deg, config.rotation_deg, num))
    shear = rng.uniform(-config.shear, config.shear, num)
    scale = 1 + rng.uniform(-config.scale, config.scale, num)
    # Narrow or flat: a wide digit is a flat one once its longer side fits the frame.
    squeezed, narrow = 1 - rng.uniform(0, config.squeeze, num), rng.random(num) < 0.5
    width, height = scale * np.where(narrow, squeezed, 1), scale * np.where(narrow, 1, squeezed)
    cosine, sine = np.cos(angle), np.sin(angle)
    rotations = np.stack([cosine, sine, -sine, cosine], axis=-1).reshape(num, 2, 2)
    slants = np.stack([1 / width, np.zeros(num), shear, 1 / height], axis=-1).reshape(num, 2, 2)
    return (rotations @ slants).astype(np.float32)


def _elastic_fields(rng: np.random.Generator, config: AugmentConfig) -> NDArray[np.float32]:
    """Smooth random displacements float32 (NUM_ELASTIC_FIELDS, 28, 28, 2), each of unit deviation."""
    fields = rng.standard_normal((NUM_ELASTIC_FIELDS, FRAME_SIZE, FRAME_SIZE, 2)).astype(np.float32)
    for index in range(NUM_ELASTIC_FIELDS):
        fields[index] = cv2.GaussianBlur(fields[index], (0, 0), config.elastic_sigma_px)
    return fields / fields.std(axis=(1, 2), keepdims=True)


def _change_thickness(
    frames: NDArray[np.float32], rng: np.random.Generator, most: float
) -> NDArray[np.float32]:
    """Blend each frame towards its dilation (a thicker pen) or its erosion (a thinner one)."""
    amounts = rng.uniform(-most, most, len(frames)).astype(np.float32)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    changed = np.empty_like(frames)
    for index, (frame, amount) in enumerate(zip(frames, amounts, strict=True)):
        target = cv2.dilate(frame, cross) if amount > 0 else cv2.erode(frame, cross)
        changed[index] = cv2.addWeighted(frame, 1 - abs(amount), target, abs(amount), 0)
    return changed
