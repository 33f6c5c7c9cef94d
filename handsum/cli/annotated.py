"""Where ``handsum read --annotate`` puts its pictures, and putting them there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handsum.cli.files import STDIN, shown

if TYPE_CHECKING:
    from handsum.image import ImageSource
    from handsum.reading import Reading

SUFFIX = ".png"


def annotation_targets(out: str, paths: Sequence[str]) -> dict[str, Path]:
    """The file to write for each file that is read: `out` itself, or one of its own in the folder `out`.

    Raises:
        click.UsageError: several files but no folder, no .png, or a file to be read would be overwritten.
    """
    if out.endswith(("/", os.sep)) or os.path.isdir(out):
        targets = _targets_in(Path(out), paths)
    elif len(set(paths)) > 1:
        raise click.UsageError(f"--annotate needs a folder for several files: '{shown(out)}/'.")
    elif Path(out).suffix.lower() != SUFFIX:
        raise click.UsageError(f"--annotate writes a {SUFFIX} file, or into a folder: '{shown(out)}/'.")
    else:
        targets = {path: Path(out) for path in paths}
    _refuse_to_overwrite(paths, targets)
    return targets


def write_annotated(image: ImageSource, reading: Reading, target: Path) -> None:
    """Write the image as a PNG with what was read on it."""
    from handsum.annotate import annotate
    from handsum.atomic import whole_file

    with whole_file(target) as part:
        annotate(image, reading).save(part)


def _targets_in(folder: Path, paths: Sequence[str]) -> dict[str, Path]:
    """Named as the files read are, with a number where two of them have one name."""
    targets: dict[str, Path] = {}
    taken: set[str] = set()
    for path in dict.fromkeys(paths):
        name = _free_name("stdin" if path == STDIN else Path(path).stem, taken)
        taken.add(name.casefold())
        targets[path] = folder / f"{name}{SUFFIX}"
    return targets


def _free_name(stem: str, taken: set[str]) -> str:
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _refuse_to_overwrite(paths: Sequence[str], targets: dict[str, Path]) -> None:
    inputs = {_identity(Path(path)) for path in paths if path != STDIN} - {None}
    for target in targets.values():
        if _identity(target) in inputs:
            raise click.UsageError(f"--annotate would overwrite {shown(str(target))}, which is to be read.")


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one file on this machine from every other, whatever it is called; None if there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
