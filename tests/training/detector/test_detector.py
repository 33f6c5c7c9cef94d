"""The page network's training: what is kept of pages, what tiles show, what is asked, how it is judged."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.reading import SYMBOL_LABELS
from handsum.training.compose.page import ComposedPage, PlacedSymbol
from handsum.training.detector.calibrate import (
    DetectorCalibration,
    Found,
    Matches,
    calibrate_detector,
    match,
)
from handsum.training.detector.loss import detection_loss
from handsum.training.detector.network import (
    BOX_FROM,
    DIGIT_HEIGHT_PX,
    LABELS_FROM,
    NUM_CHANNELS,
    NUM_LABELS,
    OBJECT,
    STRIDE_X,
    STRIDE_Y,
    detector,
)
from handsum.training.detector.scale import (
    LOG_HEIGHTS,
    THUMBNAIL_PIXELS,
    batches,
    examples,
    expected_log_height,
    thumbnail,
)
from handsum.training.detector.store import (
    MOST_HEIGHT_PX,
    digit_height_px,
    load_pages,
    save_pages,
    stored,
)
from handsum.training.detector.targets import BOX, HEAT, KEPT, LABEL, WEIGHT, TileSymbol, make_targets
from handsum.training.detector.tiles import SHAPES, TileConfig, Tiles, cut_tile

SMALL = TileConfig(pixels=2 * 56 * 128)


def page_of(height_px: int, text: str = "17=", gap: int = 8) -> ComposedPage:
    """A page on which every symbol is a solid block in its box."""
    width = height_px // 2
    page = np.zeros((height_px + 20, len(text) * (width + gap) + 20), np.uint8)
    symbols = []
    for index, label in enumerate(text):
        x = 10 + index * (width + gap)
        page[10 : 10 + height_px, x : x + width] = 255
        symbols.append(PlacedSymbol(label, (x, 10, x + width, 10 + height_px)))
    return ComposedPage(page, tuple(symbols), (text,))


@pytest.mark.parametrize(
    ("labels", "height"), [("1+2", 40), ("(+", 40), ("+", 64), (".", 320), ("", None)], ids=repr
)
def test_the_height_of_digits_is_measured_or_guessed(labels: str, height: float | None) -> None:
    assert digit_height_px(labels, [(0, 0, 20, 40)] * len(labels)) == height


def test_large_pages_are_kept_small_and_small_ones_as_they_are() -> None:
    large, small = stored(page_of(200)), stored(page_of(20))
    assert large.digit_height_px == pytest.approx(MOST_HEIGHT_PX, rel=0.02)
    assert (large.boxes[:, 3] - large.boxes[:, 1]) == pytest.approx(large.digit_height_px, rel=0.02)
    assert np.array_equal(small.page, page_of(20).page)
    assert small.digit_height_px == 20


def test_pages_come_back_from_their_file(tmp_path: Path) -> None:
    pages = [
        stored(page_of(20)),
        stored(page_of(60, "3×4")),
        stored(ComposedPage(np.zeros((5, 4), np.uint8), (), ())),
    ]
    save_pages(tmp_path / "pages.npz", pages)
    for before, after in zip(pages, load_pages(tmp_path / "pages.npz"), strict=True):
        assert np.array_equal(before.page, after.page)
        assert np.array_equal(before.boxes, after.boxes)
        assert np.array_equal(before.labels, after.labels)
        assert (before.digit_height_px, before.num_lines) == (after.digit_height_px, after.num_lines)


def test_a_tile_shows_its_symbols_in_their_boxes() -> None:
    rng = np.random.default_rng(0)
    config = TileConfig(faint=0.0)
    for _ in range(40):
        tile, symbols = cut_tile(stored(page_of(90)), SHAPES["line"], rng, config)
        assert tile.shape == (56, 288)
        assert [symbol.label for symbol in symbols] == list("17=")
        for _, (x0, y0, x1, y1) in symbols:
            assert tile[round(y0) + 2 : round(y1) - 2, round(x0) + 2 : round(x1) - 2].min() > 150
            assert np.exp(-0.34) < (y1 - y0) / DIGIT_HEIGHT_PX < np.exp(0.34)


def test_a_target_has_a_middle_a_label_and_a_box_for_each_symbol() -> None:
    box = (20.0, 8.0, 36.0, 32.0)
    target = make_targets(56, 128, [TileSymbol("7", box)])
    assert target.shape == (56 // STRIDE_Y, 128 // STRIDE_X, 8)
    (row,), (column,) = np.nonzero(target[..., HEAT] == 1)
    offset_x, offset_y, log_width, log_height = target[row, column, BOX]
    assert (column + 0.5 + offset_x) * STRIDE_X == pytest.approx(28)
    assert (row + 0.5 + offset_y) * STRIDE_Y == pytest.approx(20)
    assert np.exp([log_width, log_height]) * DIGIT_HEIGHT_PX == pytest.approx([16, 24])
    assert SYMBOL_LABELS[int(target[row, column, LABEL])] == "7"
    assert target[row, column, WEIGHT] == 1
    assert target[..., KEPT].all()


def test_a_symbol_cut_in_half_is_neither_asked_for_nor_denied() -> None:
    target = make_targets(56, 128, [TileSymbol("7", (120.0, 8.0, 136.0, 32.0))])
    assert not target[..., HEAT].any()
    assert not target[2:8, 60:, KEPT].any()
    assert target[:, :59, KEPT].all()


def answer_for(target: NDArray[np.float32], sureness: float) -> NDArray[np.float32]:
    """What a network that has understood answers."""
    answer = np.zeros((*target.shape[:2], NUM_CHANNELS), np.float32)
    answer[..., OBJECT] = np.where(target[..., HEAT] == 1, sureness, -sureness)
    rows, columns = np.nonzero(target[..., WEIGHT])
    answer[rows, columns, LABELS_FROM + target[rows, columns, LABEL].astype(int)] = sureness
    answer[..., BOX_FROM:] = target[..., BOX]
    return answer


def test_the_loss_is_least_for_the_right_answer() -> None:
    target = make_targets(56, 128, [TileSymbol("7", (20.0, 8.0, 36.0, 32.0))])
    right = answer_for(target, 6)

    def loss(answer: NDArray[np.float32]) -> float:
        return float(detection_loss(target[None], answer[None]))

    other_label, other_place, other_box = right.copy(), right.copy(), right.copy()
    other_label[..., LABELS_FROM:BOX_FROM] = np.roll(right[..., LABELS_FROM:BOX_FROM], 1, axis=-1)
    other_place[..., OBJECT] = np.roll(right[..., OBJECT], 8, axis=1)
    other_box[..., BOX_FROM:] += 0.5
    assert loss(right) < 0.5
    for wrong in (other_label, other_place, other_box):
        assert loss(wrong) > loss(right) + 0.4


def test_a_batch_depends_on_its_number_alone() -> None:
    pages = [stored(page_of(30)), stored(page_of(30, "5"))]
    first, again = (Tiles(pages, SMALL, num_batches=3, seed=1) for _ in range(2))
    for index in (2, 0):
        assert np.array_equal(first[index][0], again[index][0])
    again.on_epoch_end()
    assert not np.array_equal(first[0][0], again[0][0])


def test_the_detector_learns_what_a_block_is() -> None:
    keras.utils.set_random_seed(1)
    network = detector()
    network.compile(keras.optimizers.AdamW(3e-3), loss=detection_loss)
    tiles = Tiles([stored(page_of(30, "1"))], SMALL, num_batches=12, seed=1)
    losses = [float(network.train_on_batch(*tiles[index])) for index in range(12)]
    assert np.isfinite(losses).all()
    assert np.mean(losses[-3:]) < 0.6 * np.mean(losses[:3])


def test_thumbnails_have_about_the_same_number_of_pixels() -> None:
    for shape in ((400, 400), (35, 900), (2000, 1500)):
        shown, factor = thumbnail(np.zeros(shape, np.uint8))
        assert shown.size == pytest.approx(THUMBNAIL_PIXELS, rel=0.1)
        assert shown.shape[1] == pytest.approx(shape[1] * factor, abs=1)
    assert thumbnail(np.zeros((10, 10), np.uint8))[0].shape == (60, 60)


def test_the_wanted_height_is_the_most_expected() -> None:
    found = list(examples([stored(page_of(30))] * 6, np.random.default_rng(1)))
    ((shown, wanted),) = batches(found, 8, np.random.default_rng(2))
    assert shown.shape[0] == 6
    assert wanted.sum(axis=1) == pytest.approx(1)
    expected = expected_log_height(np.log(np.maximum(wanted, 1e-12)))
    assert sorted(expected) == pytest.approx(sorted(height for _, height in found), abs=0.05)
    assert LOG_HEIGHTS[0] < min(expected)
    assert max(expected) < LOG_HEIGHTS[-1]


def test_each_written_symbol_is_found_once() -> None:
    page = stored(page_of(30))
    twice = np.concatenate([page.boxes, page.boxes[:1] + 1, page.boxes[:1] + 400]).astype(np.float32)
    found = Found(
        twice, np.eye(NUM_LABELS, dtype=np.float32)[:5], np.array([0.5, 0.9, 0.8, 0.7, 0.6], np.float32)
    )
    matches = match(lambda _: found, [page])
    # The first box is found better by the fourth, which is surer; the last is nowhere.
    assert matches.is_symbol.tolist() == [False, True, True, True, False]
    assert matches.num_written == 3
    assert len(matches.labels) == 3


def test_calibrated_scores_are_true() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, 20_000)
    is_symbol = rng.random(20_000) < 1 / (1 + np.exp(-(1.7 * logits + 0.8)))
    probabilities = np.full((400, NUM_LABELS), 0.2 / (NUM_LABELS - 1), np.float32)
    probabilities[:, 3] = 0.8
    labels = np.where(np.arange(400) % 10 < 9, 3, 4).astype(np.uint8)
    scores = (1 / (1 + np.exp(-logits))).astype(np.float32)
    fitted = calibrate_detector(Matches(scores, is_symbol, probabilities, labels, 500), least_score=0.4)
    assert fitted.object_gain == pytest.approx(1.7, abs=0.1)
    assert fitted.object_shift == pytest.approx(0.8, abs=0.1)
    assert fitted.temperature < 1
    assert fitted.least_score == 0.4
    gain, shift = fitted.channel_gains_and_shifts()
    assert gain[OBJECT] == fitted.object_gain
    assert shift[LABELS_FROM:].sum() == 0
    assert np.allclose(gain[LABELS_FROM:BOX_FROM], 1 / fitted.temperature)
    assert np.all(gain[BOX_FROM:] == 1)
    assert DetectorCalibration().channel_gains_and_shifts()[0].tolist() == [1] * NUM_CHANNELS


def test_what_finds_no_symbol_is_left_as_it_is() -> None:
    no_probabilities, no_labels = np.zeros((0, NUM_LABELS), np.float32), np.zeros(0, np.uint8)
    nothing = Matches(np.array([0.3], np.float32), np.array([False]), no_probabilities, no_labels, 9)
    assert calibrate_detector(nothing, least_score=0.4) == DetectorCalibration(least_score=0.4)
