"""How many device pixels make one of ours, so that the window is sharp and as large as it should be."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tkinter as tk

STANDARD_DPI = 96.0  # at this density one of our pixels is one of the device's
SYSTEM_DPI_AWARE = 1  # PROCESS_SYSTEM_DPI_AWARE of the Windows shell


def ask_for_true_pixels() -> None:
    """Tell Windows not to stretch the window as a bitmap; to be called before the window exists."""
    if sys.platform == "win32":
        import contextlib
        import ctypes

        with contextlib.suppress(AttributeError, OSError):  # before Windows 8.1, or already set
            ctypes.windll.shcore.SetProcessDpiAwareness(SYSTEM_DPI_AWARE)


def measure(root: tk.Tk) -> float:
    """Device pixels per logical pixel on `root`'s screen, at least 1; sets Tk's own scaling to match."""
    if root.tk.call("tk", "windowingsystem") == "aqua":
        return 1.0  # macOS already counts in logical points
    dots_per_inch = max(root.winfo_fpixels("1i"), _desktop_dpi(root))
    # A screen that reports 96.1 means 96: quarter steps keep hairlines and icons crisp.
    density = max(1.0, round(dots_per_inch / STANDARD_DPI * 4) / 4)
    root.tk.call("tk", "scaling", density * STANDARD_DPI / 72)
    return density


def _desktop_dpi(root: tk.Tk) -> float:
    """What an X11 desktop was told to scale to (Xft.dpi), which the X server itself does not report."""
    xrdb = shutil.which("xrdb")
    if root.tk.call("tk", "windowingsystem") != "x11" or xrdb is None:
        return 0.0
    try:
        resources = subprocess.run([xrdb, "-query"], capture_output=True, text=True, timeout=1).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0.0
    return dpi_in(resources)


def dpi_in(resources: str) -> float:
    """The value of Xft.dpi among X resources, or 0 where there is none."""
    for line in resources.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "Xft.dpi":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 0.0
