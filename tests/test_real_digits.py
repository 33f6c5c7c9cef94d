"""The reader on digits that people wrote: with pens, for MNIST, and in zip codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from handsum import Reader
from handsum.ink import Ink, render
from handsum.models import MODEL_NAMES
from handsum.reading import DigitReading
from tests.samples import as_frames, assert_same, fitted, held_out_mnist, pen_digits

# The promise for pen digits of people to whose digits no weight was fitted.
MIN_SHARE_OF_PEN_DIGITS = 0.93
MIN_SHARE_OF_MNIST = 0.985
MIN_SHARE_OF_ZIP_CODES = 0.97

PLACES: dict[str, tuple[Callable[[Ink], Ink], int, int]] = {
    "natural": (lambda ink: ink, 400, 400),
    "small in the corner": (lambda ink: fitted(ink, 40, left_px=10, top_px=8, pen_px=6), 400, 400),
    "large": (lambda ink: fitted(ink, 370, left_px=15, top_px=15, pen_px=14), 400, 400),
    "a hairline on a wide page": (
        lambda ink: fitted(ink, 500, left_px=250, top_px=120, pen_px=2),
        1050,
        800,
    ),
}


@pytest.fixture(scope="module", params=MODEL_NAMES)
def reader(request: pytest.FixtureRequest) -> Reader:
    """Each of our networks in turn."""
    return Reader(request.param)


@pytest.mark.parametrize("where", PLACES)
def test_pen_digits_are_read_wherever_they_are(reader: Reader, data_folder: Path, where: str) -> None:
    inks, labels = pen_digits(data_folder)
    place, width_px, height_px = PLACES[where]
    pages = [render(place(ink), width_px=width_px, height_px=height_px) for ink in inks]
    readings = reader.read_digits(pages)
    assert share_right(readings, labels) >= MIN_SHARE_OF_PEN_DIGITS
    assert {reading.polarity for reading in readings} == {"light on dark"}
    for reading, inverted in zip(readings, reader.read_digits(255 - page for page in pages), strict=True):
        assert_same(reading, inverted)
        assert inverted.polarity == "dark on light"


def test_mnist_is_read_as_pages_as_well_as_frames(reader: Reader, data_folder: Path) -> None:
    images, labels = held_out_mnist()
    as_pages = share_right(reader.read_digits(images), labels)
    answers = reader.read_frames(as_frames(images)).argmax(axis=1)
    as_frames_right = float(np.mean(answers == labels))
    assert min(as_pages, as_frames_right) >= MIN_SHARE_OF_MNIST
    assert as_pages == pytest.approx(as_frames_right, abs=0.003)


def test_scanned_zip_codes_that_fill_their_image_are_read(reader: Reader, data_folder: Path) -> None:
    with np.load(data_folder / "images" / "usps-train.npz", allow_pickle=False) as arrays:
        images, labels = arrays["images"][::10], arrays["labels"][::10]
    readings = reader.read_digits(images)
    assert share_right(readings, labels) >= MIN_SHARE_OF_ZIP_CODES
    assert {reading.polarity for reading in readings} == {"light on dark"}


def share_right(readings: list[DigitReading], labels: NDArray[np.uint8] | tuple[int, ...]) -> float:
    return float(np.mean([reading.label == label for reading, label in zip(readings, labels, strict=True)]))
