"""Sets of what is no digit: nothing in them is one, and they are the same every time."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from handsum.errors import DataError
from handsum.training.scoring.non_digits import PictureSet, load_non_digits

BAR = [[0, 50], [100, 50]]
POST = [[50, 0], [50, 100]]
RING = [[50 + 50 * np.cos(a), 80 + 80 * np.sin(a)] for a in np.linspace(0, 6.28, 30)]

NAMES = ["letters", "symbols", "scribbles", "blank or dot", "two digits", "half digits", "things"]


def write_ink(path: Path, *entries: tuple[str, str, list[Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = [
        {"label": label, "writer": "w", "split": split, "strokes": strokes}
        for label, split, strokes in entries
    ]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


@pytest.fixture
def ink_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A HANDSUM_DATA with a little ink of each sort, wanted and not."""
    write_ink(
        tmp_path / "ink" / "unipen-symbols.jsonl.gz",
        ("0", "dev", [RING]),
        ("1", "dev", [POST]),
        ("1", "train", [POST]),
        ("+", "dev", [BAR, POST]),
        ("+", "dev", [POST]),
        ("/", "dev", [[[0, 100], [50, 0]]]),
        ("-", "train", [BAR]),
    )
    write_ink(
        tmp_path / "ink" / "unipen-letters.jsonl.gz",
        ("T", "dev", [BAR, POST]),
        ("O", "dev", [RING]),
        ("l", "dev", [POST]),
        ("H", "train", [BAR]),
    )
    monkeypatch.setenv("HANDSUM_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def sets(ink_folder: Path) -> dict[str, PictureSet]:
    return {pictures.name: pictures for pictures in load_non_digits(most=30)}


def num_parts(page: np.ndarray) -> int:
    """How many pieces of ink a page has."""
    return cv2.connectedComponents((page > 0).astype(np.uint8))[0] - 1


def test_seven_sets_of_pages(sets: dict[str, PictureSet]) -> None:
    assert list(sets) == NAMES
    for pictures in sets.values():
        assert pictures.origin
        assert pictures.num_pictures > 0
        for index in range(pictures.num_pictures):
            page = pictures.image(index)
            assert (page.ndim, page.dtype) == (2, np.uint8)
            assert min(page.shape) >= 28


def test_pictures_are_the_same_again(sets: dict[str, PictureSet]) -> None:
    for again in load_non_digits(most=30):
        last = again.num_pictures - 1
        assert np.array_equal(again.image(last), sets[again.name].image(last))


def test_digits_in_shape_and_other_writers_are_left_out(sets: dict[str, PictureSet]) -> None:
    assert sets["letters"].num_pictures == 1  # T; not O and l, and H is of a writer to train on
    assert sets["symbols"].num_pictures == 1  # +; not the one that lacks its bar
    assert sets["half digits"].num_pictures == 4  # of the 0; any half of a 1 is a 1


def test_halves_hold_half_the_ink(sets: dict[str, PictureSet]) -> None:
    pages = [sets["half digits"].image(index) for index in range(4)]
    columns = [np.flatnonzero(page.any(axis=0)) for page in pages]
    rows = [np.flatnonzero(page.any(axis=1)) for page in pages]
    left, right, upper, lower = range(4)
    assert columns[left][-1] <= columns[right][0] + 1
    assert rows[upper][-1] <= rows[lower][0] + 1
    assert len({int((page > 0).sum()) // 400 for page in pages}) <= 2


def test_two_digits_stand_apart(sets: dict[str, PictureSet]) -> None:
    pairs = sets["two digits"]
    assert {num_parts(pairs.image(index)) for index in range(pairs.num_pictures)} == {2}


def test_blanks_and_dots_are_both_there(sets: dict[str, PictureSet]) -> None:
    blanks = sets["blank or dot"]
    is_dot = [np.ptp(blanks.image(index)) == 255 for index in range(blanks.num_pictures)]
    assert 5 < sum(is_dot) < 25


def test_a_scribble_is_more_than_a_ring(sets: dict[str, PictureSet]) -> None:
    scribbles = sets["scribbles"]
    for index in range(10):
        page = scribbles.image(index)
        longest = max(np.ptp(places) for places in np.nonzero(page))
        # A line as long as three times the longer side, and 14 pixels wide, some of it over itself.
        assert (page > 0).sum() > 14 * 1.5 * longest


def test_at_most_as_many_as_asked(ink_folder: Path) -> None:
    assert [pictures.num_pictures for pictures in load_non_digits(most=2)] == [1, 1, 2, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("folder", "complaint"), [(None, "HANDSUM_DATA names; it is not set"), ("empty", "has no ink")]
)
def test_without_ink_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str | None, complaint: str
) -> None:
    monkeypatch.delenv("HANDSUM_DATA", raising=False)
    if folder:
        monkeypatch.setenv("HANDSUM_DATA", str(tmp_path / folder))
    with pytest.raises(DataError, match=complaint):
        load_non_digits()


def test_the_real_ink_is_enough(data_folder: Path) -> None:
    assert [pictures.num_pictures for pictures in load_non_digits()] == [400] * len(NAMES)
