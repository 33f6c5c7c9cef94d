"""Files with several pages: every page of a TIFF, and nothing that is none."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from handsum.errors import ImageError
from handsum.image import load
from handsum.image_file import OTHER_KINDS, open_pages
from tests.pictures import DARK_ON_LIGHT, ORIENTATION, PAGE, TURNS, saved, saved_tiff

NEW_SUBFILE_TYPE = 254
BLANK = Image.new("L", (30, 20), 255)
WRITTEN = Image.fromarray(DARK_ON_LIGHT)


def sizes(content: bytes) -> list[tuple[int, int]]:
    pages = open_pages(content)
    return [pages.open(number).size for number in range(1, len(pages) + 1)]


def a_tiff(kinds: Sequence[int] = (0, 0, 0)) -> bytes:
    """Pages 30, 31 and so on wide, each with its NewSubfileType."""
    pictures = [Image.new("L", (30 + place, 20), 255) for place in range(len(kinds))]
    return saved_tiff(pictures, [{NEW_SUBFILE_TYPE: kind} for kind in kinds])


def test_every_page_is_what_it_would_be_alone(tmp_path: Path) -> None:
    turned = Image.fromarray(TURNS[8](DARK_ON_LIGHT).copy())
    black_and_white = WRITTEN.point(lambda level: 255 * (level > 127), "1")
    path = tmp_path / "scan.tif"
    path.write_bytes(saved_tiff([BLANK, turned, black_and_white], [{}, {ORIENTATION: 6}, {}]))
    pages = open_pages(path)
    assert len(pages) == 3
    assert not load(pages.open(1)).page.any()
    assert np.array_equal(load(pages.open(2)).page, PAGE)
    assert np.array_equal(load(pages.open(3)).page > 127, PAGE > 127)
    assert np.array_equal(load(pages.open(2)).page, PAGE), "pages may be opened in any order"


def test_an_image_of_several_pages_is_its_first() -> None:
    content = saved_tiff([WRITTEN, BLANK])
    assert np.array_equal(load(content).page, PAGE)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_what_moves_has_one_page(kind: str) -> None:
    assert (
        len(open_pages(saved(WRITTEN, kind, save_all=True, append_images=[Image.new("L", WRITTEN.size)])))
        == 1
    )


@pytest.mark.parametrize(
    ("kinds", "widths"),
    [([2, 2, 2], [30, 31, 32]), ([0, 1, 0], [30, 32]), ([0, 4, 5], [30]), ([1, 1], [30])],
)
def test_smaller_copies_and_masks_are_no_pages(kinds: list[int], widths: list[int]) -> None:
    assert [width for width, _ in sizes(a_tiff(kinds))] == widths


def test_a_damaged_page_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    content = bytearray(saved_tiff([Image.effect_noise((90, 90), 50)] * 3, compression="tiff_lzw"))
    with Image.open(io.BytesIO(content)) as image:
        image.seek(1)
        start = image.getexif()[ExifTags.Base.StripOffsets]
    content[start : start + 100] = bytes(100)
    path.write_bytes(content)
    pages = open_pages(path)
    assert len(pages) == 3
    assert pages.open(1).size == pages.open(3).size == (90, 90)
    with pytest.raises(ImageError) as caught:
        pages.open(2)
    assert str(caught.value) == f"page 2 of {path} is damaged."


def test_a_file_that_breaks_off_says_so() -> None:
    content = a_tiff()
    cut = open_pages(content[: len(content) * 4 // 5])
    assert cut.open(1).size == (30, 20)
    with pytest.raises(ImageError, match="is damaged"):
        cut.open(len(cut))


@given(data=st.data())
@settings(deadline=None, max_examples=100)
def test_pages_with_other_bytes_in_them(data: st.DataObject) -> None:
    content = bytearray(a_tiff())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        pages = open_pages(bytes(content))
    except ImageError:
        return
    assert 1 <= len(pages) <= 4
    for number in range(1, len(pages) + 1):
        try:
            pages.open(number)
        except ImageError as error:
            assert str(error).endswith(".")  # noqa: PT017


@pytest.mark.parametrize("source", [None, 5, DARK_ON_LIGHT, WRITTEN, io.BytesIO(b"")])
def test_pages_are_of_files(source: object) -> None:
    with pytest.raises(TypeError):
        open_pages(source)  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", [*OTHER_KINDS, ".HEIC"])
def test_pictures_of_other_kinds_say_what_to_do(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    path.write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(ImageError) as caught:
        load(path)
    kind = OTHER_KINDS[suffix.lower()]
    assert str(caught.value) == f"{path}: {kind} cannot be read; save them as JPEG or PNG."


def test_it_is_the_content_that_counts(tmp_path: Path) -> None:
    path = tmp_path / "sent.heic"
    WRITTEN.save(path, "PNG")
    assert np.array_equal(load(path).page, PAGE)
