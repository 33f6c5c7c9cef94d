"""Ten bars, one per digit, that ease to their new lengths; the numbers beside them are right at once."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable

from handsum.reading import NUM_DIGITS
from handsum.window.theme import BODY, CAPTION, GRID_PX, STRONG, Theme

FRAME_MS = 16
# Each frame goes this share of the way that is left: nine tenths in about 110 ms.
EASING = 0.28
# A bar closer to its goal than this is there.
NEAR = 0.002
SHOWN_FROM = 0.005  # under half a percent a number would only be noise

BAR_PX = GRID_PX
LABEL_PX = 3 * GRID_PX
NUMBER_PX = 6 * GRID_PX
MIN_ROW_PX = 2.5 * GRID_PX
MAX_ROW_PX = 4 * GRID_PX


def number_beside(probability: float) -> str:
    """A probability in whole percent, too short to be wrong: nothing under half a percent, never 100."""
    if probability < SHOWN_FROM:
        return ""
    return "> 99 %" if probability > 1 - SHOWN_FROM else f"{probability * 100:.0f} %"


class Bars(tk.Canvas):
    """The probabilities of the ten digits."""

    def __init__(self, master: tk.Misc, theme: Theme) -> None:
        height = theme.px(NUM_DIGITS * MIN_ROW_PX)
        super().__init__(master, height=height, borderwidth=0, highlightthickness=0, takefocus=False)
        self._theme = theme
        self.goals = [0.0] * NUM_DIGITS
        self._lengths = [0.0] * NUM_DIGITS
        self._leading: int | None = None
        self._is_sure = False
        self._frame: str | None = None
        self._rows = [self._make_row(digit) for digit in range(NUM_DIGITS)]
        self.bind("<Configure>", lambda _event: self._place())
        self.bind("<<ThemeChanged>>", lambda _event: self._recolour())
        self.bind("<Destroy>", lambda _event: self._stop())
        self._recolour()

    def show(self, probabilities: Iterable[float], *, leading: int | None, is_sure: bool) -> None:
        """Go to these probabilities; `leading` stands out, in the accent colour where it is sure."""
        self.goals = [float(value) for value in probabilities]
        self._leading, self._is_sure = leading, is_sure
        for (_, _, _, number), goal in zip(self._rows, self.goals, strict=True):
            self.itemconfigure(number, text=number_beside(goal))
        self._recolour()
        if self._frame is None:
            self._frame = self.after(FRAME_MS, self._ease)

    @property
    def numbers(self) -> list[str]:
        """What stands beside each bar."""
        return [self.itemcget(number, "text") for _, _, _, number in self._rows]

    @property
    def colours(self) -> list[str]:
        """The colour of each bar."""
        return [self.itemcget(bar, "fill") for _, _, bar, _ in self._rows]

    @property
    def is_easing(self) -> bool:
        """Whether a bar is still on its way."""
        return self._frame is not None

    def _make_row(self, digit: int) -> tuple[int, int, int, int]:
        label = self.create_text(0, 0, text=str(digit), anchor="w", font=BODY)
        track = self.create_rectangle(0, 0, 0, 0, width=0)
        bar = self.create_rectangle(0, 0, 0, 0, width=0)
        number = self.create_text(0, 0, anchor="e", font=CAPTION)
        return label, track, bar, number

    def _ease(self) -> None:
        self._frame = None
        pairs = list(zip(self._lengths, self.goals, strict=True))
        if all(abs(goal - length) < NEAR for length, goal in pairs):
            self._lengths = list(self.goals)
        else:
            self._lengths = [length + EASING * (goal - length) for length, goal in pairs]
            self._frame = self.after(FRAME_MS, self._ease)
        for digit in range(NUM_DIGITS):
            self._place_bar(digit)

    def _stop(self) -> None:
        if self._frame is not None:
            self.after_cancel(self._frame)
            self._frame = None

    def _place(self) -> None:
        right = self.winfo_width()
        for digit, (label, track, _, number) in enumerate(self._rows):
            middle = self._middle(digit)
            self.coords(label, 0, middle)
            self.coords(track, *self._bar_box(digit, 1.0))
            self.coords(number, right, middle)
            self._place_bar(digit)

    def _place_bar(self, digit: int) -> None:
        bar = self._rows[digit][2]
        left, top, right, bottom = self._bar_box(digit, self._lengths[digit])
        self.coords(bar, left, top, right, bottom)
        # Tk draws even an empty rectangle one pixel wide, like a speck.
        self.itemconfigure(bar, state="normal" if self._lengths[digit] >= SHOWN_FROM else "hidden")

    def _middle(self, digit: int) -> int:
        row = min(self.winfo_height() / NUM_DIGITS, self._theme.px(MAX_ROW_PX))
        return round((digit + 0.5) * row)

    def _bar_box(self, digit: int, share: float) -> tuple[int, int, int, int]:
        left, half = self._theme.px(LABEL_PX), self._theme.px(BAR_PX) // 2
        room = max(0, self.winfo_width() - left - self._theme.px(NUMBER_PX))
        middle = self._middle(digit)
        return left, middle - half, left + round(room * share), middle + half

    def _recolour(self) -> None:
        palette = self._theme.palette
        self.configure(background=palette.ground)
        for digit, (label, track, bar, number) in enumerate(self._rows):
            leads = digit == self._leading
            text = palette.text if leads else palette.muted
            self.itemconfigure(track, fill=palette.track)
            self.itemconfigure(bar, fill=palette.accent if leads and self._is_sure else palette.faint)
            self.itemconfigure(label, fill=text, font=STRONG if leads else BODY)
            self.itemconfigure(number, fill=text)
