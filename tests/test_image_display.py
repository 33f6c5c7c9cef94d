"""Images of every kind are shown as they look."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from handsum.image import LONGEST_SIDE_PX, load, load_for_display
from tests.pictures import DARK_ON_LIGHT, ORIENTATION, PAGE, TURNS, saved


def shown(source: Any) -> NDArray[np.uint8]:
    picture, _ = load_for_display(source)
    assert picture.mode == "RGB"
    return np.asarray(picture)


MODES = ["1", "L", "P", "RGB", "RGBA", "LA", "La", "CMYK", "YCbCr", "LAB", "I", "I;16", "F"]


@pytest.mark.parametrize("mode", MODES)
def test_any_mode_is_shown_as_it_looks(mode: str) -> None:
    grey = Image.fromarray(np.where(DARK_ON_LIGHT > 128, 255, 0).astype(np.uint8))
    if mode in ("LAB", "La", "I;16"):
        picture = {
            "LAB": lambda: Image.merge("LAB", (grey, *[Image.new("L", grey.size, 128)] * 2)),
            "La": lambda: grey.convert("LA").convert("La"),
            "I;16": lambda: Image.fromarray(np.asarray(grey).astype(np.uint16) * 257),
        }[mode]()
    else:
        picture = grey.convert(mode)
    assert np.abs(shown(picture).astype(int) - np.asarray(grey)[:, :, None]).max() <= 2


@pytest.mark.parametrize(("ink", "paper"), [((120, 20, 20), 255), ((250, 220, 220), 0)])
def test_transparent_ink_is_shown_on_a_paper_it_stands_out_from(
    ink: tuple[int, int, int], paper: int
) -> None:
    colour = np.full((*PAGE.shape, 3), ink, np.uint8)
    rgba = np.dstack([colour, np.where(PAGE > 128, 255, 0).astype(np.uint8)])
    for source in (rgba, Image.fromarray(rgba)):
        seen = shown(source)
        assert tuple(seen[PAGE > 128][0]) == ink
        assert tuple(seen[PAGE <= 128][0]) == (paper,) * 3


@pytest.mark.parametrize("orientation", TURNS)
def test_a_turned_photograph_is_shown_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    content = saved(Image.fromarray(PAGE), "PNG", exif=exif)
    assert np.array_equal(shown(content)[:, :, 0], TURNS[orientation](PAGE))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize(("longest_px", "factor"), [(4000, 1), (4001, 2), (9000, 3)])
def test_large_images_say_how_far_they_were_shrunk(mode: str, longest_px: int, factor: int) -> None:
    image = Image.new(mode, (10, longest_px))
    loaded, (picture, display_factor) = load(image), load_for_display(image)
    assert loaded.factor == display_factor == factor
    assert picture.size == loaded.page.shape[::-1]
    assert max(picture.size) <= LONGEST_SIDE_PX
    assert load(np.zeros((10, longest_px, 3), np.uint8)).factor == factor
