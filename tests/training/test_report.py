"""The folder of results: whole, readable, and about what was really misread."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from handsum.training import report

NUM_IMAGES = 40
FILES = {"metrics.json", "learning_curves.png", "confusion_matrix.png", "misread_digits.png"}

METRICS: dict[str, Any] = {
    "history": {
        "loss": [2.0, 0.1],
        "accuracy": [0.5, 0.97],
        "val_loss": [1.0, 0.0],
        "val_accuracy": [0.8, 1.0],
    },
    "test": {"accuracy": 0.9},
}


def readings(num_wrong: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
    """Images, labels and probabilities, of which the first `num_wrong` are misread as the digit above."""
    rng = np.random.default_rng(0)
    labels = (np.arange(NUM_IMAGES) % 10).astype(np.uint8)
    answers = labels.copy()
    answers[:num_wrong] = (labels[:num_wrong] + 1) % 10
    probabilities = np.full((NUM_IMAGES, 10), 0.02, np.float32)
    # The later, the surer.
    probabilities[np.arange(NUM_IMAGES), answers] = 0.5 + np.arange(NUM_IMAGES) / 100
    return rng.integers(0, 256, (NUM_IMAGES, 28, 28), np.uint8), labels, probabilities


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Figure]:
    """The figures as they are saved, by their files' names."""
    figures: dict[str, Figure] = {}
    save = report._save

    def keep(figure: Figure, path: Path) -> None:
        figures[path.name] = figure
        save(figure, path)

    monkeypatch.setattr(report, "_save", keep)
    return figures


@pytest.mark.parametrize("num_wrong", [0, 1, 13, NUM_IMAGES])
def test_the_folder_is_complete(tmp_path: Path, num_wrong: int) -> None:
    folder = tmp_path / "new" / "results"
    report.write_results(folder, METRICS, *readings(num_wrong))
    assert {path.name for path in folder.iterdir()} == FILES
    assert json.loads((folder / "metrics.json").read_text(encoding="utf-8")) == METRICS
    for name in FILES - {"metrics.json"}:
        with Image.open(folder / name) as picture:
            assert min(picture.size) > 100
            is_drawn = len(np.unique(np.asarray(picture.convert("L")))) > 10
            assert is_drawn or (name == "misread_digits.png" and num_wrong == 0)


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    for num_wrong in (3, 1):
        report.write_results(tmp_path, METRICS, *readings(num_wrong))
    assert {path.name for path in tmp_path.iterdir()} == FILES


def test_the_confusion_matrix_counts(tmp_path: Path, drawn: dict[str, Figure]) -> None:
    report.write_results(tmp_path, METRICS, *readings(3))
    axes = drawn["confusion_matrix.png"].axes[0]
    assert axes.get_title() == "3 of 40 misread (shade: mistakes only)"
    counts = {text.get_position(): text.get_text() for text in axes.texts}
    # (column, row) is (read as, label).
    assert counts[(1, 0)] == counts[(2, 1)] == counts[(3, 2)] == "1"
    assert (counts[(0, 0)], counts[(9, 9)]) == ("3", "4")
    assert sum(map(int, counts.values())) == NUM_IMAGES


def test_the_misread_digits_are_shown_the_surest_first(tmp_path: Path, drawn: dict[str, Figure]) -> None:
    images, labels, probabilities = readings(13)
    report.write_results(tmp_path, METRICS, images, labels, probabilities)
    titles = [axes.get_title() for axes in drawn["misread_digits.png"].axes if axes.get_title()]
    assert len(titles) == 13
    assert titles[0] == "2 read 3  62%"
    assert titles[-1] == "0 read 1  50%"
    first = np.asarray(drawn["misread_digits.png"].axes[0].images[0].get_array())
    assert np.array_equal(first, 255 - images[12])


def test_more_misread_digits_than_fit_are_left_out(
    tmp_path: Path, drawn: dict[str, Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MOST_MISREAD_SHOWN", 5)
    report.write_results(tmp_path, METRICS, *readings(13))
    assert sum(bool(axes.images) for axes in drawn["misread_digits.png"].axes) == 5


def test_records_become_plain_values() -> None:
    @dataclasses.dataclass
    class Inner:
        share: np.float32

    @dataclasses.dataclass
    class Record:
        path: Path
        inner: Inner
        counts: NDArray[np.int64]
        pairs: tuple[tuple[int, float | None], ...]
        by_digit: dict[int, np.int64]

    record = Record(
        Path("/somewhere/results"), Inner(np.float32(0.5)), np.arange(3), ((1, None),), {7: np.int64(2)}
    )
    plain = report.plain(record)
    assert json.loads(json.dumps(plain)) == {
        "path": "results",
        "inner": {"share": 0.5},
        "counts": [0, 1, 2],
        "pairs": [[1, None]],
        "by_digit": {"7": 2},
    }
    assert "somewhere" not in json.dumps(plain)


def test_json_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    report.write_json(path, {"a": 1})
    with pytest.raises(TypeError):
        report.write_json(path, {"a": object()})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["metrics.json"]
