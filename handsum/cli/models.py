"""Opening a reader with the network that the command line names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handsum.models import DEFAULT_DIGIT_MODEL

if TYPE_CHECKING:
    from handsum.reader import Reader


def open_reader(model: str, *, min_confidence: float = 0.0) -> Reader:
    """A reader with that digit network; a name that no network has is bad usage."""
    from handsum.reader import Reader

    try:
        return Reader(digit_model=model, min_confidence=min_confidence)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


model_option = click.option(
    "--model",
    default=DEFAULT_DIGIT_MODEL,
    show_default=True,
    help="The network that reads, or the .onnx file of your own that `handsum export` wrote.",
)
