"""Fetching one file from the first mirror that has it: resumed, checked, written whole or not at all.

Only training data comes this way; nothing is downloaded when handsum reads.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from io import BufferedIOBase
from pathlib import Path
from typing import IO

from handsum.errors import DataError

# How often a transfer that broke off is taken up again on the same mirror.
NUM_ATTEMPTS = 4
TIMEOUT_S = 20.0
CHUNK_BYTES = 1 << 16
LOCK_POLL_S = 0.1

# Told (bytes so far, bytes in all or None) as they arrive.
Progress = Callable[[int, "int | None"], None]


class _TransferError(Exception):
    """A mirror answered, and then the transfer broke off: what arrived can be taken up again."""


class _RefusedError(Exception):
    """A mirror does not answer, or does not have the file."""


def download(
    name: str,
    target: Path,
    *,
    mirrors: Sequence[str],
    is_right: Callable[[Path], bool],
    on_progress: Progress = lambda _received, _total: None,
) -> None:
    """Fetch `name` from one of the mirrors (URLs ending in a slash) into the file `target`.

    What arrives is kept beside the target as ``<target>.part`` and taken up there again, later or after
    a broken transfer. Only a file that `is_right` accepts becomes the target.

    Raises:
        DataError: no mirror gave the right file; the message lists each mirror's reason.
    """
    part = target.with_name(target.name + ".part")
    reasons = []
    for mirror in mirrors:
        try:
            _fetch_from(mirror + name, part, is_right, on_progress)
        except (_RefusedError, _TransferError) as error:
            reasons.append(f"{mirror}: {error}")
            continue
        os.replace(part, target)
        return
    raise DataError(f"{name} could not be downloaded ({'; '.join(reasons) or 'no mirror is known'})")


def md5_of(stream: BufferedIOBase) -> str:
    """The md5 of what is left to read, as hexadecimal: it tells damage, it does not keep out forgers."""
    digest = hashlib.md5(usedforsecurity=False)
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


@contextlib.contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; others wait. The system lets go when the process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        while not _try_lock(lock.fileno()):
            time.sleep(LOCK_POLL_S)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Any other trouble means that this file system has no locks: then there is none to wait for.
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def _fetch_from(url: str, part: Path, is_right: Callable[[Path], bool], on_progress: Progress) -> None:
    """Leave the right file in `part`, or say why this mirror cannot give it."""
    reason = ""
    for _ in range(NUM_ATTEMPTS):
        was_resumed = part.exists()
        try:
            _transfer(url, part, on_progress)
        except _TransferError as error:
            reason = str(error)
            continue
        if is_right(part):
            return
        part.unlink()
        reason = "its checksum is wrong"
        if not was_resumed:
            break
    raise _TransferError(reason)


def _transfer(url: str, part: Path, on_progress: Progress) -> None:
    """Append what is missing to `part`, or start it anew where the server will not resume."""
    num_held = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Accept-Encoding": "identity", "User-Agent": "handsum"})
    if num_held:
        request.add_header("Range", f"bytes={num_held}-")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # nothing is missing; the check decides whether what is there is right
        raise _RefusedError(f"HTTP {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise _RefusedError(str(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _RefusedError(str(error) or type(error).__name__) from error
    with response:
        resumes = response.status == HTTPStatus.PARTIAL_CONTENT and _starts_at(response, num_held)
        with part.open("ab" if resumes else "wb") as stream:
            _copy(response, stream, num_held if resumes else 0, on_progress)


def _starts_at(response: http.client.HTTPResponse, offset: int) -> bool:
    if (response.getheader("Content-Range") or "").startswith(f"bytes {offset}-"):
        return True
    raise _RefusedError("it sent another range than it was asked for")


def _copy(
    response: http.client.HTTPResponse, stream: IO[bytes], num_held: int, on_progress: Progress
) -> None:
    """Copy the body, which must be as long as the server said it would be."""
    num_expected = response.length
    total = None if num_expected is None else num_held + num_expected
    received = num_held
    try:
        while chunk := response.read(CHUNK_BYTES):
            stream.write(chunk)
            received += len(chunk)
            on_progress(received, total)
    except (OSError, http.client.HTTPException) as error:
        raise _TransferError(f"the transfer broke off ({error})") from error
    if total is not None and received < total:
        raise _TransferError(f"the transfer broke off after {received:,} of {total:,} bytes")
