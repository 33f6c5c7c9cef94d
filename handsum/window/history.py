"""What was on the paper before, so that nothing drawn is ever lost: pure, no Tk."""

from __future__ import annotations

from handsum.ink import Ink


class History:
    """The ink now, and every ink before and after it."""

    def __init__(self, ink: Ink | None = None) -> None:
        self.ink = ink or Ink()
        self._undone: list[Ink] = []
        self._done: list[Ink] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier ink."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether an undo can be taken back."""
        return bool(self._undone)

    def change_to(self, ink: Ink) -> bool:
        """Go on to another ink; False, and nothing to undo, where it is the same."""
        if ink == self.ink:
            return False
        self._done.append(self.ink)
        self._undone.clear()
        self.ink = ink
        return True

    def clear(self) -> bool:
        """An empty paper, which undo fills again."""
        return self.change_to(Ink())

    def undo(self) -> bool:
        """Back to the ink before; False where there is none."""
        return self._step(self._done, self._undone)

    def redo(self) -> bool:
        """Forward again to the ink that was undone; False where there is none."""
        return self._step(self._undone, self._done)

    def _step(self, source: list[Ink], target: list[Ink]) -> bool:
        if not source:
            return False
        target.append(self.ink)
        self.ink = source.pop()
        return True
