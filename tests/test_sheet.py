"""Photographed and scanned sheets become straight blocks of writing of one size."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.image import load
from handsum.ink import Ink, render
from handsum.sheet import find_blocks
from handsum.sheet.blocks import _merged
from handsum.sheet.ink import sketch
from handsum.sheet.skew import skew_deg

Page = NDArray[np.uint8]

# The signs as strokes in a square of side 1, y downwards.
SIGNS: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.3, 0), (0.05, 0.4), (0.1, 0.9), (0.4, 1), (0.6, 0.6), (0.5, 0.1), (0.3, 0)]],
    "1": [[(0.1, 0.25), (0.35, 0), (0.35, 1)]],
    "2": [[(0.05, 0.2), (0.3, 0), (0.55, 0.25), (0.05, 1), (0.6, 0.95)]],
    "4": [[(0.3, 0), (0.05, 0.6), (0.6, 0.6)], [(0.45, 0.3), (0.4, 1)]],
    "5": [[(0.55, 0), (0.15, 0.02), (0.1, 0.4), (0.5, 0.5), (0.5, 0.85), (0.05, 1)]],
    "7": [[(0.05, 0.05), (0.6, 0), (0.25, 1)]],
    "+": [[(0.05, 0.55), (0.6, 0.55)], [(0.32, 0.28), (0.32, 0.85)]],
    "-": [[(0.05, 0.55), (0.55, 0.55)]],
    "=": [[(0.05, 0.42), (0.6, 0.42)], [(0.05, 0.68), (0.6, 0.68)]],
    "÷": [[(0.05, 0.55), (0.55, 0.55)], [(0.3, 0.3)], [(0.3, 0.8)]],
    "/": [[(0.55, 0), (0.1, 1)]],
    ".": [[(0.2, 0.97)]],
    " ": [],
}


def strokes_of(text: str, x: float, y: float, size: float) -> list[list[tuple[float, float]]]:
    """A line of signs from its upper left corner, unevenly written."""
    rng = np.random.default_rng(len(text))
    strokes = []
    for index, sign in enumerate(text):
        left, top = x + 0.85 * size * index, y + rng.normal(0, 0.04) * size
        strokes += [[(left + px * size, top + py * size) for px, py in stroke] for stroke in SIGNS[sign]]
    return strokes


def written(
    *lines: tuple[str, float, float, float], width_px: int = 1050, height_px: int = 800, pen_px: float = 5.0
) -> Page:
    """A page with lines of (text, x, y, size)."""
    strokes = [stroke for line in lines for stroke in strokes_of(*line)]
    return render(Ink.of(strokes, width_px=pen_px), width_px=width_px, height_px=height_px)


def turned(page: Page, angle_deg: float) -> Page:
    """The page turned so that its lines fall to the right by the angle, on one that holds it all."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle_deg, 1)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    new_width, new_height = int(height * sine + width * cosine) + 2, int(height * cosine + width * sine) + 2
    matrix[:, 2] += ((new_width - width) / 2, (new_height - height) / 2)
    return np.asarray(cv2.warpAffine(page, matrix, (new_width, new_height)))


def ruled(page: Page, step_px: int = 60, *, squared: bool = False, level: int = 120, pen_px: int = 2) -> Page:
    """The page with a notebook's lines beneath the writing."""
    lines = np.zeros_like(page)
    for y in range(step_px // 2, page.shape[0], step_px):
        cv2.line(lines, (0, y), (page.shape[1], y), level, pen_px)
    for x in range(step_px // 2, page.shape[1] if squared else 0, step_px):
        cv2.line(lines, (x, 0), (x, page.shape[0]), level, pen_px)
    return np.maximum(page, lines)


def photographed(sheet: Page, corners: list[tuple[int, int]], *, table: int = 90) -> Page:
    """A grey photograph 1500 x 1200 of dark ink on a bright sheet, on a table."""
    height, width = sheet.shape
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    picture = np.full((1200, 1500), table, np.uint8)
    cv2.warpPerspective(
        235 - sheet // 4 * 3, matrix, (1500, 1200), picture, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT
    )
    noise = np.random.default_rng(1).normal(0, 3, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.8) + noise, 0, 255).astype(np.uint8)


def kept_share(ink: Page, page: Page) -> float:
    """How much of the first page's ink is on the second."""
    return float((page[ink > 127] > 60).mean())


# Clean pages


@pytest.mark.parametrize(
    "page",
    [
        written(("7", 400, 300, 120)),
        written(("1", 400, 300, 200), pen_px=14),
        written(("/", 400, 300, 200)),
        written(("12+45=57", 100, 300, 90)),
        written(("7", 5, 2, 22), width_px=28, height_px=28, pen_px=3),
        written(("12.5", 5, 2, 30), width_px=140, height_px=35, pen_px=3),
        written(("120", 20, 20, 100), ("145", 20, 150, 100), width_px=400, height_px=300),
    ],
)
def test_a_clean_page_is_its_own_block(page: Page) -> None:
    (block,) = find_blocks(page)
    assert block.page is page
    assert block.to_image((3.0, 4.0, 10.0, 20.5)) == (3.0, 4.0, 10.0, 20.5)


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (35, 200), (800, 1050), (4000, 3000)])
def test_a_blank_page_has_no_block(shape: tuple[int, int]) -> None:
    assert find_blocks(np.zeros(shape, np.uint8)) == ()


@pytest.mark.parametrize("sign", ["7", "1", "/", "+", "-", "=", "÷", "17", "4/5"])
@pytest.mark.parametrize("angle_deg", [0, 8, -15])
def test_few_symbols_are_not_turned(sign: str, angle_deg: float) -> None:
    page = turned(written((sign, 250, 200, 150), width_px=700, height_px=500, pen_px=9), angle_deg)
    (block,) = find_blocks(page)
    assert block.page is page


# Leaning lines


@pytest.mark.parametrize("angle_deg", [-25, -18, -11, -6, 6, 11, 18, 25])
@pytest.mark.parametrize("lines", [("12+45=57",), ("1204+517", "75-24=51", "40+2=42")])
def test_leaning_lines_come_out_level(angle_deg: float, lines: tuple[str, ...]) -> None:
    page = written(*((line, 150.0, 150.0 + 110 * row, 70.0) for row, line in enumerate(lines)))
    (block,) = find_blocks(turned(page, angle_deg))
    turn = block.to_original[:2, :2]
    assert np.rad2deg(np.arctan2(turn[1, 0], turn[0, 0])) == pytest.approx(angle_deg, abs=1.5)


def test_a_slight_lean_is_left_alone() -> None:
    page = turned(written(("1204+517=1721", 50, 300, 70)), 1.0)
    (block,) = find_blocks(page)
    assert block.page is page


def test_a_box_finds_its_way_back() -> None:
    square = np.zeros((800, 1050), np.uint8)
    square[430:530, 600:700] = 90
    page = np.maximum(turned(written(("12+45=57", 150, 300, 70)), 17), turned(square, 17))
    (block,) = find_blocks(page)
    x, y = middle_of_grey(block.page)
    x0, y0, x1, y1 = block.to_image((x - 50, y - 50, x + 50, y + 50))
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(middle_of_grey(page), abs=1.0)
    # A square askew is wider from corner to corner.
    assert x1 - x0 == pytest.approx(100 * (np.cos(np.deg2rad(17)) + np.sin(np.deg2rad(17))), abs=1.0)


def middle_of_grey(page: Page) -> tuple[float, float]:
    rows, columns = np.nonzero((page >= 85) & (page <= 95))
    return float(np.median(columns)) + 0.5, float(np.median(rows)) + 0.5


# Paper on a table


CORNERS = [
    [(300, 150), (1250, 210), (1330, 1010), (190, 960)],
    [(250, 300), (1180, 120), (1350, 900), (380, 1090)],
]


@pytest.mark.parametrize("table", [20, 90, 150])
@pytest.mark.parametrize("corners", CORNERS)
def test_a_sheet_is_seen_from_above(corners: list[tuple[int, int]], table: int) -> None:
    sheet = written(("12+45=57", 120, 150, 90), ("75-24=51", 120, 300, 90), pen_px=8)
    photo = photographed(sheet, corners, table=table)
    (block,) = find_blocks(load(photo).page, grey=photo)
    assert abs(skew_deg(sketch(block.page))) < 1.5
    assert (block.page > 60).mean() < 0.2
    x0, y0, x1, y1 = block.to_image((0, 0, block.page.shape[1], block.page.shape[0]))
    across, down = zip(*corners, strict=True)
    assert min(across) - 20 <= x0 < x1 <= max(across) + 20
    assert min(down) - 20 <= y0 < y1 <= max(down) + 20


def test_a_sheet_is_found_on_a_page_too() -> None:
    sheet = written(("12+45=57", 120, 150, 90), ("75-24=51", 120, 300, 90), pen_px=8)
    (block,) = find_blocks(255 - photographed(sheet, CORNERS[0], table=20))
    assert (block.page > 60).mean() < 0.2


def test_a_sheet_that_is_cut_off_is_parted_from_the_table() -> None:
    sheet = written(("12+45=57", 120, 150, 90), ("75-24=51", 120, 300, 90), pen_px=8)
    photo = photographed(sheet, [(-60, 200), (1100, 100), (1200, 1000), (30, 1100)], table=30)
    blocks = find_blocks(load(photo).page, grey=photo)
    assert sum(np.count_nonzero(block.page > 60) for block in blocks) == pytest.approx(
        np.count_nonzero(sheet > 60) * 1.1, rel=0.35
    )


# Ruled lines


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("level", [60, 120, 255])
@pytest.mark.parametrize("step_px", [45, 110])
def test_ruled_lines_go_and_digits_stay(squared: bool, level: int, step_px: int) -> None:
    ink = written(("12+45=57", 120, 153, 85), ("75-24=51", 120, 373, 85), pen_px=7)
    page = ruled(ink, step_px, squared=squared, level=level)
    (block,) = find_blocks(page)
    assert block.page.shape == page.shape
    assert kept_share(ink, block.page) >= 0.97
    is_line = (page > 0) & (cv2.dilate(ink, np.ones((9, 9), np.uint8)) == 0)
    assert (block.page[is_line] > 0).mean() < 0.02


@pytest.mark.parametrize("angle_deg", [-20, 3, 14])
def test_leaning_ruled_lines_go_too(angle_deg: float) -> None:
    ink = written(("12+45=57", 220, 153, 85), ("75-24=51", 220, 373, 85), pen_px=7)
    (block,) = find_blocks(turned(ruled(ink), angle_deg))
    # Turning it back blurs, and where a line meets a stroke a little of it stays.
    assert np.count_nonzero(block.page > 60) == pytest.approx(np.count_nonzero(ink > 60), rel=0.13)


def test_the_box_of_a_form_goes() -> None:
    ink = written(("12045771", 130, 312, 80), pen_px=7)
    boxed = ink.copy()
    cv2.rectangle(boxed, (100, 290), (900, 420), 255, 3)
    (block,) = find_blocks(boxed)
    assert kept_share(ink, block.page) >= 0.97
    assert np.count_nonzero(block.page) < 1.1 * np.count_nonzero(ink)


@pytest.mark.parametrize(
    "bar",
    [((100, 400), (520, 404)), ((100, 400), (250, 398)), ((80, 420), (560, 420)), ((90, 100), (92, 330))],
)
def test_bars_as_large_as_writing_stay(bar: tuple[tuple[int, int], tuple[int, int]]) -> None:
    page = written(("12+45", 120, 290, 85), ("75-24", 120, 440, 85), width_px=700, height_px=600)
    cv2.line(page, *bar, 255, 5)
    (block,) = find_blocks(page)
    assert block.page is page


# Blocks


def test_sums_of_other_sizes_and_far_apart_are_parted() -> None:
    page = written(
        ("12+45=57", 100, 100, 60),
        ("75-24=51", 100, 190, 60),
        ("40+2=42", 1500, 120, 60),
        ("57-12=45", 200, 800, 170),
        ("1204-75", 300, 1100, 45),
        width_px=2200,
        height_px=1500,
    )
    blocks = find_blocks(page)
    assert len(blocks) == 4
    assert sum(np.count_nonzero(block.page) for block in blocks) == np.count_nonzero(page)
    lefts = [block.to_image((0, 0, 1, 1))[0] for block in blocks]
    assert lefts == pytest.approx([55, 1455, 70, 267], abs=20)


@pytest.mark.parametrize("line", ["12     45", "1-5=       42", "1.5 - 0.2 = 1.7", "12-5=               7"])
def test_a_line_stays_whole(line: str) -> None:
    page = written((line, 50, 300, 60), ("12+45", 50, 420, 60), width_px=1250)
    assert len(find_blocks(page)) == 1


def test_a_speck_makes_no_block_but_a_lone_dot_does() -> None:
    page = written(("12+45=57", 100, 100, 90))
    page[700:704, 900:905] = 255
    assert len(find_blocks(page)) == 1
    page[:600] = 0
    assert len(find_blocks(page)) == 1


# Whatever comes


def hostile_pages() -> dict[str, Page]:
    rng = np.random.default_rng(3)
    half = np.zeros((900, 1400), np.uint8)
    half[:, 700:] = 255
    return {
        "a pixel": np.full((1, 1), 255, np.uint8),
        "a row": np.full((1, 3000), 200, np.uint8),
        "a column": rng.integers(0, 256, (4000, 1)).astype(np.uint8),
        "all ink": np.full((700, 900), 255, np.uint8),
        "noise": rng.integers(0, 256, (900, 1200)).astype(np.uint8),
        "specks": ((rng.random((1000, 1300)) > 0.97) * 255).astype(np.uint8),
        "half": half,
        "stripes": np.tile(np.repeat(np.array([0, 255], np.uint8), 3), (900, 200)),
        "checks": np.kron(np.indices((60, 60)).sum(axis=0) % 2, np.ones((15, 15))).astype(np.uint8) * 255,
        "one dot far off": np.pad(np.full((3, 3), 255, np.uint8), ((1500, 0), (2000, 0))),
    }


@pytest.mark.parametrize("name", hostile_pages())
def test_anything_comes_back_as_blocks(name: str) -> None:
    page = hostile_pages()[name]
    before = page.copy()
    blocks = find_blocks(page)
    assert blocks
    np.testing.assert_array_equal(page, before)
    for block in blocks:
        assert block.page.dtype == np.uint8
        assert block.page.any()
        assert np.isfinite(block.to_image((0, 0, block.page.shape[1], block.page.shape[0]))).all()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_groups_that_lie_in_one_another_are_one_in_any_order(order: tuple[int, ...]) -> None:
    """The third lies in neither of the others, but in both together."""
    hulls = [(0, 0, 100, 300), (40, 250, 160, 300), (110, 100, 155, 150)]
    groups = [_corner_boxes(*hulls[index]) for index in order]
    boxes = np.concatenate(groups)
    numbers = np.split(np.arange(len(boxes)), np.cumsum([len(group) for group in groups])[:-1])
    assert len(_merged(list(numbers), boxes)) == 1


def _corner_boxes(x0: int, y0: int, x1: int, y1: int) -> NDArray[np.float64]:
    """Four boxes of 20 pixels in the corners of one."""
    corners = [(x, y) for x in (x0, x1 - 20) for y in (y0, y1 - 20)]
    return np.array([(x, y, x + 20, y + 20) for x, y in corners], float)
