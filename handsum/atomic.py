"""Files are written whole or not at all: nobody ever meets, or is left with, half of one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# So much of a name stays in the temporary one, which file systems allow 255 bytes, four to a character.
MOST_OF_STEM = 40


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes the place of `path` once all went well.

    Missing folders are made. The temporary name keeps the suffix, by which libraries choose a format.

    >>> with whole_file(Path("metrics.json")) as part:
    ...     part.write_text("{}")
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = f"{os.getpid()}-{threading.get_ident():x}"
    part = path.with_name(f".{path.stem[:MOST_OF_STEM]}.{mark}.part{path.suffix}")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
