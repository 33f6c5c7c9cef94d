"""How the window's promises are timed, by its tests and by the bench."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.gui.bench import Bench

ROOT = Path(__file__).resolve().parents[2]

# Runs the product as it is; prints when the window is mapped and has read its empty paper.
PROBE = """
import sys, time
from handsum.window.app import App
app = App()
while not (app.winfo_viewable() and app.reading is not None):
    app.update()
print(time.time(), *(name for name in ("tensorflow", "keras") if name in sys.modules))
print(open("/proc/self/status").read().split("VmRSS:")[1].split()[0] if sys.platform == "linux" else 0)
"""


@dataclass(frozen=True)
class Opening:
    """How long a fresh process took to stand ready to read, and what it weighs then."""

    seconds: float
    memory_mb: float
    frameworks: list[str]


def open_window(environment: Mapping[str, str]) -> Opening:
    """Start the window in a process of its own, until it is mapped and has read its empty paper."""
    start = time.time()
    output = subprocess.check_output([sys.executable, "-c", PROBE], text=True, cwd=ROOT, env=environment)
    first_line, memory_kb = output.splitlines()
    ready, *frameworks = first_line.split()
    return Opening(float(ready) - start, int(memory_kb) / 1024, frameworks)


def finished_stroke_ms(bench: Bench, stroke: Sequence[Sequence[float]]) -> float:
    """From the lifting of the pen to the new digit, numbers and goals of the bars, drawn."""
    paper = bench.app.paper
    scale = 300 / max(1.0, *(max(point) for point in stroke))
    points = [(round(50 + x * scale), round(50 + y * scale)) for x, y in stroke]
    paper.event_generate("<Button-1>", x=points[0][0], y=points[0][1])
    for x, y in points[1:]:
        paper.event_generate("<B1-Motion>", x=x, y=y)
    bench.app.update()
    start = time.perf_counter()
    paper.event_generate("<ButtonRelease-1>", x=points[-1][0], y=points[-1][1])
    bench.app.update_idletasks()
    wait_ms = (time.perf_counter() - start) * 1000
    assert bench.app.reading is not None
    assert bench.app.bars.goals == bench.app.reading.shares.tolist()
    bench.app.clear()
    return wait_ms
