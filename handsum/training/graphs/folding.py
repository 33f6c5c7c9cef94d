"""Batch normalisation folded into the convolution before it."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray


def folded(
    convolution: keras.layers.Layer, normalisation: keras.layers.Layer
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The kernel and bias that do the work of a convolution and the normalisation after it."""
    (kernel,) = convolution.get_weights()
    gamma, beta, mean, variance = normalisation.get_weights()
    gain = gamma / np.sqrt(variance + normalisation.epsilon)
    return kernel * gain, beta - mean * gain
