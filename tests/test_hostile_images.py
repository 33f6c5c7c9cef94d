"""Images that are damaged, enormous or none at all: one clear sentence, soon, and nothing else."""

from __future__ import annotations

import errno
import functools
import io
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import EpsImagePlugin, Image

from handsum.errors import HandsumError, ImageError
from handsum.image import LoadedImage, load
from handsum.image_file import MOST_PIXELS
from tests.samples import drawn_page

KINDS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "ICO", "JPEG2000", "PCX")

# For the largest image that is not refused, in a process of its own on a busy machine.
MOST_SECONDS = 180.0
MOST_MEGABYTES = 2_000


@functools.cache
def file_of(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(255 - drawn_page(5)[::4, ::4]).save(stream, kind)
    return stream.getvalue()


def refusal(source: Any) -> str:
    """The sentence with which `source` is refused."""
    with pytest.raises(ImageError) as caught:
        load(source)
    sentence = str(caught.value)
    assert isinstance(caught.value, HandsumError)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def read_or_refused(content: bytes) -> bool:
    """Whether damaged content still gives a page; any error but a refusal comes through."""
    try:
        loaded = load(content)
    except ImageError:
        return False
    assert isinstance(loaded, LoadedImage)
    assert loaded.page.dtype == np.uint8
    return True


# No image at all


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    sentence = refusal(tmp_path / "nowhere.png")
    assert str(tmp_path / "nowhere.png") in sentence
    assert "No such file" in sentence


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path} cannot be read: is a folder."


def test_a_file_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, _mode: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(tmp_path / "mine.png") == f"{tmp_path / 'mine.png'} cannot be read: Permission denied."


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end_is_left_in_time() -> None:
    assert "too large to read" in refusal(Path("/dev/zero"))


@pytest.mark.parametrize("path", ["a\0b.png", "x" * 5000, ""])
def test_paths_that_cannot_be(path: str) -> None:
    refusal(path)


@pytest.mark.parametrize(
    "content", [b"", b" ", b"Seven.\n", b"%PDF-1.7\n", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"P5 9"]
)
def test_what_is_no_image(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seven.png"
    path.write_bytes(content)
    assert str(path) in refusal(path)
    assert "the image" in refusal(content).lower()
    if not content:
        assert refusal(path) == f"{path} is empty."


@given(st.binary(max_size=2000))
@settings(deadline=None, max_examples=100)
def test_random_bytes_are_refused(content: bytes) -> None:
    assert not read_or_refused(content)


@pytest.mark.parametrize("source", [None, 5, 1.5, [[0, 1]], object(), {"image": 1}, io.BytesIO(b"")])
def test_other_things_are_the_callers_mistake(source: Any) -> None:
    with pytest.raises(TypeError, match="a path, bytes, a PIL image or an array, not"):
        load(source)


@pytest.mark.parametrize("dtype", [object, complex, str, "S3", "M8[s]", "V2"])
def test_arrays_of_other_things(dtype: Any) -> None:
    with pytest.raises(TypeError, match="holds numbers"):
        load(np.zeros((4, 4), dtype))


@pytest.mark.parametrize("shape", [(), (9,), (4, 4, 2), (4, 4, 5), (2, 4, 4, 3), (1, 4, 4, 1)])
def test_arrays_of_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"an image array is \(H, W\)"):
        load(np.ones(shape, np.uint8))


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (0, 5, 3), (5, 0, 1)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, bool])
def test_nothing_to_see(shape: tuple[int, ...], dtype: Any) -> None:
    assert refusal(np.zeros(shape, dtype)) == "the image has no pixels."
    if len(shape) == 2:
        assert refusal(Image.new("L", shape)) == "the image has no pixels."


def test_a_picture_that_was_closed() -> None:
    picture = Image.open(io.BytesIO(file_of("PNG")))
    picture.close()
    refusal(picture)


# Damaged


@pytest.mark.parametrize("kind", KINDS)
def test_files_cut_off_anywhere(kind: str) -> None:
    content = file_of(kind)
    assert read_or_refused(content)
    lengths = [*range(1, 40), *range(40, len(content), max(1, len(content) // 60))]
    num_read = sum(read_or_refused(content[:length]) for length in lengths)
    assert num_read < len(lengths) / 2, "cut files pass for whole ones"
    # A PCX file does not say where its rows end; what is lacking is blank.
    assert kind == "PCX" or not read_or_refused(content[: len(content) // 2])


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=25)
def test_files_with_other_bytes_in_them(kind: str, data: st.DataObject) -> None:
    content = bytearray(file_of(kind))
    # Headers are where damage leads furthest.
    places = st.one_of(st.integers(0, min(60, len(content) - 1)), st.integers(0, len(content) - 1))
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(content))


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_says_nothing_on_the_side(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    content = file_of(kind)
    read_or_refused(content[: len(content) // 2])
    read_or_refused(content[: len(content) // 2] + bytes(len(content) // 2))
    assert capfd.readouterr() == ("", "")


def test_no_other_program_is_started_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: started.append("gs"))
    page = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\n0 0 20 20 rectfill\n%%EOF\n"
    refusal(page)
    assert started == []


# Enormous


def png_that_claims(width_px: int, height_px: int) -> bytes:
    """A PNG's header for a grey picture of that size, and the first of its pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = width_px.to_bytes(4, "big") + height_px.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    pixels = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "size", [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (MOST_PIXELS + 1, 1), (12_000, 12_000)]
)
def test_a_header_that_claims_too_much_is_believed_and_refused(size: tuple[int, int]) -> None:
    started_s = time.perf_counter()
    assert "too large to read" in refusal(png_that_claims(*size))
    assert time.perf_counter() - started_s < 5


def test_a_header_that_claims_much_and_brings_little_is_damage() -> None:
    assert refusal(png_that_claims(11_000, 11_000)) == "the image is damaged."


def test_a_large_text_beside_the_pixels_is_not_unpacked() -> None:
    stream = io.BytesIO()
    text = zlib.compress(bytes(200_000_000), 9)
    Image.new("L", (5, 5)).save(stream, "PNG")
    content = stream.getvalue()
    chunk = b"zTXtComment\0\0" + text
    chunk = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    refusal(content[:33] + chunk + content[33:])


OPEN_IT = """
import resource, sys
from handsum.image import load
page = load(sys.argv[1]).page
print(max(page.shape), page.any(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ru_maxrss is in kilobytes on Linux")
@pytest.mark.parametrize("mode", ["L", "RGBA", "I;16"])
def test_the_largest_image_takes_bounded_time_and_memory(tmp_path: Path, mode: str) -> None:
    side_px = int(MOST_PIXELS**0.5)
    Image.new(mode, (side_px, side_px)).save(tmp_path / "large.png")
    assert (tmp_path / "large.png").stat().st_size < 1_000_000
    command = [sys.executable, "-c", OPEN_IT, str(tmp_path / "large.png")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=True)
    longest, any_ink, megabytes = done.stdout.split()
    assert int(longest) <= 4000
    assert any_ink == "False"
    assert int(megabytes) < MOST_MEGABYTES
