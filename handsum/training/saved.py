"""Networks that a run saved as HDF5, opened again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras

from handsum.errors import DataError


def open_network(path: Path, *, recipe: str) -> keras.Model:
    """Open the HDF5 file of a network; `recipe` names what makes one, for who has none.

    Raises:
        DataError: it is missing or holds something else.
    """
    if not path.is_file():
        raise DataError(f"There is no file {path}; `handsum train --recipe {recipe}` makes it.")
    try:
        return keras.models.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is not a network that Keras can open ({type(error).__name__}).") from error


def take_over(network: keras.Model, earlier: keras.Model) -> None:
    """Copy the weights of every layer that has the same name and shapes in both."""
    names = {layer.name for layer in earlier.layers}
    for layer in network.layers:
        learnt = earlier.get_layer(layer.name).get_weights() if layer.name in names else []
        if [weight.shape for weight in layer.get_weights()] == [weight.shape for weight in learnt]:
            layer.set_weights(learnt)


def move_back(network: keras.Model, earlier: keras.Model, share: float) -> None:
    """Move a network's weights by a share of the way back to those it began with, if it has the same layers.

    What is learnt anew costs some of what was known before, and in between is often better than either
    (Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", 2022).
    """
    own, begun_with = network.get_weights(), earlier.get_weights()
    if [weight.shape for weight in own] == [weight.shape for weight in begun_with]:
        pairs = zip(own, begun_with, strict=True)
        network.set_weights([(1 - share) * weight + share * before for weight, before in pairs])


def built(build: Callable[[], keras.Model], *, bfloat16: bool = False) -> keras.Model:
    """A network that computes in float32 or, weights and answers aside, in bfloat16.

    Mixed precision (Micikevicius et al., 2018): half the time on processors that multiply bfloat16 numbers
    (AVX512_BF16, AMX, recent GPUs), several times as long on others.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if bfloat16 else "float32")
    try:
        return build()
    finally:
        keras.config.set_dtype_policy(before)


def in_float32(build: Callable[[], keras.Model], network: keras.Model) -> keras.Model:
    """The network with the same weights, as one that computes in float32: what is saved and measured."""
    plain = built(build)
    plain.set_weights(network.get_weights())
    return plain
