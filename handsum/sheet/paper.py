"""A sheet of paper on a table: found by its four straight sides, and seen from above."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from handsum.image import load
from handsum.sheet.block import Block, Matrix, seen_through

# The sheet is looked for on a copy this long, from which a median filter takes the writing.
SEARCH_SIDE_PX, WRITING_PX = 320, 15
# Smaller pages are cut-out digits, not photographs of sheets.
SMALLEST_SIDE_PX = 128

# Table and paper differ by at least this many levels.
LEAST_CONTRAST = 18
# The share of the page that a sheet covers: less is a thing on the table, more has no table around it.
LEAST_AREA, MOST_AREA = 0.15, 0.97
# The share of the sheet that its four corners span, and of them that is sheet.
LEAST_MATCH = 0.95
# A sheet's corners are at least this share of the image from its border.
INSIDE = 0.004
# The ends of a side, as a share of it, are left out when its line is fitted to at least so many points.
SIDE_PART, LEAST_SIDE_POINTS = 0.15, 8
# The sides are rounded off by this share of the outline to find the corners.
ROUNDING = 0.03
# Cut off all around, as a share of the sheet: the edge's shadow is no ink.
RIM = 0.012

LARGEST_SIDE_PX = 4000

# A sheet that the image cuts off covers more, is as convex as this, and its levels change within two of the
# search's pixels by this share of what they change within eight. So much of its edge is left out.
LEAST_CUT_AREA, LEAST_CUT_MATCH, LEAST_STEP = 0.25, 0.96, 0.75
EDGE_PX = 5

# A table that the sheet leaves free along one side only: solid brightness along so much of a border of a
# page this large, where a stroke that is cut off covers less.
LEAST_BORDER, SMALLEST_TABLE_SIDE_PX = 0.4, 600


def paper_alone(image: NDArray[np.uint8]) -> Block | None:
    """The sheet on an image uint8 (H, W), straight and as a page of its own; None without a table around it.

    The image may be grey levels as photographed, or a page: in a page made of a photograph with much table
    the writing may be lost already. A sheet that the image cuts off is parted from the table, but not
    straightened.
    """
    regions = _regions(image)
    for region in regions:
        corners = _corners_of(region)
        if corners is not None:
            return _seen_from_above(image, corners * _enlargement(image, region))
    for region in regions:
        if _is_cut_off_sheet(region, image):
            return _without_surroundings(image, region)
    return None


def _seen_from_above(image: NDArray[np.uint8], corners: NDArray[np.float64]) -> Block | None:
    matrix, width_px, height_px = _straightening(corners)
    sheet = seen_through(Block.whole(image), matrix, width_px=width_px, height_px=height_px)
    page = load(sheet.page).page
    return Block(page, sheet.to_original) if page.any() else None


def _without_surroundings(image: NDArray[np.uint8], region: NDArray[np.uint8]) -> Block | None:
    """The image with its table painted as paper before it becomes a page."""
    import cv2

    # The holes that writing leaves in the region are on the sheet too.
    contours, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.fillPoly(np.zeros_like(region), [max(contours, key=cv2.contourArea)], 1)
    inner = cv2.erode(filled, np.ones((EDGE_PX, EDGE_PX), np.uint8), borderValue=1)
    is_sheet = cv2.resize(inner, image.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    if not is_sheet.any():
        return None
    painted = np.where(is_sheet, image, np.uint8(np.median(image[is_sheet][::7])))
    page = np.where(is_sheet, load(painted).page, np.uint8(0))
    return Block.whole(page) if page.any() else None


def without_table(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page without what is left of a table along its border; the very same where nothing is."""
    import cv2

    if max(page.shape) < SMALLEST_TABLE_SIDE_PX:
        return page
    factor = max(1.0, max(page.shape) / SEARCH_SIDE_PX)
    height, width = (max(1, round(side / factor)) for side in page.shape)
    small = cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)
    ink = (small > LEAST_CONTRAST).astype(np.uint8)
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((WRITING_PX, WRITING_PX), np.uint8))
    _, labels = cv2.connectedComponents(solid)
    sides = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    at_border = {
        int(label)
        for side in sides
        for label in np.flatnonzero(np.bincount(side) >= LEAST_BORDER * len(side))
        if label > 0
    }
    if not at_border:
        return page
    table = np.isin(labels, list(at_border)).astype(np.uint8)
    table = cv2.dilate(table, np.ones((7, 7), np.uint8))
    is_table = cv2.resize(table, page.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    cleared = np.where(is_table, np.uint8(0), page)
    return cleared if cleared.any() else page


def _regions(image: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The bright and the dark part of an image without its writing, 1 on 0; none if they differ little."""
    import cv2

    if min(image.shape) < SMALLEST_SIDE_PX:
        return []
    plain = _without_writing(image)
    _, bright = cv2.threshold(plain, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if not 0 < np.count_nonzero(bright) < bright.size:
        return []
    if plain[bright == 1].mean() - plain[bright == 0].mean() < LEAST_CONTRAST:
        return []
    return [np.asarray(bright), np.asarray(1 - bright)]


def _without_writing(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    factor = max(1.0, max(image.shape) / SEARCH_SIDE_PX)
    height, width = (max(1, round(side / factor)) for side in image.shape)
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.medianBlur(small, WRITING_PX))


def _enlargement(image: NDArray[np.uint8], region: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Image pixels per pixel of a region, (2,) as x and y."""
    return np.array(image.shape[::-1]) / np.array(region.shape[::-1])


def _is_cut_off_sheet(region: NDArray[np.uint8], image: NDArray[np.uint8]) -> bool:
    """Whether a region is convex and ends sharply, as paper does and a shadow does not."""
    import cv2

    contours, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)
    area, hull_area = cv2.contourArea(outline), cv2.contourArea(cv2.convexHull(outline))
    if not LEAST_CUT_AREA <= area / region.size <= MOST_AREA or area < LEAST_CUT_MATCH * hull_area:
        return False
    plain = _without_writing(image).astype(np.float64)
    filled = cv2.fillPoly(np.zeros_like(region), [outline], 1)
    return _step(plain, filled, 2) >= LEAST_STEP * _step(plain, filled, 8)


def _step(plain: NDArray[np.float64], region: NDArray[np.uint8], reach_px: int) -> float:
    """How much the levels just inside a region differ from those just outside."""
    import cv2

    kernel = np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)
    thin = np.ones((3, 3), np.uint8)
    outer = cv2.dilate(region, kernel)
    inner = cv2.erode(region, kernel, borderValue=1)
    outside = plain[(outer > 0) & (cv2.erode(outer, thin, borderValue=1) == 0)]
    inside = plain[(cv2.dilate(inner, thin) > 0) & (inner == 0)]
    if not len(outside) or not len(inside):
        return 0.0
    return abs(float(np.median(inside)) - float(np.median(outside)))


def _corners_of(region: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """The corners of a region's largest piece, if it is a quadrilateral inside the image."""
    import cv2

    contours, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)
    area = cv2.contourArea(outline)
    if not LEAST_AREA <= area / region.size <= MOST_AREA:
        return None
    hull = cv2.convexHull(outline)
    rough = cv2.approxPolyDP(hull, ROUNDING * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(rough) != 4 or not cv2.isContourConvex(rough):
        return None
    corners = _sharp_corners(outline.reshape(-1, 2) + 0.5, _in_order(rough + 0.5))
    if corners is None or not _are_inside(corners, region.shape):
        return None
    spanned = cv2.contourArea(corners.astype(np.float32))
    return corners if LEAST_MATCH <= area / spanned <= 1 / LEAST_MATCH else None


def _sharp_corners(outline: NDArray[np.float64], rough: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Where straight lines along the four sides meet: the median filter has rounded the corners."""
    sides = [_side(outline, start, end) for start, end in zip(rough, np.roll(rough, -1, axis=0), strict=True)]
    corners = []
    for before, after in zip([sides[-1], *sides[:-1]], sides, strict=True):
        if before is None or after is None:
            return None
        meeting = np.cross(before, after)
        if abs(meeting[2]) < 1e-9:
            return None
        corners.append(meeting[:2] / meeting[2])
    return np.array(corners)


def _side(
    outline: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """The line (a, b, c), ax + by + c = 0, through the middle part of a side."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    away = outline - start
    share = away @ along / length
    aside = np.abs(away @ (-along[1], along[0]))
    near = outline[(share > SIDE_PART) & (share < 1 - SIDE_PART) & (aside < ROUNDING * 2 * length)]
    if len(near) < LEAST_SIDE_POINTS:
        return None
    middle = near.mean(axis=0)
    normal = np.linalg.svd(near - middle, full_matrices=False)[2][1]
    return np.append(normal, -normal @ middle)


def _are_inside(corners: NDArray[np.float64], shape: tuple[int, ...]) -> bool:
    """Whether no corner is cut off: then the sides seen are not all the sheet's own."""
    size = np.array([shape[1], shape[0]])
    return bool((corners > INSIDE * size).all() and (corners < (1 - INSIDE) * size).all())


def _in_order(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Clockwise from the upper left one."""
    away = corners - corners.mean(axis=0)
    clockwise = corners[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    return np.roll(clockwise, -int(clockwise.sum(axis=1).argmin()), axis=0)


def _straightening(corners: NDArray[np.float64]) -> tuple[Matrix, int, int]:
    """The homography that makes the sheet a rectangle without its rim, and that rectangle's size."""
    import cv2

    upper_left, upper_right, lower_right, lower_left = corners
    width = max(math.dist(upper_left, upper_right), math.dist(lower_left, lower_right))
    height = max(math.dist(upper_left, lower_left), math.dist(upper_right, lower_right))
    shrinking = min(1.0, LARGEST_SIDE_PX / max(width, height))
    width, height = width * shrinking, height * shrinking
    rim = RIM * max(width, height)
    left, top, right, bottom = -rim, -rim, width - rim, height - rim
    target = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return np.asarray(matrix, np.float64), max(1, round(width - 2 * rim)), max(1, round(height - 2 * rim))
