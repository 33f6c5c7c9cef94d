"""handsum reads handwritten digits, numbers and sums: in a window, from files and from Python.

The public names are loaded on first use: importing `handsum` loads no model and opens no window.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handsum.arithmetic import Answer, evaluate
    from handsum.errors import HandsumError
    from handsum.ink import Ink, Stroke
    from handsum.reader import Reader
    from handsum.reading import DigitReading, Line, Reading, Symbol

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "DigitReading",
    "HandsumError",
    "Ink",
    "Line",
    "Reader",
    "Reading",
    "Stroke",
    "Symbol",
    "__version__",
    "evaluate",
]

_HOMES = {
    "Answer": "handsum.arithmetic",
    "DigitReading": "handsum.reading",
    "HandsumError": "handsum.errors",
    "Ink": "handsum.ink",
    "Line": "handsum.reading",
    "Reader": "handsum.reader",
    "Reading": "handsum.reading",
    "Stroke": "handsum.ink",
    "Symbol": "handsum.reading",
    "evaluate": "handsum.arithmetic",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'handsum' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
