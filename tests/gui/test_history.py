"""Nothing drawn is ever lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handsum.ink import Ink, Point, Stroke
from handsum.window.history import History


def stroke(number: int) -> Stroke:
    return Stroke((Point(number, number),))


def add(history: History, number: int) -> bool:
    return history.change_to(Ink((*history.ink.strokes, stroke(number))))


def test_empty_history_has_nothing_to_undo_or_redo() -> None:
    history = History()
    assert not history.undo()
    assert not history.redo()
    assert not history.clear()
    assert history.ink == Ink()


def test_undo_brings_cleared_ink_back() -> None:
    history = History()
    add(history, 1)
    add(history, 2)
    history.clear()
    assert history.undo()
    assert history.ink == Ink((stroke(1), stroke(2)))


def test_new_stroke_ends_redo() -> None:
    history = History()
    add(history, 1)
    history.undo()
    add(history, 2)
    assert not history.can_redo
    assert history.ink == Ink((stroke(2),))


@given(st.lists(st.sampled_from(["add", "clear", "undo", "redo"]), max_size=40))
def test_undo_and_redo_walk_the_same_way(steps: list[str]) -> None:
    history, seen, place = History(), [Ink()], 0
    for number, step in enumerate(steps):
        if step == "undo":
            assert history.undo() == (place > 0)
            place = max(0, place - 1)
        elif step == "redo":
            assert history.redo() == (place < len(seen) - 1)
            place = min(len(seen) - 1, place + 1)
        elif add(history, number) if step == "add" else history.clear():
            seen, place = [*seen[: place + 1], history.ink], place + 1
        assert history.ink == seen[place]
