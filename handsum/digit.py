"""One page to one digit, and many ready frames to many, through a digit network's graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from handsum.models import Model
from handsum.reading import FRAME_SIZE, DigitReading, Doubt, FrameReadings, Polarity

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
        names = ["label", "confidence", "digit_probability", "probabilities", "frame"]
        rows = self._session.run(names, {"page": page, "frames": _NO_FRAMES})
        label, confidence, digit_probability, probabilities, frame = (row[0] for row in rows)
        doubt = _doubt(int(label), frame)
        return DigitReading(
            label=None if doubt else int(label),
            confidence=float(confidence),
            digit_probability=float(digit_probability),
            probabilities=probabilities,
            frame=frame,
            doubt=doubt,
            polarity=polarity,
        )

    def read_frames(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities float32 (n, 10) of ready frames float32 (n, 28, 28), ink 1.0 on 0.0.

        Raises:
            ValueError: the frames have another shape.
        """
        probabilities: NDArray[np.float32] = self._run(frames, ["probabilities"])[0]
        return probabilities

    def judge_frames(self, frames: NDArray[np.float32]) -> FrameReadings:
        """Labels, confidences and probabilities of ready frames float32 (n, 28, 28), ink 1.0 on 0.0.

        Raises:
            ValueError: the frames have another shape.
        """
        return FrameReadings(
            *self._run(frames, ["label", "confidence", "probabilities", "digit_probability"])
        )

    def _run(self, frames: NDArray[np.float32], names: list[str]) -> list[NDArray[Any]]:
        """The graph's outputs of these names, with a row for each frame."""
        if frames.ndim != 3 or frames.shape[1:] != (FRAME_SIZE, FRAME_SIZE):
            raise ValueError(
                f"frames are a float32 array (n, {FRAME_SIZE}, {FRAME_SIZE}), not {frames.shape}"
            )

        def run(start: int) -> list[NDArray[Any]]:
            part = np.ascontiguousarray(frames[start : start + FRAMES_PER_RUN], np.float32)
            outputs: list[NDArray[Any]] = self._session.run(names, {"page": _NO_PAGE, "frames": part})
            return outputs

        starts = range(0, len(frames), FRAMES_PER_RUN)
        if len(starts) < 2:
            return run(0)
        # Imported here because few callers have this many frames, and every start would pay for it.
        from concurrent.futures import ThreadPoolExecutor

        # ONNX Runtime lets go of the interpreter's lock, so threads share the work.
        with ThreadPoolExecutor() as pool:
            return [np.concatenate(parts) for parts in zip(*pool.map(run, starts), strict=True)]


def _doubt(label: int, frame: NDArray[np.float32]) -> Doubt | None:
    """Why the graph gave no label (-1); None where it gave one."""
    if label >= 0:
        return None
    return "not a digit" if frame.any() else "blank"
