"""One page to one digit, and many ready frames to many, through a digit network's graph."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handsum.models import Model
from handsum.reading import FRAME_SIZE, NUM_DIGITS, DigitReading, Polarity

_NO_PAGE = np.zeros((0, 0), np.uint8)
_NO_FRAMES = np.zeros((0, FRAME_SIZE, FRAME_SIZE), np.float32)

# Small enough for a core's cache, large enough that the call itself costs nothing.
FRAMES_PER_RUN = 128


class DigitNetwork:
    """A digit network; safe to call from several threads at once."""

    def __init__(self, model: Model) -> None:
        self._session = model.session

    def read_page(self, page: NDArray[np.uint8], polarity: Polarity = "light on dark") -> DigitReading:
        """Read a page uint8 (H, W), bright ink on 0; `polarity` only tells how it stood before.

        Raises:
            ValueError: the page has another shape or type, or no pixels.
        """
        if page.ndim != 2 or page.dtype != np.uint8 or page.size == 0:
            raise ValueError(f"a page is a uint8 array (H, W), not {page.dtype} {page.shape}")
        labels, confidences, probabilities, frames = self._session.run(
            ["label", "confidence", "probabilities", "frame"], {"page": page, "frames": _NO_FRAMES}
        )
        label = int(labels[0])
        return DigitReading(
            label=label if label >= 0 else None,
            confidence=float(confidences[0]),
            probabilities=probabilities[0],
            frame=frames[0],
            polarity=polarity,
        )

    def read_frames(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities float32 (n, 10) of ready frames float32 (n, 28, 28), ink 1.0 on 0.0.

        Raises:
            ValueError: the frames have another shape.
        """
        if frames.ndim != 3 or frames.shape[1:] != (FRAME_SIZE, FRAME_SIZE):
            raise ValueError(
                f"frames are a float32 array (n, {FRAME_SIZE}, {FRAME_SIZE}), not {frames.shape}"
            )
        runs = [frames[start : start + FRAMES_PER_RUN] for start in range(0, len(frames), FRAMES_PER_RUN)]
        if len(runs) < 2:
            return np.concatenate([np.zeros((0, NUM_DIGITS), np.float32), *map(self._read_run, runs)])
        # Imported here because few callers have this many frames, and every start would pay for it.
        from concurrent.futures import ThreadPoolExecutor

        # ONNX Runtime lets go of the interpreter's lock, so threads share the work.
        with ThreadPoolExecutor() as pool:
            return np.concatenate(list(pool.map(self._read_run, runs)))

    def _read_run(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        feed = {"page": _NO_PAGE, "frames": np.ascontiguousarray(frames, np.float32)}
        probabilities: NDArray[np.float32] = self._session.run(["probabilities"], feed)[0]
        return probabilities
