"""Image files, opened: by path, by bytes or in memory; their pages upright, and what is none refused."""

from __future__ import annotations

import io
import itertools
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

from handsum.errors import ImageError

# Above this an image file is refused before its pixels are unpacked: no camera makes such pictures, but
# a few kilobytes of a hostile file can unpack to gigabytes.
MOST_PIXELS = 128_000_000

# What scanners, cameras and drawing programs save, the commonest first. Not all that Pillow knows: for
# some it starts another program (EPS), and some it cannot tell from rubbish (TGA).
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "PPM", "TIFF", "WEBP", "JPEG2000", "ICO", "PCX")

# The files of those formats, by the ends of their names: what a folder is searched for.
IMAGE_SUFFIXES = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".bmp",
        ".pbm",
        ".pgm",
        ".ppm",
        ".pnm",
        ".tif",
        ".tiff",
        ".webp",
        ".jp2",
        ".ico",
        ".pcx",
    ]
)

# What folders of pictures and scans may hold besides, by the ends of the names, and what people call it.
OTHER_KINDS = {
    ".heic": "HEIC pictures",
    ".heif": "HEIF pictures",
    ".avif": "AVIF pictures",
    ".pdf": "PDF files",
}

# Frames of a TIFF that are no pages: bits of its tag NewSubfileType (TIFF 6.0, section 8).
SMALLER_COPY, MASK = 1, 4

# No picture of a page is larger as a file; a device or a disk image would never end.
MOST_BYTES = 256 * 2**20

# The interpreter has one list of warning filters for all threads.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Pages:
    """The pages of an image file, to be opened one at a time.

    A file is kept as its bytes, which a pipe gives only once, and a page's pixels only by who opened it.

    Attributes:
        name: what the file is called where something is wrong with it.
        content: its bytes.
        frames: which of the pictures in it are its pages; never empty.
    """

    name: str
    content: bytes
    frames: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.frames)

    def open(self, number: int) -> Image.Image:
        """A page, counted from 1, as `open_image` gives an image.

        Raises:
            ImageError: this page is damaged, empty or too large.
        """
        name = self.name if len(self) == 1 else f"page {number} of {self.name}"
        image = _opened(self.content, self.name)
        try:
            with _quiet_pillow():
                image.seek(self.frames[number - 1])
        except Exception as error:  # Pillow's plugins raise whatever the damage leads them to
            raise ImageError(f"{name} is damaged.") from error
        return _unpacked(image, name)


def open_pages(source: str | os.PathLike[str] | bytes) -> Pages:
    """The pages of an image file, given by its path or its bytes: scanners put several into one TIFF.

    What moves (GIF, PNG, WebP) has one page, its first frame.

    Raises:
        ImageError: the file is missing, damaged, empty, too large or no image at all.
        TypeError: `source` is nothing that holds a file.
    """
    name, content = _named_content(source)
    return Pages(name, content, _page_frames(_opened(content, name)))


def open_image(source: object) -> Image.Image:
    """A PIL image, upright and with its pixels loaded, from a path, bytes or a PIL image.

    What comes out may be loaded and displayed as its source may: a pipe gives its bytes only once. Of a file
    with several pages or frames it is the first; `open_pages` gives all pages.

    Raises:
        ImageError: the image is missing, damaged, empty, too large or none at all.
        TypeError: `source` is nothing that holds an image.
    """
    if isinstance(source, Image.Image):
        return _unpacked(source, "the image")
    name, content = _named_content(source)
    return _unpacked(_opened(content, name), name)


def _named_content(source: object) -> tuple[str, bytes]:
    """What an image file is called in messages, and its bytes."""
    if isinstance(source, str | os.PathLike):
        return str(Path(source)), _file_content(Path(source))
    if not isinstance(source, bytes | bytearray | memoryview):
        raise TypeError(f"an image is a path, bytes, a PIL image or an array, not {type(source).__name__}")
    content = bytes(source)
    if len(content) > MOST_BYTES:
        raise ImageError(f"the image is too large to read: over {MOST_BYTES // 2**20} MiB.")
    return "the image", content


def _opened(content: bytes, name: str) -> Image.Image:
    """The image in a file's bytes, its pixels still packed."""
    if not content:
        raise ImageError(f"{name} is empty.")
    try:
        with _quiet_pillow():
            return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"{name} is too large to read: over {MOST_PIXELS // 10**6} million pixels."
        ) from error
    except Exception as error:  # Pillow's plugins raise whatever the damage leads them to
        raise ImageError(_no_image(name)) from error


def _no_image(name: str) -> str:
    kind = OTHER_KINDS.get(os.path.splitext(name)[1].lower())
    if kind is None:
        return f"{name} is not an image that can be read."
    return f"{name}: {kind} cannot be read; save them as JPEG or PNG."


def _page_frames(image: Image.Image) -> tuple[int, ...]:
    """Which frames of an opened file are its pages."""
    if image.format != "TIFF":
        return (0,)
    frames = []
    with _quiet_pillow():
        for frame in itertools.count():
            try:
                image.seek(frame)
                is_page = not image.getexif().get(ExifTags.Base.NewSubfileType, 0) & (SMALLER_COPY | MASK)
            except EOFError:
                break
            except Exception:  # as above; whoever opens this page is told
                is_page = True
            if is_page:
                frames.append(frame)
            if image.tell() != frame:  # where the next frame is was in the part that is damaged
                break
    return tuple(frames) or (0,)


def _file_content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (
            "is a folder" if os.path.isdir(path) else getattr(error, "strerror", None) or "cannot be opened"
        )
        raise ImageError(f"{path} cannot be read: {reason}.") from error
    if len(content) > MOST_BYTES:
        raise ImageError(f"{path} is too large to read: over {MOST_BYTES // 2**20} MiB.")
    return content


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Pillow's remarks on slight damage and large sizes kept from the user: it is read, or refused by us."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _unpacked(image: Image.Image, name: str) -> Image.Image:
    width, height = image.size
    if width * height == 0:
        raise ImageError(f"{name} has no pixels.")
    if width * height > MOST_PIXELS:
        raise ImageError(
            f"{name} is too large to read: {width} x {height}, over {MOST_PIXELS // 10**6} million pixels."
        )
    try:
        with _quiet_pillow():
            image.load()
            return ImageOps.exif_transpose(image)
    except Exception as error:  # as above
        raise ImageError(f"{name} is damaged.") from error
