"""The detector as a Keras model."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from handsum.reading import SYMBOL_LABELS
from handsum.training.networks import FusedBatchNormalization

NUM_LABELS = len(SYMBOL_LABELS)

# The height in pixels that digits should have when the detector sees them.
DIGIT_HEIGHT_PX = 24.0

# One cell of the answer covers so many rows and columns of pixels: narrow, since neighbours touch sideways.
STRIDE_Y, STRIDE_X = 4, 2

# The answer's channels: whether a symbol's middle is here, what it is, and its box.
OBJECT = 0
LABELS_FROM, BOX_FROM = 1, 1 + NUM_LABELS
NUM_CHANNELS = BOX_FROM + 4

# Sides of what the detector sees must be multiples of these: the coarsest maps are so much smaller.
MULTIPLE_Y, MULTIPLE_X = 8, 4

STEM, FINE, COARSE, HEAD = 24, 48, 96, 64
# About one cell in fifty is a symbol's middle: without this the first steps learn only that.
RARE_OBJECT_LOGIT = -4.0


def detector() -> keras.Model:
    """Pages float32 (n, H, W, 1) in 0..1 to maps (n, H/4, W/2, 25); sides are multiples of 8 and 4.

    After CenterNet (Zhou, Wang and Krähenbühl, "Objects as Points", 2019), with one map of middles for all
    labels and a softmax that tells them apart, as a digit network has. Residual blocks (He et al., 2015) see
    the neighbourhood at an eighth of the size; a skip connection brings back where exactly the strokes are.
    """
    pages = keras.Input((None, None, 1), name="pages")
    maps = layers.ReLU()(_convolution(pages, STEM, strides=2, name="stem"))
    maps = layers.ReLU()(_convolution(maps, FINE, strides=(2, 1), name="narrow"))
    fine = _residual(maps, FINE, name="fine")
    maps = layers.ReLU()(_convolution(fine, COARSE, strides=2, name="coarse"))
    maps = _residual(maps, COARSE, name="near")
    maps = _residual(maps, COARSE, dilation=2, name="far")
    maps = _residual(maps, COARSE, name="deep")
    # Whether a stroke is a 1 or a slash shows in how the digits beside it lean.
    maps = _residual(maps, COARSE, dilation=(1, 4), name="along")
    coarse = layers.ReLU()(_convolution(maps, HEAD, size=1, name="lateral"))
    enlarged = layers.UpSampling2D(2, name="enlarged")(coarse)
    skipped = layers.ReLU()(_convolution(fine, HEAD, size=1, name="skip"))
    maps = layers.ReLU()(_convolution(layers.Add()([enlarged, skipped]), HEAD, name="joined"))
    # At the full resolution of the answer, for symbols that touch.
    maps = _residual(maps, HEAD, name="apart")
    answer = layers.Conv2D(NUM_CHANNELS, 1, dtype="float32", name="answer")
    network = keras.Model(pages, answer(maps), name="detector")
    kernel, bias = answer.get_weights()
    bias[OBJECT] = RARE_OBJECT_LOGIT
    answer.set_weights([kernel, bias])
    return network


def _convolution(
    maps: Any,
    num_channels: int,
    *,
    size: int = 3,
    strides: int | tuple[int, int] = 1,
    dilation: int | tuple[int, int] = 1,
    gain: float = 1.0,
    name: str,
) -> Any:
    maps = layers.Conv2D(
        num_channels,
        size,
        strides=strides,
        padding="same",
        dilation_rate=dilation,
        use_bias=False,
        kernel_initializer="he_normal",
        name=name,
    )(maps)
    return FusedBatchNormalization(
        momentum=0.95,
        epsilon=1e-3,
        gamma_initializer=keras.initializers.Constant(gain),
        name=f"{name}_norm",
    )(maps)


def _residual(maps: Any, num_channels: int, *, dilation: int | tuple[int, int] = 1, name: str) -> Any:
    """A block that passes on what it gets until it has learnt otherwise (Goyal et al., 2017)."""
    inner = layers.ReLU()(_convolution(maps, num_channels, dilation=dilation, name=f"{name}1"))
    inner = _convolution(inner, num_channels, gain=0.0, name=f"{name}2")
    return layers.ReLU()(layers.Add()([maps, inner]))
