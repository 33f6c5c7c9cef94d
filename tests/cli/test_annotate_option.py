"""`handsum read --annotate`: what was read, drawn on its picture, and no file lost by it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from handsum.reader import Reader
from tests.cli.conftest import Read
from tests.cli.pictures import draw_sums


def test_annotate_one_file(read: Read, sums: Path, tmp_path: Path) -> None:
    done = read("sums.png", "--annotate", "new/as-read.png")
    assert done.exit_code == 0
    assert done.stdout == read("sums.png").stdout
    picture, drawn = Image.open(sums).convert("RGB"), Image.open(tmp_path / "new" / "as-read.png")
    assert (drawn.format, drawn.mode) == ("PNG", "RGB")
    assert ImageChops.difference(picture, drawn.crop((0, 0, *picture.size))).getbbox() is not None
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["as-read.png"]


def test_annotate_several_files_into_a_folder(read: Read, sums: Path, tmp_path: Path) -> None:
    for name in ("scans/sums.jpg", "scans/SUMS.png", "scans/text.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.open(sums).save(tmp_path / name)
    (tmp_path / "scans" / "text.png").write_text("not an image")
    done = read("sums.png", "scans", "-", "sums.png", "--annotate", "drawn/", input=sums.read_bytes())
    assert done.exit_code == 1
    names = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert names == ["SUMS-3.png", "stdin.png", "sums-2.png", "sums.png"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_can_be_opened_once_is_read_and_drawn(read: Read, sums: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=[sums.read_bytes()], daemon=True)
    writer.start()
    done = read("pipe", "--annotate", "out.png")
    writer.join()
    assert done.exit_code == 0
    assert done.stdout == read("sums.png").stdout.replace("sums.png", "pipe")
    assert (tmp_path / "out.png").is_file()


@pytest.mark.parametrize("target", ["file/out.png", "file/drawn/", "file/"])
def test_where_nothing_can_be_written_nothing_is_read(
    read: Read, sums: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(Reader, "read", None)
    done = read("sums.png", "--annotate", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"--annotate cannot write into {target.removesuffix('out.png').rstrip('/')}/ (" in done.stderr


@pytest.mark.parametrize("options", [[], ["--json"], ["--csv"]])
def test_a_picture_that_cannot_be_written_leaves_the_reading(
    read: Read, sums: Path, tmp_path: Path, options: list[str]
) -> None:
    draw_sums(tmp_path / "more.png", ["7"])
    (tmp_path / "drawn" / "sums.png").mkdir(parents=True)
    done = read("sums.png", "more.png", "--annotate", "drawn", *options)
    assert done.exit_code == 1
    assert done.stderr == "handsum: drawn/sums.png cannot be written: Is a directory.\n"
    assert "12+7=" in done.stdout
    assert (tmp_path / "drawn" / "more.png").is_file()
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["more.png", "sums.png"]
    if options:
        assert "cannot be written" in done.stdout
    else:
        assert done.stdout == read("sums.png", "more.png").stdout


def test_every_page_has_a_picture_that_overwrites_nothing(
    read: Read, scan: Path, sums: Path, tmp_path: Path
) -> None:
    sums.rename(tmp_path / "scan-page-2.png")
    before = (tmp_path / "scan-page-2.png").read_bytes()
    assert read("scan.tif", "scan-page-2.png", "--annotate", "drawn/").exit_code == 0
    names = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert names == ["scan-page-1.png", "scan-page-2-2.png", "scan-page-2.png", "scan-page-3.png"]
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "other.png").hardlink_to(tmp_path / "scan-page-2.png")
    assert read("scan.tif", "deeper/other.png", "--annotate", ".").exit_code == 0
    assert (tmp_path / "scan-page-2.png").read_bytes() == before
    assert (tmp_path / "scan-page-2-2.png").is_file()
    assert read("scan.tif", "--annotate", "read.png").exit_code == 0
    assert (tmp_path / "read-page-3.png").is_file()


def test_a_blank_page_is_drawn_as_it_is(read: Read, tmp_path: Path) -> None:
    blank = Image.new("RGB", (60, 40), (250, 240, 230))
    blank.save(tmp_path / "blank.png")
    assert read("blank.png", "--annotate", "out.png").exit_code == 0
    assert ImageChops.difference(Image.open(tmp_path / "out.png"), blank).getbbox() is None
