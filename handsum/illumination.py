"""Photographed paper made even: slow changes of light are taken away, and its grain is smoothed.

Drawn and clean scanned images, whose paper has one level, come back as they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from handsum.levels import DEVIATIONS_PER_SPREAD, count_levels, quantile_level, spread
from handsum.strokes import stroke_width

# Smaller images are cut-out digits: ink may cover half of them, and no light can be told from so little.
SMALLEST_SIDE_PX = 64

# The light is fitted on a picture this small: it changes slowly, and this is a thousand times as fast.
FIT_SIZE = 48
NUM_ROUNDS = 8
# Pixels further than this many deviations from the fitted paper are ink, and are left out of the next fit.
INK_DEVIATIONS = 2.5
# The paper must come out this much flatter, or it was not the light that made it uneven.
MOST_SPREAD_LEFT = 0.6
# Strokes are narrower than this share of the picture; what is wider and brighter than its surroundings
# is a cloud or a shadow's edge.
STROKE_SHARE = 0.3
# In cut-out digits holes and gaps may be as wide as that; most strokes are narrower than this.
STROKE_SHARE_OF_CUT_OUTS = 0.2
# To either side of a pixel: in the smallest pictures strokes fill more.
LEAST_REACH_PX = 2

# Smaller pictures are pieces of others, and print on them is as coarse as a shadow.
SMALLEST_SHADED_PX = 128
# A shadow with an edge is told on the small picture, by the median over so much of it, of which writing
# hardly ever covers half: along its border, which shadows reach and strokes do not, lie this many levels
# between the darkest and the lightest part.
SHADOW_REACH, SHADOW_PART, LEAST_SHADOW = 9, 0.03, 20.0
# It is taken away by the median over so many pixels of a copy that is so long, since a median keeps edges,
# and the better, the less it is over: so it is taken again over so many of the strokes' widths.
SHADOW_SIDE_PX, SHADOW_WINDOW_PX = 320, 61
WINDOW_WIDTHS, LEAST_WINDOW_PX = 5, 25
# What stands out from the paper by half as much as so small a part of the picture does is strokes.
STROKE_LEVEL, BRIGHTEST_PART = 0.5, 0.002


def evened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey levels uint8 (H, W) as if lit evenly and seen without grain; ink may be dark or light."""
    if min(grey.shape) < SMALLEST_SIDE_PX or spread(count_levels(grey)) == 0:
        return grey
    even = _evenly_lit(grey)
    if _has_shadow(even):
        even = _without_shadow(even)
    return np.asarray(Image.fromarray(even).filter(ImageFilter.BoxBlur(1)))


def without_clouds(bright: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey levels uint8 (H, W) of bright ink without the fog, glare or shadow that lies between the strokes.

    A top-hat transform (Meyer, 1979; Serra, "Image Analysis and Mathematical Morphology", 1982): the least
    brightness around, as far as a stroke may be wide, is the paper's own.
    """
    height, width = bright.shape
    factor = min(1.0, FIT_SIZE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = Image.fromarray(bright).resize(size, Image.Resampling.BOX).filter(ImageFilter.BoxBlur(1))
    reach = 2 * int(STROKE_SHARE * max(size) / 2) + 1
    paper = small.filter(ImageFilter.MinFilter(reach)).filter(ImageFilter.MaxFilter(reach))
    shade = paper.filter(ImageFilter.BoxBlur(reach // 4)).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(ImageChops.subtract(Image.fromarray(bright), shade))


def narrow_is_light(grey: NDArray[np.uint8]) -> float:
    """Whether what is as narrow as a stroke is lighter (1) or darker (-1) than around it, in a cut-out digit.

    The white top-hat transform against the black one; 0 where neither finds anything.
    """
    # What touches the edge is taken to go on beyond it: strokes, and the paper between them.
    picture = Image.fromarray(np.pad(grey, int(STROKE_SHARE * max(grey.shape)), mode="edge"))
    reach = 2 * max(LEAST_REACH_PX, int(STROKE_SHARE_OF_CUT_OUTS * max(grey.shape) / 2)) + 1
    light, dark = _narrow_light(picture, reach), _narrow_light(ImageChops.invert(picture), reach)
    return (light - dark) / max(light + dark, 1)


def _narrow_light(picture: Image.Image, reach: int) -> int:
    """How much light lies in what an opening takes away."""
    opened = picture.filter(ImageFilter.MinFilter(reach)).filter(ImageFilter.MaxFilter(reach))
    return int(np.asarray(ImageChops.subtract(picture, opened)).sum(dtype=np.int64))


def _evenly_lit(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without the slow changes of the light, where there are any."""
    small = np.asarray(Image.fromarray(grey).resize((FIT_SIZE, FIT_SIZE), Image.Resampling.BOX), np.float32)
    light = _fitted_light(small)
    if _spread_of(small - light) > MOST_SPREAD_LEFT * _spread_of(small):
        return grey
    height, width = grey.shape
    shades = Image.fromarray(light - _median(light)).resize((width, height), Image.Resampling.BILINEAR)
    return np.clip(np.rint(grey - np.asarray(shades)), 0, 255).astype(np.uint8)


def _has_shadow(grey: NDArray[np.uint8]) -> bool:
    """Whether large parts of the paper differ in light, as where something throws its shadow on it."""
    if min(grey.shape) < SMALLEST_SHADED_PX:
        return False
    small = Image.fromarray(grey).resize((FIT_SIZE, FIT_SIZE), Image.Resampling.BOX)
    paper = np.asarray(small.filter(ImageFilter.MedianFilter(SHADOW_REACH)))
    levels = np.sort(np.concatenate([paper[0], paper[-1], paper[:, 0], paper[:, -1]]))
    num_left_out = int(SHADOW_PART * levels.size)
    return bool(int(levels[-1 - num_left_out]) - int(levels[num_left_out]) > LEAST_SHADOW)


def _without_shadow(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey levels less those of the paper around them, which a median over more than writing tells."""
    # Imported here: few pictures need it, and all would wait for it.
    import cv2

    height, width = grey.shape
    factor = max(1.0, max(height, width) / SHADOW_SIDE_PX)
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    apart = cv2.absdiff(small, cv2.medianBlur(small, SHADOW_WINDOW_PX))
    is_stroke = apart >= STROKE_LEVEL * quantile_level(count_levels(apart), 1 - BRIGHTEST_PART)
    window = 2 * round(WINDOW_WIDTHS * stroke_width(is_stroke) / 2) + 1
    paper = cv2.medianBlur(small, int(np.clip(window, LEAST_WINDOW_PX, SHADOW_WINDOW_PX)))
    shades = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return np.clip(np.rint(grey - shades + _median(paper.astype(np.float32))), 0, 255).astype(np.uint8)


def _fitted_light(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """The paper's light as a quadratic surface, by least squares that leave out what is not paper.

    Trimmed least squares in the manner of Rousseeuw, "Least Median of Squares Regression" (1984).
    """
    axis = np.linspace(-1, 1, FIT_SIZE)
    x, y = (plane.ravel() for plane in np.meshgrid(axis, axis))
    terms = np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=-1)
    values = small.ravel()
    light = np.full(values.shape, _median(values))
    for _ in range(NUM_ROUNDS):
        distance = np.abs(values - light)
        paper = distance <= INK_DEVIATIONS * DEVIATIONS_PER_SPREAD * _median(distance)
        # The normal equations: six unknowns are too few for a general solver to pay.
        normal = terms[paper].T @ terms[paper] + 1e-9 * np.eye(terms.shape[1])
        light = terms @ np.linalg.solve(normal, terms[paper].T @ values[paper])
    return light.reshape(small.shape).astype(np.float32)


def _spread_of(values: NDArray[np.float32]) -> float:
    """The median distance from the median."""
    return _median(np.abs(values - _median(values)))


def _median(values: NDArray[np.floating]) -> float:
    # Not `numpy.median`, whose first call imports masked arrays and costs every start 20 ms.
    return float(np.partition(values.ravel(), values.size // 2)[values.size // 2])
