"""`handsum read` of numbers and sums: what it says, as text, JSON, CSV and drawn on the picture."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from handsum.arithmetic import evaluate
from handsum.cli.read_pages import PAGE_WORDING, describe, describe_outcome
from handsum.cli.results import FileResult
from handsum.reading import Line, Reading, Symbol
from tests.cli.conftest import Read
from tests.cli.pictures import SUMS


def a_line(text: str, *, weakest: float = 1.0, rival: tuple[str, float] | None = None) -> Line:
    """A line that is sure but of its last symbol, which may be what `rival` says."""
    boxes = [(10.0 * index, 0.0, 10.0 * index + 8, 12.0) for index in range(len(text))]
    *sure, last = (Symbol(label, box, 1.0) for label, box in zip(text, boxes, strict=True))
    wavering = Symbol(last.label, last.box, weakest, () if rival is None else (rival,))
    return Line(text, (*sure, wavering), evaluate(text), text)


def mended(text: str, last: str, share: float) -> Line:
    """A line whose last symbol is more likely what `text` ends with than `last`, with which it holds."""
    line = a_line(text, weakest=share + 0.01, rival=(last, share))
    symbols = (*line.symbols[:-1], line.symbols[-1].relabelled(last))
    held = text[:-1] + last
    return Line(held, symbols, evaluate(held), text, ("true",))


# In words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (a_line("12"), "12 (over 99 %)"),
        (a_line("12+7", weakest=0.95), "12+7 (95 %)"),
        (a_line("12+7=", weakest=0.95, rival=("-", 0.05)), "12+7= → 19 (95 %)"),
        (a_line("12+7=", weakest=0.6, rival=("-", 0.3)), "12+7= → 19 (60 %, else 12+7-)"),
        (a_line("12+7=19"), "12+7=19 → true (over 99 %)"),
        (a_line("12+7=18"), "12+7=18 → false: it comes to 19, not 18 (over 99 %)"),
        (mended("12+7=18", "9", 0.45), "12+7=19 → true if read so (89 %, looks like 12+7=18)"),
        (mended("12+7=18", "9", 0.5), "12+7=19 → true if read so (91 %, looks like 12+7=18)"),
        (
            mended("125÷176=0,72", "1", 0.3),
            "125÷176=0,71 → true to the digits written if read so (81 %, looks like 125÷176=0,72)",
        ),
        (mended("12+7=18", "9", 0.1).refused_below(0.9), "unsure (12+7=19 at 53 %, else 12+7=18)"),
        (a_line("41", weakest=0.6, rival=("7", 0.02)), "41 (60 %)"),
        (a_line("41", weakest=0.6).refused_below(0.9), "unsure (41 at 60 %)"),
        (a_line("4=", weakest=0.6, rival=("-", 0.3)).refused_below(0.9), "unsure (4= at 60 %, else 4-)"),
        (a_line("41", weakest=0.95, rival=("7", 0.05)).refused_below(0.96), "unsure (41 at 95 %, else 47)"),
    ],
)
def test_a_line_in_words(line: Line, words: str) -> None:
    assert describe(line) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1÷8=", "0.125"),
        ("1÷3=", "1/3 ≈ 0.333333"),
        ("1000001÷3000002=", "≈ 0.333333"),
        ("125÷176=0,71", "true to the digits written"),
        ("1÷0=", "nothing can be divided by zero"),
        ("12+=", "the sum is not finished: a number is missing after +"),
    ],
)
def test_an_outcome_in_words(text: str, words: str) -> None:
    assert describe_outcome(evaluate(text)) == words


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], [": nothing written"]),
        (["12"], [": 12 (over 99 %)"]),
        (["12", "7"], [":1: 12 (over 99 %)", ":2: 7 (over 99 %)"]),
    ],
)
def test_several_lines_have_numbers(texts: list[str], words: list[str]) -> None:
    assert list(PAGE_WORDING.as_words(Reading(tuple(map(a_line, texts))))) == words


# For programs


def test_every_key_of_a_record() -> None:
    line = a_line("1÷3=", weakest=0.6, rival=("-", 0.25)).refused_below(0.9)
    record = PAGE_WORDING.as_record(FileResult("a.png", Reading((line,)), None))
    assert list(record) == ["file", "page", "text", "lines", "error"]
    [as_json] = record["lines"]
    assert list(as_json) == ["text", "raw_text", "reasons", "confidence", "doubt", "answer", "symbols"]
    assert (as_json["text"], as_json["doubt"], as_json["confidence"]) == ("1÷3=", "too unsure", 0.6)
    assert as_json["answer"] == {
        "text": "≈ 0.333333",
        "value": "1/3",
        "status": "answered",
        "message": "",
    }
    assert as_json["symbols"][-1] == {
        "label": "=",
        "raw_label": "=",
        "box": [30.0, 0.0, 38.0, 12.0],
        "confidence": 0.6,
        "alternatives": [{"label": "-", "confidence": 0.25}],
    }


def test_without_a_value_it_is_null() -> None:
    record = PAGE_WORDING.as_record(FileResult("a.png", Reading((a_line("1÷0="),)), None))
    answer = record["lines"][0]["answer"]
    assert (answer["value"], answer["status"], answer["text"]) == (None, "undefined", "")


def test_a_row_says_what_the_network_read_and_why_it_differs() -> None:
    line = replace(mended("12+7=18", "9", 0.45), raw_text="12+7--18", reasons=("place", "true"))
    [row] = PAGE_WORDING.as_rows(FileResult("scan.tif", Reading((line,)), None, page=2))
    assert [row[key] for key in ("text", "raw_text", "reasons", "page")] == [
        "12+7=19",
        "12+7--18",
        "place true",
        2,
    ]


def test_rows_of_a_blank_page_and_of_what_could_not_be_read() -> None:
    [blank] = PAGE_WORDING.as_rows(FileResult("a.png", Reading(), None))
    [unread] = PAGE_WORDING.as_rows(FileResult("b.png", None, "b.png is empty."))
    assert set(blank) == set(unread) == set(PAGE_WORDING.columns)
    assert {key: blank[key] for key in blank if blank[key]} == {"file": "a.png", "doubt": "blank"}
    left = {key: unread[key] for key in unread if unread[key]}
    assert left == {"file": "b.png", "error": "b.png is empty."}


# The whole way


def test_a_page_of_sums_is_read_and_worked_out(read: Read, sums: Path) -> None:
    done = read("sums.png")
    assert (done.exit_code, done.stderr) == (0, "")
    words = [line.partition(" (")[0] for line in done.stdout.splitlines()]
    assert words == [
        "sums.png:1: 12+7= → 19",
        "sums.png:2: 3×4=13 → false: it comes to 12, not 13",
        "sums.png:3: 2468",
    ]


def test_json_has_boxes_where_the_ink_is(read: Read, sums: Path) -> None:
    done = read("--json", "sums.png", "missing.png")
    assert done.exit_code == 1
    page, missing = json.loads(done.stdout)
    assert page["text"] == "\n".join(line["text"] for line in page["lines"]) == "\n".join(SUMS)
    assert (page["error"], missing["text"], missing["lines"]) == (None, None, [])
    assert missing["error"]
    assert set(missing) == set(page)
    picture = Image.open(sums).convert("L")
    for line in page["lines"]:
        for symbol in line["symbols"]:
            assert min(picture.crop(symbol["box"]).tobytes()) < 128


def test_csv_has_a_row_for_each_line(read: Read, sums: Path) -> None:
    done = read("--csv", "sums.png", "missing.png")
    assert done.exit_code == 1
    *rows, missing = csv.DictReader(io.StringIO(done.stdout))
    names = "file line text confidence answer status doubt error raw_text reasons page"
    assert list(missing) == names.split()
    assert [row["line"] for row in rows] == ["1", "2", "3"]
    assert [row["text"] for row in rows] == list(SUMS)
    assert [(row["answer"], row["status"]) for row in rows] == [
        ("19", "answered"),
        ("12", "false"),
        ("2468", "number"),
    ]
    assert [(row["raw_text"], row["reasons"], row["page"]) for row in rows] == [
        (text, "", "") for text in SUMS
    ]
    assert (missing["text"], missing["line"]) == ("", "")
    assert missing["error"]


@pytest.mark.parametrize("level", [0, 255])
def test_a_blank_page_is_read_as_nothing(read: Read, tmp_path: Path, level: int) -> None:
    Image.new("L", (300, 200), level).save(tmp_path / "blank.png")
    done = read("blank.png")
    assert (done.exit_code, done.stdout) == (0, "blank.png: nothing written\n")
    [record] = json.loads(read("blank.png", "--json").stdout)
    assert (record["text"], record["lines"], record["error"]) == ("", [], None)


def test_what_cannot_be_read_is_reported_and_the_rest_is_read(read: Read, sums: Path, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("not an image")
    done = read(".")
    assert done.exit_code == 1
    assert done.stdout.startswith("sums.png:1: 12+7= → 19 (")
    assert done.stderr == "handsum: text.png is not an image that can be read.\n"


def test_min_confidence_marks_lines(read: Read, sums: Path) -> None:
    done = read("--min-confidence", 1, "sums.png")
    assert done.exit_code == 0
    assert done.stdout.startswith("sums.png:1: unsure (12+7= at ")
    [record] = json.loads(read("--min-confidence", 1, "--json", "sums.png").stdout)
    assert [(line["text"], line["doubt"]) for line in record["lines"]] == [
        (text, "too unsure") for text in SUMS
    ]
    assert [line["answer"]["text"] for line in record["lines"]] == ["19", "12", "2468"]


@pytest.mark.parametrize("options", [[], ["--json"], ["--csv"]])
def test_standard_input(read: Read, sums: Path, options: list[str]) -> None:
    done = read("-", *options, input=sums.read_bytes())
    assert done.exit_code == 0
    assert "12+7=" in done.stdout
    failed = read("-", *options, input=b"")
    assert failed.exit_code == 1
    assert failed.stderr == "handsum: standard input: the image is empty.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "digit", "sums.png"], "--digit"),
        (["--annotate", "out.jpg", "sums.png"], ".png"),
        (["--annotate", "", "sums.png"], ".png"),
        (["--annotate", "-", "sums.png"], ".png"),
        (["--annotate", "out.png", "sums.png", "other.png"], "needs a folder"),
        (["--annotate", "sums.png", "sums.png"], "overwrite"),
        (["--annotate", "link.png", "sums.png"], "overwrite"),
        (["--annotate", ".", "sums.png"], "overwrite"),
        (["--annotate", ".", "folder/sums.tif", "sums.png"], "overwrite"),
    ],
)
def test_bad_usage(read: Read, sums: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "link.png").hardlink_to(sums)
    before = sums.read_bytes()
    done = read(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert sums.read_bytes() == before
