"""MNIST found, fetched and checked: against a server of our own that misbehaves on purpose."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from handsum.errors import DataError
from handsum.training.data import download, mnist
from handsum.training.data.idx import write_idx

IMAGES, LABELS = mnist.FILES["test"]
NUM_IMAGES = 2_000


class Mirror(ThreadingHTTPServer):
    """A web server on this machine: `files` are served at the root, as `manners` says.

    `manners`: "good" serves ranges; "no ranges" sends the whole file always; "breaks off" sends half
    of the rest on the first request for each file; "missing" has nothing; "unlike" sends other bytes.
    """

    daemon_threads = True

    def __init__(self, files: dict[str, bytes], manners: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.manners = files, manners
        self.requests: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Mirror

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        name, asked = self.path.lstrip("/"), self.headers["Range"]
        is_first = name not in {name for name, _ in self.server.requests}
        self.server.requests.append((name, asked))
        if self.server.manners == "missing":
            self.send_error(404)
            return
        data = self.server.files[name]
        if self.server.manners == "unlike":
            data = gzip.compress(b"something else")
        start = int(re.findall(r"\d+", asked)[0]) if asked and self.server.manners != "no ranges" else 0
        if start >= len(data):
            self.send_error(416)
            return
        self._send(data, start, 0.5 if is_first and self.server.manners == "breaks off" else 1.0)

    def _send(self, data: bytes, start: int, share: float) -> None:
        rest = data[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: int(len(rest) * share)])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and no HANDSUM_DATA."""
    monkeypatch.delenv("HANDSUM_DATA", raising=False)
    monkeypatch.setattr(mnist.platformdirs, "user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache" / "mnist"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A small set in MNIST's form, whose checksums pass for MNIST's."""
    rng = np.random.default_rng(0)
    arrays = {
        IMAGES: rng.integers(0, 256, (NUM_IMAGES, 28, 28), np.uint8),
        LABELS: rng.integers(0, 10, NUM_IMAGES, np.uint8),
    }
    made = {}
    for name, array in arrays.items():
        path = tmp_path / f"{name}.gz"
        write_idx(path, array)
        made[path.name] = path.read_bytes()
        md5 = hashlib.md5(gzip.decompress(made[path.name])).hexdigest()
        monkeypatch.setitem(mnist.MD5, name, md5)
    return made


@pytest.fixture
def mirror(files: dict[str, bytes]) -> Iterator[Callable[[str], Mirror]]:
    """Makes mirrors with given manners, and stops them in the end."""
    running = []

    def start(manners: str) -> Mirror:
        server = Mirror(files, manners)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


def test_a_download_is_kept_and_not_repeated(cache: Path, files: dict[str, bytes], mirror) -> None:
    server = mirror("good")
    for _ in range(2):
        images, labels = mnist.load_mnist("test", mirrors=[server.url])
        assert images.shape == (NUM_IMAGES, 28, 28)
        assert labels.shape == (NUM_IMAGES,)
    assert server.requests == [(f"{IMAGES}.gz", None), (f"{LABELS}.gz", None)]
    assert left_in(cache) == set(files)


def test_a_broken_transfer_is_taken_up_where_it_broke(cache: Path, files: dict[str, bytes], mirror) -> None:
    server = mirror("breaks off")
    mnist.load_mnist("test", mirrors=[server.url])
    half = len(files[f"{IMAGES}.gz"]) // 2
    assert server.requests[:2] == [(f"{IMAGES}.gz", None), (f"{IMAGES}.gz", f"bytes={half}-")]
    assert left_in(cache) == set(files)


def test_what_an_earlier_run_left_is_taken_up(cache: Path, files: dict[str, bytes], mirror) -> None:
    server = mirror("good")
    cache.mkdir(parents=True)
    (cache / f"{IMAGES}.gz.part").write_bytes(files[f"{IMAGES}.gz"][:1000])
    (cache / f"{LABELS}.gz.part").write_bytes(files[f"{LABELS}.gz"])
    mnist.load_mnist("test", mirrors=[server.url])
    assert server.requests[0] == (f"{IMAGES}.gz", "bytes=1000-")
    assert left_in(cache) == set(files)


def test_a_server_without_ranges_is_asked_for_the_whole(cache: Path, files: dict[str, bytes], mirror) -> None:
    server = mirror("no ranges")
    cache.mkdir(parents=True)
    (cache / f"{IMAGES}.gz.part").write_bytes(files[f"{IMAGES}.gz"][:1000])
    images, _ = mnist.load_mnist("test", mirrors=[server.url])
    assert len(images) == NUM_IMAGES


@pytest.mark.parametrize("leftover", [b"rubbish", b"rubbish" * 1_000_000])
def test_a_leftover_of_something_else_is_thrown_away(cache: Path, mirror, leftover: bytes) -> None:
    server = mirror("good")
    cache.mkdir(parents=True)
    (cache / f"{IMAGES}.gz.part").write_bytes(leftover)
    images, _ = mnist.load_mnist("test", mirrors=[server.url])
    assert len(images) == NUM_IMAGES


@pytest.mark.parametrize("manners", ["missing", "unlike"])
def test_the_next_mirror_stands_in(cache: Path, files: dict[str, bytes], mirror, manners: str) -> None:
    first, second = mirror(manners), mirror("good")
    mnist.load_mnist("test", mirrors=[first.url, second.url])
    assert len(first.requests) == len(second.requests) == 2
    assert left_in(cache) == set(files)


def test_a_wrong_checksum_everywhere_leaves_nothing(cache: Path, mirror) -> None:
    with pytest.raises(DataError, match="checksum is wrong"):
        mnist.load_mnist("test", mirrors=[mirror("unlike").url])
    assert left_in(cache) == set()


def test_without_network_one_sentence_names_the_folder(cache: Path) -> None:
    unused = Mirror({}, "good")
    unused.server_close()
    with pytest.raises(DataError) as caught:
        mnist.load_mnist("test", mirrors=[unused.url])
    message = str(caught.value)
    assert str(cache) in message
    assert f"{IMAGES}.gz and {LABELS}.gz" in message
    assert "\n" not in message


def test_a_folder_that_cannot_be_made_is_named(cache: Path) -> None:
    cache.parent.parent.mkdir(parents=True, exist_ok=True)
    cache.parent.write_text("a file is in the way")
    with pytest.raises(DataError, match=re.escape(str(cache))):
        mnist.load_mnist("test", mirrors=[])


TWO_AT_ONCE = """
import sys
from pathlib import Path
from handsum.training.data import mnist
folder, url = Path(sys.argv[1]), sys.argv[2]
mnist.MD5.update(dict(pair.split("=") for pair in sys.argv[3:]))
mnist.fetch(folder, "test", mirrors=[url])
print(len(mnist.read_idx(folder / (mnist.FILES["test"][0] + ".gz"))))
"""


def test_two_processes_at_once_fetch_once(cache: Path, files: dict[str, bytes], mirror) -> None:
    server = mirror("breaks off")
    sums = [f"{name}={mnist.MD5[name]}" for name in (IMAGES, LABELS)]
    command = [sys.executable, "-c", TWO_AT_ONCE, str(cache), server.url, *sums]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in started] == [f"{NUM_IMAGES}\n"] * 2
    assert [asked for _, asked in server.requests].count(None) == 2
    assert left_in(cache) == set(files)


def test_a_folder_waits_for_whoever_holds_it(tmp_path: Path) -> None:
    order = []

    def wait_for_it() -> None:
        with download.folder_lock(tmp_path):
            order.append("second")

    with download.folder_lock(tmp_path):
        thread = threading.Thread(target=wait_for_it)
        thread.start()
        thread.join(3 * download.LOCK_POLL_S)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


@pytest.mark.parametrize("inner", ["mnist", "."])
@pytest.mark.parametrize("compressed", [True, False])
def test_handsum_data_is_used_as_it_is(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, inner: str, compressed: bool
) -> None:
    data = tmp_path / "data"
    (data / inner).mkdir(parents=True)
    for name, content in files.items():
        path = data / inner / (name if compressed else name.removesuffix(".gz"))
        path.write_bytes(content if compressed else gzip.decompress(content))
    monkeypatch.setenv("HANDSUM_DATA", str(data))
    images, labels = mnist.load_mnist("test", mirrors=[])
    assert (images.dtype, labels.dtype) == (np.uint8, np.uint8)
    assert mnist.load_writers("test") is None


def test_handsum_data_without_the_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDSUM_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=re.escape(str(tmp_path / "nowhere"))):
        mnist.load_mnist("train", mirrors=[])


def test_files_that_do_not_belong_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDSUM_DATA", str(tmp_path))
    write_idx(tmp_path / IMAGES, np.zeros((3, 28, 28), np.uint8))
    for labels in (np.zeros(2, np.uint8), np.full(3, 10, np.uint8), np.zeros(3, np.int8)):
        write_idx(tmp_path / LABELS, labels)
        with pytest.raises(DataError, match="not MNIST"):
            mnist.load_mnist("test")


def test_writers_are_read_and_damage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDSUM_DATA", str(tmp_path))
    np.savez(tmp_path / "writers.npz", train=np.arange(5, dtype=np.uint16))
    writers = mnist.load_writers("train")
    assert writers is not None
    assert writers.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(DataError, match="damaged"):
        mnist.load_writers("test")
    (tmp_path / "writers.npz").write_bytes(b"PK rubbish")
    with pytest.raises(DataError, match="damaged"):
        mnist.load_writers("train")


def test_an_unknown_split_is_the_callers_mistake() -> None:
    for load in (mnist.load_mnist, mnist.load_writers):
        with pytest.raises(ValueError, match="split"):
            load("dev")  # type: ignore[arg-type]


def test_the_real_files_are_mnist(data_folder: Path) -> None:
    images, labels = mnist.load_mnist("test")
    assert images.shape == (10_000, 28, 28)
    assert np.bincount(labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]
    paths = [mnist.find_file(mnist.mnist_folder(), name) for name in (IMAGES, LABELS)]
    assert all(path and mnist.is_original(path) for path in paths)


def test_progress_is_drawn_on_a_terminal_only(cache: Path, mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    watched, unwatched = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", watched)
    mnist.fetch(cache, "test", mirrors=[mirror("good").url])
    assert IMAGES in watched.getvalue()
    for path in cache.iterdir():
        os.unlink(path)
    monkeypatch.setattr(sys, "stderr", unwatched)
    mnist.fetch(cache, "test", mirrors=[mirror("good").url])
    assert unwatched.getvalue() == ""
