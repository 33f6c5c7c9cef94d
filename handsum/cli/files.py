"""Which images a command line means: names, folders, patterns and ``-``."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path

import click

STDIN = "-"


def expand(arguments: Iterable[str]) -> list[str]:
    """The files that the arguments mean: named ones in the order given, found ones sorted naturally.

    A folder means the images directly in it; a pattern that the shell did not expand is expanded here,
    ``**`` included; ``-`` stays. A named file that does not exist is kept, and so is a picture or scan of
    a kind that cannot be read: reading it tells.

    Raises:
        click.UsageError: a folder has no images, or a pattern matches nothing.
    """
    return [path for argument in arguments for path in _expand_one(argument)]


def natural_key(path: str) -> tuple[list[str | int], str]:
    """Sorts ``scan2.png`` before ``scan10.png``."""
    parts = re.split(r"(\d+)", path.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], path


def shown(path: str) -> str:
    """A file's name as one line: line ends and what a terminal would obey are escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in path
    )


def _expand_one(argument: str) -> list[str]:
    if argument == STDIN:
        return [STDIN]
    # By os.path, which answers even where a name is too long or a folder may not be entered.
    if os.path.isdir(argument):
        return _images_in(argument, Path(argument))
    if glob.has_magic(argument) and not os.path.exists(argument):
        return _matches(argument)
    return [argument]


def _images_in(argument: str, folder: Path) -> list[str]:
    from handsum.image_file import IMAGE_SUFFIXES, OTHER_KINDS  # here, because help must not load Pillow

    suffixes = IMAGE_SUFFIXES.union(OTHER_KINDS)
    found = [
        str(path)
        for path in folder.iterdir()
        if path.suffix.lower() in suffixes and not path.name.startswith(".") and os.path.isfile(path)
    ]
    if not found:
        pattern = folder / "**" / "*.png"
        raise click.UsageError(
            f"The folder {shown(argument)} has no images directly in it; for those in its folders, "
            f"give a pattern: '{shown(str(pattern))}'."
        )
    return sorted(found, key=natural_key)


def _matches(pattern: str) -> list[str]:
    found = [path for path in glob.glob(pattern, recursive=True) if os.path.isfile(path)]
    if not found:
        raise click.UsageError(f"No file matches {shown(pattern)}.")
    return sorted(found, key=natural_key)
