"""How far the lines of a page lean, and the page turned upright.

The angle at which ink falls into the narrowest rows (the projection profile: Postl, "Detection of linear
oblique structures and skew scan in digitized documents", 1986), believed only where neighbouring symbols
or ruled lines run along it: a lone 7 or / leans without being askew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handsum.sheet.block import Block, mapped, seen_through
from handsum.sheet.ink import Sketch, pieces_of, sketch, usual_length

MOST_SKEW_DEG = 30.0
# Turning blurs; the page network reads lines that lean less than this as well.
LEAST_SKEW_DEG = 1.5
COARSE_STEP_DEG, FINE_STEP_DEG = 1.0, 0.2

# The profile is taken of at most so many pixels of a sketch this long.
PROFILE_SIDE_PX, MOST_POINTS = 500, 20_000
# How much narrower the rows must be than they are unturned (of the profile's sum of squares).
LEAST_GAIN = 1.08

# Neighbours follow one another within three sizes; along a line they deviate from it by less than this.
REACH, MOST_DEVIATION_DEG = 3.0, 9.0
LEAST_NEIGHBOURS = 3
# A short row leans by some degrees for its digits' own slant; it must lean by more, or be this long.
MANY_NEIGHBOURS, LEAST_SHORT_SKEW_DEG = 6, 8.0
# More pieces than this are noise, or so many that a part of them tells as much.
MOST_PIECES = 600

# A row of which this share of the page's width is inked is a ruled line; so many are needed.
RULE_SHARE, LEAST_RULES = 0.4, 3

# Left around the ink of a page that was turned, as a share of its longer side.
MARGIN = 0.02


def upright(block: Block) -> Block:
    """The block with its lines level; the same where they are level enough, or nothing tells."""
    sketched = sketch(block.page)
    angle_deg = skew_deg(sketched)
    if abs(angle_deg) < LEAST_SKEW_DEG:
        return block
    angle = np.deg2rad(angle_deg)
    turn = np.array(
        [(np.cos(angle), np.sin(angle), 0.0), (-np.sin(angle), np.cos(angle), 0.0), (0.0, 0.0, 1.0)]
    )
    rows, columns = np.nonzero(sketched.ink)
    ink = mapped(sketched.factor * np.column_stack([columns, rows]).astype(np.float64), turn)
    margin_px = MARGIN * max(block.page.shape) + sketched.factor
    low, high = ink.min(axis=0) - margin_px, ink.max(axis=0) + margin_px
    turn[:2, 2] = -low
    width, height = np.ceil(high - low).astype(int).tolist()
    return seen_through(block, turn, width_px=width, height_px=height)


def skew_deg(sketched: Sketch) -> float:
    """How far the lines fall to the right, in degrees; 0 where there is no strong evidence of any."""
    all_points = _profile_points(sketched.ink)
    if len(all_points) < 2:
        return 0.0
    points = all_points[:: -(-len(all_points) // MOST_POINTS)]
    angle_deg = _sharpest(points, np.arange(-MOST_SKEW_DEG, MOST_SKEW_DEG + 0.1, COARSE_STEP_DEG))
    around = np.arange(-COARSE_STEP_DEG, COARSE_STEP_DEG + 0.01, FINE_STEP_DEG)
    angle_deg = _sharpest(points, angle_deg + around)
    if abs(angle_deg) < LEAST_SKEW_DEG or abs(angle_deg) >= MOST_SKEW_DEG:
        return 0.0
    if _sharpness(points, angle_deg) < LEAST_GAIN * _sharpness(points, 0.0):
        return 0.0
    is_sure = _is_ruled(all_points, angle_deg) or _is_along_neighbours(sketched.ink, angle_deg)
    return angle_deg if is_sure else 0.0


def _profile_points(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Where ink is, (n, 2) as x and y, on a grid that keeps the thinnest line."""
    import cv2

    factor = -(-max(ink.shape) // PROFILE_SIDE_PX)
    thick = ink if factor == 1 else cv2.dilate(ink, np.ones((factor, factor), np.uint8))
    rows, columns = np.nonzero(thick[::factor, ::factor])
    return np.column_stack([columns, rows]).astype(np.float64)


def _profile(points: NDArray[np.float64], angle_deg: float) -> NDArray[np.int64]:
    """How many points each row holds once the page is turned by the angle."""
    angle = np.deg2rad(angle_deg)
    rows = points[:, 1] * np.cos(angle) - points[:, 0] * np.sin(angle)
    return np.bincount((rows - rows.min()).astype(np.int64))


def _sharpness(points: NDArray[np.float64], angle_deg: float) -> float:
    return float((_profile(points, angle_deg).astype(np.float64) ** 2).sum())


def _sharpest(points: NDArray[np.float64], angles_deg: NDArray[np.float64]) -> float:
    return float(max(angles_deg, key=lambda angle_deg: _sharpness(points, angle_deg)))


def _is_ruled(points: NDArray[np.float64], angle_deg: float) -> bool:
    """Whether several long straight lines run along the angle."""
    profile = _profile(points, angle_deg)
    is_rule = profile >= RULE_SHARE * np.ptp(points[:, 0])
    num_rules = int(np.count_nonzero(is_rule[1:] & ~is_rule[:-1])) + int(is_rule[0])
    # A solid shape fills rows too, but without a row between them that is emptier.
    return num_rules >= LEAST_RULES


def _is_along_neighbours(ink: NDArray[np.uint8], angle_deg: float) -> bool:
    """Whether symbols of one size follow one another along the angle."""
    pieces = pieces_of(ink)
    sizes = pieces.sizes.max(axis=1)
    size = usual_length(sizes)
    is_symbol = (sizes >= 0.5 * size) & (sizes <= 2.0 * size)
    boxes = pieces.boxes[is_symbol][:MOST_PIECES]
    if len(boxes) <= LEAST_NEIGHBOURS:
        return False
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    steps = middles[None, :, :] - middles[:, None, :]
    distances = np.hypot(steps[..., 0], steps[..., 1])
    directions = np.rad2deg(np.arctan2(steps[..., 1], steps[..., 0]))
    is_next = (distances > 0) & (distances <= REACH * size) & (np.abs(directions) <= MOST_SKEW_DEG + 15)
    distances[~is_next] = np.inf
    has_next = is_next.any(axis=1)
    nearest = directions[np.arange(len(boxes)), distances.argmin(axis=1)][has_next]
    is_short = len(nearest) < MANY_NEIGHBOURS
    if len(nearest) < LEAST_NEIGHBOURS or (is_short and abs(angle_deg) < LEAST_SHORT_SKEW_DEG):
        return False
    return bool(abs(np.median(nearest) - angle_deg) <= MOST_DEVIATION_DEG)
