"""How wide a pen is, told from the ink that it left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A long stroke shows, over all directions alike, this many times its length as pixel sides: along each of its
# two edges 4 / pi, the mean of |cos| + |sin|.
SIDES_PER_LENGTH = 8 / np.pi


def stroke_width(ink: NDArray[np.bool_]) -> float:
    """The mean width of the strokes, in pixels, of ink bool (H, W); 0 where there is none.

    Area over length, of which strokes have half of their outline: Cauchy's formula (1841) gives that from the
    sides of pixels where ink and paper meet.
    """
    area = int(np.count_nonzero(ink))
    if not area:
        return 0.0
    framed = np.pad(ink, 1)
    num_level, num_upright = (np.count_nonzero(np.diff(framed, axis=axis)) for axis in (0, 1))
    return float(SIDES_PER_LENGTH * area / (num_level + num_upright))
