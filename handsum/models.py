"""Finds the networks' files, checks that they are whole, and opens them with ONNX Runtime."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handsum.errors import ModelError

if TYPE_CHECKING:
    import onnxruntime

MODEL_NAMES = ("digit", "mnist")
# What reads wherever nobody says otherwise: the reader, the command line, the window.
DEFAULT_DIGIT_MODEL = "digit"
GRAPHS_FOLDER = Path(__file__).parent / "graphs"
SUMS_FILE = "SHA256SUMS"

# The network that reads whole pages.
PAGE_MODEL = "page"

# What a digit network's file promises; a file with another number is not read by this version.
CONTRACT = "2"
# The same for a page network's file.
PAGE_CONTRACT = "page 1"
# A page is enough work for two cores; with more of them the rest of the machine stays free.
MOST_PAGE_THREADS = 2


@dataclass(frozen=True)
class Model:
    """An opened network: its ONNX Runtime session and the card that its file carries."""

    name: str
    session: onnxruntime.InferenceSession
    card: Mapping[str, str]


def model_path(name: str) -> Path:
    """Where a network's file is: one of ours by its name, or anybody's by the path of its .onnx file.

    Raises:
        ValueError: it is neither.
    """
    if name in MODEL_NAMES:
        return GRAPHS_FOLDER / f"{name}.onnx"
    if Path(name).suffix == ".onnx":
        return Path(name)
    raise ValueError(f"there is no network {name!r}: name {', '.join(MODEL_NAMES)}, or an .onnx file")


def open_model(name: str) -> Model:
    """Open one of our digit networks by name, or one that `handsum export` wrote by its path.

    Raises:
        ValueError: `name` is neither a network of ours nor the path of an .onnx file.
        ModelError: the file is missing, damaged, or of another version of handsum.
        ImportError: ONNX Runtime does not load.
    """
    return _open(name, model_path(name), CONTRACT, is_ours=name in MODEL_NAMES, num_threads=1)


def open_page_model(path: Path | None = None) -> Model:
    """Open our page network, or one that `handsum export` wrote.

    Raises:
        ModelError: the file is missing, damaged, or of another version of handsum.
        ImportError: ONNX Runtime does not load.
    """
    chosen = path or GRAPHS_FOLDER / f"{PAGE_MODEL}.onnx"
    num_threads = min(MOST_PAGE_THREADS, os.cpu_count() or 1)
    return _open(PAGE_MODEL, chosen, PAGE_CONTRACT, is_ours=path is None, num_threads=num_threads)


def _open(name: str, path: Path, contract: str, *, is_ours: bool, num_threads: int) -> Model:
    content = _checked_content(path) if is_ours else _content(path, "`handsum export` makes it")
    try:
        session = open_session(content, num_threads=num_threads)
    except ImportError:  # not the file's fault
        raise
    except Exception as error:  # ONNX Runtime's errors share no base class but this
        raise ModelError(f"{path} is not a network that can be opened ({type(error).__name__}).") from error
    card = session.get_modelmeta().custom_metadata_map
    if card.get("contract") != contract:
        raise ModelError(f"{path} was not made by this version of handsum; `handsum export` makes it anew.")
    return Model(name=name, session=session, card=card)


def open_session(content: bytes, *, num_threads: int = 1) -> onnxruntime.InferenceSession:
    """Any ONNX graph made ready to run; what is no graph raises ONNX Runtime's own errors."""
    # Imported here, so that whoever only wants a name, as help does, starts at once.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One digit is too little work to share: a second thread costs more than it brings.
    options.intra_op_num_threads = num_threads
    options.inter_op_num_threads = 1
    # Threads that wait for the next page must not keep the cores busy meanwhile.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _checked_content(path: Path) -> bytes:
    """The content of one of our own files, whose sha256 is listed beside it."""
    content = _content(path, "reinstall handsum")
    sums = _content(path.with_name(SUMS_FILE), "reinstall handsum").decode("ascii", "replace")
    if hashlib.sha256(content).hexdigest() != _listed_sums(sums).get(path.name):
        raise ModelError(f"{path} is damaged (its sha256 is not the one in {SUMS_FILE}); reinstall handsum.")
    return content


def _content(path: Path, advice: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); {advice}.") from error


def _listed_sums(text: str) -> dict[str, str]:
    """File name to sha256, from lines as `sha256sum` writes them."""
    return {name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines())}
