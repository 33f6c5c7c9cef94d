"""Images of every kind become the same page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image, ImageOps

from handsum.errors import ImageError
from handsum.image import load
from tests.pictures import DARK_ON_LIGHT, ORIENTATION, PAGE, TURNS, saved
from tests.samples import drawn_page

BOTH = pytest.mark.parametrize("grey", [PAGE, DARK_ON_LIGHT], ids=["light on dark", "dark on light"])


def assert_page(source: Any, *, within: int = 0) -> None:
    """Loading gives PAGE: in both polarities, in every depth, to `within` levels of 255."""
    page = load(source).page
    assert (page.shape, page.dtype) == (PAGE.shape, np.uint8)
    assert np.abs(page.astype(int) - PAGE).max() <= within


# Where it comes from


@BOTH
def test_path_text_bytes_picture_and_array_are_one(tmp_path: Path, grey: NDArray[np.uint8]) -> None:
    picture = Image.fromarray(grey)
    path = tmp_path / "four – 4.png"
    picture.save(path)
    content = path.read_bytes()
    sources: list[Any] = [path, str(path), content, bytearray(content), memoryview(content), picture, grey]
    for source in sources:
        assert_page(source)
        assert load(source).polarity == ("light on dark" if grey is PAGE else "dark on light")


@BOTH
@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "PPM", "PCX", "JPEG2000"])
def test_lossless_files(kind: str, grey: NDArray[np.uint8]) -> None:
    assert_page(saved(Image.fromarray(grey), kind))


@pytest.mark.parametrize(("kind", "quality"), [("JPEG", 90), ("JPEG", 30), ("WEBP", 90)])
def test_lossy_files_keep_the_shape_and_a_clean_background(kind: str, quality: int) -> None:
    page = load(saved(Image.fromarray(DARK_ON_LIGHT), kind, quality=quality)).page
    assert np.abs(page.astype(int) - PAGE).mean() < 4
    assert (page > 127).sum() == pytest.approx((PAGE > 127).sum(), rel=0.1)


# Modes and depths of pictures


@BOTH
@pytest.mark.parametrize("mode", ["L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "I", "F"])
def test_modes(mode: str, grey: NDArray[np.uint8]) -> None:
    through = {"PA": "RGBA", "La": "LA", "RGBa": "RGBA"}.get(mode, mode)
    picture = Image.fromarray(grey).convert(through).convert(mode)
    assert picture.mode == mode
    assert_page(picture)


@BOTH
@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "HSV"])
def test_modes_of_print_and_video(mode: str, grey: NDArray[np.uint8]) -> None:
    assert_page(Image.fromarray(grey).convert("RGB").convert(mode), within=2)


@BOTH
def test_a_scanners_lab_colours(grey: NDArray[np.uint8]) -> None:
    neutral = Image.new("L", grey.shape[::-1], 128)
    picture = Image.merge("LAB", [Image.fromarray(grey), neutral, neutral])
    for source in (picture, saved(picture, "TIFF")):
        assert np.array_equal(load(source).page > 127, PAGE > 127)


@BOTH
def test_one_bit(grey: NDArray[np.uint8]) -> None:
    picture = Image.fromarray(grey).point(lambda level: 255 * (level > 127), "1")
    assert picture.mode == "1"
    assert np.array_equal(load(picture).page, 255 * (PAGE > 127))


@BOTH
def test_sixteen_bits(grey: NDArray[np.uint8]) -> None:
    deep = grey.astype(np.uint16) * 257
    for picture in (
        Image.fromarray(deep),
        Image.frombytes("I;16B", grey.shape[::-1], deep.astype(">u2").tobytes()),
    ):
        assert picture.mode.startswith("I;16")
        assert_page(picture)
    assert_page(saved(Image.fromarray(deep), "PNG"))
    assert_page(saved(Image.fromarray(deep), "TIFF"))


def test_twelve_bits_in_sixteen() -> None:
    assert_page((DARK_ON_LIGHT.astype(np.uint16) << 4) | (DARK_ON_LIGHT >> 4))


def test_the_luminance_of_colours_is_what_counts() -> None:
    blue_ink = np.where(PAGE[:, :, None] > 127, [20, 20, 120], [250, 245, 230]).astype(np.uint8)
    loaded = load(blue_ink)
    assert loaded.polarity == "dark on light"
    assert np.array_equal(loaded.page > 0, PAGE > 127)


# Transparency


@pytest.mark.parametrize("ink", [0, 60, 200, 255])
@pytest.mark.parametrize("hidden", [0, 255])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_transparent_background_is_paper_for_any_ink(ink: int, hidden: int, mode: str) -> None:
    level = np.where(PAGE > 0, ink, hidden).astype(np.uint8)
    picture = Image.merge("LA", [Image.fromarray(level), Image.fromarray(PAGE)]).convert(mode)
    contrast = ink if ink > 127 else 255 - ink
    for source in (picture, saved(picture, "PNG")):
        page = load(source).page
        assert np.abs(page - PAGE * (contrast / 255)).max() <= 1
    if mode == "RGBA":
        assert np.array_equal(load(np.asarray(picture)).page, load(picture).page)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_colour_of_a_palette(kind: str) -> None:
    picture = Image.fromarray((PAGE > 127).astype(np.uint8)).convert("P")
    picture.putpalette([200, 0, 0, 0, 0, 90])
    page = load(saved(picture, kind, transparency=0)).page
    assert np.array_equal(page > 127, PAGE > 127)


def test_transparency_for_every_colour_of_a_palette() -> None:
    picture = Image.fromarray(PAGE // 2).convert("L").convert("P")
    picture.putpalette([10, 10, 10] * 128)
    content = saved(picture, "PNG", transparency=bytes(range(0, 256, 2)))
    page = load(content).page
    assert np.array_equal(page > page.max() / 2, PAGE > 127)


@pytest.mark.parametrize("level", [0, 255])
def test_nothing_but_transparency_is_a_blank_page(level: int) -> None:
    assert not load(Image.new("RGBA", (30, 20), (level, level, level, 0))).page.any()


# Turned and animated


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP"])
def test_how_the_camera_was_held(orientation: int, kind: str) -> None:
    undo = TURNS[orientation]
    as_taken = np.ascontiguousarray(TURNS[{6: 8, 8: 6}.get(orientation, orientation)](DARK_ON_LIGHT))
    assert np.array_equal(undo(as_taken), DARK_ON_LIGHT)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    lossy = {"quality": 95} if kind in ("JPEG", "WEBP") else {}
    content = saved(Image.fromarray(as_taken), kind, exif=exif, **lossy)
    page = load(content).page
    assert page.shape == PAGE.shape
    assert np.abs(page.astype(int) - PAGE).mean() < (3 if lossy else 1e-9)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "PNG", "WEBP"])
def test_of_several_pictures_the_first_is_read(kind: str) -> None:
    first, second = Image.fromarray(DARK_ON_LIGHT), Image.new("L", PAGE.shape[::-1], 255)
    options = {"lossless": True} if kind == "WEBP" else {}
    assert_page(saved(first, kind, save_all=True, append_images=[second], **options))


# Arrays


@BOTH
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_channels(channels: int, grey: NDArray[np.uint8]) -> None:
    array = np.repeat(grey[:, :, None], channels, axis=2)
    if channels == 4:
        array[:, :, 3] = 255
    assert_page(array)
    assert_page(np.asfortranarray(array))
    assert_page(array[:, ::-1][:, ::-1])
    assert_page(array.astype(np.float32) / 255)


@BOTH
@pytest.mark.parametrize("dtype", ["u1", "u2", ">u2", "i2", "i4", ">i4", "i8", "u8", "f2", "f4", ">f4", "f8"])
def test_depths_of_arrays_from_0_to_255(dtype: str, grey: NDArray[np.uint8]) -> None:
    assert_page(grey.astype(dtype))


@BOTH
def test_whole_and_fractional_scales(grey: NDArray[np.uint8]) -> None:
    for dtype in (np.float16, np.float32, np.float64):
        assert_page(grey / dtype(255), within=int(dtype is np.float16))
    assert_page(grey / 255 * 1.04, within=10)  # what resampling leaves
    assert_page(grey.astype(np.uint16) * 257)
    assert np.array_equal(load(grey > 127).page, 255 * (PAGE > 127))


def test_views_and_read_only_arrays_are_read_and_left_alone() -> None:
    wide = np.repeat(np.repeat(PAGE, 2, 0), 3, 1)
    assert_page(wide[::2, ::3])
    frozen = DARK_ON_LIGHT.copy()
    frozen.flags.writeable = False
    assert_page(frozen)


def test_the_callers_picture_is_left_alone() -> None:
    picture = Image.fromarray(DARK_ON_LIGHT).convert("P")
    before = picture.tobytes()
    load(picture)
    assert (picture.mode, picture.tobytes()) == ("P", before)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -3.0])
def test_values_that_are_no_brightness_count_as_dark(value: float) -> None:
    array = PAGE / 255.0
    array[:4] = value
    assert_page(array)


def test_an_array_of_nothing_but_nan_is_blank() -> None:
    assert not load(np.full((9, 9), np.nan)).page.any()


@pytest.mark.parametrize("level", [0, 2, 90, 127, 128, 200, 254, 255])
@pytest.mark.parametrize("shape", [(1, 1), (40, 30), (30, 20, 3)])
def test_one_level_is_a_blank_page(level: int, shape: tuple[int, ...]) -> None:
    loaded = load(np.full(shape, level, np.uint8))
    assert loaded.page.shape == shape[:2]
    assert not loaded.page.any()
    assert loaded.polarity == ("dark on light" if level > 127 else "light on dark")


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=30)))
@settings(deadline=None, max_examples=200)
def test_any_array_of_bytes_becomes_a_page_of_its_size(array: NDArray[np.uint8]) -> None:
    assume(array.max() != 1)  # an array of noughts and ones is black and white, a picture of them is not
    loaded = load(array)
    assert (loaded.page.shape, loaded.page.dtype) == (array.shape, np.uint8)
    assert np.array_equal(load(Image.fromarray(array)).page, loaded.page)


@given(arrays.arrays(st.sampled_from(["f4", "f8", "i2", "i8", "u4", "?"]), (5, 7)))
@settings(deadline=None, max_examples=200)
def test_any_array_of_numbers_becomes_a_page(array: NDArray[Any]) -> None:
    assert load(array).page.shape == (5, 7)


# Sizes


@pytest.mark.parametrize("shape", [(1, 1), (1, 9000), (9000, 1), (4000, 4000), (4001, 50), (12_001, 300)])
def test_large_images_are_averaged_down_by_a_whole_factor(shape: tuple[int, int]) -> None:
    factor = -(-max(shape) // 4000)
    page = load(
        np.tile(np.array([[0, 0, 0, 200]], np.uint8), (shape[0], -(-shape[1] // 4)))[:, : shape[1]]
    ).page
    assert page.shape == tuple(-(-side // factor) for side in shape)


def test_pictures_of_paper_read_as_the_same_either_way() -> None:
    inverted = ImageOps.invert(Image.fromarray(DARK_ON_LIGHT))
    assert np.array_equal(load(inverted).page, load(DARK_ON_LIGHT).page)


def test_an_array_of_noughts_and_ones_is_black_and_white() -> None:
    share = drawn_page(4) > 127
    assert np.array_equal(load(share.astype(np.uint8)).page, load(share).page)
    assert np.array_equal(load(Image.fromarray(share.astype(np.uint8))).page, load(share).page)


def test_bytes_are_no_larger_than_a_file_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handsum.image_file.MOST_BYTES", 1000)
    with pytest.raises(ImageError, match="too large"):
        load(bytes(1001))
