"""The reader on digits drawn here, and on the same digit seen in other ways."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handsum import Reader
from handsum.ink import render
from handsum.models import DEFAULT_DIGIT_MODEL, MODEL_NAMES, model_path
from handsum.reading import NO_LABEL, DigitReading
from tests.doubtful import DIGIT_PROBABILITY, doubtful_network
from tests.samples import PAPER_PX, assert_same, drawn_ink, drawn_page

# How far the confidence in a clear digit may move when it is drawn elsewhere or in another size. The
# frame is a picture of 28x28: half a pixel of it is one part in forty of the digit.
MOVED_TOLERANCE = 0.02
SCALED_TOLERANCE = 0.1

digits = st.integers(0, 9)
fewer_examples = settings(deadline=None, max_examples=40)


@pytest.fixture(scope="module", params=MODEL_NAMES)
def reader(request: pytest.FixtureRequest) -> Reader:
    """Each of our networks in turn."""
    return Reader(request.param)


class ClearDigits:
    """How each drawn digit reads in the middle of its paper. No list: Hypothesis would print it all."""

    def __init__(self, reader: Reader) -> None:
        self._readings = [reader.read_page(drawn_page(digit)) for digit in range(10)]

    def __getitem__(self, digit: int) -> DigitReading:
        return self._readings[digit]

    def __iter__(self) -> Iterator[DigitReading]:
        return iter(self._readings)


@pytest.fixture(scope="module")
def clear(reader: Reader) -> ClearDigits:
    return ClearDigits(reader)


def assert_close(one: DigitReading, clear: DigitReading, tolerance: float) -> None:
    assert one.label == clear.label
    # The samples' 1 is a plain upright bar, which may be much else: our network reads it, without being sure.
    if clear.label != 1:
        assert one.confidence == pytest.approx(clear.confidence, abs=tolerance)


# What a reading is


@pytest.mark.parametrize("digit", range(10))
def test_a_drawn_digit_is_read(clear: ClearDigits, digit: int) -> None:
    reading = clear[digit]
    assert reading.label == digit == reading.likeliest
    assert reading.confidence > (0.9 if digit == 1 else 0.95)  # a 1 that is but a bar
    assert reading.runner_up != digit
    assert reading.doubt is None
    assert not reading.is_blank


def test_the_parts_of_a_reading(clear: ClearDigits) -> None:
    for reading in clear:
        assert (type(reading.label), type(reading.confidence)) == (int, float)
        assert (reading.probabilities.shape, reading.probabilities.dtype) == ((10,), np.float32)
        assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert type(reading.digit_probability) is float
        assert 0 <= reading.confidence <= reading.digit_probability <= 1
        assert reading.probabilities[reading.likeliest] >= reading.probabilities[reading.runner_up]
        assert (reading.frame.shape, reading.frame.dtype) == ((28, 28), np.float32)
        assert 0.9 < reading.frame.max() <= 1
        assert reading.frame.min() == 0


@pytest.mark.parametrize("level", [0, 90, 255])
@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (300, 20)])
def test_a_blank_page_has_no_label(reader: Reader, level: int, shape: tuple[int, int]) -> None:
    reading = reader.read_digit(np.full(shape, level, np.uint8))
    assert (reading.label, reading.doubt) == (None, "blank")
    assert reading.is_blank
    assert (reading.confidence, reading.digit_probability) == (0, 0)
    assert np.allclose(reading.probabilities, 0.1)


def test_the_classic_network_takes_all_ink_for_a_digit() -> None:
    reader = Reader(digit_model="mnist")
    page = np.random.default_rng(1).integers(0, 256, (60, 60), np.uint8)
    for reading in (reader.read_page(page), reader.read_page(drawn_page(3))):
        assert (reading.digit_probability, reading.doubt) == (1, None)
        assert reading.confidence == reading.probabilities.max()


def test_an_unknown_network_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match=r"'nonsense'.*mnist"):
        Reader("nonsense")


def test_a_network_may_be_named_by_a_path_object() -> None:
    assert Reader(model_path("mnist")).read_digit(drawn_page(7)).label == 7


def test_the_network_that_reads_by_default() -> None:
    page = drawn_page(3)
    assert_same(Reader().read_page(page), Reader(digit_model=DEFAULT_DIGIT_MODEL).read_page(page))
    assert DEFAULT_DIGIT_MODEL in MODEL_NAMES


@pytest.mark.parametrize(
    "page",
    [
        np.zeros((0, 0), np.uint8),
        np.zeros((0, 5), np.uint8),
        np.zeros((9, 9), np.float32),
        np.zeros((9, 9, 3), np.uint8),
        np.zeros(9, np.uint8),
    ],
)
def test_read_page_takes_pages_only(reader: Reader, page: Any) -> None:
    with pytest.raises(ValueError, match="a page is a uint8 array"):
        reader.read_page(page)


# Doubt


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> str:
    return doubtful_network(tmp_path_factory.mktemp("doubtful"))


@pytest.mark.parametrize("min_confidence", [0.0, 0.9])
def test_what_the_network_takes_for_no_digit_has_no_label(doubtful: str, min_confidence: float) -> None:
    page = drawn_page(7)
    reading = Reader(doubtful, min_confidence=min_confidence).read_page(page)
    assert (reading.label, reading.doubt, reading.likeliest) == (None, "not a digit", 7)
    assert reading.digit_probability == DIGIT_PROBABILITY
    classic = Reader("mnist").read_page(page)
    assert reading.confidence == pytest.approx(DIGIT_PROBABILITY * classic.confidence)
    assert np.array_equal(reading.probabilities, classic.probabilities)


def test_blank_is_told_from_not_a_digit(doubtful: str) -> None:
    assert Reader(doubtful).read_page(np.zeros((50, 50), np.uint8)).doubt == "blank"


def test_below_the_least_confidence_every_entry_refuses() -> None:
    page = drawn_page(7)
    confidence = Reader("mnist").read_page(page).confidence
    for least, label in ((confidence, 7), (np.nextafter(confidence, 1), None), (1, None)):
        reader = Reader("mnist", min_confidence=float(least))
        readings = [reader.read_page(page), reader.read_digit(page), *reader.read_digits([page, 255 - page])]
        assert [reading.label for reading in readings] == [label] * 4
        assert {reading.doubt for reading in readings} == {None if label else "too unsure"}
        frame = readings[0].frame[None]
        assert reader.judge_frames(frame).labels.tolist() == [NO_LABEL if label is None else label]
        assert reader.read_frames(frame).argmax() == 7


@pytest.mark.parametrize("min_confidence", [-0.01, 1.01, 90, float("nan"), float("inf")])
def test_a_least_confidence_that_is_no_probability(min_confidence: float) -> None:
    with pytest.raises(ValueError, match="min_confidence must lie between 0 and 1"):
        Reader(min_confidence=min_confidence)


# Many at once


def test_many_keep_their_order(reader: Reader, clear: ClearDigits) -> None:
    order = [7, 1, 0, 3, 3, 9, 8, 2, 6, 5, 4]
    expected = [clear[digit] for digit in order]
    pages = [drawn_page(digit) for digit in order]
    for images in (pages, tuple(pages), iter(pages), (page for page in pages), np.stack(pages)):
        for reading, wanted in zip(reader.read_digits(images), expected, strict=True):
            assert_same(reading, wanted)


def test_none_give_none(reader: Reader) -> None:
    assert reader.read_digits([]) == []
    assert reader.read_digits(np.zeros((0, 28, 28), np.uint8)) == []


def test_an_array_of_28x28_images_is_read_image_by_image(reader: Reader, clear: ClearDigits) -> None:
    small = np.stack([np.rint(reading.frame * 255).astype(np.uint8) for reading in clear])
    assert [reading.label for reading in reader.read_digits(small)] == list(range(10))


@pytest.mark.parametrize("num_frames", [0, 1, 127, 128, 129, 1000])
def test_batches_agree_with_single_frames(reader: Reader, num_frames: int) -> None:
    frames = np.random.default_rng(num_frames).random((num_frames, 28, 28), np.float32)
    together = reader.read_frames(frames)
    assert (together.shape, together.dtype) == ((num_frames, 10), np.float32)
    one_by_one = [reader.read_frames(frame[None])[0] for frame in frames]
    assert np.allclose(together, np.array(one_by_one).reshape(-1, 10), rtol=0, atol=1e-6)


@pytest.mark.parametrize("num_frames", [0, 1, 129, 500])
def test_judged_frames_are_read_frames_and_more(reader: Reader, num_frames: int) -> None:
    frames = np.random.default_rng(num_frames).random((num_frames, 28, 28), np.float32)
    judged = reader.judge_frames(frames)
    assert np.array_equal(judged.probabilities, reader.read_frames(frames))
    shapes = [judged.labels.shape, judged.confidences.shape, judged.digit_probabilities.shape]
    assert shapes == [(num_frames,)] * 3
    assert judged.labels.dtype == np.int64
    assert {judged.confidences.dtype, judged.digit_probabilities.dtype} == {np.dtype(np.float32)}
    assert (judged.confidences <= judged.digit_probabilities).all()
    has_label = judged.labels != NO_LABEL
    assert np.array_equal(judged.labels[has_label], judged.probabilities.argmax(axis=1)[has_label])


def test_pages_and_frames_are_judged_alike(reader: Reader, clear: ClearDigits, doubtful: str) -> None:
    blank = np.zeros((28, 28), np.float32)
    frames = np.stack([*(reading.frame for reading in clear), blank])
    judged = reader.judge_frames(frames)
    assert judged.labels.tolist() == [*range(10), NO_LABEL]
    expected = [reading.confidence for reading in clear]
    assert np.allclose(judged.confidences, [*expected, 0], rtol=0, atol=1e-6)
    assert judged.digit_probabilities[-1] == 0
    assert (Reader(doubtful).judge_frames(frames).labels == NO_LABEL).all()


def test_pages_and_ready_frames_are_read_alike(reader: Reader, clear: ClearDigits) -> None:
    frames = np.stack([reading.frame for reading in clear])
    expected = np.stack([reading.probabilities for reading in clear])
    assert np.allclose(reader.read_frames(frames), expected, rtol=0, atol=1e-6)
    assert np.allclose(reader.read_frames(frames[:, ::-1][:, ::-1]), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape", [(28, 28), (2, 28, 27), (2, 28, 28, 1), (0,)])
def test_frames_of_another_shape_are_refused(reader: Reader, shape: tuple[int, ...]) -> None:
    for read in (reader.read_frames, reader.judge_frames):
        with pytest.raises(ValueError, match="frames are a float32 array"):
            read(np.zeros(shape, np.float32))


def test_threads_may_share_a_reader(reader: Reader) -> None:
    rng = np.random.default_rng(0)
    pages = [drawn_page(digit, width_px=int(rng.integers(120, 400))) for digit in range(10)] * 16
    frames = rng.random((300, 28, 28), np.float32)
    alone, frames_alone = reader.read_digits(pages[:10]), reader.read_frames(frames)
    with ThreadPoolExecutor(16) as pool:
        shared = pool.map(reader.read_digit, pages)
        frames_shared = list(pool.map(reader.read_frames, [frames] * 16))
        for index, reading in enumerate(shared):
            assert_same(reading, alone[index % 10])
    assert all(np.array_equal(frames_alone, result) for result in frames_shared)


ONE_IMAGE = np.zeros((9, 9), np.uint8)


@pytest.mark.parametrize(
    "image",
    [
        "seven.png",
        b"bytes",
        Path("seven.png"),
        Image.new("L", (9, 9)),
        ONE_IMAGE,
        np.stack([ONE_IMAGE] * 3, axis=-1),
    ],
    ids=lambda image: type(image).__name__,
)
def test_one_image_is_not_several(image: object) -> None:
    with pytest.raises(TypeError, match="several images"):
        Reader().read_digits(image)  # type: ignore[arg-type]


# The same digit, seen in other ways


@given(digits, st.integers(-70, 70), st.integers(-45, 45))
@fewer_examples
def test_moving_by_whole_pixels_changes_nothing(
    reader: Reader, clear: ClearDigits, digit: int, dx: int, dy: int
) -> None:
    assert_same(reader.read_digit(np.roll(drawn_page(digit), (dy, dx), (0, 1))), clear[digit])


@given(digits, st.floats(10, 165), st.floats(10, 105))
@fewer_examples
def test_moving_the_ink(reader: Reader, clear: ClearDigits, digit: int, x: float, y: float) -> None:
    page = render(drawn_ink(digit).moved(x, y), width_px=PAPER_PX, height_px=PAPER_PX)
    assert_close(reader.read_page(page), clear[digit], MOVED_TOLERANCE)


@given(digits, st.floats(0.4, 3), st.booleans())
@fewer_examples
def test_scaling_the_ink(
    reader: Reader, clear: ClearDigits, digit: int, factor: float, pen_too: bool
) -> None:
    ink = drawn_ink(digit).scaled(factor, pen_too=pen_too).moved(40, 40)
    page = render(ink, width_px=440, height_px=590)
    assert_close(reader.read_page(page), clear[digit], SCALED_TOLERANCE)


@given(digits, st.floats(0.25, 2.5), st.sampled_from([Image.Resampling.BOX, Image.Resampling.BICUBIC]))
@fewer_examples
def test_scaling_the_picture(
    reader: Reader, clear: ClearDigits, digit: int, factor: float, method: Image.Resampling
) -> None:
    side = round(PAPER_PX * factor)
    picture = Image.fromarray(255 - drawn_page(digit)).resize((side, side), method)
    assert_close(reader.read_digit(picture), clear[digit], SCALED_TOLERANCE)


@given(digits, st.integers(1, 300), st.booleans())
@fewer_examples
def test_a_border_changes_nothing(
    reader: Reader, clear: ClearDigits, digit: int, border_px: int, dark_on_light: bool
) -> None:
    page = np.pad(drawn_page(digit), border_px)
    reading = reader.read_digit(255 - page if dark_on_light else page)
    assert_same(reading, clear[digit])
    assert reading.polarity == ("dark on light" if dark_on_light else "light on dark")


@pytest.mark.parametrize("digit", range(10))
def test_colour_and_polarity_change_nothing(reader: Reader, clear: ClearDigits, digit: int) -> None:
    page = drawn_page(digit)
    for image in (page, 255 - page, *(np.dstack([p] * 3) for p in (page, 255 - page))):
        assert_same(reader.read_digit(image), clear[digit])
        assert_same(reader.read_digit(Image.fromarray(image)), clear[digit])


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen_px", [1.5, 4, 10, 30])
def test_the_pen_changes_no_label(reader: Reader, digit: int, pen_px: float) -> None:
    ink = drawn_ink(digit, pen_px=pen_px).moved(90, 60)
    assert reader.read_page(render(ink, width_px=PAPER_PX, height_px=PAPER_PX)).label == digit
