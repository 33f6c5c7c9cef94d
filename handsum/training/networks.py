"""The networks, as Keras models made of stock layers."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from handsum.reading import FRAME_SIZE, NUM_DIGITS

CLASSIC_PARAMETERS = 225_034
BEST_PARAMETERS = 207_051

# The best network's classes: the ten digits, and what is not one digit.
NUM_CLASSES = NUM_DIGITS + 1
NOT_A_DIGIT = NUM_DIGITS

# Channels (of the shipped network, at a width multiplier of 1) and strides of the best network's 3x3
# convolutions, none of them padded.
BEST_STAGES = ((16, 1), (32, 2), (48, 1), (64, 1), (96, 1), (112, 1))

# The layer whose activations are exported as the embedding of a frame.
EMBEDDING_LAYER = "embedding"


def classic_network() -> keras.Model:
    """The classic MNIST network: frames float32 (n, 28, 28, 1) in 0..1 to probabilities (n, 10).

    Layer for layer the network of Keras's `mnist_convnet` family of examples: two 3x3 convolutions
    with max pooling, a dense layer of 128, a softmax of ten.
    """
    network = keras.Sequential(
        [
            keras.Input((FRAME_SIZE, FRAME_SIZE, 1), name="frames"),
            layers.Conv2D(32, 3, activation="relu", name="strokes"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu", name="shapes"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu", name=EMBEDDING_LAYER),
            layers.Dense(NUM_DIGITS, activation="softmax", name="probabilities"),
        ],
        name="classic",
    )
    assert network.count_params() == CLASSIC_PARAMETERS
    return network


def best_network(width_multiplier: int = 1) -> keras.Model:
    """Our best digit network: frames float32 (n, 28, 28, 1) in 0..1 to logits (n, 11), the last "no digit".

    Its convolutions have `width_multiplier` times the channels of BEST_STAGES (Howard et al., "MobileNets",
    2017).

    Six unpadded 3x3 convolutions with batch normalisation, as in An et al., "An Ensemble of Simple
    Convolutional Neural Network Models for MNIST Digit Recognition" (2020), cut short to eight million
    multiply-adds. What the last one saw is summed up twice: where it was strongest, and by two learned
    weightings of its places for each channel, since digits are centred and place means something.
    """
    frames = keras.Input((FRAME_SIZE, FRAME_SIZE, 1), name="frames")
    maps = frames
    for number, (num_channels, stride) in enumerate(BEST_STAGES, start=1):
        maps = layers.Conv2D(
            num_channels * width_multiplier,
            3,
            strides=stride,
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"conv{number}",
        )(maps)
        maps = FusedBatchNormalization(momentum=0.9, epsilon=1e-3, name=f"norm{number}")(maps)
        maps = layers.ReLU(name=f"relu{number}")(maps)
    # A depthwise convolution over all places, written as a sum: torch is ten times as fast at its gradient.
    placed = layers.EinsumDense("byxc,yxcm->bcm", output_shape=(maps.shape[-1], 2), name="places")(maps)
    strongest = layers.GlobalMaxPooling2D(name="strongest")(maps)
    embedding = layers.Concatenate(name=EMBEDDING_LAYER)([layers.Flatten()(placed), strongest])
    logits = layers.Dense(NUM_CLASSES, dtype="float32", name="logits")(embedding)
    network = keras.Model(frames, logits, name="best")
    assert width_multiplier > 1 or network.count_params() == BEST_PARAMETERS
    return network


def width_multiplier_of(network: keras.Model) -> int:
    """How many times the channels of BEST_STAGES a network has that may be the best one; at least 1."""
    first = next((layer for layer in network.layers if isinstance(layer, layers.Conv2D)), None)
    return max(1, first.filters // BEST_STAGES[0][0]) if first else 1


@keras.saving.register_keras_serializable("handsum")
class FusedBatchNormalization(layers.BatchNormalization):
    """Batch normalisation in one pass where the backend is torch.

    Keras's own takes the moments in passes of their own there, which on two cores is a quarter of the
    time of training; the result is the same.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if keras.backend.backend() != "torch":
            return super().call(inputs, training=training, mask=mask)
        import torch

        normalised = torch.nn.functional.batch_norm(
            inputs.movedim(-1, 1),
            self.moving_mean.value,
            self.moving_variance.value,
            self.gamma.value,
            self.beta.value,
            bool(training),
            1 - self.momentum,
            self.epsilon,
        )
        return normalised.movedim(1, -1)
