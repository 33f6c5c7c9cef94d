"""The same seed on the same machine repeats a run."""

from __future__ import annotations

import keras


def make_repeatable(seed: int) -> None:
    """Seed Python, numpy and the backend, and have the backend compute in the same order every time."""
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()
