"""The symbols of a page: a pipeline of named steps from pixels to labelled boxes.

`network` is the page network itself. Around it: `sizes` looks once for each size of writing, `hairlines`
thickens what a fine pen wrote, `slanted` sees doubtful pages from other sides, `contrast` and `specks` leave
out what is no writing, `colons` finds the division sign that the network does not know, `second_look` shows
each digit to the digit network, too, and `overlooked` finds digits that no symbol has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handsum.digit import DigitNetwork
from handsum.layout.fractions import find_fractions
from handsum.reading import Symbol
from handsum.symbols.colons import with_colons
from handsum.symbols.contrast import without_faint, without_pattern
from handsum.symbols.fraction_bars import flat_strokes, with_fraction_bars, without_bars
from handsum.symbols.hairlines import thickened
from handsum.symbols.network import PageNetwork
from handsum.symbols.overlooked import overlooked_digit, overlooked_digits
from handsum.symbols.second_look import look_again
from handsum.symbols.sizes import look_at_all_sizes, together, worth
from handsum.symbols.slanted import seen_slanted
from handsum.symbols.specks import without_specks

__all__ = [
    "CLEARLY_MORE",
    "PageNetwork",
    "find_symbols",
    "find_symbols_of_strokes",
    "without_pattern",
    "worth",
]

Page = NDArray[np.uint8]
Symbols = tuple[Symbol, ...]


def find_symbols(pages: Sequence[Page], network: PageNetwork, digits: DigitNetwork) -> list[Symbols]:
    """The symbols of each page uint8 (H, W), bright ink on 0, or of each piece of a sheet, in no order."""
    found = _found(pages, network, digits, are_strokes=False)
    return [
        _with_fractions(
            symbols, page, lambda cleared: _found([cleared], network, digits, are_strokes=False)[0]
        )
        for symbols, page in zip(found, pages, strict=True)
    ]


def find_symbols_of_strokes(page: Page, network: PageNetwork, digits: DigitNetwork) -> Symbols:
    """The same of a page that holds strokes and nothing else: more is believed, also overlooked digits."""

    def find(page: Page) -> Symbols:
        [found] = _found([page], network, digits, are_strokes=True)
        return found + overlooked_digits(found, page, digits)

    return _with_fractions(find(page), page, find)


def _with_fractions(symbols: Symbols, page: Page, find: Callable[[Page], Symbols]) -> Symbols:
    """The symbols of a page with the bars of fractions, looked for without bars, too, if that shows more."""
    strokes = flat_strokes(symbols, page)
    as_found = with_fraction_bars(symbols, strokes)
    cleared = without_bars(symbols, strokes, page)
    if cleared is None:
        return as_found
    again = find(cleared)
    without = with_fraction_bars(again, flat_strokes(again, page))
    is_more = find_fractions(without) and worth(without) > worth(as_found)
    return without if is_more else as_found


def _found(
    pages: Sequence[Page], network: PageNetwork, digits: DigitNetwork, *, are_strokes: bool
) -> list[Symbols]:
    """What has a sign of its own on each page; of a page without any, the digit that it may be."""
    seen = [_seen_best(page, network) for page in pages]
    found = without_faint([symbols for symbols, _ in seen], [page for _, page in seen])
    if len(pages) == 1 and not found[0]:
        return [overlooked_digit(pages[0], digits)]
    return [
        look_again(_settled_points(symbols, page, are_strokes=are_strokes), page, digits)
        for symbols, (_, page) in zip(found, seen, strict=True)
    ]


def _settled_points(symbols: Symbols, page: Page, *, are_strokes: bool) -> Symbols:
    """The symbols without points that are specks, and with colons for those that are part of one."""
    return with_colons(without_specks(symbols, page), page, are_strokes=are_strokes)


def _seen_best(page: Page, network: PageNetwork) -> tuple[Symbols, Page]:
    """The symbols of a page, and the page as it was seen: hairlines thickened where that shows more.

    Where it leaves doubts, it is seen from other sides, too.
    """
    looks = look_at_all_sizes(page, network)
    found = together(looks)
    thicker = thickened(page, found)
    if thicker is not None:
        thicker_looks = look_at_all_sizes(thicker, network)
        found_thicker = together(thicker_looks)
        if worth(found_thicker) > worth(found):
            looks, found, page = thicker_looks, found_thicker, thicker
    return seen_slanted(found, page, network, digit_heights_px=[look.digit_height_px for look in looks]), page
