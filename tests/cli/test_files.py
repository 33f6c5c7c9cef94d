"""Which files a command line means."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsum.cli.files import expand, natural_key, shown


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_named_files_stay_in_order_even_if_they_are_not_there() -> None:
    assert expand(["b.png", "-", "a.png", "b.png"]) == ["b.png", "-", "a.png", "b.png"]


def test_a_name_that_no_file_can_have_is_kept() -> None:
    assert expand(["a" * 300 + ".png", "b\0.png"]) == ["a" * 300 + ".png", "b\0.png"]


def test_a_folder_means_the_images_directly_in_it_sorted_naturally(tmp_path: Path) -> None:
    make(
        tmp_path,
        "s10.png",
        "s2.PNG",
        "s1.jpg",
        "notes.txt",
        ".hidden.png",
        "deeper/s3.png",
        "folder.png/x.png",
    )
    assert [Path(path).name for path in expand([str(tmp_path)])] == ["s1.jpg", "s2.PNG", "s10.png"]


def test_what_people_take_for_images_is_not_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "1.heic", "2.PNG", "3.Heif", "4.avif", "5.pdf", "notes.txt", ".hidden.heic")
    names = [Path(path).name for path in expand([str(tmp_path)])]
    assert names == ["1.heic", "2.PNG", "3.Heif", "4.avif", "5.pdf"]


def test_a_pattern_means_what_it_matches(tmp_path: Path) -> None:
    make(tmp_path, "a/10.png", "a/9.png", "b/c/1.png", "a/x.txt")
    assert [Path(path).name for path in expand([f"{tmp_path}/a/*.png"])] == ["9.png", "10.png"]
    assert len(expand([f"{tmp_path}/**/*.png"])) == 3


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    make(tmp_path, "[1].png", "1.png")
    assert expand([f"{tmp_path}/[1].png"]) == [f"{tmp_path}/[1].png"]


def test_nothing_found_is_bad_usage(tmp_path: Path) -> None:
    make(tmp_path, "deeper/1.png")
    with pytest.raises(click.UsageError, match="no images directly in it"):
        expand([str(tmp_path)])
    with pytest.raises(click.UsageError, match="No file matches"):
        expand([f"{tmp_path}/*.png"])


@given(st.lists(st.text()))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == sorted(names, key=natural_key)


@given(st.text(st.characters()))
def test_a_shown_name_is_one_printable_line(name: str) -> None:
    assert shown(name).isprintable()
    assert shown("a\nb\x1b[31m\udcff") == r"a\nb\x1b[31m\udcff"
