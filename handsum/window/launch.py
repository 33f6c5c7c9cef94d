"""Opening the window, or one sentence that says why it cannot be opened and what to do."""

from __future__ import annotations

import argparse
import math
import signal
import sys
from collections.abc import Sequence

from handsum.errors import HandsumError
from handsum.models import DEFAULT_DIGIT_MODEL, MODEL_NAMES
from handsum.window.subject import Subject


def open_window(
    model: str = DEFAULT_DIGIT_MODEL, *, min_confidence: float = 0.0, subject: Subject = "digit"
) -> None:
    """Open the window and stay until it is closed; `model` and `min_confidence` are what `Reader` takes.

    `subject` is what it begins with: one digit, or numbers and sums.

    Raises:
        HandsumError: Tk is not installed, or there is no display to open a window on.
    """
    try:
        import tkinter
    except ImportError as error:
        raise HandsumError(
            "The window needs Tk: install python3-tk (Debian, Ubuntu), python3-tkinter (Fedora) "
            "or python-tk (Homebrew)."
        ) from error
    from handsum.window import density
    from handsum.window.app import App

    density.ask_for_true_pixels()
    try:
        app = App(model, min_confidence=min_confidence, subject=subject)
    except tkinter.TclError as error:
        if "display" not in str(error):
            raise
        raise HandsumError(
            "There is no display to open the window on: run this in a desktop session (over SSH, use "
            "ssh -X), or read pictures without a window: handsum read FILE"
        ) from error
    # Tk looks for Python's interrupts only between events: Ctrl-C in the terminal would wait for the pointer.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app.mainloop()


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window from a command line; returns the exit status."""
    chosen = _parser().parse_args(argv)
    try:
        open_window(chosen.model, min_confidence=chosen.min_confidence, subject=chosen.subject)
    except HandsumError as error:
        print(f"handsum: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Draw a digit, or write numbers and sums, with mouse, pen or finger, and see it read.",
        epilog="In the window: Enter predict, Esc clear, Ctrl+Z undo, Ctrl+Shift+Z redo, Ctrl+C copy, "
        "N digit or numbers, [ and ] pen width, P pen, E eraser, D dark or light. With numbers: click a sign "
        "in the line under the paper, or hold the pen on it, to say what it is; scratch out to erase.",
    )
    parser.add_argument(
        "--model",
        default=DEFAULT_DIGIT_MODEL,
        help=f"{', '.join(MODEL_NAMES)}, or an .onnx file that `handsum export` wrote (default: %(default)s)",
    )
    parser.add_argument(
        "--min-confidence",
        type=_ratio,
        default=0.0,
        metavar="0..1",
        help="show no digit and no answer that is read with less confidence than this, e.g. 0.9",
    )
    parser.add_argument(
        "--numbers",
        dest="subject",
        action="store_const",
        const="numbers",
        default="digit",
        help="begin with numbers and sums instead of one digit",
    )
    return parser


def _ratio(text: str) -> float:
    try:
        ratio = float(text)
    except ValueError:
        ratio = math.nan
    if not 0 <= ratio <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1, such as 0.9")
    return ratio
