"""The hands that write composed pages: real writers' symbols, loaded once.

A page is written by one hand. What its writer left no example of is borrowed from writers of a similar
style: how far their digits lean and how wide they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from handsum.training.compose.glyphs import Glyph

Source = Literal["pen", "tablet", "scan", "picture"]

DIGITS = "0123456789"
LABELS = (*DIGITS, "+", "-", "×", "÷", "/", "(", ")", ".", ",", "=")

# With fewer classes of digits than this a writer only lends symbols to others.
LEAST_DIGIT_CLASSES = 6

# How many similar writers a missing symbol may come from: enough that no loan is seen on every page.
NUM_LENDERS = 12

# How often a page is written by each kind of hand: the many UNIPEN writers most, the 30 of Pendigits and the
# pictures, which carry pens and scanners of their own, less.
SOURCE_SHARES: dict[Source, float] = {"pen": 0.57, "tablet": 0.18, "scan": 0.2, "picture": 0.05}


@dataclass(frozen=True, eq=False)
class Hand:
    """One writer's symbols by label, and the writer's style: (slant, aspect) of the digits."""

    writer: str
    source: Source
    glyphs: dict[str, list[Glyph]]
    style: tuple[float, float] = (0.0, 0.75)

    @cached_property
    def num_digit_classes(self) -> int:
        """How many of the ten digits there are examples of."""
        return sum(bool(self.glyphs.get(digit)) for digit in DIGITS)


@dataclass(frozen=True, eq=False)
class SymbolLibrary:
    """Every hand, and the ink that is no symbol of ours (letters, currency signs).

    `sources.load_library` makes one from the data folder.
    """

    hands: Sequence[Hand]
    foreign: Sequence[Glyph] = ()
    _lenders: dict[tuple[str, str], list[Hand]] = field(default_factory=dict)

    @cached_property
    def writers_by_source(self) -> dict[Source, list[Hand]]:
        """The hands that may write a page, by where they come from."""
        found: dict[Source, list[Hand]] = defaultdict(list)
        for hand in self.hands:
            if hand.num_digit_classes >= LEAST_DIGIT_CLASSES:
                found[hand.source].append(hand)
        return dict(found)

    def choose_hand(self, rng: np.random.Generator) -> Hand:
        """The hand that writes a page."""
        sources = [source for source in SOURCE_SHARES if source in self.writers_by_source]
        shares = np.array([SOURCE_SHARES[source] for source in sources])
        hands = self.writers_by_source[sources[int(rng.choice(len(sources), p=shares / shares.sum()))]]
        return hands[int(rng.integers(len(hands)))]

    def glyphs_of(self, hand: Hand, label: str, rng: np.random.Generator) -> list[Glyph]:
        """The hand's own symbols of a label, else those of one writer of a similar style; maybe none."""
        own = hand.glyphs.get(label)
        if own:
            return own
        lenders = self._lenders_to(hand, label)
        return lenders[int(rng.integers(len(lenders)))].glyphs[label] if lenders else []

    def _lenders_to(self, hand: Hand, label: str) -> list[Hand]:
        key = (hand.writer, label)
        if key not in self._lenders:
            owners = self._owners[label]
            # Scans lend to scans where they can: their pens are alike.
            owners = [other for other in owners if _is_scanned(other) == _is_scanned(hand)] or owners
            order = np.argsort(_distances(hand, owners), kind="stable")[:NUM_LENDERS]
            self._lenders[key] = [owners[index] for index in order]
        return self._lenders[key]

    @cached_property
    def _owners(self) -> dict[str, list[Hand]]:
        return {label: [hand for hand in self.hands if hand.glyphs.get(label)] for label in LABELS}

    def num_glyphs(self) -> dict[str, int]:
        """How many symbols of each label there are."""
        return {label: sum(len(hand.glyphs.get(label, ())) for hand in self.hands) for label in LABELS}


def _is_scanned(hand: Hand) -> bool:
    return hand.source in ("scan", "picture")


def _distances(hand: Hand, others: Iterable[Hand]) -> NDArray[np.float64]:
    styles = np.array([other.style for other in others]).reshape(-1, 2)
    return np.asarray(np.abs(styles - np.array(hand.style)).sum(axis=1))
