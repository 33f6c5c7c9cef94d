"""Files are written whole or not at all: nobody ever meets, or is left with, half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes the place of `path` once all went well.

    Missing folders are made. The temporary name keeps the suffix, by which libraries choose a format.

    >>> with whole_file(Path("metrics.json")) as part:
    ...     part.write_text("{}")
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
