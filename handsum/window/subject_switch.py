"""The switch [ Digit | Numbers ]: two words on one track, the chosen one raised."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from handsum.ink import Ink, Point, Stroke
from handsum.window.layers import paint
from handsum.window.subject import SUBJECTS, Subject
from handsum.window.theme import BODY, GRID_PX, Theme

WORDS: dict[Subject, str] = {"digit": "Digit", "numbers": "Numbers"}
SEGMENT_PX = 11 * GRID_PX
HEIGHT_PX = 4 * GRID_PX
INSET_PX = 3.0  # how much smaller than the track a segment is, on every side
RIM_PX = 1.0


class SubjectSwitch(tk.Canvas):
    """Chooses what is read; calls `on_choose(subject)` when another is clicked."""

    def __init__(self, master: tk.Misc, theme: Theme, *, on_choose: Callable[[Subject], None]) -> None:
        width, height = theme.px(SEGMENT_PX * len(SUBJECTS)), theme.px(HEIGHT_PX)
        super().__init__(
            master, width=width, height=height, borderwidth=0, highlightthickness=0, cursor="hand2"
        )
        self._theme, self._on_choose = theme, on_choose
        self.subject: Subject = SUBJECTS[0]
        self._image = tk.PhotoImage(master=self, width=width, height=height)
        self.create_image(0, 0, image=self._image, anchor="nw")
        self._words = {
            subject: self.create_text(*self._middle_of(subject), text=WORDS[subject], font=BODY)
            for subject in SUBJECTS
        }
        self.bind("<ButtonRelease-1>", self._released)
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        self._draw()

    def show(self, subject: Subject) -> None:
        """Show what is chosen."""
        self.subject = subject
        self._draw()

    def _released(self, event: tk.Event) -> None:
        place = int(event.x // self._theme.px(SEGMENT_PX))
        is_inside = 0 <= place < len(SUBJECTS) and 0 <= event.y < self.winfo_height()
        if is_inside and SUBJECTS[place] != self.subject:
            self._on_choose(SUBJECTS[place])

    def _middle_of(self, subject: Subject) -> tuple[int, int]:
        px = self._theme.px
        return px((SUBJECTS.index(subject) + 0.5) * SEGMENT_PX), px(HEIGHT_PX / 2)

    def _draw(self) -> None:
        palette = self._theme.palette
        place = SUBJECTS.index(self.subject)
        layers = [
            (_pill(0, len(SUBJECTS), inset=0), palette.track),
            (_pill(place, place + 1, inset=INSET_PX - RIM_PX), palette.hairline),
            (_pill(place, place + 1, inset=INSET_PX), palette.paper),
        ]
        paint(self._image, palette.ground, layers, density=self._theme.density)
        for subject, item in self._words.items():
            self.itemconfigure(item, fill=palette.accent if subject == self.subject else palette.muted)


def _pill(first: int, end: int, *, inset: float) -> Ink:
    """A bar with round ends over some segments: a stroke as thick as the track, less the inset."""
    radius = HEIGHT_PX / 2
    left, right = first * SEGMENT_PX + radius, end * SEGMENT_PX - radius
    return Ink((Stroke((Point(left, radius), Point(right, radius)), HEIGHT_PX - 2 * inset),))
