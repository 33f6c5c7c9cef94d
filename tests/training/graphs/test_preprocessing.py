"""The preprocessing graph: its golden vectors, its geometry, and MNIST's own digits as they were."""

from __future__ import annotations

import functools
import time
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from handsum.ink import Ink, render
from handsum.models import open_model
from handsum.training.graphs.inlining import inlined
from handsum.training.graphs.preprocessing import preprocess
from tests.golden import make_golden
from tests.samples import as_frames, drawn_ink, drawn_page, held_out_mnist

TOLERANCE = 1e-5

NO_PAGE = np.zeros((0, 0), np.uint8)
NO_FRAMES = np.zeros((0, 28, 28), np.float32)

few_examples = settings(deadline=None, max_examples=50)


@functools.cache
def session() -> onnxruntime.InferenceSession:
    return open_model("mnist").session


def run(
    page: NDArray[np.uint8] = NO_PAGE, frames: NDArray[np.float32] = NO_FRAMES
) -> dict[str, NDArray[np.float32]]:
    names = ["label", "confidence", "digit_probability", "probabilities", "frame", "embedding"]
    return dict(zip(names, session().run(names, {"page": page, "frames": frames}), strict=True))


def frame_of(page: NDArray[np.uint8]) -> NDArray[np.float32]:
    frame: NDArray[np.float32] = run(page)["frame"][0]
    return frame


def centres_of_mass(frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, 2): row and column, in pixel indices."""
    places = np.arange(28)
    mass = frames.sum(axis=(1, 2))
    rows, columns = frames.sum(axis=2) @ places, frames.sum(axis=1) @ places
    return np.stack([rows / mass, columns / mass], axis=1)


# Golden vectors


@pytest.mark.parametrize("index", range(len(make_golden.make_pages())))
def test_golden_pages_give_golden_answers(index: int) -> None:
    golden = make_golden.load_golden()
    answer = run(golden[f"page_{index}"])
    assert np.abs(answer["frame"][0] - golden["frames"][index]).max() <= TOLERANCE
    assert np.abs(answer["probabilities"][0] - golden["probabilities"][index]).max() <= TOLERANCE
    again = run(frames=golden["frames"][index : index + 1])
    assert np.abs(again["probabilities"][0] - golden["probabilities"][index]).max() <= TOLERANCE


def test_the_generator_makes_what_is_stored(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_golden.main(["--check"]) == 0, capsys.readouterr().out
    assert make_golden.FILE.stat().st_size < 80_000


def test_the_generator_writes_the_same_file_and_sees_a_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "golden.npz"
    assert make_golden.main(["--file", str(path)]) == 0
    assert make_golden.main(["--check", "--file", str(path)]) == 0
    golden = make_golden.load_golden(path)
    golden["frames"][3, 14, 14] += 2 * TOLERANCE
    golden["page_2"][0, 0] += 1
    np.savez_compressed(path, allow_pickle=False, **golden)
    assert make_golden.main(["--check", "--file", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "golden.npz: page_2 is another",
        "golden.npz: frames differs by 2e-05",
    ]


def test_the_shipped_network_carries_the_graph_as_it_is_written_now() -> None:
    written = onnxruntime.InferenceSession(
        inlined(preprocess).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    for name, page in make_golden.make_pages().items():
        frame = written.run(None, {"page": page, "frames": NO_FRAMES})[0][0]
        assert np.abs(frame - frame_of(page)).max() <= TOLERANCE, f"{name}: run `handsum export`"


# The two entries


def test_pages_and_frames_are_read_alike_and_together() -> None:
    page, rng = drawn_page(5), np.random.default_rng(0)
    alone = run(page)
    again = run(frames=alone["frame"])
    others = rng.random((3, 28, 28), np.float32)
    together = run(page, others)
    assert np.array_equal(together["frame"], np.concatenate([alone["frame"], others]))
    for name in ("label", "confidence", "digit_probability", "probabilities", "embedding"):
        assert np.allclose(again[name], alone[name], rtol=0, atol=TOLERANCE)
        assert np.allclose(together[name][:1], alone[name], rtol=0, atol=TOLERANCE)
        assert np.allclose(together[name][1:], run(frames=others)[name], rtol=0, atol=TOLERANCE)


def test_nothing_in_nothing_out() -> None:
    shapes = {name: value.shape for name, value in run().items()}
    assert shapes == {
        "label": (0,),
        "confidence": (0,),
        "digit_probability": (0,),
        "probabilities": (0, 10),
        "frame": (0, 28, 28),
        "embedding": (0, 128),
    }


def test_blank_frames_have_no_label_among_others() -> None:
    frames = np.stack(
        [np.zeros((28, 28), np.float32), frame_of(drawn_page(7)), np.zeros((28, 28), np.float32)]
    )
    answer = run(frames=frames)
    assert answer["label"].tolist() == [-1, 7, -1]
    assert answer["digit_probability"].tolist() == [0, 1, 0]
    assert answer["confidence"][[0, 2]].tolist() == [0, 0]
    assert np.allclose(answer["probabilities"][[0, 2]], 0.1)
    assert np.allclose(answer["probabilities"].sum(axis=1), 1, atol=TOLERANCE)


# Geometry


SIZES = [(1, 1), (1, 2), (2, 1), (1, 4000), (4000, 1), (3, 5), (19, 21), (28, 28), (1050, 800), (4000, 4000)]


@pytest.mark.parametrize("shape", SIZES)
def test_pages_of_every_size_are_answered_soon(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(shape)
    for page in (
        np.zeros(shape, np.uint8),
        np.full(shape, 255, np.uint8),
        rng.integers(0, 256, shape, np.uint8),
    ):
        started_s = time.perf_counter()
        frame = frame_of(page)
        assert time.perf_counter() - started_s < 10
        assert np.isfinite(frame).all()
        assert bool(frame.any()) == bool(page.max() >= 24)


@given(
    arrays.arrays(
        np.uint8,
        arrays.array_shapes(min_dims=2, max_dims=2, max_side=60),
        elements=st.integers(0, 255),
        fill=st.just(0),
    )
)
@settings(deadline=None, max_examples=150)
def test_any_page_gives_a_frame(page: NDArray[np.uint8]) -> None:
    answer = run(page)
    frame = answer["frame"][0]
    assert (frame.shape, frame.dtype) == ((28, 28), np.float32)
    assert frame.min() >= 0
    assert frame.max() <= 1
    assert frame.any() == (answer["label"][0] >= 0)
    assert frame.any() == (page.max() >= 24)


@given(st.integers(0, 9), st.floats(0.15, 3), st.floats(0, 60), st.floats(0, 60), st.floats(3, 30))
@few_examples
def test_a_digit_fills_20_pixels_about_the_middle(
    digit: int, scale: float, x: float, y: float, pen_px: float
) -> None:
    ink = drawn_ink(digit, scale=scale, pen_px=pen_px).moved(20 + x, 20 + y)
    frame = frame_of(render(ink, width_px=500, height_px=600))
    rows, columns = np.flatnonzero(frame.any(axis=1)), np.flatnonzero(frame.any(axis=0))
    longest = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    # Thickening may add a pixel on each side.
    assert 20 <= longest <= 22
    assert np.abs(centres_of_mass(frame[None]) - 14).max() < 1


@given(st.integers(0, 9), st.integers(-70, 70), st.integers(-40, 40), st.integers(0, 200))
@few_examples
def test_place_and_paper_do_not_matter(digit: int, dx: int, dy: int, border_px: int) -> None:
    page = drawn_page(digit)
    moved = np.pad(np.roll(page, (dy, dx), (0, 1)), border_px)
    assert np.array_equal(frame_of(moved), frame_of(page))


@given(st.integers(0, 9), st.floats(0.2, 1))
@few_examples
def test_faint_ink_is_brightened(digit: int, share: float) -> None:
    page = drawn_page(digit)
    answer = run((page * np.float32(share)).astype(np.uint8))
    assert answer["label"][0] == digit
    assert answer["frame"].max() > 0.7
    assert np.abs(answer["frame"][0] - frame_of(page)).mean() < 0.06


def test_smudges_and_faint_pages_are_no_ink() -> None:
    page = drawn_page(4)
    smudged = page.copy()
    smudged[:40] = 23
    assert np.array_equal(frame_of(smudged), frame_of(page))
    assert not frame_of(np.full((40, 40), 23, np.uint8)).any()
    assert frame_of(np.full((40, 40), 24, np.uint8)).any()


def test_the_aspect_is_kept_and_hairlines_get_a_body() -> None:
    tall = frame_of(render(Ink.of([[(50, 10), (50, 210)]], 20), width_px=100, height_px=220))
    columns = np.flatnonzero(tall.any(axis=0))
    assert 2 <= len(columns) <= 4
    bold, thin = (drawn_ink(0, scale=2, pen_px=pen_px).moved(40, 40) for pen_px in (40, 2))
    ink_of_bold, ink_of_thin = (
        frame_of(render(ink, width_px=300, height_px=420)).sum() for ink in (bold, thin)
    )
    assert 0.6 < ink_of_thin / ink_of_bold < 1.5


# MNIST


def test_mnists_own_digits_come_back_where_they_were(data_folder: Path) -> None:
    images, _ = held_out_mnist()
    before, after = as_frames(images), np.stack([frame_of(image) for image in images])
    assert np.abs(centres_of_mass(after) - centres_of_mass(before)).max() < 1
    is_identical = np.abs(after - before).max(axis=(1, 2)) < 1e-6
    assert is_identical.mean() > 0.5
