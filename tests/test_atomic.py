"""Files are written whole or not at all, whatever their names and whoever writes beside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from handsum.atomic import whole_file


@pytest.mark.parametrize("stem", ["page", "a" * 246, "\u00e9" * 120], ids=["short", "long", "long in bytes"])
def test_any_name_that_a_file_can_have(tmp_path: Path, stem: str) -> None:
    path = tmp_path / "made" / f"{stem}.png"
    with whole_file(path) as part:
        assert (part.parent, part.suffix) == (path.parent, ".png")
        part.write_text("whole")
        assert not path.exists()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_text("before")

    def fail_midway() -> None:
        with whole_file(path) as part:
            part.write_text("half")
            raise ValueError("midway")

    with pytest.raises(ValueError, match="midway"):
        fail_midway()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_threads_that_write_one_file_each_write_it_whole(tmp_path: Path) -> None:
    def write(number: int) -> None:
        with whole_file(tmp_path / "shared.txt") as part:
            part.write_text(str(number) * 1000)

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(write, range(10)))
    text = (tmp_path / "shared.txt").read_text()
    assert (len(text), len(set(text))) == (1000, 1)
