"""The window on a virtual screen: how soon it is ready, and how soon a finished stroke is on the bars."""

from __future__ import annotations

import os
from pathlib import Path

from bench.accuracy import pen_digits
from bench.record import Times, record
from handsum.window.app import App
from tests.gui.bench import Bench
from tests.gui.timing import finished_stroke_ms, open_window
from tests.gui.virtual_screen import VirtualScreen

NUM_DIGITS = 250
NUM_OPENINGS = 11


def main() -> None:
    """Measure both and append to results.jsonl."""
    inks, _ = pen_digits(Path(os.environ["HANDSUM_DATA"]) / "ink" / "unipen-symbols.jsonl.gz")
    with VirtualScreen() as screen:
        openings = [open_window(screen.environment) for _ in range(NUM_OPENINGS)][1:]
        record("open the window, whole process", Times.of([opening.seconds * 1000 for opening in openings]))
        print(f"  {max(opening.memory_mb for opening in openings):.0f} MB")
        os.environ["DISPLAY"] = screen.name
        app = App()
        bench = Bench(screen, app)
        bench.resize_paper(400, 400)
        strokes = [stroke.points for ink in inks[:NUM_DIGITS] for stroke in ink.strokes]
        waits_ms = [finished_stroke_ms(bench, [point[:2] for point in points]) for points in strokes]
        app.destroy()
    record("a stroke ends: bars updated, 400x400", Times.of(waits_ms))


if __name__ == "__main__":
    main()
