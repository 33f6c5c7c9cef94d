"""Which strokes an eraser touches: pure geometry, no Tk."""

from __future__ import annotations

from handsum.ink import Ink, Point, Stroke

ERASER_RADIUS_PX = 8.0


def without_touched(ink: Ink, x: float, y: float) -> Ink:
    """The ink without the strokes that an eraser at (x, y) touches; the same object if it touches none."""
    kept = tuple(stroke for stroke in ink.strokes if not touches(stroke, x, y))
    return ink if len(kept) == len(ink.strokes) else Ink(kept)


def touches(stroke: Stroke, x: float, y: float) -> bool:
    """Whether an eraser at (x, y) reaches the inked width of a stroke."""
    reach = (stroke.width_px / 2 + ERASER_RADIUS_PX) ** 2
    points = stroke.points
    # A dot has no segment: paired with itself it is one of length nothing.
    pairs = zip(points, points[1:] or points, strict=False)
    return any(_squared_distance(start, end, x, y) <= reach for start, end in pairs)


def _squared_distance(start: Point, end: Point, x: float, y: float) -> float:
    """From (x, y) to the nearest place on the segment from start to end."""
    dx, dy = end.x - start.x, end.y - start.y
    length = dx * dx + dy * dy
    along = ((x - start.x) * dx + (y - start.y) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return float((start.x + along * dx - x) ** 2 + (start.y + along * dy - y) ** 2)
