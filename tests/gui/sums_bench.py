"""Sums written by the real pointer in the real window, and what the window makes of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from handsum.ink import Ink
from handsum.reading import Symbol
from tests.gui.bench import DEADLINE_S, Bench
from tests.gui.writing import KnowingReader, Sign, strokes_of, written

SUM = written("12+7=", left=40, top=40, height=60)
BELOW = written("×2=", left=40, top=150, height=60)
DOUBTED_SEVEN = {"7": Symbol("7", (0, 0, 1, 1), 0.55, (("1", 0.3),))}

# Several of the hand's deadlines: it writes and presses keys meanwhile.
LONGEST_PAUSE_S = 8 * DEADLINE_S

OpenNumbers = Callable[..., Bench]  # as open_numbers gives it


class SlowReader(KnowingReader):
    """Reads nothing while `go` is not set, so that ink and keys overtake it."""

    def __init__(self, *lines: Sequence[Sign]) -> None:
        super().__init__(*lines)
        self.go = threading.Event()
        self.go.set()

    def find_ink_symbols(self, ink: Ink) -> tuple[Symbol, ...]:
        """The signs that are whole, once it may go."""
        assert self.go.wait(LONGEST_PAUSE_S)
        return super().find_ink_symbols(ink)


def write(bench: Bench, signs: list[Sign]) -> None:
    """Write signs, and wait until they are read."""
    bench.draw(strokes_of(signs))
    wait(bench)


def wait(bench: Bench) -> None:
    """Wait until what is on the paper is read."""
    bench.until(lambda: not bench.app.numbers.is_reading, "the reading")


def rows(bench: Bench) -> list[str]:
    """What stands in the strip under the paper."""
    return bench.app.numbers.view.rows


def in_strip(bench: Bench, row: int, place: int) -> str:
    """xdotool's way to a symbol in the strip under the paper."""
    numbers = bench.app.numbers
    return "mousemove {} {}".format(*numbers.view.place_of(numbers.sums[row].line.symbols[place]))


def pick(bench: Bench, row: int, place: int) -> None:
    """Click on a symbol in the strip under the paper."""
    bench.do([in_strip(bench, row, place), "click 1"])
    bench.until(lambda: bench.app.numbers.chooser.is_open, "the card")


def on_paper(bench: Bench, sign: Sign) -> str:
    """xdotool's way to the middle of a sign."""
    x0, y0, x1, y1 = sign.box
    left, top = bench.app.paper.winfo_rootx(), bench.app.paper.winfo_rooty()
    return f"mousemove {round(left + (x0 + x1) / 2)} {round(top + (y0 + y1) / 2)}"
