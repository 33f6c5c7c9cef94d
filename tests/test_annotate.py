"""What was read, drawn on the picture: it is legible, where the ink is, and covers none of it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from handsum.annotate import ACCENT, MOST_ENLARGEMENT, UNSURE, WRONG, annotate
from handsum.arithmetic import evaluate
from handsum.lettering import SIGNS, text_mask
from handsum.reader import Reader
from handsum.reading import SYMBOL_LABELS, Box, Line, Reading, Symbol
from tests.written_symbols import stacked

HEIGHT_PX, WIDTH_PX = 200, 400
# A tag's letters are antialiased: only their ground has its colour in full.
COLOURS = {"accent": ACCENT, "unsure": UNSURE, "wrong": WRONG}


def a_reading(text: str, *, left: float = 40, top: float = 60, confidence: float = 1.0) -> Reading:
    """One line of symbols 20 wide and 40 high, ten pixels apart."""
    first: Box = (left, top, left + 20, top + 40)
    boxes = [(first[0] + 30 * place, top, first[2] + 30 * place, first[3]) for place in range(len(text))]
    symbols = tuple(Symbol(label, box, confidence) for label, box in zip(text, boxes, strict=True))
    return Reading((Line(text, symbols, evaluate(text), text),))


def paper(level: int = 255) -> Image.Image:
    return Image.new("L", (WIDTH_PX, HEIGHT_PX), level)


def colours_in(picture: Image.Image) -> set[str]:
    pixels = np.asarray(picture).reshape(-1, 3)
    return {name for name, colour in COLOURS.items() if (pixels == colour).all(axis=1).any()}


def changed(picture: Image.Image, level: int = 255) -> NDArray[np.bool_]:
    return (np.asarray(picture) != level).any(axis=2)


@pytest.mark.parametrize(
    ("text", "confidence", "colours"),
    [
        ("12", 1.0, {"accent"}),
        ("12+7=", 1.0, {"accent"}),
        ("12+7=18", 1.0, {"accent", "wrong"}),
        ("12+7=18", 0.8, {"unsure"}),
        ("1÷0=", 1.0, {"accent", "wrong"}),
        ("12+=", 1.0, {"accent"}),
    ],
)
def test_colours_say_what_to_check(text: str, confidence: float, colours: set[str]) -> None:
    assert colours_in(annotate(paper(), a_reading(text, confidence=confidence))) == colours


def test_a_line_in_doubt_says_so() -> None:
    [line] = a_reading("12", confidence=0.95).lines
    sure = annotate(paper(), Reading((line,)))
    doubted = annotate(paper(), Reading((line.refused_below(0.99),)))
    assert (colours_in(sure), colours_in(doubted)) == ({"accent"}, {"accent", "unsure"})


@pytest.mark.parametrize("level", [0, 255])
def test_no_ink_is_covered(level: int) -> None:
    reading = a_reading("12+7=")
    drawn = changed(annotate(paper(level), reading), level)
    assert drawn.any()
    for symbol in reading.lines[0].symbols:
        x0, y0, x1, y1 = map(int, symbol.box)
        assert not drawn[y0:y1, x0:x1].any()
        assert drawn[y0 - 8 : y0, x0:x1].any(), "its label stands on top of it"
    assert drawn[60:100, 190:].any(), "the answer stands beside the sum"


def test_an_answer_that_would_cover_something_goes_below() -> None:
    [sum_line] = a_reading("1+1=").lines
    [neighbour] = a_reading("77", left=170).lines
    drawn = changed(annotate(paper(), Reading((sum_line, neighbour))))
    assert not drawn[60:100, 170:190].any()
    assert drawn[104:140, 100:150].any()


@pytest.mark.parametrize("texts", [["12+7=", "3×4=13"], ["12+7=", "3×4=13", "2468", "95+8="], ["7", "12+7="]])
@pytest.mark.parametrize("pitch_px", [42, 44, 55, 70])
def test_labels_cover_no_line_that_is_close(texts: list[str], pitch_px: int) -> None:
    lines = [a_reading(text, top=60 + pitch_px * row).lines[0] for row, text in enumerate(texts)]
    drawn = changed(annotate(paper(), Reading(tuple(lines))))
    alone = [changed(annotate(paper(), Reading((line,)))).sum() for line in lines]
    for line in lines:
        for symbol in line.symbols:
            x0, y0, x1, y1 = map(int, symbol.box)
            # The frames of its neighbours may reach into its box by their thickness.
            assert not drawn[y0 + 3 : y1 - 3, x0:x1].any()
    assert drawn.sum() > 0.7 * sum(alone), "what was read is still written there"


def test_a_line_without_room_for_labels_is_written_out() -> None:
    lines = [a_reading("77", top=60 + 44 * row).lines[0] for row in range(3)]
    drawn = changed(annotate(paper(), Reading(tuple(lines))))
    assert [bool(drawn[top : top + 40, 100:160].any()) for top in (60, 104, 148)] == [False, True, False]


def test_a_line_with_a_stacked_fraction_is_written_out() -> None:
    """Labels of its upper and lower numbers would lie over its bar, or over one another."""
    [fraction] = Reader().read_symbols(stacked("1", "2", 40, 80, 40)).lines
    assert fraction.text == "1/2"
    lines = fraction, a_reading("1", left=250).lines[0]
    beside = [changed(annotate(paper(), Reading((line,))))[70:130, 90:200].any() for line in lines]
    assert beside == [True, False]


@pytest.mark.parametrize(("left", "top"), [(0, 0), (0, 160), (340, 60)])
def test_room_is_made_where_a_note_needs_it(left: float, top: float) -> None:
    drawn = annotate(paper(240), a_reading("2=", left=left, top=top))
    assert drawn.width >= WIDTH_PX
    assert drawn.height >= HEIGHT_PX
    assert drawn.size != (WIDTH_PX, HEIGHT_PX)
    assert drawn.getpixel((drawn.width - 1, drawn.height - 1)) == (240, 240, 240)


def test_nothing_read_changes_nothing() -> None:
    assert not changed(annotate(paper(), Reading())).any()


def test_small_writing_is_enlarged_and_large_images_shrunk() -> None:
    small = Reading((Line("7", (Symbol("7", (2, 2, 8, 10), 1.0),), None, "7"),))
    enlarged = annotate(Image.new("L", (28, 28), 255), small)
    assert 28 * 5 <= enlarged.width <= 28 * MOST_ENLARGEMENT + 20
    large = Reading((Line("7", (Symbol("7", (3000, 30, 3300, 450), 1.0),), None, "7"),))
    shrunk = annotate(Image.new("L", (9000, 600), 255), large)
    assert shrunk.width == 3000
    assert changed(shrunk)[:, 980:1120].any()
    assert not changed(shrunk)[:, 1300:].any()


@pytest.mark.parametrize("label", SYMBOL_LABELS)
def test_every_label_has_a_shape_of_its_own(label: str) -> None:
    size_px = 40
    mask = np.asarray(text_mask(label, size_px))
    assert mask.max() > 200
    missing = np.asarray(text_mask("\uffff", size_px))
    assert mask.shape != missing.shape or not np.array_equal(mask, missing)
    assert not mask[-2:].any()


def test_signs_stand_among_letters() -> None:
    for sign in SIGNS:
        alone, between = (np.asarray(text_mask(text, 40)) for text in (sign, f"1{sign}1"))
        one = np.asarray(text_mask("1", 40)).shape[1]
        middle = between[:, one + 1 : between.shape[1] - one - 1]
        assert int(middle.astype(int).sum()) == pytest.approx(int(alone.astype(int).sum()), rel=0.05)


def test_no_text_is_a_mask_of_nothing() -> None:
    assert text_mask("", 20).getbbox() is None
