"""MNIST: where its files are found, how they are fetched, and the arrays they hold."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import platformdirs
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.reading import FRAME_SIZE, NUM_DIGITS
from handsum.training.data.download import Progress, download, folder_lock, md5_of
from handsum.training.data.idx import read_idx

Split = Literal["train", "test"]

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)

FILES: dict[Split, tuple[str, str]] = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}

# Of the decompressed files: the same data has been compressed more than once.
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}

WRITERS_FILE = "writers.npz"


def load_mnist(
    split: Split, *, mirrors: Sequence[str] = MIRRORS
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """MNIST's images, uint8 (n, 28, 28), ink 255 on 0, and their labels, uint8 (n,).

    The files are taken from the folder HANDSUM_DATA names, else from the user's cache folder, where they
    are downloaded first if need be: ``images, labels = load_mnist("test")``.

    Raises:
        DataError: the files are missing and cannot be fetched, or are damaged.
    """
    folder = mnist_folder()
    images_file, labels_file = _files_of(split)
    if not os.environ.get("HANDSUM_DATA"):
        fetch(folder, split, mirrors=mirrors)
    images, labels = (read_idx(_require(folder, name)) for name in (images_file, labels_file))
    _check_images_and_labels(images, labels, folder)
    return images, labels


def load_writers(split: Split) -> NDArray[np.uint16] | None:
    """The number of each digit's writer, (n,), or None where `writers.npz` is not beside MNIST's files."""
    _files_of(split)
    path = mnist_folder() / WRITERS_FILE
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            writers: NDArray[np.uint16] = arrays[split]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} is damaged ({error}); delete it or fetch it again.") from error
    return writers


def mnist_folder() -> Path:
    """Where MNIST belongs on this machine: HANDSUM_DATA/mnist, HANDSUM_DATA itself, or the cache folder."""
    data = os.environ.get("HANDSUM_DATA")
    if not data:
        return platformdirs.user_cache_path("handsum") / "mnist"
    inner = Path(data) / "mnist"
    return inner if inner.is_dir() else Path(data)


def find_file(folder: Path, name: str) -> Path | None:
    """One of MNIST's files, compressed or plain, if the folder has it."""
    return next((path for path in (folder / f"{name}.gz", folder / name) if path.is_file()), None)


def is_original(path: Path) -> bool:
    """Whether a file, compressed or plain, holds exactly what MNIST's file of that name holds."""
    name = path.name.removesuffix(".part").removesuffix(".gz")
    try:
        with gzip.open(path, "rb") if ".gz" in path.suffixes else path.open("rb") as stream:
            return md5_of(stream) == MD5[name]
    except (OSError, EOFError, zlib.error):
        return False


def fetch(folder: Path, split: Split, *, mirrors: Sequence[str] = MIRRORS) -> None:
    """Download what the folder lacks of a split; where two processes ask, one fetches and the other waits.

    Raises:
        DataError: no mirror gave the right files, or the folder cannot be written.
    """
    names = _files_of(split)
    if all(find_file(folder, name) for name in names):
        return
    try:
        with folder_lock(folder):
            for name in names:
                if not find_file(folder, name):
                    _download(f"{name}.gz", folder, mirrors)
    except DataError as error:
        files = " and ".join(f"{name}.gz" for name in names)
        advice = f"connect to the network and try again, or put {files} into {folder}."
        raise DataError(f"{error}: {advice}") from error
    except OSError as error:
        raise DataError(f"MNIST cannot be saved in {folder} ({error.strerror or error}).") from error


def _download(file_name: str, folder: Path, mirrors: Sequence[str]) -> None:
    with _progress_bar(file_name) as on_progress:
        target = folder / file_name
        download(file_name, target, mirrors=mirrors, is_right=is_original, on_progress=on_progress)


def _files_of(split: Split) -> tuple[str, str]:
    if split not in get_args(Split):
        raise ValueError(f"split must be 'train' or 'test', not {split!r}")
    return FILES[split]


def _require(folder: Path, name: str) -> Path:
    path = find_file(folder, name)
    if path is None:
        raise DataError(
            f"HANDSUM_DATA leads to {folder}, which has no {name}.gz: put MNIST's files there, "
            "or unset HANDSUM_DATA to have them downloaded."
        )
    return path


def _check_images_and_labels(images: NDArray[Any], labels: NDArray[Any], folder: Path) -> None:
    is_mnist = (
        images.dtype == labels.dtype == np.uint8
        and images.ndim == 3
        and images.shape == (*labels.shape, FRAME_SIZE, FRAME_SIZE)
        and (labels < NUM_DIGITS).all()
    )
    if not is_mnist:
        raise DataError(
            f"The files in {folder} are not MNIST's: images {images.dtype} {images.shape}, "
            f"labels {labels.dtype} {labels.shape}."
        )


@contextlib.contextmanager
def _progress_bar(name: str) -> Iterator[Progress]:
    """A bar on the terminal while a file arrives; nothing where no one is watching."""
    if not sys.stderr.isatty():
        yield lambda _received, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None)
        yield lambda received, total: bar.update(task, completed=received, total=total)
