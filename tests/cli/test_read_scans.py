"""`handsum read` of files with several pages, and of kinds that it cannot read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Read
from tests.cli.pictures import SUMS


def test_every_page_of_a_scan_is_read(read: Read, scan: Path) -> None:
    done = read("scan.tif")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line.partition(" (")[0] for line in done.stdout.splitlines()] == [
        "scan.tif, page 1:1: 12+7= → 19",
        "scan.tif, page 1:2: 8",
        "scan.tif, page 2: 2468",
        "scan.tif, page 3: nothing written",
    ]
    assert read("-", input=scan.read_bytes()).stdout == done.stdout.replace("scan.tif", "-")


def test_pages_of_a_scan_for_programs(read: Read, scan: Path, sums: Path) -> None:
    records = json.loads(read("scan.tif", "sums.png", "--json").stdout)
    assert [(record["file"], record["page"], record["text"]) for record in records] == [
        ("scan.tif", 1, "12+7=\n8"),
        ("scan.tif", 2, "2468"),
        ("scan.tif", 3, ""),
        ("sums.png", None, "\n".join(SUMS)),
    ]
    rows = list(csv.DictReader(io.StringIO(read("scan.tif", "--csv").stdout)))
    assert [(row["page"], row["line"], row["text"]) for row in rows] == [
        ("1", "1", "12+7="),
        ("1", "2", "8"),
        ("2", "1", "2468"),
        ("3", "", ""),
    ]


def test_a_damaged_page_leaves_the_others(read: Read, scan: Path) -> None:
    content = scan.read_bytes()
    # Pages are written one after another; the last part of the last one is its directory.
    scan.write_bytes(content[:-20])
    done = read("scan.tif")
    assert done.exit_code == 1
    assert done.stderr == "handsum: page 3 of scan.tif is damaged.\n"
    assert "scan.tif, page 2: 2468" in done.stdout
    last = json.loads(read("scan.tif", "--json").stdout)[-1]
    assert (last["page"], last["text"], last["error"]) == (3, None, "page 3 of scan.tif is damaged.")


def test_each_kind_that_cannot_be_read_is_named_once(read: Read, sums: Path, tmp_path: Path) -> None:
    for name in ("1.heic", "2.HEIC", "3.pdf"):
        (tmp_path / name).write_bytes(b"\0\0\0\x18ftypheic")
    done = read(".")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "handsum: 1.heic: HEIC pictures cannot be read; save them as JPEG or PNG.",
        "handsum: 3.pdf: PDF files cannot be read; save them as JPEG or PNG.",
    ]
    assert "sums.png:1: 12+7=" in done.stdout
    records = json.loads(read(".", "--json").stdout)
    assert [record["error"] is None for record in records] == [False, False, False, True]


@pytest.mark.parametrize("options", [[], ["--digit"]])
def test_a_folder_of_nothing_else_is_not_called_empty(read: Read, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "phone").mkdir()
    (tmp_path / "phone" / "1.heic").write_bytes(b"\0\0\0\x18ftypheic")
    done = read("phone", *options)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"handsum: {Path('phone/1.heic')}: HEIC pictures cannot be read; save them as JPEG or PNG.\n"
    )
