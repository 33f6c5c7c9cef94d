"""Where ``handsum read --annotate`` puts its pictures, and putting them there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handsum.cli.files import STDIN, shown
from handsum.errors import ImageError

if TYPE_CHECKING:
    from handsum.cli.results import FileResult
    from handsum.image import ImageSource
    from handsum.reading import Reading

SUFFIX = ".png"

# What tells one file on this machine from every other, whatever it is called.
Identity = tuple[int, int]


@dataclass(frozen=True)
class Targets:
    """Which picture to write for what is read: one of its own, and none of the files to be read.

    Attributes:
        of_files: the picture of each file, by the file's name on the command line.
        inputs: the files to be read.
    """

    of_files: dict[str, Path]
    inputs: frozenset[Identity]

    def of(self, path: str, page: int | None) -> Path:
        """The picture of a file, or of one of its pages: that of page 2 of scan.tif is scan-page-2.png."""
        target = self.of_files[path]
        if page is None:
            return target
        taken = {other.stem.casefold() for other in self.of_files.values()}
        return _free(target.with_stem(f"{target.stem}-page-{page}"), taken, self.inputs)

    def draw(self, image: ImageSource, result: FileResult[Reading]) -> None:
        """Write the image with what was read on it.

        Raises:
            ImageError: it cannot be written.
        """
        from handsum.annotate import annotate
        from handsum.atomic import whole_file

        if result.reading is None:
            return
        target = self.of(result.file, result.page)
        picture = annotate(image, result.reading)
        try:
            with whole_file(target) as part:
                picture.save(part)
        except OSError as error:
            raise ImageError(f"{target} cannot be written: {error.strerror or error}.") from error


def annotation_targets(out: str, paths: Sequence[str]) -> Targets:
    """The file to write for each file that is read: `out` itself, or one of its own in the folder `out`.

    The folder is made, since whether anything can be written there must be known before reading, which may
    take long.

    Raises:
        click.UsageError: several files but no folder, no .png, a file to be read would be overwritten, or
            nothing can be written there.
    """
    if out.endswith(("/", os.sep)) or os.path.isdir(out):
        folder, of_files = Path(out), _of_files_in(Path(out), paths)
    elif len(set(paths)) > 1:
        raise click.UsageError(f"--annotate needs a folder for several files: '{shown(out)}/'.")
    elif Path(out).suffix.lower() != SUFFIX:
        raise click.UsageError(f"--annotate writes a {SUFFIX} file, or into a folder: '{shown(out)}/'.")
    else:
        folder, of_files = Path(out).parent, {path: Path(out) for path in paths}
    targets = Targets(of_files, frozenset(_identities(Path(path) for path in paths if path != STDIN)))
    _refuse_to_overwrite(targets)
    _make_writable(folder)
    return targets


def _of_files_in(folder: Path, paths: Sequence[str]) -> dict[str, Path]:
    """Named as the files read are, with a number where two of them have one name."""
    of_files: dict[str, Path] = {}
    taken: set[str] = set()
    for path in dict.fromkeys(paths):
        stem = "stdin" if path == STDIN else Path(path).stem
        of_files[path] = _free(folder / f"{stem}{SUFFIX}", taken)
        taken.add(of_files[path].stem.casefold())
    return of_files


def _free(target: Path, taken: Set[str], inputs: Set[Identity] = frozenset()) -> Path:
    """The target, with a number where another picture has its name or it is one of the files to be read."""
    free, number = target, 1
    while free.stem.casefold() in taken or not inputs.isdisjoint(_identities([free])):
        number += 1
        free = target.with_stem(f"{target.stem}-{number}")
    return free


def _refuse_to_overwrite(targets: Targets) -> None:
    for target in targets.of_files.values():
        if not targets.inputs.isdisjoint(_identities([target])):
            raise click.UsageError(f"--annotate would overwrite {shown(str(target))}, which is to be read.")


def _identities(paths: Iterable[Path]) -> list[Identity]:
    """Of those files that there are."""
    found = []
    for path in paths:
        try:
            status = path.stat()
        except (OSError, ValueError):
            continue
        found.append((status.st_dev, status.st_ino))
    return found


def _make_writable(folder: Path) -> None:
    # Here, because it takes a while, and few ask for pictures.
    from tempfile import TemporaryFile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.UsageError(f"--annotate cannot write into {shown(str(folder))}/ ({reason}).") from error
