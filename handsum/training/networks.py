"""The networks, as Keras models made of stock layers."""

from __future__ import annotations

import keras
from keras import layers

from handsum.reading import FRAME_SIZE, NUM_DIGITS

CLASSIC_PARAMETERS = 225_034

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
