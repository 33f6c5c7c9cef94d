"""`handsum score` on sets small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from handsum.cli import main
from handsum.models import DEFAULT_DIGIT_MODEL
from handsum.training.data.idx import write_idx
from tests.cli.pictures import ONE, SEVEN, draw


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """A folder with two ones and a seven, and one more seven that lies as a one."""
    for name, strokes in (("1/a", ONE), ("1/b", ONE), ("7/a", SEVEN), ("1/lie", SEVEN)):
        draw(tmp_path / "digits" / f"{name}.png", strokes)
    return tmp_path / "digits"


def test_a_folder_is_scored_and_written(digits: Path, tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    done = CliRunner().invoke(main, ["score", "--data", str(digits), "--json", str(target)])
    assert done.exit_code == 0, done.output
    assert "75.00%   1 of 4 missed" in done.stdout
    assert "negative log-likelihood (nats per image)" in done.stdout
    assert "area under the risk-coverage curve" in done.stdout
    figures = json.loads(target.read_text(encoding="utf-8"))
    assert (figures["model"], figures["data"]) == (DEFAULT_DIGIT_MODEL, "digits")
    assert (figures["num_images"], figures["num_missed"], figures["accuracy"]) == (4, 1, 0.75)
    assert figures["per_digit"][1] == {"digit": 1, "num_images": 3, "num_missed": 1, "accuracy": 1 - 1 / 3}
    assert figures["per_digit"][0]["accuracy"] is None


def test_ink_is_scored_as_it_would_be_drawn(tmp_path: Path) -> None:
    entries = [
        {"label": "7", "split": "dev", "strokes": [[[x / 9, y / 9] for x, y in SEVEN[0]]]},
        {"label": "1", "split": "train", "strokes": SEVEN},
    ]
    path = tmp_path / "pens.jsonl"
    path.write_text("\n".join(json.dumps(entry) for entry in entries), encoding="utf-8")
    done = CliRunner().invoke(main, ["score", "--data", str(path), "--split", "dev"])
    assert "100.00%   0 of 1 missed" in done.stdout


def test_a_report_is_written(digits: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"
    figures = tmp_path / "figures.json"
    done = CliRunner().invoke(
        main, ["score", "--data", str(digits), "--report", str(folder), "--json", str(figures)]
    )
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == str(folder / "report.html")
    report = (folder / "report.html").read_text(encoding="utf-8")
    for words in (
        "1 of 4 missed",
        "negative log-likelihood",
        "nats per image",
        "under the risk-coverage curve",
    ):
        assert words in report
    assert (folder / "metrics.json").read_bytes() == figures.read_bytes()


def test_a_sample_is_always_the_same(digits: Path, tmp_path: Path) -> None:
    said = [
        CliRunner().invoke(main, ["score", "--data", str(digits), "--limit", "3"]).stdout for _ in range(2)
    ]
    assert said[0] == said[1]
    assert "digits (3 of 4), read by" in said[0]
    assert "of 3 missed" in said[0]


def test_damaged_digits(tmp_path: Path) -> None:
    write_idx(tmp_path / "images-idx3", np.eye(28, dtype=np.uint8)[None] * 255)
    write_idx(tmp_path / "labels-idx1", np.array([1], np.uint8))
    target = tmp_path / "figures.json"
    arguments = ["score", "--data", str(tmp_path / "images-idx3"), "--corruptions", "--json", str(target)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "1 digits damaged, read as pictures" in done.stdout
    assert "impulse noise" in done.stdout
    assert len(json.loads(target.read_text(encoding="utf-8"))["corruptions"]["damages"]) == 60


def test_what_is_not_a_digit(
    digits: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data_folder: Path
) -> None:
    monkeypatch.setattr("handsum.training.scoring.non_digits.load_non_digits.__kwdefaults__", {"most": 4})
    target = tmp_path / "figures.json"
    done = CliRunner().invoke(main, ["score", "--data", str(digits), "--non-digits", "--json", str(target)])
    assert done.exit_code == 0, done.output
    assert "AUROC of confidence, digits against" in done.stdout
    sets = json.loads(target.read_text(encoding="utf-8"))["non_digits"]
    assert [figures["num_pictures"] for figures in sets] == [4] * 7


@pytest.mark.usefixtures("data_folder")
def test_the_writers_that_training_holds_out() -> None:
    done = CliRunner().invoke(main, ["score", "--split", "held-out", "--limit", "200"])
    assert done.exit_code == 0, done.output
    assert "MNIST, held-out writers (200 of 4,917), read by" in done.stdout


@pytest.mark.usefixtures("data_folder")
def test_mnists_test_set_by_default(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    done = CliRunner().invoke(main, ["score", "--json", str(target)])
    assert done.exit_code == 0, done.output
    figures = json.loads(target.read_text(encoding="utf-8"))
    assert figures["num_images"] == 10_000
    assert figures["accuracy"] > 0.98


def test_an_idx_pair_goes_through_as_frames(tmp_path: Path) -> None:
    write_idx(tmp_path / "images-idx3", np.zeros((3, 28, 28), np.uint8))
    write_idx(tmp_path / "labels-idx1", np.array([1, 2, 3], np.uint8))
    done = CliRunner().invoke(main, ["score", "--data", str(tmp_path / "images-idx3")])
    assert done.exit_code == 0, done.output
    assert "of 3 missed" in done.stdout


def test_trouble_is_one_line(digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.setenv("HANDSUM_DATA", str(tmp_path / "nowhere"))
    for arguments, exit_code in (
        (["--data", str(tmp_path / "none")], 1),
        (["--data", str(digits), "--json", str(tmp_path / "a-file" / "f.json")], 1),
        (["--data", str(digits), "--report", str(tmp_path / "a-file" / "report")], 1),
        (["--data", str(digits), "--corruptions"], 1),
        (["--data", str(digits), "--non-digits"], 1),
        (["--split", "held-out"], 1),
        (["--data", str(digits), "--split", "dev"], 2),
        (["--split", "dev"], 2),
        (["--data", str(digits), "--limit", "0"], 2),
        (["--model", "none"], 2),
    ):
        done = CliRunner().invoke(main, ["score", *arguments])
        assert done.exit_code == exit_code
        assert len(done.stderr.splitlines()) == (1 if exit_code == 1 else 4)
