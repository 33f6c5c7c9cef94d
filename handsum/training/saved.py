"""Networks saved as HDF5, whole and with what belongs to their weights, and opened again."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras

from handsum.atomic import whole_file
from handsum.errors import DataError

# The page recipe's two networks, in its folder of results.
DETECTOR_FILE, SCALE_FILE = "detector.h5", "scale.h5"

# The attributes of a file that hold, as JSON, a digit network's figures and a detector's calibration.
FIGURES_ATTRIBUTE = "handsum_figures"
CALIBRATION_ATTRIBUTE = "handsum_calibration"


def save_network(
    network: keras.Model,
    path: Path,
    figures: dict[str, Any] | None = None,
    *,
    calibration: dict[str, Any] | None = None,
) -> None:
    """Save as HDF5 without optimizer state, whole or not at all.

    Figures and calibration are kept inside the file, so that they cannot part from the weights.
    """
    # Keras calls HDF5 a legacy format at every save; it is the one that `mnist.h5` is known in, and that
    # figures can be written into.
    logging.getLogger("absl").setLevel(logging.ERROR)
    kept = {FIGURES_ATTRIBUTE: figures, CALIBRATION_ATTRIBUTE: calibration}
    with whole_file(path) as part:
        network.save(part, include_optimizer=False)
        with h5py.File(part, "a") as file:
            file.attrs.update({name: json.dumps(value) for name, value in kept.items() if value is not None})


def figures_in(path: Path) -> dict[str, Any]:
    """The figures kept in a network's file; none in one that others saved."""
    return _kept_in(path, FIGURES_ATTRIBUTE) or {}


def calibration_in(path: Path) -> dict[str, Any] | None:
    """The calibration kept in a detector's file; None in a file of any other kind."""
    try:
        return _kept_in(path, CALIBRATION_ATTRIBUTE)
    except OSError:
        return None


def _kept_in(path: Path, attribute: str) -> dict[str, Any] | None:
    with h5py.File(path) as file:
        kept: dict[str, Any] | None = json.loads(file.attrs.get(attribute, "null"))
    return kept


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
