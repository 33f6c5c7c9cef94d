"""A progress bar where someone is watching, and nothing where no one is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

# Fewer digits are done before a bar could be read.
BAR_FROM = 50


def tracked(
    items: Sequence[Item], verb: str, *, stdout_is_quiet: bool, bar_from: int = BAR_FROM
) -> Iterable[Item]:
    """The same items, with a bar on standard error while they are taken.

    The bar is drawn on a terminal only, for `bar_from` items or more, and only while nothing else is printed
    there: lines that appear one by one are progress enough.
    """
    if len(items) < bar_from or not stdout_is_quiet or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, verb, console=Console(stderr=True))
