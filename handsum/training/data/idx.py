"""Reading and writing IDX, the format of MNIST's files.

The format (http://yann.lecun.com/exdb/mnist/): two zero bytes, one byte naming the element type, one
byte counting the dimensions, each dimension's size as a big-endian uint32, then the elements, big-endian,
last dimension fastest. Nothing may follow them. The files usually come gzip-compressed.
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handsum.atomic import whole_file
from handsum.errors import DataError

ELEMENT_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}

# IDX data starts with two zero bytes, so the first two bytes tell a compressed file from a plain one,
# whatever it is called.
GZIP_MAGIC = b"\x1f\x8b"

# A header may claim any size: memory grows with what the file holds, not with what it claims.
CHUNK_BYTES = 1 << 20


def read_idx(path: str | os.PathLike[str]) -> NDArray[Any]:
    """Read an IDX file, plain or gzip-compressed, into an array in the machine's own byte order.

    Raises:
        DataError: the file is missing, is not IDX, or holds less or more than its header says.
    """
    path = Path(path)
    try:
        with _open_plain_or_gzip(path) as stream:
            return _parse(stream, path)
    except FileNotFoundError:
        raise DataError(f"There is no file {path}.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({error}); fetch it again.") from error


def write_idx(path: str | os.PathLike[str], array: NDArray[Any]) -> None:
    """Write an array as IDX, gzip-compressed when the name ends in ``.gz``; the same array, the same bytes.

    The file appears whole or not at all.

    Raises:
        TypeError: IDX has no name for the array's element type.
        ValueError: the array has no dimension, or more than 255.
    """
    path = Path(path)
    data = _header(array) + array.astype(array.dtype.newbyteorder(">"), order="C").tobytes()
    if path.suffix == ".gz":
        data = gzip.compress(data, mtime=0)
    with whole_file(path) as part:
        part.write_bytes(data)


def _open_plain_or_gzip(path: Path) -> BufferedIOBase:
    with path.open("rb") as stream:
        is_gzip = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return gzip.open(path, "rb") if is_gzip else path.open("rb")


def _parse(stream: BufferedIOBase, path: Path) -> NDArray[Any]:
    dtype, shape = _parse_header(stream, path)
    num_bytes = math.prod(shape) * dtype.itemsize
    data = _read_up_to(stream, num_bytes + 1)
    if len(data) < num_bytes:
        raise DataError(f"{path} is cut short: {len(data):,} bytes of the {num_bytes:,} its header promises.")
    if len(data) > num_bytes:
        raise DataError(f"{path} holds more than the {num_bytes:,} bytes its header promises.")
    try:
        return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))
    except ValueError as error:
        # More dimensions than numpy has, or sizes whose product overflows though one of them is zero.
        raise DataError(f"{path} claims a shape that no array can have ({error}).") from error


def _parse_header(stream: BufferedIOBase, path: Path) -> tuple[np.dtype[Any], tuple[int, ...]]:
    magic = _read_up_to(stream, 4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise DataError(f"{path} is not an IDX file: it does not start with two zero bytes.")
    dtype, num_dimensions = ELEMENT_TYPES.get(magic[2]), magic[3]
    if dtype is None:
        raise DataError(f"{path} has the element type 0x{magic[2]:02x}, which IDX does not define.")
    if num_dimensions == 0:
        raise DataError(f"{path} claims to have no dimensions.")
    sizes = _read_up_to(stream, 4 * num_dimensions)
    if len(sizes) < 4 * num_dimensions:
        raise DataError(f"{path} is cut short within its header.")
    return dtype, struct.unpack(f">{num_dimensions}I", sizes)


def _read_up_to(stream: BufferedIOBase, num_bytes: int) -> bytes:
    """Read `num_bytes`, or what there is; never reserve more than a chunk beyond what has arrived."""
    chunks = []
    while num_bytes > 0 and (chunk := stream.read(min(num_bytes, CHUNK_BYTES))):
        chunks.append(chunk)
        num_bytes -= len(chunk)
    return b"".join(chunks)


def _header(array: NDArray[Any]) -> bytes:
    codes = {dtype.newbyteorder("="): code for code, dtype in ELEMENT_TYPES.items()}
    code = codes.get(array.dtype.newbyteorder("="))
    if code is None:
        known = ", ".join(str(dtype) for dtype in codes)
        raise TypeError(f"IDX cannot hold {array.dtype}; it knows {known}")
    if not 1 <= array.ndim <= 255:
        raise ValueError(f"IDX needs 1 to 255 dimensions, not {array.ndim}")
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
