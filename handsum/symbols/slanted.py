"""Slanted views: a page in doubt is seen again leaning to either side, and what the views say is averaged.

Errors that hang on how a symbol happens to lie become fewer: test-time augmentation (Krizhevsky, Sutskever
and Hinton, 2012), the boxes of the views brought together much as in "Weighted Boxes Fusion" (Solovyev, Wang
and Gabruseva, 2021). Most pages hold nothing doubtful and are seen once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from handsum.layout.boxes import overlap_ratios
from handsum.layout.labels import LEANING
from handsum.reading import Symbol
from handsum.symbols.network import LEAST_ALTERNATIVE, MOST_ALTERNATIVES, PageNetwork
from handsum.symbols.sizes import digit_height, together

# Where every symbol is so sure there is no other view. With 0.97 half as many pages again were seen three
# times, and on the whole no more were read right.
SURE = 0.9
# How far a view leans: the shift to the side over the height.
SHEARS = (0.15, -0.15)
# Boxes of two views that overlap by this show the same symbol.
SAME_SYMBOL = 0.4
# On the mean of all views, what the page as it is does not show must be so likely, and what it shows.
LEAST_ADDED, LEAST_KEPT = 0.35, 0.25
# What only leaning views show for one of these is the side of a frame more often than not.
UPRIGHT = frozenset({"1", *LEANING})
# Larger pages and such with more symbols are seen once: a hostile one must not cost three times as much.
MOST_PIXELS, MOST_SYMBOLS = 8_000_000, 300
MARGIN_PX = 2


@dataclass
class _Seen:
    """What the views say of one symbol: the one that was seen first, and by label the sum over the views."""

    symbol: Symbol
    is_on_page: bool
    totals: dict[str, float]

    def add(self, symbol: Symbol) -> None:
        for label, share in ((symbol.label, symbol.confidence), *symbol.alternatives):
            self.totals[label] = self.totals.get(label, 0.0) + share


def seen_slanted(
    symbols: Sequence[Symbol],
    page: NDArray[np.uint8],
    network: PageNetwork,
    *,
    digit_heights_px: Sequence[float] = (),
) -> tuple[Symbol, ...]:
    """The symbols of a page uint8 (H, W), bright ink on 0, by the mean of its views where any is doubtful.

    Args:
        digit_heights_px: of a page with digits of several sizes, how high they are; else its symbols tell.
    """
    found = tuple(symbols)
    heights = digit_heights_px if len(digit_heights_px) > 1 else [digit_height(found)]
    is_sure = all(symbol.confidence >= SURE for symbol in found)
    if is_sure or not all(heights) or len(found) > MOST_SYMBOLS or page.size > MOST_PIXELS:
        return found
    seen = _joined([], found, is_page=True)
    for shear in SHEARS:
        seen = _joined(seen, _seen_leaning(page, shear, heights, network), is_page=False)
    means = [_mean_of(one, 1 + len(SHEARS)) for one in seen]
    return tuple(symbol for symbol in means if symbol is not None)


def _seen_leaning(
    page: NDArray[np.uint8], shear: float, heights: Sequence[float], network: PageNetwork
) -> tuple[Symbol, ...]:
    """The symbols of the page sheared about its middle row, with their boxes where they are on the page."""
    # Imported here: most pages are seen once, and all would wait for it.
    import cv2

    num_rows, num_columns = page.shape
    beside = int(abs(shear) * num_rows / 2) + MARGIN_PX
    to_view = np.array([[1, shear, beside - shear * num_rows / 2], [0, 1, 0]])
    sheared = cv2.warpAffine(page, to_view, (num_columns + 2 * beside, num_rows), flags=cv2.INTER_LINEAR)
    view = np.asarray(sheared, np.uint8)

    def on_page(symbol: Symbol) -> Symbol:
        left, top, right, bottom = symbol.box
        shift = beside + shear * ((top + bottom) / 2 - num_rows / 2)
        return replace(symbol, box=(left - shift, top, right - shift, bottom))

    leaning = together([network.look(view, digit_height_px=height) for height in heights])
    return tuple(map(on_page, leaning))


def _joined(seen: Sequence[_Seen], symbols: Sequence[Symbol], *, is_page: bool) -> list[_Seen]:
    """What was seen before with the symbols of one more view, each added to the one that it overlaps most."""
    overlaps = overlap_ratios([one.symbol.box for one in seen], [symbol.box for symbol in symbols])
    joined = list(seen)
    for index in np.argsort([-symbol.confidence for symbol in symbols], kind="stable").tolist():
        if overlaps[:, index].max(initial=0.0) > SAME_SYMBOL:
            same = int(overlaps[:, index].argmax())
            overlaps[same] = 0.0  # a view shows it once
            one = joined[same]
        else:
            one = _Seen(symbols[index], is_page, {})
            joined.append(one)
        one.add(symbols[index])
    return joined


def _mean_of(seen: _Seen, num_views: int) -> Symbol | None:
    """The symbol by the mean of all views, of which some may not show it; None if it is too unlikely."""
    (label, total), *others = sorted(seen.totals.items(), key=lambda pair: -pair[1])
    is_likely = sum(seen.totals.values()) / num_views >= (LEAST_KEPT if seen.is_on_page else LEAST_ADDED)
    if not is_likely or (label in UPRIGHT and not seen.is_on_page):
        return None
    shares = [(other, share / num_views) for other, share in others[:MOST_ALTERNATIVES]]
    alternatives = tuple(pair for pair in shares if pair[1] >= LEAST_ALTERNATIVE)
    confidence = total / num_views
    return replace(
        seen.symbol, label=label, confidence=confidence, alternatives=alternatives, raw_label=label
    )
