"""What is read from the paper: one digit, or numbers and sums. Pure, no Tk."""

from __future__ import annotations

from typing import Literal

Subject = Literal["digit", "numbers"]
SUBJECTS: tuple[Subject, ...] = ("digit", "numbers")

HINTS: dict[Subject, str] = {"digit": "draw here", "numbers": "write here, for example 12 + 7 ="}
# A digit may fill the paper; a sum is written small, with a pen to match.
PEN_WIDTHS_PX: dict[Subject, float] = {"digit": 14.0, "numbers": 6.0}
