"""`handsum read --digit`, and what holds for `handsum read` of any kind: how it parses and ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from handsum.cli import main
from handsum.cli.read_digits import describe
from handsum.reader import Reader
from handsum.reading import DigitReading, Doubt
from tests.cli.conftest import Read
from tests.cli.pictures import ONE, draw
from tests.doubtful import DIGIT_PROBABILITY, doubtful_network
from tests.pictures import saved_tiff

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Run ``handsum read --digit ARGUMENTS...`` in the test's folder."""
    monkeypatch.chdir(tmp_path)
    command = ["read", "--digit"]
    return lambda *arguments, **options: CliRunner().invoke(main, [*command, *map(str, arguments)], **options)


def reading(label: int | None, confidence: float, doubt: Doubt | None = None) -> DigitReading:
    probabilities = np.full(10, (1 - confidence) / 10, np.float32)
    probabilities[7], probabilities[1] = confidence, (1 - confidence) / 5
    return DigitReading(label, confidence, 1.0, probabilities, np.ones((28, 28), np.float32), doubt)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (reading(7, 0.982), "7 (98 %, else 1)"),
        (reading(7, 0.9999), "7 (over 99 %)"),
        (reading(7, 0.995), "7 (over 99 %)"),
        (reading(7, 0.99), "7 (99 %, else 1)"),
        (reading(None, 0.62, "too unsure"), "unsure (7 at 62 %, else 1)"),
        (reading(None, 0.4, "not a digit"), "not a digit? (most like 7)"),
        (reading(None, 0.4, "blank"), "nothing written"),
    ],
)
def test_a_reading_in_words(result: DigitReading, words: str) -> None:
    assert describe(result) == words


def test_one_file(read: Read, seven: Path) -> None:
    done = read(seven.name)
    assert done.exit_code == 0
    assert done.stdout.startswith("seven.png: 7 (")
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_a_folder_and_a_pattern(read: Read, tmp_path: Path) -> None:
    for name in ("scans/10.png", "scans/9.png"):
        draw(tmp_path / name)
    for argument in ("scans", "scans/*.png"):
        lines = read(argument).stdout.splitlines()
        assert [Path(line.split(":")[0]).name for line in lines] == ["9.png", "10.png"]


def test_json(read: Read, seven: Path, tmp_path: Path) -> None:
    draw(tmp_path / "one.png", ONE)
    done = read("--json", "seven.png", "missing.png", "one.png")
    assert done.exit_code == 1
    first, missing, second = json.loads(done.stdout)
    assert (first["file"], first["label"], first["error"]) == ("seven.png", 7, None)
    assert (second["file"], second["label"]) == ("one.png", 1)
    assert first["polarity"] == "dark on light"
    assert len(first["probabilities"]) == 10
    assert sum(first["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert 0 < first["confidence"] <= first["digit_probability"] <= 1
    assert (first["likeliest"], first["doubt"]) == (7, None)
    assert first["runner_up"] in set(range(10)) - {7}
    assert set(missing) == set(first)
    assert missing["error"]
    assert {missing[key] for key in set(missing) - {"file", "error"}} == {None}


def test_csv(read: Read, seven: Path) -> None:
    done = read("--csv", "seven.png", "missing.png")
    assert done.exit_code == 1
    good, bad = csv.DictReader(io.StringIO(done.stdout))
    names = "file label confidence likeliest runner_up digit_probability doubt error"
    assert list(good) == names.split()
    assert (good["likeliest"], good["doubt"]) == ("7", "")
    assert (good["file"], good["label"], good["error"]) == ("seven.png", "7", "")
    assert (bad["file"], bad["label"]) == ("missing.png", "")
    assert bad["error"]


def test_what_cannot_be_read_is_reported_and_the_rest_is_read(
    read: Read, seven: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("not an image")
    (tmp_path / "empty.png").touch()
    (tmp_path / "cut.png").write_bytes(seven.read_bytes()[:200])
    done = read("text.png", "empty.png", "cut.png", "missing.png", "seven.png")
    assert done.exit_code == 1
    assert done.stdout.startswith("seven.png: 7 (")
    errors = done.stderr.splitlines()
    assert len(errors) == 4
    for error, name in zip(errors, ["text.png", "empty.png", "cut.png", "missing.png"], strict=True):
        assert error.startswith("handsum: ")
        assert error.count(name) == 1


@pytest.mark.parametrize("options", [[], ["--csv"], ["--json"]], ids=str)
def test_a_fault_with_one_file_does_not_stop_the_rest(
    read: Read, seven: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    Image.new("L", (9, 9)).save(tmp_path / "odd.png")
    reads = Reader.read_digit

    def read_digit(self: Reader, image: Image.Image) -> DigitReading:
        if image.size == (9, 9):
            raise ArithmeticError("a fault of ours")
        return reads(self, image)

    monkeypatch.setattr(Reader, "read_digit", read_digit)
    done = read(*options, "odd.png", "a" * 300 + ".png", "seven.png")
    assert done.exit_code == 1
    first, second = done.stderr.splitlines()
    assert (
        first == "handsum: odd.png could not be read (ArithmeticError: a fault of ours); please report that."
    )
    assert "File name too long" in second
    assert "seven.png" in done.stdout


def test_of_several_pages_the_first_is_read_and_that_is_said(read: Read, seven: Path, tmp_path: Path) -> None:
    one = Image.open(draw(tmp_path / "one.png", ONE))
    (tmp_path / "scan.tif").write_bytes(saved_tiff([Image.open(seven), one]))
    done = read("scan.tif", "one.png")
    assert done.exit_code == 0
    assert done.stderr == "handsum: scan.tif has several pages; with --digit only the first is read.\n"
    first, second = done.stdout.splitlines()
    assert first.startswith("scan.tif, page 1: 7 (")
    assert second.startswith("one.png: 1 (")
    piped = read("-", "--json", input=(tmp_path / "scan.tif").read_bytes())
    assert piped.stderr.startswith("handsum: standard input: it has several pages")
    assert [record["label"] for record in json.loads(piped.stdout)] == [7]


def test_a_blank_page_is_read_as_nothing(read: Read, tmp_path: Path) -> None:
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    done = read("blank.png")
    assert (done.exit_code, done.stdout) == (0, "blank.png: nothing written\n")
    [record] = json.loads(read("--json", "blank.png").stdout)
    assert (record["label"], record["doubt"], record["digit_probability"]) == (None, "blank", 0)
    assert (record["likeliest"], record["runner_up"]) == (None, None)


def test_what_is_no_digit_is_doubted_and_has_been_read(read: Read, seven: Path, tmp_path: Path) -> None:
    model = ("--model", doubtful_network(tmp_path))
    done = read(*model, "seven.png")
    assert (done.exit_code, done.stdout) == (0, "seven.png: not a digit? (most like 7)\n")
    [record] = json.loads(read(*model, "--json", "seven.png").stdout)
    assert (record["label"], record["likeliest"], record["doubt"]) == (None, 7, "not a digit")
    assert record["digit_probability"] == DIGIT_PROBABILITY
    assert record["confidence"] <= DIGIT_PROBABILITY
    [row] = csv.DictReader(io.StringIO(read(*model, "--csv", "seven.png").stdout))
    assert (row["label"], row["likeliest"], row["doubt"]) == ("", "7", "not a digit")
    assert float(row["digit_probability"]) == DIGIT_PROBABILITY


def test_min_confidence_refuses_and_says_so(read: Read, seven: Path, tmp_path: Path) -> None:
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    done = read("--min-confidence", 1, "seven.png", "blank.png")
    assert done.exit_code == 0
    unsure, blank = done.stdout.splitlines()
    assert re.fullmatch(r"seven\.png: unsure \(7 at (over )?\d\d %, else \d\)", unsure)
    assert blank == "blank.png: nothing written"
    [record] = json.loads(read("--min-confidence", 1, "--json", "seven.png").stdout)
    assert (record["label"], record["likeliest"], record["doubt"]) == (None, 7, "too unsure")
    assert read("--min-confidence", 0.5, "seven.png").stdout == read("seven.png").stdout


def test_help_says_that_doubt_is_no_failure(read: Read) -> None:
    words = " ".join(read("--help").stdout.split())
    assert "leaves the reader unsure has been read" in words
    assert "e.g. 0.9" in words


@pytest.mark.parametrize("options", [[], ["--json"], ["--csv"]])
def test_standard_input(read: Read, seven: Path, options: list[str]) -> None:
    done = read("-", *options, input=seven.read_bytes())
    assert done.exit_code == 0
    assert "7" in done.stdout
    assert read("-", *options, input=b"").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing argument"),
        (["--json", "--csv", "seven.png"], "exclude each other"),
        (["--model", "none", "seven.png"], "no network 'none'"),
        (["--min-confidence", "1.1", "seven.png"], "0<=x<=1"),
        (["--min-confidence", "90%", "seven.png"], "--min-confidence"),
        (["--min-confidence", "nan", "seven.png"], "between 0 and 1"),
        (["--nothing", "seven.png"], "No such option"),
        (["--annotate", "out.png", "seven.png"], "excludes --digit"),
        (["empty"], "no images directly in it"),
        (["*.tiff"], "No file matches"),
    ],
)
def test_bad_usage(read: Read, seven: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "empty").mkdir()
    done = read(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr


HOSTILE = [
    "line\nbreak.png",
    "ziffer-äöü-数字-\N{MATHEMATICAL DOUBLE-STRUCK DIGIT SEVEN}.png",
    "-leading.png",
    'quo"te,comma.png',
    "\x1b[31mred.png",
    "=1+1.png",
]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids such names")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(run, read: Read, seven: Path, tmp_path: Path, name: str) -> None:
    os.rename(seven, tmp_path / name)
    done = run("read", "--digit", "--", name)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"\n") == 1
    assert b"\x1b" not in done.stdout
    assert json.loads(read("--json", "--", name).stdout)[0]["file"] == name
    (row,) = csv.DictReader(io.StringIO(read("--csv", "--", name).stdout, newline=""))
    assert (row["file"], row["label"]) == (name, "7")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_not_text(run, seven: Path, tmp_path: Path) -> None:
    name = b"not-utf8-\xff.png"
    os.rename(seven, os.path.join(os.fsencode(tmp_path), name))
    assert run("read", "--digit", ".").stdout.startswith(rb"not-utf8-\udcff.png: 7 (")
    assert name in run("read", "--digit", ".", "--csv").stdout
    assert os.fsencode(json.loads(run("read", "--digit", ".", "--json").stdout)[0]["file"]) == name


def test_a_terminal_without_unicode_still_gets_its_line(run, seven: Path, tmp_path: Path) -> None:
    os.rename(seven, tmp_path / "数.png")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    assert run("read", "--digit", "数.png", environment=environment).stdout.startswith(rb"\u6570.png: 7 (")


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
@pytest.mark.parametrize("options", [["--digit"], ["--digit", "--json"], ["--digit", "--csv"]])
def test_a_broken_pipe_ends_quietly(run, seven: Path, options: list[str]) -> None:
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    try:
        done = run("read", *options, *["seven.png"] * 20, stdout=writing_end)
    finally:
        os.close(writing_end)
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line(seven: Path) -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "handsum", "read", "--digit", "--json", str(seven)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(b"handsum: ")
    assert done.stderr.count(b"\n") == 1
