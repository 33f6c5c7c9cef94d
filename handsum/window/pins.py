"""Corrections that stay: what a person said a symbol is, as long as its ink is on the paper. Pure, no Tk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from handsum.ink import Ink, Stroke
from handsum.layout.boxes import center_x, center_y, height, overlap_ratio, width
from handsum.layout.clutter import LOW_PLACE
from handsum.layout.labels import DIGITS, LEANING
from handsum.reading import Box, Symbol
from handsum.window.stroke_shape import Places, shape_of

# A stroke is in a box by this share of its length.
MIN_INSIDE = 0.6
# The network's boxes may be a little too tight.
BOX_MARGIN_PX = 3.0
# Another look at the same ink overlaps by this much; a look at a part of it, as a bar of =, by less.
SAME_INK_OVERLAP = 0.5
# A decimal point measures at most this share of its digit's height, without the pen's width; the stroke that
# makes a 6 of a 5 is longer.
POINT_SIZE = 0.15


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

    def holds_on(self, strokes: AbstractSet[Stroke]) -> bool:
        """Whether among these strokes are its own, and nothing was added to them.

        Added is what lies in its box by MIN_INSIDE of its length. Other symbols of a line may stand there: a
        decimal point under the arm of a digit, and anything in the box of a slash or parenthesis.
        """
        if not self.strokes <= strokes:
            return False
        if _is_leaning(self.label, self.read):
            return True
        added = strokes_in(strokes, self.read.box) - self.strokes
        return all(self._leaves_room_for(stroke) for stroke in added)

    def claims(self, symbol: Symbol, ink: Ink) -> bool:
        """Whether a symbol found on the ink is another look at what was corrected."""
        if overlap_ratio(self.read.box, symbol.box) >= SAME_INK_OVERLAP:
            return True
        is_inside = _has_inside(self.read.box, center_x(symbol.box), center_y(symbol.box))
        return is_inside and strokes_in(ink.strokes, symbol.box) <= self.strokes

    def _leaves_room_for(self, stroke: Stroke) -> bool:
        """Whether a stroke in its box is a decimal point: there the layout takes it for one, too."""
        dot, box = shape_of(stroke).box, self.read.box
        is_small = max(width(dot), height(dot)) <= POINT_SIZE * height(box)
        is_low = center_y(dot) >= box[1] + LOW_PLACE * height(box)
        return self.label in DIGITS and is_small and is_low


class Pins:
    """All corrections of a session. One whose ink is taken away comes back with it, by undo or redo."""

    def __init__(self) -> None:
        self._pins: tuple[Pin, ...] = ()

    def pin(self, label: str, symbol: Symbol, *, among: Iterable[Symbol], ink: Ink) -> bool:
        """Say what a symbol of the ink is; `among` are all symbols there. False where its ink has gone."""
        earlier = self.on(ink, symbol)
        read = earlier.read if earlier else symbol
        others = among if _is_leaning(label, read) else ()
        strokes = _own_strokes(ink, read, others)
        if not strokes:
            return False
        others_kept = (pin for pin in self._pins if pin.read.box != read.box)
        self._pins = (*others_kept, Pin(label, read, strokes))
        return True

    def on(self, ink: Ink, symbol: Symbol) -> Pin | None:
        """The correction that a symbol of the ink comes from, if it does."""
        return next((pin for pin in self.held_on(ink) if pin.symbol.box == symbol.box), None)

    def held_on(self, ink: Ink) -> tuple[Pin, ...]:
        """The corrections that hold on an ink."""
        strokes = frozenset(ink.strokes)
        return tuple(pin for pin in self._pins if pin.holds_on(strokes))


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


def strokes_in(strokes: Iterable[Stroke], box: Box) -> frozenset[Stroke]:
    """The strokes that lie mostly in a box; where none does, as with digits that touch, all that enter it."""
    x0, y0, x1, y1 = box
    grown = (x0 - BOX_MARGIN_PX, y0 - BOX_MARGIN_PX, x1 + BOX_MARGIN_PX, y1 + BOX_MARGIN_PX)
    near = [stroke for stroke in strokes if stroke.points and _meet(shape_of(stroke).box, grown)]
    shares = [(stroke, _share_inside(shape_of(stroke).places, grown)) for stroke in near]
    mostly = frozenset(stroke for stroke, share in shares if share >= MIN_INSIDE)
    return mostly or frozenset(stroke for stroke, share in shares if share > 0)


def _is_leaning(label: str, read: Symbol) -> bool:
    """Whether it is a slash or parenthesis: its box is mostly empty, and its neighbours reach into it."""
    return label in LEANING or read.label in LEANING


def _own_strokes(ink: Ink, symbol: Symbol, others: Iterable[Symbol]) -> frozenset[Stroke]:
    """The strokes of a symbol, without those of others that stand in its box."""
    strokes = strokes_in(ink.strokes, symbol.box)
    inside = [
        other
        for other in others
        if other != symbol and _has_inside(symbol.box, center_x(other.box), center_y(other.box))
    ]
    return strokes.difference(*(strokes_in(ink.strokes, other.box) for other in inside)) or strokes


def _meet(first: Box, second: Box) -> bool:
    is_across = first[0] <= second[2] and second[0] <= first[2]
    return is_across and first[1] <= second[3] and second[1] <= first[3]


def _share_inside(places: Places, box: Box) -> float:
    x, y = places.T
    return float(((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])).mean())


def _has_inside(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
