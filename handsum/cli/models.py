"""Opening a reader with the network that the command line names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from handsum.reader import Reader


def open_reader(model: str) -> Reader:
    """A reader with that digit network; a name that no network has is bad usage."""
    from handsum.models import MODEL_NAMES
    from handsum.reader import Reader

    if model not in MODEL_NAMES:
        raise click.BadParameter(f"there is no network {model!r}; there is: {', '.join(MODEL_NAMES)}")
    return Reader(digit_model=model)
