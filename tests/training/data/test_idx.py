"""IDX files: what is written comes back, and what lies or breaks off is refused in one sentence."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handsum.errors import DataError
from handsum.training.data.idx import read_idx, write_idx

ELEMENTS = [np.uint8, np.int8, np.int16, np.int32, np.float32, np.float64]
ARRAYS = st.sampled_from(ELEMENTS).flatmap(
    lambda element: hnp.arrays(element, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5))
)

# Three dimensions of 2 x 2 x 2 bytes.
HEADER = struct.pack(">BBBB3I", 0, 0, 0x08, 3, 2, 2, 2)


@given(array=ARRAYS, name=st.sampled_from(["a-idx", "a-idx.gz"]))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_comes_back(tmp_path: Path, array: np.ndarray, name: str) -> None:
    write_idx(tmp_path / name, array)
    back = read_idx(tmp_path / name)
    assert back.dtype == array.dtype
    assert back.dtype.isnative
    np.testing.assert_array_equal(back, array)


def test_the_bytes_are_those_of_the_specification(tmp_path: Path) -> None:
    write_idx(tmp_path / "a", np.array([[1, -2]], np.int16))
    assert (tmp_path / "a").read_bytes() == bytes.fromhex("00000b02 00000001 00000002 0001 fffe")
    write_idx(tmp_path / "b", np.asfortranarray([[1, 2], [3, 4]], np.uint8))
    assert (tmp_path / "b").read_bytes()[-4:] == bytes([1, 2, 3, 4])


def test_the_same_array_gives_the_same_compressed_bytes_and_leaves_nothing_else(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_idx(tmp_path / name, np.arange(9, dtype=np.uint8))
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gz", "b.gz"]


@pytest.mark.parametrize("compress", [False, True])
def test_compression_is_told_by_content_not_by_name(tmp_path: Path, compress: bool) -> None:
    data = HEADER + bytes(8)
    path = tmp_path / ("plain-name" if compress else "lying-name.gz")
    path.write_bytes(gzip.compress(data) if compress else data)
    assert read_idx(path).shape == (2, 2, 2)


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is not an IDX file"),
        (b"\0\0\x08", "is not an IDX file"),
        (b"PNG!" + bytes(20), "is not an IDX file"),
        (b"\0\0\x0a\x01" + bytes(4), "element type 0x0a"),
        (b"\0\0\x08\x00", "no dimensions"),
        (HEADER[:-1], "cut short within its header"),
        (HEADER + bytes(7), "7 bytes of the 8"),
        (HEADER + bytes(9), "more than the 8 bytes"),
        (struct.pack(">BBBB2I", 0, 0, 8, 2, 2**32 - 1, 2**32 - 1) + bytes(5), "cut short: 5 bytes"),
        (struct.pack(">BBBB3I", 0, 0, 14, 3, 2**32 - 1, 2**32 - 1, 0), "a shape that no array can have"),
        (struct.pack(">BBBB255I", 0, 0, 8, 255, *[1] * 255) + bytes(1), "a shape that no array can have"),
    ],
)
def test_a_lying_or_broken_file_is_refused(
    tmp_path: Path, data: bytes, complaint: str, compress: bool
) -> None:
    path = tmp_path / "x-idx"
    path.write_bytes(gzip.compress(data) if compress else data)
    with pytest.raises(DataError, match=complaint) as caught:
        read_idx(path)
    assert str(path) in str(caught.value)


def test_damaged_compression_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(HEADER + bytes(range(8)))
    path = tmp_path / "x.gz"
    flipped = bytearray(whole)
    flipped[-6] ^= 0xFF
    for data in (whole[:-9], whole[:12], bytes(flipped), whole + b"more"):
        path.write_bytes(data)
        with pytest.raises(DataError, match="cannot be read"):
            read_idx(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        read_idx(tmp_path / "none")
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path)


def test_what_idx_cannot_hold_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="int64"):
        write_idx(tmp_path / "x", np.zeros(3, np.int64))
    with pytest.raises(ValueError, match="dimensions"):
        write_idx(tmp_path / "x", np.array(3, np.uint8))
    assert list(tmp_path.iterdir()) == []
