"""Files of ink: what is read, what is left out, and what is said of a damaged one."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from handsum.errors import DataError
from handsum.training.data.inks import load_inks
from tests.training.small_data import line, write_lines

DOT, BAR = [[5, 6]], [[0, 0], [3.5, -1], [9, 2]]


def test_labels_writers_and_strokes_as_they_were_written(tmp_path: Path) -> None:
    write_lines(tmp_path / "some.jsonl.gz", [line("7", [BAR, DOT], "ann"), line("÷", [DOT], "")])
    seven, division = load_inks(tmp_path / "some.jsonl.gz")
    assert (seven.label, seven.writer, division.label, division.writer) == ("7", "ann", "÷", "")
    assert [stroke.tolist() for stroke in seven.strokes] == [BAR, DOT]
    assert {stroke.dtype for stroke in seven.strokes} == {np.dtype(np.float32)}


def test_a_split_is_taken_and_what_names_none_is_to_train(tmp_path: Path) -> None:
    lines = [line("1", [BAR], "a", "dev"), line("2", [BAR], "b", "train"), line("3", [BAR], "c")]
    write_lines(tmp_path / "some.jsonl.gz", lines)
    labels = {
        split: [ink.label for ink in load_inks(tmp_path / "some.jsonl.gz", split=split)]
        for split in ("dev", "train", None)
    }
    assert labels == {"dev": ["1"], "train": ["2", "3"], None: ["1", "2", "3"]}


def test_strokes_without_points_and_ink_without_strokes_are_left_out(tmp_path: Path) -> None:
    lines = [line("1", [], "a"), line("2", [[]], "a"), line("3", [[], DOT], "a")]
    write_lines(tmp_path / "some.jsonl.gz", lines)
    (ink,) = load_inks(tmp_path / "some.jsonl.gz")
    assert (ink.label, len(ink.strokes)) == ("3", 1)


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_inks(path, split="train")
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    "text",
    [
        "no JSON\n",
        "[1, 2]\n",
        '{"label": "1", "writer": "a"}\n',
        '{"label": "1", "strokes": [[[0, 0]]]}\n',
        line("1", [[[0, 0], [1]]], "a"),
        line("1", [[[0, 0, 9], [1, 1, 9]]], "a"),
        line("1", [[0, 0, 1, 1]], "a"),
        line("1", [[["x", "y"]]], "a"),
        line("1", 7, "a"),
    ],
)
def test_lines_that_are_no_ink(tmp_path: Path, text: str) -> None:
    (tmp_path / "some.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    assert "one JSON object a line" in refused(tmp_path / "some.jsonl.gz")


def test_missing_cut_off_and_foreign_files(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "missing.jsonl.gz")
    path = tmp_path / "some.jsonl.gz"
    write_lines(path, [line(str(number), [BAR], "a") for number in range(50)])
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], b"no gzip", content[:30] + b"\0" * 60):
        path.write_bytes(damaged)
        assert "cannot be read" in refused(path)
