"""Corrections that stay: what a person said a symbol is, as long as its ink is on the paper. Pure, no Tk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handsum.ink import Ink, Stroke
from handsum.layout.boxes import center_x, center_y, overlap_ratio
from handsum.layout.labels import LEANING
from handsum.reading import Box, Symbol
from handsum.window.scratch import resampled

# A stroke is in a box by this share of its length.
MIN_INSIDE = 0.6
# The network's boxes may be a little too tight.
BOX_MARGIN_PX = 3.0
# Another look at the same ink overlaps by this much; a look at a part of it, as a bar of =, by less.
SAME_INK_OVERLAP = 0.5


@dataclass(frozen=True)
class Pin:
    """One correction.

    Attributes:
        label: what the person said.
        read: the symbol as it was read; its box stays where it was.
        strokes: the ink that it is made of.
    """

    label: str
    read: Symbol
    strokes: frozenset[Stroke]

    @property
    def symbol(self) -> Symbol:
        """The symbol as it was corrected: nothing that reads a line doubts it."""
        return Symbol(self.label, self.read.box, 1.0)

    def holds_on(self, ink: Ink) -> bool:
        """Whether its ink is still there, and nothing was added to it."""
        if not self.strokes <= set(ink.strokes):
            return False
        return _is_leaning(self.label, self.read) or strokes_in(ink, self.read.box) <= self.strokes

    def claims(self, symbol: Symbol, ink: Ink) -> bool:
        """Whether a symbol found on the ink is another look at what was corrected."""
        if overlap_ratio(self.read.box, symbol.box) >= SAME_INK_OVERLAP:
            return True
        is_inside = _has_inside(self.read.box, center_x(symbol.box), center_y(symbol.box))
        return is_inside and strokes_in(ink, symbol.box) <= self.strokes


class Pins:
    """All corrections of a session. One whose ink is taken away comes back with it, by undo or redo."""

    def __init__(self) -> None:
        self._pins: tuple[Pin, ...] = ()

    def pin(self, label: str, symbol: Symbol, *, among: Iterable[Symbol], ink: Ink) -> None:
        """Say what a symbol of the ink is; `among` are all symbols there."""
        earlier = self.on(ink, symbol)
        read = earlier.read if earlier else symbol
        others = among if _is_leaning(label, read) else ()
        pin = Pin(label, read, _own_strokes(ink, read, others))
        self._pins = (*(other for other in self._pins if other.read.box != read.box), pin)

    def on(self, ink: Ink, symbol: Symbol) -> Pin | None:
        """The correction that a symbol of the ink comes from, if it does."""
        return next((pin for pin in self.held_on(ink) if pin.symbol.box == symbol.box), None)

    def held_on(self, ink: Ink) -> tuple[Pin, ...]:
        """The corrections that hold on an ink."""
        return tuple(pin for pin in self._pins if pin.holds_on(ink))


def with_pins(symbols: Sequence[Symbol], pins: Iterable[Pin], ink: Ink) -> tuple[Symbol, ...]:
    """The symbols found on an ink, corrected."""
    kept = list(symbols)
    for pin in pins:
        kept = [symbol for symbol in kept if not pin.claims(symbol, ink)]
        kept.append(pin.symbol)
    return tuple(kept)


def corrected(symbols: Iterable[Symbol], pins: Iterable[Pin]) -> tuple[Symbol, ...]:
    """Symbols of a line, where its layout thought otherwise of one that was corrected."""
    labels = {pin.symbol.box: pin.label for pin in pins}
    return tuple(replace(symbol, label=labels.get(symbol.box, symbol.label)) for symbol in symbols)


def strokes_in(ink: Ink, box: Box) -> frozenset[Stroke]:
    """The strokes that lie mostly in a box; where none does, as with digits that touch, all that enter it."""
    shares = {stroke: _share_inside(stroke, box) for stroke in ink.strokes if stroke.points}
    mostly = frozenset(stroke for stroke, share in shares.items() if share >= MIN_INSIDE)
    return mostly or frozenset(stroke for stroke, share in shares.items() if share > 0)


def _is_leaning(label: str, read: Symbol) -> bool:
    """Whether it is a slash or parenthesis: its box is mostly empty, and its neighbours reach into it."""
    return label in LEANING or read.label in LEANING


def _own_strokes(ink: Ink, symbol: Symbol, others: Iterable[Symbol]) -> frozenset[Stroke]:
    """The strokes of a symbol, without those of others that stand in its box."""
    strokes = strokes_in(ink, symbol.box)
    inside = [
        other
        for other in others
        if other != symbol and _has_inside(symbol.box, center_x(other.box), center_y(other.box))
    ]
    return strokes.difference(*(strokes_in(ink, other.box) for other in inside)) or strokes


def _share_inside(stroke: Stroke, box: Box) -> float:
    x0, y0, x1, y1 = box
    x, y = resampled(stroke).T
    across = (x >= x0 - BOX_MARGIN_PX) & (x <= x1 + BOX_MARGIN_PX)
    down = (y >= y0 - BOX_MARGIN_PX) & (y <= y1 + BOX_MARGIN_PX)
    return float((across & down).mean())


def _has_inside(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
