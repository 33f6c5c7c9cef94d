"""Makes images/0.png, 4.png, 7.png and sums-window.png: the real window reading what a real pointer draws.

The drawings alone, dark on white, go to images/drawings/ as examples to read.

Run `python docs/screenshots.py`. It needs Xvfb, xdotool and ImageMagick (apt-get install xvfb xdotool
imagemagick) and opens no window on your own screen. It stops where the reader takes one of these digits
for another, or misreads the sums.
"""

from __future__ import annotations

import io
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the script lives in docs/, the package and the screen one folder up

from handsum.ink import Ink, render  # noqa: E402
from handsum.reader import Reader  # noqa: E402
from tests.gui.virtual_screen import VirtualScreen, stroke_commands, wait_for  # noqa: E402
from tests.gui.writing import strokes_of, written  # noqa: E402

Line = list[tuple[float, float]]

TITLE = "^handsum$"
# Where the paper begins in the window: the margin, and above it the toolbar.
PAPER_LEFT_PX, PAPER_TOP_PX = 16, 56
POINT_EVERY_PX = 8


def drawn_by_hand(corners: Line) -> Line:
    """A smooth curve through the corners (Catmull-Rom), in steps of a moving hand."""
    ends = [corners[0], *corners, corners[-1]]
    curve: Line = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        num_steps = max(1, round(math.dist(start, end) / POINT_EVERY_PX))
        curve += [between(before, start, end, after, step / num_steps) for step in range(num_steps)]
    return [*curve, corners[-1]]


def between(
    before: tuple[float, float],
    start: tuple[float, float],
    end: tuple[float, float],
    after: tuple[float, float],
    share: float,
) -> tuple[float, float]:
    """The place on a Catmull-Rom curve, `share` of the way from start to end."""
    x, y = (
        0.5
        * (
            2 * p1
            + (p2 - p0) * share
            + (2 * p0 - 5 * p1 + 4 * p2 - p3) * share**2
            + (3 * p1 - p0 - 3 * p2 + p3) * share**3
        )
        for p0, p1, p2, p3 in zip(before, start, end, after, strict=True)
    )
    return x, y


# Each digit at another place and size: it does not matter to the reader.
DIGITS: dict[int, list[Line]] = {
    0: [
        [(330, 88), (262, 104), (208, 178), (194, 270), (222, 362), (290, 402), (360, 372), (398, 288),
         (392, 188), (352, 112), (310, 90), (276, 92)],
    ],
    4: [
        [(196, 120), (172, 200), (152, 268), (158, 276), (240, 268), (330, 262)],
        [(276, 176), (268, 260), (256, 340), (248, 410)],
    ],
    7: [
        [(352, 96), (400, 90), (462, 88), (478, 94), (450, 150), (416, 220), (392, 290), (380, 330)],
        [(368, 206), (412, 200), (456, 198)],
    ],
}  # fmt: skip

SUMS = ("12+7=", "36÷4=8")
SUMS_AS_READ = "12+7=\n36÷4=8"


def main() -> None:
    """Make all four."""
    make_digits()
    make_sums()


def make_sums() -> None:
    """Sums written in the mode for numbers."""
    target = ROOT / "images" / "sums-window.png"
    lines = [
        stroke
        for row, text in enumerate(SUMS)
        for stroke in strokes_of(written(text, left=60, top=70 + 150 * row, height=80))
    ]
    read = Reader().read_ink(Ink.of(lines, width_px=6)).text
    if read != SUMS_AS_READ:
        raise SystemExit(f"the sums are read as {read!r}: write them better")
    with VirtualScreen() as screen:
        picture = picture_of_window(screen, lines, "--numbers")
    picture.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
    print(target.relative_to(ROOT))


def make_digits() -> None:
    """A digit in each window, and its drawing."""
    for digit, lines in DIGITS.items():
        target = ROOT / "images" / f"{digit}.png"
        if (label := label_of(lines)) != digit:
            raise SystemExit(f"the {digit} is read as {label}: draw it better")
        with VirtualScreen() as screen:
            picture = picture_of_window(screen, lines)
        drawing = target.parent / "drawings" / target.name
        drawing.parent.mkdir(parents=True, exist_ok=True)
        picture.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
        Image.fromarray(255 - page_of(lines)).save(drawing, optimize=True)
        print(target.relative_to(ROOT), drawing.relative_to(ROOT))


def label_of(lines: list[Line]) -> int | None:
    """What the reader takes these lines for."""
    return Reader().read_page(page_of(lines)).label


def page_of(lines: list[Line]) -> NDArray[np.uint8]:
    """The lines on a page of the window's size: uint8 (516, 568), ink 255 on 0."""
    ink = Ink.of(drawn_by_hand(line) for line in lines)
    return render(ink, width_px=568, height_px=516)


def picture_of_window(screen: VirtualScreen, lines: list[Line], *options: str) -> Image.Image:
    """Open the window, draw the lines, wait until the bars are at rest, and take its picture."""
    window = subprocess.Popen([sys.executable, "app.py", *options], cwd=ROOT, env=screen.environment)
    try:
        number = wait_for(lambda: window_number(screen), what="the window")
        empty = at_rest(screen, number)
        left, top = PAPER_LEFT_PX, PAPER_TOP_PX
        strokes = [[(left + x, top + y) for x, y in drawn_by_hand(line)] for line in lines]
        start = f"mousemove {left} {top}"
        if screen.start([start, *stroke_commands(strokes), "mousemove 1200 900"]).wait(timeout=60):
            raise RuntimeError("xdotool could not draw")
        wait_for(lambda: grab(screen, number).tobytes() != empty.tobytes(), what="the ink")
        return at_rest(screen, number)
    finally:
        window.terminate()
        window.wait(timeout=10)


def window_number(screen: VirtualScreen) -> str:
    """X's number of the handsum window, or '' while there is none."""
    command = ["xdotool", "search", "--onlyvisible", "--name", TITLE]
    found = subprocess.run(command, env=screen.environment, capture_output=True, text=True)
    return found.stdout.partition("\n")[0]


def at_rest(screen: VirtualScreen, number: str) -> Image.Image:
    """The window's picture once it has stopped changing."""
    pictures: list[bytes] = []

    def is_still() -> bool:
        pictures.append(grab(screen, number).tobytes())
        return len(pictures) > 5 and len(set(pictures[-5:])) == 1

    wait_for(is_still, what="a window at rest")
    return grab(screen, number)


def grab(screen: VirtualScreen, number: str) -> Image.Image:
    """A picture of the window."""
    command = ["import", "-window", number, "png:-"]
    png = subprocess.run(command, env=screen.environment, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(png)).convert("RGB")


if __name__ == "__main__":
    main()
