"""A picture that no flip or turn leaves as it was, and how it is saved."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, TiffImagePlugin

from tests.samples import drawn_page

# A 4 in the upper left of a wide page.
PAGE = np.ascontiguousarray(np.pad(drawn_page(4), ((0, 40), (0, 90)))[::4, ::4])
DARK_ON_LIGHT = 255 - PAGE

# EXIF's tag of how the camera was held, and the turn that undoes each value.
ORIENTATION = 0x0112
TURNS = {
    1: lambda page: page,
    2: lambda page: page[:, ::-1],
    3: lambda page: page[::-1, ::-1],
    4: lambda page: page[::-1],
    5: lambda page: page.T,
    6: lambda page: np.rot90(page, -1),
    7: lambda page: page.T[::-1, ::-1],
    8: lambda page: np.rot90(page),
}


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def saved_tiff(
    pages: Sequence[Image.Image], tags: Sequence[dict[int, Any]] | None = None, **options: Any
) -> bytes:
    """A TIFF of several pages, each with tags of its own."""
    stream = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(stream) as writer:
        for page, tags_of_page in zip(pages, tags or [{}] * len(pages), strict=True):
            page.save(writer, "TIFF", tiffinfo=tags_of_page, **options)
            writer.newFrame()
    return stream.getvalue()
