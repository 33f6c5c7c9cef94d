"""The drawing window. Importing this package loads neither Tk nor a model; opening the window does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handsum.window.launch import main, open_window

if TYPE_CHECKING:
    from handsum.window.app import App

__all__ = ["App", "main", "open_window"]


def __getattr__(name: str) -> Any:
    if name == "App":
        from handsum.window.app import App

        return App
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
