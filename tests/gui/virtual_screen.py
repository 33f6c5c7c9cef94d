"""A screen of our own with a real pointer and keyboard: Xvfb and xdotool. Nobody's mouse is taken over."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Answer = TypeVar("Answer")

PROGRAMS = ("Xvfb", "xdotool")
# How fast our hand moves: a pen or mouse reports about 125 to 250 times a second.
SECONDS_PER_POINT = 0.004


def missing_programs() -> list[str]:
    """What would have to be installed first."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class VirtualScreen:
    """An Xvfb of its own on a free display number, as a context manager."""

    def __init__(self, width_px: int = 1400, height_px: int = 1000, dpi: int = 96) -> None:
        self._size = f"{width_px}x{height_px}x24"
        self._dpi = str(dpi)

    def __enter__(self) -> VirtualScreen:
        reading_end, writing_end = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing_end), "-screen", "0", self._size, "-dpi", self._dpi]
        self._server = subprocess.Popen(command, pass_fds=[writing_end], stderr=subprocess.DEVNULL)
        os.close(writing_end)
        with os.fdopen(reading_end) as pipe:  # the line comes when the server is ready
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"
        self.environment = {**os.environ, "DISPLAY": self.name}
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.terminate()
        self._server.wait(timeout=10)

    def start(self, commands: Iterable[str]) -> subprocess.Popen[str]:
        """Start xdotool on a chain of its commands, one a line."""
        process = subprocess.Popen(
            ["xdotool", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment
        )
        assert process.stdin is not None
        process.stdin.write("\n".join(commands) + "\n")
        process.stdin.close()
        return process


def stroke_commands(strokes: Iterable[Sequence[Sequence[float]]]) -> list[str]:
    """xdotool's commands for drawing strokes, each a sequence of (x, y) on the screen."""
    commands = []
    for stroke in strokes:
        for index, (x, y) in enumerate(stroke):
            commands.append(f"mousemove {round(x)} {round(y)}")
            if index == 0:
                commands.append("mousedown 1")
            commands.append(f"sleep {SECONDS_PER_POINT}")
        commands.append("mouseup 1")
    return commands


def wait_for(condition: Callable[[], Answer], *, deadline_s: float = 20.0, what: str = "it") -> Answer:
    """The first true answer of `condition`, asked about a hundred times a second until the deadline."""
    end = time.monotonic() + deadline_s
    while not (answer := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {deadline_s:.0f} s in vain for {what}")
        time.sleep(0.01)
    return answer
