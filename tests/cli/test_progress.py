"""The progress bar: on a terminal, where it takes long enough, and in nobody's way."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from handsum.cli.progress import BAR_FROM, tracked
from handsum.cli.read import PAGE_BAR_FROM


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def a_usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("bar_from", [BAR_FROM, PAGE_BAR_FROM])
def test_a_bar_is_drawn_where_someone_watches(monkeypatch: pytest.MonkeyPatch, bar_from: int) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    items = range(bar_from)
    assert list(tracked(items, "reading", stdout_is_quiet=True, bar_from=bar_from)) == list(items)
    assert "reading" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


@pytest.mark.parametrize(
    ("num_items", "stdout_is_quiet", "stderr"),
    [
        (BAR_FROM - 1, True, Terminal()),
        (BAR_FROM, False, Terminal()),
        (BAR_FROM, True, io.StringIO()),
        (0, True, Terminal()),
    ],
    ids=["few", "lines are progress enough", "nobody watches", "nothing"],
)
def test_no_bar_is_drawn(
    monkeypatch: pytest.MonkeyPatch, num_items: int, stdout_is_quiet: bool, stderr: io.StringIO
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    items = range(num_items)
    assert list(tracked(items, "reading", stdout_is_quiet=stdout_is_quiet)) == list(items)
    assert stderr.getvalue() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals")
@pytest.mark.parametrize(
    ("options", "num_files", "has_bar"),
    [
        ([], PAGE_BAR_FROM, True),
        ([], PAGE_BAR_FROM - 1, False),
        (["--digit"], BAR_FROM, True),
        (["--digit"], BAR_FROM - 1, False),
    ],
)
def test_reading_shows_a_bar_beside_a_pipe(
    run, tmp_path: Path, options: list[str], num_files: int, has_bar: bool
) -> None:
    import pty

    Image.new("L", (20, 20), 255).save(tmp_path / "blank.png")
    ours, theirs = pty.openpty()
    try:
        done = run("read", *options, *["blank.png"] * num_files, stderr=theirs)
        os.set_blocking(ours, False)
        try:
            seen = os.read(ours, 100_000)
        except BlockingIOError:
            seen = b""
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.stdout == b"blank.png: nothing written\n" * num_files
    assert (b"reading" in seen) == has_bar
    assert has_bar or not seen
