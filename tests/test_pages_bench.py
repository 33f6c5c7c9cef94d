"""How pages are measured: the sets that are drawn, the figures, and peers that are not installed."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.confidence import best_exponent
from bench.pages_papers import PAPERS
from bench.pages_pictures import save_picture
from bench.pages_score import Outcome, calibration_error, score_texts
from bench.pages_sets import PLAIN, SIZES, Sample, as_pages, check_sets, digit_height, draw, spread, written
from bench.pages_sheets import SCENES
from bench.peers import LimitedAlphabet, NotInstalledError, installed_peers, open_rapidocr, open_tesseract
from bench.photographs import num_right, sheets
from handsum.arithmetic import evaluate
from handsum.ink import Ink
from handsum.reader import Reader
from tests.written_pages import written_ink, written_page


def test_exact_figures_and_those_with_either_mark() -> None:
    figures = score_texts(
        [
            Outcome("12", "12", 0.95),
            Outcome("1,5", "1.5", 0.95),
            Outcome("7", "1", 0.2),
            Outcome("3", "3", 0.5),
        ]
    )
    assert (figures["num"], figures["exact"], figures["exact_marks_alike"]) == (4, 0.5, 0.75)
    assert (figures["num_sure"], figures["num_sure_and_right"]) == (2, 2)
    assert figures["misread"] == [["1,5", "1.5"], ["7", "1"]]


def test_calibration_error_is_how_far_confidence_is_from_the_truth() -> None:
    right, wrong = Outcome("1,5", "1.5", 0.75), Outcome("7", "1", 0.75)
    assert calibration_error([right] * 3 + [wrong]) == pytest.approx(0)
    assert calibration_error([right]) == pytest.approx(0.25)
    assert calibration_error([wrong]) == pytest.approx(0.75)


@pytest.mark.parametrize("writing", [PLAIN, *SIZES.values()])
def test_ink_is_written_with_digits_of_the_height_asked_for(writing: Any) -> None:
    ink = written(written_ink("12-7.", height_px=500), writing)
    assert digit_height(ink) == pytest.approx(writing.height_px)
    assert {stroke.width_px for stroke in ink.strokes} == {writing.pen_px}


def test_ink_is_drawn_dark_on_white_with_nothing_cut_off() -> None:
    page = draw(written_ink("808"))
    assert page.min() == 0
    assert (np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]]) == 255).all()


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_written_can_be_read_on_every_paper(name: str) -> None:
    ink = written(written_ink("3408"), PLAIN)
    pages = [PAPERS[name](ink, PLAIN.height_px, np.random.default_rng(seed)) for seed in range(10)]
    assert all(page.dtype == np.uint8 and page.ndim == 2 for page in pages)
    reader = Reader()
    # Dark print hides about half of them.
    least = 4 if name == "cheque of dark print" else 8
    assert sum(reader.read(page).text == "3408" for page in pages) >= least


def test_a_few_are_spread_over_all() -> None:
    assert spread(range(10), None) == list(range(10))
    assert spread(range(10), 20) == list(range(10))
    assert spread(range(10), 4) == [0, 2, 5, 7]


@pytest.mark.parametrize(
    "name",
    [
        "numbers, digits only",
        "numbers, all",
        "numbers, cheque",
        "sums",
        "five digits touching",
        "composed checks, true",
    ],
)
def test_sets_are_the_same_at_every_run(data_folder: Path, name: str) -> None:
    check_set = check_sets(data_folder)[name]
    first, again = list(check_set(3)), list(check_set(3))
    assert len(first) == 3
    for one, other in zip(first, again, strict=True):
        assert one.label == other.label
        assert np.array_equal(draw(one.source), draw(other.source))


def test_the_sets_are_as_large_as_they_are_said_to_be(data_folder: Path) -> None:
    sets = check_sets(data_folder)
    sizes = {name: len(list(sets[name](None))) for name in ("numbers, digits only", "numbers, all", "sums")}
    assert sizes == {"numbers, digits only": 281, "numbers, all": 695, "sums": 51}


@pytest.mark.parametrize(("name", "holds"), [("true", True), ("one digit wrong", False)])
def test_checks_are_what_they_are_said_to_be(data_folder: Path, name: str, holds: bool) -> None:
    labels = [sample.label for sample in check_sets(data_folder)[f"composed checks, {name}"](40)]
    assert [evaluate(label).status in ("true", "rounded") for label in labels] == [holds] * 40


def test_wrong_sums_that_are_read_as_true_ones_are_counted() -> None:
    outcomes = [Outcome("1+1=3", "1+1=2"), Outcome("1+1=3", "1+1=3"), Outcome("1+1=2", "1+1=2")]
    assert score_texts(outcomes)["num_made_true"] == 1


def test_ink_becomes_pages() -> None:
    samples = as_pages(lambda most: itertools.islice([Sample("1", written_ink("1"))], most))(1)
    assert [type(sample.source) for sample in samples] == [np.ndarray]


@pytest.mark.parametrize("source", [written_ink("7÷2"), written_page("7÷2"), Ink()])
def test_pictures_of_misread_pages(tmp_path: Path, source: Any) -> None:
    save_picture(tmp_path / "sums" / "0.png", Sample("7÷2", source), "1÷2")
    assert (tmp_path / "sums" / "0.png").exists()


# Peers


@pytest.fixture
def no_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    monkeypatch.setenv("PATH", "")


@pytest.mark.usefixtures("no_peers")
def test_peers_that_are_not_installed_are_named_and_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    peers = installed_peers()
    assert list(peers) == ["handsum"]
    assert peers["handsum"](255 - written_page("305")) == "305"
    printed = capsys.readouterr().out
    assert "RapidOCR is not installed and left out: pip install rapidocr" in printed
    assert "Tesseract is not installed and left out: apt-get install tesseract-ocr" in printed


@pytest.mark.usefixtures("no_peers")
@pytest.mark.parametrize("open_peer", [open_rapidocr, open_tesseract])
def test_a_peer_says_what_is_missing(open_peer: Any) -> None:
    with pytest.raises(NotInstalledError):
        open_peer()


def open_program(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return open_tesseract()


def test_a_program_that_dies_has_read_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_program("kill -8 $$", tmp_path, monkeypatch)(255 - written_page("305")) == ""


def test_a_program_that_refuses_is_no_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = open_program("echo no language >&2; exit 1", tmp_path, monkeypatch)
    with pytest.raises(subprocess.CalledProcessError):
        read(255 - written_page("305"))


def test_a_peer_is_held_to_our_alphabet() -> None:
    class Decoder:
        character = ("blank", "x", "×", "7")

        def __call__(self, probabilities: Any, **options: Any) -> Any:
            return probabilities.argmax(axis=-1).tolist(), options

    limited = LimitedAlphabet(Decoder())
    probabilities = np.array([[0.0, 0.8, 0.2, 0.0], [0.5, 0.4, 0.0, 0.1], [0.1, 0.3, 0.2, 0.4]])
    assert limited(probabilities, word_boxes=False) == ([2, 0, 3], {"word_boxes": False})


@pytest.mark.parametrize(
    ("lines", "read", "right"),
    [
        (["12", "34"], ["12", "34"], 2),
        (["12", "34"], ["34", "12"], 1),
        (["12", "34", "5"], ["12", "-", "5"], 2),
        (["12"], [], 0),
        (["7", "7"], ["7"], 1),
    ],
)
def test_lines_right_are_counted_in_their_order(lines: list[str], read: list[str], right: int) -> None:
    assert num_right(lines, read) == right


def test_photographed_sheets_hold_the_lines_they_are_said_to(data_folder: Path) -> None:
    numbers = data_folder / "ink" / "unipen-numbers-dev.jsonl.gz"
    reader = Reader()
    found = [
        (num_right(sheet.lines, [line.text for line in reader.read(sheet.photo).lines]), len(sheet.lines))
        for scene in ("close by", "on a table, shadow")
        for sheet in sheets(numbers, SCENES[scene], 2)
    ]
    assert sum(right for right, _ in found) >= 0.75 * sum(num for _, num in found)
    first, again = (list(sheets(numbers, SCENES["close by"], 1)) for _ in range(2))
    assert first[0].lines == again[0].lines
    assert np.array_equal(first[0].photo, again[0].photo)


@pytest.mark.parametrize("exponent", [0.4, 1.0])
def test_the_power_of_confidence_that_is_most_often_right_is_found(exponent: float) -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.05, 0.999, 20_000)
    is_right = (rng.random(20_000) < confidence**exponent).astype(float)
    assert best_exponent(confidence, is_right) == pytest.approx(exponent, abs=0.03)
