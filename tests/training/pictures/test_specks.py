"""Specks far off do not move the box around the ink, and no ink is taken for a speck.

Tested is the graph as it is written now, not the one that a shipped network carries.
"""

from __future__ import annotations

import functools

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnxscript import OnnxFunction

from handsum.ink import Ink, render
from handsum.training.graphs.inlining import inlined
from handsum.training.graphs.preprocessing import FAINTEST_INK, INK_SHARE, NUM_CELLS, crop_to_ink, preprocess
from tests.samples import drawn_ink, drawn_page

NO_FRAMES = np.zeros((0, 28, 28), np.float32)


@functools.cache
def written(function: OnnxFunction) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        inlined(function).SerializeToString(), providers=["CPUExecutionProvider"]
    )


def frame_now(page: NDArray[np.uint8]) -> NDArray[np.float32]:
    frame: NDArray[np.float32] = written(preprocess).run(None, {"page": page, "frames": NO_FRAMES})[0][0]
    return frame


def box_size_now(page: NDArray[np.uint8]) -> tuple[int, int]:
    """Height and width of what the graph cuts out."""
    session = written(crop_to_ink)
    height, width = session.run(None, {session.get_inputs()[0].name: page})[0].shape
    return height, width


def inked_size(page: NDArray[np.uint8]) -> tuple[int, int]:
    """Height and width of the box around all pixels of ink."""
    inked = page > max(INK_SHARE * page.max(), FAINTEST_INK)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def with_specks(page: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8]:
    """Specks in three corners and at a side, far from the ink."""
    height, width = page.shape
    out = page.copy()
    for y, x in ((0, 0), (0, width - size_px), (height - size_px, width - size_px), (height // 2, 0)):
        out[y : y + size_px, x : x + size_px] = 255
    return out


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize(("scale", "speck_px"), [(0.5, 2), (1, 4), (2.2, 8)])
def test_specks_far_off_change_nothing(digit: int, scale: float, speck_px: int) -> None:
    side = round(280 * scale)
    ink = drawn_ink(digit, scale=scale, pen_px=18 * scale).moved(90 * scale, 60 * scale)
    page = render(ink, width_px=side, height_px=side)
    assert np.array_equal(frame_now(with_specks(page, speck_px)), frame_now(page))


def test_a_speck_is_judged_by_its_size_and_not_left_out_beside_the_ink() -> None:
    page = drawn_page(3)
    assert box_size_now(with_specks(page, 2)) == inked_size(page)
    assert box_size_now(with_specks(page, 30)) == page.shape
    # A sum's point belongs to it, however small: nothing within two cells is left out.
    rows = np.flatnonzero(page.any(axis=1))
    near = page.copy()
    near[rows[-1] + 3, 140] = 255
    assert box_size_now(near)[0] == inked_size(page)[0] + 3


@pytest.mark.parametrize("side", [60, 280, 1200, 3000])
@pytest.mark.parametrize("pen_px", [1, 2])
def test_hairlines_are_no_specks(side: int, pen_px: int) -> None:
    corners = [(0.2 * side, 0.1 * side), (0.8 * side, 0.5 * side), (0.3 * side, 0.9 * side)]
    for path in (corners, corners[:2], [corners[0], (corners[0][0], corners[2][1])]):
        page = render(Ink.of([path], pen_px), width_px=side, height_px=side)
        assert box_size_now(page) == inked_size(page)


@pytest.mark.parametrize("scale", [0.1, 1, 4])
@pytest.mark.parametrize("pen_px", [6, 20])
def test_dots_are_no_specks(scale: float, pen_px: float) -> None:
    side, pen = round(400 * scale), max(1.0, pen_px * scale)
    dot, bar = [(200 * scale, 80 * scale)], [(200 * scale, 160 * scale), (200 * scale, 330 * scale)]
    wide, lower = [(90 * scale, 200 * scale), (310 * scale, 200 * scale)], [(200 * scale, 320 * scale)]
    for strokes in ([dot], [dot, bar], [dot, wide, lower]):
        page = render(Ink.of(strokes, pen), width_px=side, height_px=side)
        assert box_size_now(page) == inked_size(page)


@pytest.mark.parametrize("side", [100, 400, 1000])
@pytest.mark.parametrize(("ratio", "most_lost_cells"), [(1.5, 0), (2, 0), (4, 1)])
def test_a_stroke_a_fraction_as_thick_is_no_speck(side: int, ratio: float, most_lost_cells: int) -> None:
    for share in (0.025, 0.05, 0.1):
        thick = share * side
        stem = Ink.of([[(0.25 * side, 0.15 * side), (0.25 * side, 0.85 * side)]], thick)
        arm = Ink.of([[(0.25 * side, 0.5 * side), (0.75 * side, 0.5 * side)]], max(1, thick / ratio))
        page = render(Ink(stem.strokes + arm.strokes), width_px=side, height_px=side)
        height, width = inked_size(page)
        cell_px = -(-max(height, width) // NUM_CELLS)
        assert box_size_now(page)[0] == height
        assert width - most_lost_cells * cell_px <= box_size_now(page)[1] <= width


def test_only_specks_are_ink_after_all() -> None:
    page = with_specks(np.zeros((200, 200), np.uint8), 2)
    assert box_size_now(page) == (200, 200)
    assert frame_now(page).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 55), (57, 1), (1, 4000), (2, 3), (56, 56), (113, 57)])
def test_smallest_and_slimmest_pages(shape: tuple[int, int]) -> None:
    assert not frame_now(np.zeros(shape, np.uint8)).any()
    assert box_size_now(np.zeros(shape, np.uint8)) == shape
    assert box_size_now(np.full(shape, 255, np.uint8)) == shape
    assert frame_now(np.full(shape, 255, np.uint8)).any()
    corner = np.zeros(shape, np.uint8)
    corner[-1, -1] = 255
    assert box_size_now(corner) == (1, 1)


@pytest.mark.parametrize("shape", [(0, 0), (0, 9), (9, 0)])
def test_a_page_without_pixels_has_no_frame(shape: tuple[int, int]) -> None:
    feed = {"page": np.zeros(shape, np.uint8), "frames": NO_FRAMES}
    assert written(preprocess).run(None, feed)[0].shape == (0, 28, 28)
