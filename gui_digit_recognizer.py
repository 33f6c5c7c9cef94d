"""The window under its older name, and `predict_digit` for other programs."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

from handsum.window import main

if TYPE_CHECKING:
    from handsum.reader import Reader
    from handsum.window import App

__all__ = ["App", "main", "predict_digit"]


def predict_digit(image: Any) -> tuple[int | None, float]:
    """Read one digit from a path, bytes, PIL image or array: (digit, confidence), digit None in doubt."""
    reading = _reader().read_digit(image)
    return reading.label, reading.confidence


@functools.cache
def _reader() -> Reader:
    from handsum.reader import Reader

    return Reader()


def __getattr__(name: str) -> Any:
    if name == "App":  # only whoever asks for the window needs Tk
        from handsum.window import App

        return App
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if __name__ == "__main__":
    sys.exit(main())
