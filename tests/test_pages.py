"""Whole pages through `Reader`: golden pages, and what may not change what is read."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from handsum.ink import Ink
from handsum.reader import Reader
from handsum.reading import Line, Symbol
from handsum.sheet import Block
from handsum.symbols.network import Look, PageNetwork
from tests.golden import make_golden_pages
from tests.golden.make_golden import load_golden
from tests.written_pages import written_ink, written_page
from tests.written_symbols import written

TEXTS = ["12+7=", "305", "24680", "8-3", "6×4=24", "97531", "(2+3)×4", "7÷2=3,5", "5"]
NUM_THREADS = 8

texts = st.sampled_from(TEXTS)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


# Golden pages


def test_golden_pages_are_up_to_date() -> None:
    assert make_golden_pages.main(["--check"]) == 0


def test_golden_pages_that_differ_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    golden = load_golden(make_golden_pages.FILE)
    golden["boxes_0"] = golden["boxes_0"] + np.float32(1)
    changed = tmp_path / "changed.npz"
    np.savez(changed, allow_pickle=False, **golden)
    assert make_golden_pages.main(["--check", "--file", str(changed)]) == 1
    assert capsys.readouterr().out == "changed.npz: boxes_0 is another\n"


# What was written is read, wherever and however large it is


@pytest.mark.parametrize("text", TEXTS)
def test_clear_writing_is_read(reader: Reader, text: str) -> None:
    assert reader.read(written_page(text)).text == text


@pytest.mark.parametrize("text", TEXTS)
def test_ink_and_picture_are_read_alike(reader: Reader, text: str) -> None:
    assert reader.read_ink(written_ink(text)).text == reader.read(255 - written_page(text)).text


@given(texts, *[st.integers(0, 300)] * 4)
@settings(deadline=None, max_examples=15)
def test_moving_changes_nothing(
    reader: Reader, text: str, left: int, right: int, above: int, below: int
) -> None:
    assert reader.read(np.pad(written_page(text), ((above, below), (left, right)))).text == text


@given(texts, st.floats(0.5, 2.0))
@settings(deadline=None, max_examples=15)
def test_scaling_changes_nothing(reader: Reader, text: str, factor: float) -> None:
    assert reader.read(scaled(written_page(text), factor)).text == text


@given(texts, texts)
@settings(deadline=None, max_examples=15)
def test_one_page_above_another_gives_both(reader: Reader, first: str, second: str) -> None:
    page = above_one_another(written_page(first), written_page(second))
    assert reader.read(page).text == f"{first}\n{second}"


@given(texts, st.floats(0.005, 0.3), st.floats(8.0, 900.0))
@settings(deadline=None, max_examples=15)
def test_neither_the_pen_nor_the_size_of_ink_matters(
    reader: Reader, text: str, pen: float, height_px: float
) -> None:
    usual, other = written_ink(text), written_ink(text, height_px=height_px, pen=pen)
    assert reader.read_ink(other).text == reader.read_ink(usual).text == text


@pytest.mark.parametrize("pen", [0.005, 0.0625, 0.25])
def test_boxes_of_ink_are_as_wide_as_the_pen(reader: Reader, pen: float) -> None:
    ink = written_ink("0", height_px=200, pen=pen).moved(300, 40)
    [symbol] = reader.find_ink_symbols(ink)
    assert ink.box is not None
    assert symbol.box == pytest.approx(ink.box, abs=20)


@pytest.mark.parametrize("strokes", [[[(5, 5)]], [[(0, 0), (900, 0)]], [[(0, 0), (0, 0)], [(1, 1)]]])
def test_ink_of_dots_and_dashes_is_read_without_fault(
    reader: Reader, strokes: list[list[tuple[float, float]]]
) -> None:
    assert len(reader.read_ink(Ink.of(strokes, 2.0)).text) <= 2


def scaled(page: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    height, width = page.shape
    return np.asarray(Image.fromarray(page).resize((round(width * factor), round(height * factor))))


def above_one_another(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    width = max(first.shape[1], second.shape[1])
    return np.concatenate([np.pad(page, ((0, 0), (0, width - page.shape[1]))) for page in (first, second)])


def test_a_blank_page_has_no_text(reader: Reader) -> None:
    assert reader.read(np.zeros((50, 80), np.uint8)).text == ""


# Threads


def test_threads_share_one_reader() -> None:
    pages = [written_page(text) for text in TEXTS] * 2
    alone = [*map(Reader().read, pages)]
    # The first to come opens the network while the others wait for it.
    shared = Reader()
    with ThreadPoolExecutor(NUM_THREADS) as pool:
        assert list(pool.map(shared.read, pages)) == alone


# Around the network


def see_all_ink(_network: PageNetwork, page: NDArray[np.uint8]) -> Look:
    """In place of the network: whatever is written is one 7."""
    box = Image.fromarray(page).getbbox()
    return Look((), 0.0) if box is None else Look((Symbol("7", box, 0.9),), box[3] - box[1])


@pytest.mark.parametrize("height_px", [900, 9000])
def test_boxes_are_in_the_images_own_pixels(monkeypatch: pytest.MonkeyPatch, height_px: int) -> None:
    monkeypatch.setattr(PageNetwork, "look", see_all_ink)
    image = Image.new("L", (600, height_px), 255)
    image.paste(0, (120, 300, 150, 390))
    [line] = Reader().read(image).lines
    assert line.symbols[0].box == pytest.approx((120, 300, 150, 390), abs=height_px / 1000)


@pytest.mark.parametrize(
    ("left", "right", "becomes"),
    [
        ("3+4=", "5+2=", ["3+4=", "5+2="]),  # together they would be true
        ("3+4=7", "5+6=11", ["3+4=7", "5+6=11"]),
        ("3+4=8", "-5+6=1", ["3+4=8", "-5+6=1"]),
        ("2×3=", "6=12÷2", ["2×3=6=12÷2"]),  # a chain that holds
        ("3+4=", "×6=11", ["3+4=×6=11"]),  # no sum by itself
        ("3+4=", "5+", ["3+4=", "5+"]),  # being written
        ("3+4=", "7", ["3+4=7"]),
    ],
)
def test_sums_side_by_side_are_lines_of_their_own(left: str, right: str, becomes: list[str]) -> None:
    first = written(left)
    symbols = [*first, *written(right, x=first[-1].box[2] + 200)]
    assert [line.text for line in Reader().read_symbols(symbols).lines] == becomes


@pytest.mark.parametrize(
    ("number", "gap", "rest", "becomes"),
    [
        ("1)", 30, "3+4=7", "3+4=7"),
        ("1)", 30, "3+4", "3+4"),  # being written
        ("1)", 30, "3+", "3+"),
        ("1)", 15, "3+4=", "1)3+4="),  # a 1 that leans, perhaps
        ("12)", 30, "3+4=", "3+4="),
        ("(2)", 30, "3+4=7", "3+4=7"),
        (")", 30, "3+4=7", "3+4=7"),  # a)
        ("3.", 100, "3+4=7", "3+4=7"),
        ("3", 100, "12÷4=", "12÷4="),
        ("3", 40, "12÷4=", "312÷4="),  # one number, loosely written
        ("1", 100, "3-6=7", "13-6=7"),  # holds as one
        ("123", 100, "3+4=", "1233+4="),
        ("1)", 30, "345", "1)345"),  # nothing is worked out
        ("(12)", 30, "×4=", "(12)×4="),
        ("2", 100, "+4=", "2+4="),
    ],
)
def test_the_number_of_an_exercise_is_no_part_of_its_sum(
    number: str, gap: int, rest: str, becomes: str
) -> None:
    first = written(number)
    symbols = [*first, *written(rest, x=first[-1].box[2] + gap)]
    [line] = Reader().read_symbols(symbols).lines
    assert (line.text, line.raw_text) == (becomes, number + rest)
    assert line.reasons == (() if becomes == number + rest else ("place",))


@pytest.mark.parametrize(("min_confidence", "doubt"), [(0.0, None), (0.9, None), (0.91, "too unsure")])
def test_lines_below_the_least_confidence_are_in_doubt(min_confidence: float, doubt: str | None) -> None:
    seven = Symbol("7", (1, 2, 8, 12), 0.81)
    [line] = Reader(min_confidence=min_confidence).read_symbols([seven]).lines
    assert (line.text, line.doubt) == ("7", doubt)
    assert line.confidence == pytest.approx(0.9)


def see_by_brightness(_network: PageNetwork, page: NDArray[np.uint8], **_size: float) -> Look:
    """In place of the network: bright ink is three sure symbols, faint ink many rather sure ones."""
    found = [Symbol("7", (20.0 * n, 20, 20.0 * n + 9, 40), 0.95) for n in range(3) if (page > 200).any()]
    faint = ((page > 30) & (page < 90)).sum() > 200
    ones = [Symbol("1", (8.0 * n, 60, 8.0 * n + 4, 70), 0.9) for n in range(20) if faint]
    return Look((*found, *ones), 10.0 if faint else 20.0)


@pytest.mark.parametrize(("ink", "text"), [(10, "777"), (190, "1" * 20)])
def test_print_is_not_read_beside_ink_but_pencil_is_beside_stains(
    monkeypatch: pytest.MonkeyPatch, ink: int, text: str
) -> None:
    monkeypatch.setattr(PageNetwork, "look", see_by_brightness)
    monkeypatch.setattr("handsum.symbols.look_again", lambda symbols, page, digits: symbols)
    monkeypatch.setattr("handsum.symbols.without_faint", lambda found, pages: found)
    monkeypatch.setattr("handsum.reader.find_blocks", lambda page, grey=None: (Block.whole(page),))
    image = np.where(np.random.default_rng(0).random((100, 200)) < 0.2, 190, 255).astype(np.uint8)
    image[40:60, 20:80] = ink
    assert Reader().read(image).text == text


def lines_of(num: int, confidence: float) -> list[Line]:
    """A line of so many symbols."""
    symbols = tuple(Symbol("7", (20.0 * n, 20, 20.0 * n + 9, 40), confidence) for n in range(num))
    return list(Reader().read_symbols(symbols).lines) if num else []


def marked_page() -> NDArray[np.uint8]:
    """A page with some ink, for readings that are made up."""
    page = np.zeros((100, 200), np.uint8)
    page[40:60, 20:80:6] = 200
    return page


def turned_by(degrees: float, page: NDArray[np.uint8]) -> Block:
    """A block that lies aslant on its page."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return Block(page.copy(), np.array([(cos, -sin, 0), (sin, cos, 0), (0, 0, 1)]))


@pytest.mark.parametrize(
    ("degrees", "num_ready", "num_as_it_is", "is_ready_taken"),
    [
        (0, 3, 3, False),
        (0, 4, 3, False),
        (0, 5, 3, True),
        (3, 3, 3, False),
        (0, 0, 0, False),
        (9, 3, 3, True),
        (9, 3, 4, True),
        (9, 3, 5, False),
        (-9, 0, 1, False),
    ],
)
def test_a_sheet_is_read_made_ready_where_that_shows_more_or_it_lies_aslant(
    monkeypatch: pytest.MonkeyPatch, degrees: float, num_ready: int, num_as_it_is: int, is_ready_taken: bool
) -> None:
    page = marked_page()
    ready = turned_by(degrees, page)
    found = {True: lines_of(num_ready, 0.9), False: lines_of(num_as_it_is, 0.9)}
    monkeypatch.setattr("handsum.reader.find_blocks", lambda page, grey=None: (ready,))
    monkeypatch.setattr(Reader, "_read_blocks", lambda self, blocks: found[blocks[0] is ready])
    text = Reader().read(page).text
    assert text == "7" * (num_ready if is_ready_taken else num_as_it_is)


@pytest.mark.parametrize(
    ("num_strokes", "num_else", "confidence", "are_strokes_taken"),
    [
        (3, 2, 0.9, True),
        (3, 3, 0.9, False),
        (2, 3, 0.9, False),
        (1, 0, 0.3, True),
        (0, 1, 0.3, False),  # nothing is no better than something in doubt
        (0, 0, 0.9, False),
    ],
)
def test_a_photographs_strokes_alone_are_taken_where_they_show_more(
    monkeypatch: pytest.MonkeyPatch,
    num_strokes: int,
    num_else: int,
    confidence: float,
    are_strokes_taken: bool,
) -> None:
    page = marked_page()
    strokes = Block.whole(page.copy())
    found = {True: lines_of(num_strokes, confidence), False: lines_of(num_else, confidence)}
    monkeypatch.setattr("handsum.reader.find_strokes", lambda grey: (strokes,))
    monkeypatch.setattr(Reader, "_read_blocks", lambda self, blocks: found[blocks[0] is strokes])
    assert Reader().read(page).text == "7" * (num_strokes if are_strokes_taken else num_else)


def test_a_drawing_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    look = PageNetwork.look

    def count(self: PageNetwork, page: NDArray[np.uint8], **size: float) -> Look:
        looks.append(1)
        return look(self, page, **size)

    monkeypatch.setattr(PageNetwork, "look", count)
    assert Reader().read(255 - written_page("305")).text == "305"
    assert len(looks) == 1


def test_no_box_reaches_beyond_its_image() -> None:
    page = written_page("1407")
    rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
    tight = page[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    for image in (tight, np.kron(tight, np.ones((17, 17), np.uint8))):
        boxes = [symbol.box for line in Reader().read(255 - image).lines for symbol in line.symbols]
        assert len(boxes) == 4
        for x0, y0, x1, y1 in boxes:
            assert 0 <= x0 < x1 <= image.shape[1]
            assert 0 <= y0 < y1 <= image.shape[0]
