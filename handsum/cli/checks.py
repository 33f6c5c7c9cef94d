"""What `handsum doctor` looks at. Every check answers; none raises."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from handsum import __version__
from handsum.errors import HandsumError

State = Literal["ok", "absent", "broken"]

REINSTALL = "install handsum again: pip install --force-reinstall . in its folder"

# A seven as a pen draws it: its place and size do not matter, and no network confuses it.
TEST_DIGIT = 7
TEST_STROKES = [[(110, 100), (290, 100), (250, 170), (205, 260), (180, 330)]]
TEST_CANVAS_PX = 400

# Tk is tried in a process of its own: on some systems, opening it without a display ends the process.
TK_PROBE = """
import tkinter
print(tkinter.Tcl().eval("info patchlevel"), flush=True)
import sv_ttk
root = tkinter.Tk()
root.withdraw()
print(root.tk.call("tk", "windowingsystem"), f"{root.winfo_screenwidth()} x {root.winfo_screenheight()}")
"""
TK_TIMEOUT_S = 20


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Attributes:
        topic: versions, networks, data or display.
        name: what was looked at.
        state: "absent" is what someone may do without; "broken" is there and does not work, or is needed.
        found: a version, a place, or what is wrong.
        advice: what to do about it; empty where nothing needs doing.
        is_needed: whether reading needs it.
    """

    topic: str
    name: str
    state: State
    found: str
    advice: str = ""
    is_needed: bool = False


def check_everything(*, deep: bool) -> list[Check]:
    """All checks, by topic; `deep` also compares MNIST's files with their checksums."""
    return [*_versions(), *_networks(), *_data(deep), *_display()]


def _versions() -> Iterator[Check]:
    yield Check(
        "versions", "python", "ok", f"{platform.python_version()} on {platform.system()}", is_needed=True
    )
    yield Check("versions", "handsum", "ok", __version__, is_needed=True)
    for package in ("numpy", "onnxruntime", "pillow", "platformdirs", "click", "rich"):
        yield _package_check(package, (package,), f"pip install {package}", is_needed=True)
    yield _opencv_check()
    yield _package_check("sv-ttk", ("sv-ttk",), "the window's theme: pip install sv-ttk")
    train = 'for training only: pip install ".[train]" in the folder of handsum'
    yield _package_check("keras", ("keras",), train)
    yield _package_check("tensorflow", ("tensorflow", "tensorflow-cpu"), train)


def _package_check(name: str, packages: tuple[str, ...], advice: str, *, is_needed: bool = False) -> Check:
    for package in packages:
        try:
            return Check("versions", name, "ok", metadata.version(package), is_needed=is_needed)
        except metadata.PackageNotFoundError:
            continue
    return Check("versions", name, "broken" if is_needed else "absent", "not installed", advice, is_needed)


def _opencv_check() -> Check:
    """Several packages bring the module cv2, and a system may lack what it is linked with."""
    try:
        import cv2
    except ImportError as error:
        return Check(
            "versions", "opencv", "broken", str(error), "pip install opencv-python-headless", is_needed=True
        )
    return Check("versions", "opencv", "ok", cv2.__version__, is_needed=True)


def _networks() -> Iterator[Check]:
    from handsum.models import MODEL_NAMES, PAGE_MODEL

    for name in (*MODEL_NAMES, PAGE_MODEL):
        try:
            yield _page_network_check(name) if name == PAGE_MODEL else _network_check(name)
        except (HandsumError, ImportError) as error:
            yield Check("networks", name, "broken", str(error), REINSTALL, is_needed=True)


def _network_check(name: str) -> Check:
    """Open a network, which checks its sha256, and let it read a seven."""
    from handsum.ink import Ink, render
    from handsum.models import model_path
    from handsum.reader import Reader
    from handsum.reading import percent

    page = render(Ink.of(TEST_STROKES), width_px=TEST_CANVAS_PX, height_px=TEST_CANVAS_PX)
    reading = Reader(digit_model=name).read_digit(page)
    if reading.label != TEST_DIGIT:
        seen = f"nothing: {reading.doubt}" if reading.label is None else reading.label
        found = f"reads a plain {TEST_DIGIT} as {seen}"
        return Check("networks", name, "broken", found, REINSTALL, is_needed=True)
    found = f"{model_path(name)}, whole, reads a {TEST_DIGIT} {percent(reading.confidence)} sure"
    return Check("networks", name, "ok", found, is_needed=True)


def _page_network_check(name: str) -> Check:
    """The same for the network that reads whole pages."""
    from handsum.ink import Ink
    from handsum.models import GRAPHS_FOLDER
    from handsum.reader import Reader

    text = Reader().read_ink(Ink.of(TEST_STROKES)).text
    if text != str(TEST_DIGIT):
        found = f"reads a plain {TEST_DIGIT} as {text or 'nothing'}"
        return Check("networks", name, "broken", found, REINSTALL, is_needed=True)
    path = GRAPHS_FOLDER / f"{name}.onnx"
    return Check("networks", name, "ok", f"{path}, whole, reads a line with a {TEST_DIGIT}", is_needed=True)


def _data(deep: bool) -> Iterator[Check]:
    try:
        from handsum.training.data.mnist import FILES, WRITERS_FILE, find_file, mnist_folder
    except ImportError as error:
        yield Check("data", "folder", "broken", f"cannot be looked for: {error}", REINSTALL)
        return
    folder = mnist_folder()
    yield Check("data", "folder", "ok" if folder.is_dir() else "absent", str(folder))
    advice = f"for training and scoring only: `handsum train` downloads it, or put it into {folder}"
    for name in (name for names in FILES.values() for name in names):
        path = find_file(folder, name)
        if path is None:
            yield Check("data", name, "absent", "not there", advice)
        else:
            yield _mnist_file_check(name, path, deep)
    if not (folder / WRITERS_FILE).is_file():
        yield Check(
            "data", WRITERS_FILE, "absent", "not there: training holds out random images, not writers"
        )


def _mnist_file_check(name: str, path: Path, deep: bool) -> Check:
    from handsum.training.data.mnist import is_original

    if not deep:
        return Check("data", name, "ok", f"{path.name} is there; --deep compares its checksum")
    if is_original(path):
        return Check("data", name, "ok", f"{path.name}, whole")
    return Check(
        "data",
        name,
        "broken",
        f"{path} is not MNIST's file (its md5 differs)",
        "delete it and fetch it again",
    )


def _display() -> Iterator[Check]:
    """Tk's version, and whether it opens a window here."""
    without = "reading files works without a window"
    try:
        done = subprocess.run(
            [sys.executable, "-c", TK_PROBE],
            capture_output=True,
            text=True,
            timeout=TK_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        yield Check("display", "window", "broken", f"does not open ({error})", without)
        return
    version, *screen = done.stdout.splitlines() or [""]
    if not version:
        yield Check(
            "display", "tk", "absent", "not installed", "on Debian and Ubuntu: apt install python3-tk"
        )
        return
    yield Check("display", "tk", "ok", version)
    if done.returncode == 0:
        yield Check("display", "window", "ok", f"opens ({' '.join(screen)})")
    else:
        reason = (done.stderr.strip().splitlines() or ["Tk ended without a word"])[-1]
        yield Check("display", "window", "absent", reason.removeprefix("_tkinter.TclError: "), without)
