"""Why a text has no answer; `evaluate` turns it into a status, so it never reaches a caller."""

from __future__ import annotations

from typing import Literal

Refusal = Literal["empty", "unfinished", "nonsense", "undefined", "too large"]


class SumError(Exception):
    """A text that cannot be worked out: the kind of trouble, and one sentence for a person."""

    def __init__(self, refusal: Refusal, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = refusal
