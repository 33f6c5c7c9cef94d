"""Pages made worse: every flaw shows, none leaves the range of a picture, and all are seeded."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.training.pictures import papers
from handsum.training.pictures.papers import FLAW_SHARES, FLAWS, Flaw, spoil
from tests.samples import drawn_page
from tests.training.small_data import small_digit

FRAME = small_digit(5, np.random.default_rng(0))
LARGE = drawn_page(3)[::2, ::3]
EVERY_FLAW = pytest.mark.parametrize("flaw", FLAWS, ids=[flaw.__name__ for flaw in FLAWS])


def as_picture(page: NDArray[np.uint8]) -> papers.Picture:
    return page.astype(np.float32) / np.float32(255)


@EVERY_FLAW
@pytest.mark.parametrize(
    "page", [FRAME, LARGE, LARGE[:5], FRAME[:, 9:12]], ids=["28", "large", "low", "slim"]
)
def test_every_flaw_leaves_a_picture_of_the_same_size(flaw: Flaw, page: NDArray[np.uint8]) -> None:
    picture = as_picture(page)
    before = picture.copy()
    for seed in range(20):
        worse = flaw(picture, np.random.default_rng(seed))
        assert worse.shape == picture.shape
        assert np.isfinite(worse).all()
    assert np.array_equal(picture, before), "the caller's picture was changed"


@EVERY_FLAW
def test_every_flaw_shows_and_differs_by_seed(flaw: Flaw) -> None:
    picture = as_picture(LARGE)
    seen = [np.clip(flaw(picture, np.random.default_rng(seed)), 0, 1) for seed in range(12)]
    changes = [np.abs(worse - picture).mean() for worse in seen]
    assert np.median(changes) > 0.002
    # Some have only a few ways to be.
    assert len({worse.tobytes() for worse in seen}) > len(seen) / 2


# Not those that move the digit or leave its rims: what they leave lies beside its strokes.
@pytest.mark.parametrize("flaw", sorted({*FLAWS} - {papers.displace, papers.outline}, key=FLAWS.index))
def test_flaws_rarely_leave_nothing_of_a_digit(flaw: Flaw) -> None:
    picture = as_picture(LARGE)
    seen = [np.clip(flaw(picture, np.random.default_rng(seed)), 0, 1) for seed in range(20)]
    alike = [abs(np.corrcoef(worse.ravel(), picture.ravel())[0, 1]) for worse in seen]
    assert np.median(alike) > 0.3


@pytest.mark.parametrize("page", [FRAME, LARGE], ids=["28", "large"])
def test_a_spoiled_page_is_a_page(page: NDArray[np.uint8]) -> None:
    for seed in range(40):
        worse = spoil(page, np.random.default_rng(seed))
        assert (worse.shape, worse.dtype) == (page.shape, np.uint8)
        assert not np.array_equal(worse, page)
        assert np.array_equal(worse, spoil(page, np.random.default_rng(seed)))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Which flaws each of many spoiled pages has."""
    used: list[int] = []

    def stand_in(number: int) -> Flaw:
        def flaw(picture: papers.Picture, rng: np.random.Generator) -> papers.Picture:
            used.append(number)
            return picture

        return flaw

    monkeypatch.setattr(papers, "FLAWS", tuple(stand_in(number) for number in range(len(FLAWS))))
    pages = []
    for seed in range(600):
        used.clear()
        spoil(FRAME, np.random.default_rng(seed))
        pages.append(tuple(used))
    return pages


def test_one_to_three_flaws_mostly_one_and_never_twice_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = counted(monkeypatch)
    num_flaws = np.bincount([len(page) for page in pages], minlength=4)
    assert num_flaws[0] == 0
    assert num_flaws[1] > num_flaws[2] > num_flaws[3] > 0
    assert num_flaws.sum() == num_flaws[1:4].sum()
    assert all(len(set(page)) == len(page) for page in pages)


def test_flaws_come_as_often_as_their_shares_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_FLAWS", 1)
    pages = counted(monkeypatch)
    assert {len(page) for page in pages} == {1}
    often = np.bincount([page[0] for page in pages], minlength=len(FLAWS)) / len(pages)
    assert np.abs(often - FLAW_SHARES).max() < 0.05
