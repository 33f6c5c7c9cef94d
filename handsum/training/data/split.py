"""Which of MNIST's training images are held out to choose on, and never fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# One writer in twelve: about 5,000 of the 60,000 images, by some 45 people.
HELD_OUT_SHARE = 1 / 12

# The split is the same for every training seed, so that seeds can be compared.
SPLIT_SEED = 20


@dataclass(frozen=True)
class Split:
    """Indices of the images to fit and of those to choose on, and how they were parted."""

    fit: NDArray[np.intp]
    held_out: NDArray[np.intp]
    by: str

    @property
    def description(self) -> dict[str, str | int]:
        """How they were parted and how many each part has, as JSON holds it."""
        return {"by": self.by, "fitted": len(self.fit), "held_out": len(self.held_out)}


def split_by_writer(num_images: int, writers: NDArray[np.integer] | None) -> Split:
    """Hold out whole writers, so that no hand is both fitted and chosen on.

    `writers` is the writer's number of each image; where it is unknown (it is not part of MNIST
    itself), images are held out at random instead, and `Split.by` says so.
    """
    rng = np.random.default_rng(SPLIT_SEED)
    if writers is None:
        groups, by = np.arange(num_images), "random images (no writers.npz beside MNIST)"
    else:
        groups, by = np.asarray(writers), "writer"
    names = rng.permutation(np.unique(groups))
    held_out = np.isin(groups, names[: max(1, round(len(names) * HELD_OUT_SHARE))])
    return Split(fit=np.flatnonzero(~held_out), held_out=np.flatnonzero(held_out), by=by)
