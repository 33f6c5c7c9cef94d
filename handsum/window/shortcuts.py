"""The keys, in one place."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

Command = Callable[[], object]
SHIFT = 0x0001  # in an event's state


def bind_keys(window: tk.Tk, commands: dict[str, Command]) -> None:
    """Bind the keys of each command, which are found by their names in `commands`."""
    keys = {
        "predict": ["<Return>", "<KP_Enter>"],
        "clear": ["<Escape>"],
        "thinner": ["<bracketleft>"],
        "thicker": ["<bracketright>"],
        "pen": ["<KeyPress-p>", "<KeyPress-P>"],
        "eraser": ["<KeyPress-e>", "<KeyPress-E>"],
        "mode": ["<KeyPress-d>", "<KeyPress-D>"],
        "subject": ["<KeyPress-n>", "<KeyPress-N>"],
    }
    for name, sequences in keys.items():
        for sequence in sequences:
            _bind(window, sequence, commands[name])
    modifier = "Command" if window.tk.call("tk", "windowingsystem") == "aqua" else "Control"
    for letter in "zZ":  # Caps Lock makes z a Z without Shift
        window.bind(f"<{modifier}-Key-{letter}>", lambda event: _undo_or_redo(event, commands))
    for letter in "yY":
        _bind(window, f"<{modifier}-Key-{letter}>", commands["redo"])
    for letter in "cC":
        _bind(window, f"<{modifier}-Key-{letter}>", commands["copy"])


def _bind(window: tk.Tk, sequence: str, command: Command) -> None:
    window.bind(sequence, lambda _event: _run(command))


def _run(command: Command) -> None:
    command()


def _undo_or_redo(event: tk.Event, commands: dict[str, Command]) -> None:
    shifted = int(event.state) & SHIFT
    commands["redo" if shifted else "undo"]()
