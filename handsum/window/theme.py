"""Colours, type scale and grid: every look that two parts of the window share is named here once."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import font as tkfont
from tkinter import ttk
from typing import Literal

import sv_ttk

Mode = Literal["light", "dark"]

GRID_PX = 8  # every distance is a multiple of this, or half of it

CAPTION = "SunValleyCaptionFont"
BODY = "SunValleyBodyFont"
STRONG = "SunValleyBodyStrongFont"
TITLE = "SunValleyBodyLargeFont"
SUM = "HandsumSumFont"
DIGIT = "HandsumDigitFont"
TYPE_SCALE_PX = {CAPTION: 12, BODY: 14, STRONG: 14, TITLE: 18, SUM: 22, DIGIT: 104}

# The first that is installed; each is the plain sans serif of its desktop.
FAMILIES = (
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Inter",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
    "Open Sans",
    "Nimbus Sans",
    "DejaVu Sans",
)


@dataclass(frozen=True)
class Palette:
    """The colours of one mode. `accent` is the only hue; all else is grey."""

    ground: str
    paper: str
    ink: str
    text: str
    muted: str
    faint: str
    track: str
    hairline: str
    accent: str


PALETTES: dict[Mode, Palette] = {
    "light": Palette(
        ground="#fafafa",
        paper="#ffffff",
        ink="#1b1d22",
        text="#1c1c1c",
        muted="#5c6066",
        faint="#a3a7ad",
        track="#e9eaec",
        hairline="#dcdee1",
        accent="#005fb8",
    ),
    "dark": Palette(
        ground="#1c1c1c",
        paper="#242527",
        ink="#f4f5f7",
        text="#fafafa",
        muted="#a9adb3",
        faint="#6d7177",
        track="#303235",
        hairline="#3a3c40",
        accent="#57c8ff",
    ),
}


class Theme:
    """The mode the window is in, and lengths and fonts at its screen's density."""

    def __init__(self, root: tk.Tk, density: float) -> None:
        self.root = root
        self.density = density
        self.mode: Mode = "light"
        sv_ttk.set_theme(self.mode, root)
        # sv_ttk would recolour every widget by itself, over the colours that were chosen here.
        root.unbind_class(root.winfo_class(), "<<ThemeChanged>>")
        self._own_fonts = [tkfont.Font(root, name=name, exists=False) for name in (SUM, DIGIT)]
        self._set_fonts()
        self._style()

    @property
    def palette(self) -> Palette:
        """The colours of the present mode."""
        return PALETTES[self.mode]

    def px(self, logical_px: float) -> int:
        """A length in device pixels."""
        return round(logical_px * self.density)

    def toggle(self) -> None:
        """Go from light to dark or back; whoever draws its own pixels recolours them on <<ThemeChanged>>."""
        self.mode = "dark" if self.mode == "light" else "light"
        sv_ttk.set_theme(self.mode, self.root)
        self._style()

    def _set_fonts(self) -> None:
        installed = set(tkfont.families(self.root))
        family = next((name for name in FAMILIES if name in installed), None)
        for name, size_px in TYPE_SCALE_PX.items():
            font = tkfont.nametofont(name, root=self.root)
            font.configure(size=-self.px(size_px), weight="bold" if name == STRONG else "normal")
            if family:
                font.configure(family=family)

    def _style(self) -> None:
        style = ttk.Style(self.root)
        palette = self.palette
        self.root.configure(background=palette.ground)
        style.configure(".", background=palette.ground, foreground=palette.text)
        style.configure(".", font=BODY, borderwidth=0, relief="flat")
        side, top = self.px(2 * GRID_PX), self.px(0.75 * GRID_PX)
        for button in ("TButton", "Accent.TButton"):
            style.configure(button, padding=(side, top))
        style.configure("Caption.TLabel", font=CAPTION, foreground=palette.muted)
        style.configure("Sure.TLabel", font=TITLE, foreground=palette.text)
        style.configure("Doubt.TLabel", font=TITLE, foreground=palette.muted)
        style.configure("Sure.Digit.TLabel", font=DIGIT, foreground=palette.accent)
        style.configure("Doubt.Digit.TLabel", font=DIGIT, foreground=palette.faint)
        style.configure("Choice.TButton", padding=(self.px(GRID_PX), self.px(GRID_PX / 2)))
        style.configure("Rule.TFrame", background=palette.hairline)
