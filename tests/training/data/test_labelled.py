"""Labelled sets from everything they may be stored as."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from handsum.errors import DataError
from handsum.ink import Ink, render
from handsum.training.data.idx import write_idx
from handsum.training.data.labelled import CANVAS_PX, load_labelled, place_ink

SEVEN = [[[0, 0], [10, 0], [4, 20]]]


def ink_file(path: Path, *entries: Any) -> Path:
    text = "".join(f"{json.dumps(entry)}\n" for entry in entries)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("size", [0.01, 1, 1000])
@pytest.mark.parametrize("place", [0, -5000, 300])
def test_ink_lands_in_the_middle_at_its_height(size: float, place: float) -> None:
    ink = place_ink(Ink.of(SEVEN).scaled(size).moved(place, -place))
    xs, ys = [p.x for p in ink.points], [p.y for p in ink.points]
    assert max(ys) - min(ys) == pytest.approx(0.55 * CANVAS_PX)
    assert (min(xs) + max(xs)) / 2 == pytest.approx(CANVAS_PX / 2)
    assert (min(ys) + max(ys)) / 2 == pytest.approx(CANVAS_PX / 2)
    assert {stroke.width_px for stroke in ink.strokes} == {14.0}


@pytest.mark.parametrize(
    "strokes", [[], [[(5, 5)]], [[(5, 5), (5, 5)]], [[(0, 3), (900, 3)]], [[(0, 0), (900, 1)]]]
)
def test_nothing_a_dot_and_flat_ink_stay_on_the_paper(strokes: list[list[tuple[float, float]]]) -> None:
    ink = place_ink(Ink.of(strokes))
    assert all(0 <= p.x <= CANVAS_PX and 0 <= p.y <= CANVAS_PX for p in ink.points)
    assert render(ink, width_px=CANVAS_PX, height_px=CANVAS_PX).any() == bool(strokes)


@pytest.mark.parametrize("name", ["pens.jsonl", "pens.jsonl.gz"])
def test_ink_keeps_digits_and_one_split(tmp_path: Path, name: str) -> None:
    path = ink_file(
        tmp_path / name,
        {"label": "7", "split": "dev", "strokes": SEVEN},
        {"label": "+", "split": "dev", "strokes": SEVEN},
        {"label": "17", "split": "dev", "strokes": SEVEN},
        {"label": "1", "split": "train", "strokes": SEVEN},
    )
    assert load_labelled(path).labels.tolist() == [7, 1]
    only_dev = load_labelled(path, split="dev")
    assert only_dev.labels.tolist() == [7]
    (page,) = only_dev.images()
    assert (page.shape, page.dtype, page.max()) == ((CANVAS_PX, CANVAS_PX), np.uint8, 255)


def test_a_folder_of_digits(tmp_path: Path) -> None:
    for name in ("3/b.png", "3/a.PNG", "9/x.jpg", "9/notes.txt", "other/1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    labelled = load_labelled(tmp_path)
    assert labelled.labels.tolist() == [3, 3, 9]
    assert [path.name for path in labelled.images()] == ["a.PNG", "b.png", "x.jpg"]


@pytest.mark.parametrize("labels", [np.array([4, 2], np.int64), np.array(["4", "2"])])
def test_an_npz(tmp_path: Path, labels: np.ndarray) -> None:
    np.savez(tmp_path / "a.npz", images=np.zeros((2, 16, 16), np.uint8), labels=labels)
    labelled = load_labelled(tmp_path / "a.npz")
    assert (labelled.labels.tolist(), labelled.frames) == ([4, 2], None)


def test_an_npz_leaves_other_symbols_out(tmp_path: Path) -> None:
    images = np.arange(3 * 256, dtype=np.uint16).astype(np.uint8).reshape(3, 16, 16)
    np.savez(tmp_path / "a.npz", images=images, labels=np.array(["plus", "4", "w"]))
    labelled = load_labelled(tmp_path / "a.npz")
    assert labelled.labels.tolist() == [4]
    np.testing.assert_array_equal(labelled.image(0), images[1])


@pytest.mark.parametrize(("side", "are_frames"), [(28, True), (20, False)])
def test_an_idx_pair(tmp_path: Path, side: int, are_frames: bool) -> None:
    write_idx(tmp_path / "my-images-idx3-ubyte.gz", np.full((3, side, side), 255, np.uint8))
    write_idx(tmp_path / "my-labels-idx1-ubyte.gz", np.array([1, 2, 12], np.uint8))
    labelled = load_labelled(tmp_path / "my-images-idx3-ubyte.gz")
    assert labelled.labels.tolist() == [1, 2]
    assert (labelled.frames is not None) == are_frames
    if labelled.frames is not None:
        assert (labelled.frames.dtype, labelled.frames.max()) == (np.float32, 1.0)


def test_a_sample_keeps_order_and_labels(tmp_path: Path) -> None:
    images = np.arange(200, dtype=np.uint8).repeat(28 * 28).reshape(200, 28, 28)
    write_idx(tmp_path / "images-idx3", images)
    write_idx(tmp_path / "labels-idx1", (np.arange(200) % 10).astype(np.uint8))
    labelled = load_labelled(tmp_path / "images-idx3")
    sample = labelled.sample(20)
    places = [int(image[0, 0]) for image in sample.images()]
    assert len(set(places)) == 20
    assert places == sorted(places)
    assert sample.labels.tolist() == [place % 10 for place in places]
    assert sample.frames is not None
    assert np.allclose(sample.frames[:, 0, 0] * 255, places)
    assert (sample.name, labelled.sample(200).name) == ("images-idx3 (20 of 200)", "images-idx3")


def test_damage_is_told_in_one_sentence(tmp_path: Path) -> None:
    image = tmp_path / "seven.png"
    Image.new("L", (5, 5)).save(image)
    (tmp_path / "bad.npz").write_bytes(b"rubbish")
    np.savez(tmp_path / "keys.npz", x=np.zeros(3))
    np.savez(tmp_path / "lengths.npz", images=np.zeros((3, 8, 8)), labels=np.zeros(2))
    np.savez(tmp_path / "objects.npz", images=np.array([{}]), labels=np.zeros(1))
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"label": "1", "strokes": []}\n' * 99)[:30])
    (tmp_path / "empty").mkdir()
    broken = [
        image,
        tmp_path / "nothing",
        tmp_path / "empty",
        *sorted(tmp_path.glob("*.npz")),
        tmp_path / "cut.jsonl.gz",
        ink_file(tmp_path / "list.jsonl", [1]),
        ink_file(tmp_path / "none.jsonl", {"label": "+", "strokes": []}),
        ink_file(tmp_path / "no-strokes.jsonl", {"label": "1"}),
        ink_file(tmp_path / "words.jsonl", {"label": "1", "strokes": [["ab"]]}),
        ink_file(tmp_path / "endless.jsonl", {"label": "1", "strokes": [[[1.2e308, 0], [1.7e308, 1]]]}),
        ink_file(tmp_path / "long.jsonl", {"label": "1", "strokes": [[[1, 2, 3, 4, 5]]]}),
    ]
    for path in broken:
        with pytest.raises(DataError) as caught:
            load_labelled(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_pen_digits_of_the_check_writers(data_folder: Path) -> None:
    labelled = load_labelled(data_folder / "ink" / "unipen-symbols.jsonl.gz", split="dev")
    assert len(labelled.labels) == 1_446


@pytest.mark.parametrize("images", [np.zeros((2, 28, 28, 2), np.uint8), np.zeros((2, 28, 28), complex)])
def test_arrays_that_are_no_images_are_refused(tmp_path: Path, images: Any) -> None:
    np.savez(tmp_path / "odd.npz", images=images, labels=np.array([1, 2]))
    with pytest.raises(DataError, match="holds no images"):
        load_labelled(tmp_path / "odd.npz")
