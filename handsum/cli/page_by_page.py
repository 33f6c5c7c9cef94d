"""Reading page by page: nothing that goes wrong with one page or file keeps the others from being read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import click

from handsum.cli.files import STDIN, shown
from handsum.cli.results import FileResult, Read
from handsum.errors import HandsumError, ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

    from handsum.image_file import Pages


def read_every_page(
    path: str,
    read: Callable[[Image], Read],
    draw: Callable[[Image, FileResult[Read]], None] | None = None,
) -> Iterator[FileResult[Read]]:
    """Read the pages of a file, or of standard input, one after another.

    `draw` is given each page and what was read; that it fails does not take the reading away.
    """
    try:
        pages = _open_pages(path)
    except Exception as error:
        yield FileResult(path, None, _sentence(error, path))
        return
    for number in range(1, len(pages) + 1):
        page, reading, sentence = number if len(pages) > 1 else None, None, None
        try:
            image = pages.open(number)
            reading = read(image)
            if draw is not None:
                draw(image, FileResult(path, reading, None, page))
        except Exception as error:
            sentence = _sentence(error, path)
        yield FileResult(path, reading, sentence, page)


def read_first_page(path: str, read: Callable[[Image], Read]) -> FileResult[Read]:
    """Read the first page of a file, or of standard input; that it has more is said on standard error."""
    result = next(read_every_page(path, read))
    if result.page is not None:
        _say(
            path, f"{'it' if path == STDIN else path} has several pages; with --digit only the first is read."
        )
    return result


def reported(results: Iterable[FileResult[Read]]) -> Iterator[FileResult[Read]]:
    """The same; what went wrong is said on standard error, of a whole kind of files only once."""
    said = set()
    for result in results:
        # Files of a kind that cannot be read have one sentence but for their names.
        sentence = (result.error or "").removeprefix(f"{result.file}: ")
        if result.error is not None and sentence not in said:
            _say(result.file, result.error)
            said.add(sentence)
        yield result


def _open_pages(path: str) -> Pages:
    from handsum.image_file import MOST_BYTES, open_pages  # here, because help must not load Pillow

    # No more of standard input than a picture may have, and a byte by which that is known.
    return open_pages(sys.stdin.buffer.read(MOST_BYTES + 1) if path == STDIN else path)


def _sentence(error: Exception, path: str) -> str:
    """What to say of an error with one file; one that all files would meet goes on."""
    if isinstance(error, ImageError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or path} cannot be read ({error.strerror or error})."
    if isinstance(error, HandsumError | ImportError):
        raise error
    # A fault of ours, or of a library.
    return f"{path} could not be read ({type(error).__name__}: {error}); please report that."


def _say(path: str, sentence: str) -> None:
    """Say what there is to say of a file on standard error; its name is in the sentence, if it has one."""
    click.echo(f"handsum: {shown(f'standard input: {sentence}' if path == STDIN else sentence)}", err=True)
