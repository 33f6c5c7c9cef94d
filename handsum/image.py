"""Images of any kind become pages: polarity, alpha, rotation and depth are settled here and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handsum.errors import ImageError
from handsum.illumination import (
    MOST_SPREAD_LEFT,
    SMALLEST_SIDE_PX,
    evened,
    narrow_is_light,
    without_clouds,
)
from handsum.image_file import open_image
from handsum.levels import (
    DEVIATIONS_PER_SPREAD,
    count_levels,
    median_level,
    otsu_threshold,
    quantile_level,
    spread,
    up_to,
)
from handsum.reading import Polarity

ImageSource = str | os.PathLike[str] | bytes | Image.Image | NDArray[np.generic]

# The graph reads pages up to this long; larger images are first averaged down by a whole factor.
LONGEST_SIDE_PX = 4000

# Background within this many deviations of its own noise is taken as background, not as ink.
NOISE_DEVIATIONS = 5.0
# Where ink stands out less, as it does from paper with print all over, within fewer: within this share of
# what the brightest part of the pixels reaches, but never within less than the fewest.
LEAST_NOISE_DEVIATIONS, INK_SHARE, BRIGHTEST_PART = 3.0, 0.5, 0.001

# The largest value of an array of fractions that is still taken for one in 0..1.
MOST_OVERSHOOT = 2.0

# How much it counts which part of a cut-out digit is narrow, beside the shares 0..1 of picture and border
# that are light. Chosen on digits of MNIST's held-out writers as they are, cut tightly, thickened and spoiled
# as for training.
NARROW_WEIGHT = 1.5


@dataclass(frozen=True, eq=False)
class LoadedImage:
    """A page uint8 (H, W), bright ink on 0, and how the ink stood on the image it came from.

    `size` is the image's own (width, height); `grey` is the image in the page's pixels before anything was
    decided about it.
    """

    page: NDArray[np.uint8]
    polarity: Polarity
    size: tuple[int, int] = (0, 0)
    grey: NDArray[np.uint8] | None = None

    @property
    def factor(self) -> int:
        """How many of the image's pixels, across and down, were averaged into one of the page's."""
        return _shrinking_factor(self.size)


def load(source: ImageSource) -> LoadedImage:
    """Load an image as a page; of a file with several pages or frames, the first.

    Raises:
        ImageError: the image is missing, damaged, empty, too large or none at all.
        TypeError, ValueError: `source` is nothing that holds an image.
    """
    if isinstance(source, np.ndarray):
        grey = _grey_of_array(source)
        size = source.shape[1], source.shape[0]
    else:
        image = open_image(source)
        grey, size = _grey_of_image(image), image.size
    shrunk = _at_most_longest_side(grey)
    return replace(_bright_ink(evened(shrunk)), size=size, grey=shrunk)


def load_for_display(source: ImageSource) -> tuple[Image.Image, int]:
    """The image as one looks at it, in RGB and upright, and the `factor` by which `load` shrinks it, too.

    Raises:
        ImageError, TypeError, ValueError: as for `load`.
    """
    image = Image.fromarray(_bytes_of_array(source)) if isinstance(source, np.ndarray) else open_image(source)
    factor = _shrinking_factor(image.size)
    if _has_no_other_colours(image):
        return Image.fromarray(_grey_of_image(image)).reduce(factor).convert("RGB"), factor
    if not _has_alpha(image):
        return image.convert("RGB").reduce(factor), factor
    rgba = _as_rgba(image).reduce(factor)
    level = _paper_level(*_luminance_and_alpha(np.asarray(rgba)))
    paper = Image.new("RGBA", rgba.size, (level, level, level, 255))
    return Image.alpha_composite(paper, rgba).convert("RGB"), factor


def _grey_of_image(image: Image.Image) -> NDArray[np.uint8]:
    """Luminance uint8 (H, W); transparent pixels take the colour that the ink is not."""
    if image.mode == "LAB":  # Pillow converts it to nothing else, but its first channel is all we need
        return np.asarray(image.getchannel("L"))
    if _has_no_other_colours(image):
        return _as_bytes(np.asarray(image))
    if _has_alpha(image):
        # Averaged down first: an image of the most pixels would need gigabytes below.
        return _flatten_alpha(np.asarray(_as_rgba(image).reduce(_shrinking_factor(image.size))))
    return _as_bytes(np.asarray(image.convert("L")))


def _has_no_other_colours(image: Image.Image) -> bool:
    """Whether Pillow does not convert the image rightly: deep greys, and LAB."""
    return image.mode in ("I", "F", "LAB") or image.mode.startswith("I;16")


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info


def _as_rgba(image: Image.Image) -> Image.Image:
    straight = image.convert("LA") if image.mode == "La" else image
    return straight.convert("RGBA")


def _grey_of_array(array: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Luminance uint8 (H, W) of an array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)."""
    values = _bytes_of_array(array)
    if values.ndim == 2:
        return values
    if values.shape[2] == 4:
        return _flatten_alpha(values)
    return np.asarray(Image.fromarray(values).convert("L"))


def _bytes_of_array(array: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The same of any depth as uint8 (H, W), (H, W, 3) or (H, W, 4)."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.size == 0:
        raise ImageError("the image has no pixels.")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ValueError(f"an image array is (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), not {array.shape}")
    return _as_bytes(array)


def _as_bytes(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Any depth to 0..255: what has only 0 and 1, or 0..1, is stretched, deeper integers scaled down."""
    if values.dtype == np.uint8 and values.max() > 1:
        return values.view(np.uint8)
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    if values.dtype.kind not in "iuf":
        raise TypeError(f"an image array holds numbers, not {values.dtype}")
    # In place and no wider than need be: these are the largest arrays that loading makes.
    numbers = values.astype(np.result_type(values.dtype, np.float32))
    np.nan_to_num(numbers, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    # A little over 1 is what resampling leaves of a picture in 0..1; whole numbers have no such excess.
    is_unit = values.dtype.kind == "f" and numbers.max() <= MOST_OVERSHOOT
    numbers /= 1.0 if is_unit else _full_scale(float(numbers.max()))
    np.clip(numbers, 0.0, 1.0, out=numbers)
    numbers *= 255.0
    return np.rint(numbers, out=numbers).astype(np.uint8)


def _full_scale(largest: float) -> float:
    """What white is, by the largest value there is: 1, a byte's, or that of a deeper camera or scanner."""
    if largest <= 1.0:
        return 1.0
    return 255.0 if largest <= 255.0 else max(largest, 4095.0)


def _flatten_alpha(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a transparent picture on the paper that its ink stands out from."""
    luminance, alpha = _luminance_and_alpha(rgba)
    return np.rint(luminance * alpha + _paper_level(luminance, alpha) * (1 - alpha)).astype(np.uint8)


def _luminance_and_alpha(rgba: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """float32 (H, W) each, 0..255 and 0..1, of uint8 (H, W, 4)."""
    luminance = np.asarray(Image.fromarray(np.ascontiguousarray(rgba[:, :, :3])).convert("L"), np.float32)
    return luminance, rgba[:, :, 3].astype(np.float32) / 255.0


def _paper_level(luminance: NDArray[np.float32], alpha: NDArray[np.float32]) -> int:
    """White where what is opaque is dark, else black."""
    weight = alpha.sum()
    return 255 if weight and (luminance * alpha).sum() / weight < 128 else 0


def _shrinking_factor(size: tuple[int, ...]) -> int:
    return -(-max(size) // LONGEST_SIDE_PX)


def _at_most_longest_side(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    factor = _shrinking_factor(grey.shape)
    return grey if factor == 1 else np.asarray(Image.fromarray(grey).reduce(factor))


def _bright_ink(grey: NDArray[np.uint8]) -> LoadedImage:
    """Turn dark ink bright, and take the background's own level, clouds and noise away."""
    polarity = polarity_of(grey)
    bright = grey if polarity == "light on dark" else 255 - grey
    level, deviation = _background(bright)
    if deviation > 0:
        clear = without_clouds(bright)
        clear_level, clear_deviation = _background(clear)
        if clear_deviation < MOST_SPREAD_LEFT * deviation:
            bright, level, deviation = clear, clear_level, clear_deviation
    floor = level + _noise_deviations(bright, level, deviation) * deviation
    if floor == 0:
        return LoadedImage(bright, polarity)
    return LoadedImage(np.where(bright > floor, bright - np.uint8(level), np.uint8(0)), polarity)


def _noise_deviations(bright: NDArray[np.uint8], level: int, deviation: float) -> float:
    """How many deviations from its level the background reaches, less where that would swallow the ink."""
    if deviation == 0:
        return NOISE_DEVIATIONS
    brightest = quantile_level(count_levels(bright), 1 - BRIGHTEST_PART)
    reached = INK_SHARE * (brightest - level) / deviation
    return min(NOISE_DEVIATIONS, max(LEAST_NOISE_DEVIATIONS, reached))


def _background(bright: NDArray[np.uint8]) -> tuple[int, float]:
    """The level of what is not ink, and its deviation from it."""
    counts = count_levels(bright)
    background = up_to(otsu_threshold(counts), counts)
    return median_level(background), DEVIATIONS_PER_SPREAD * spread(background)


def polarity_of(grey: NDArray[np.uint8]) -> Polarity:
    """Whether the ink is the light or the dark part: ink covers less, and less of the border, than paper.

    In cut-out digits, which leave little paper to be seen, it also matters which of the two is narrow.
    """
    light = grey > otsu_threshold(count_levels(grey))
    if light.all() or not light.any():
        return "dark on light" if grey.flat[0] > 127 else "light on dark"
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    is_cut_out = max(grey.shape) < SMALLEST_SIDE_PX
    narrow = NARROW_WEIGHT * narrow_is_light(grey) if is_cut_out else 0.0
    return "dark on light" if light.mean() + border.mean() > 1.0 + narrow else "light on dark"
