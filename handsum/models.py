"""Finds the networks' files, checks that they are whole, and opens them with ONNX Runtime."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import onnxruntime

from handsum.errors import ModelError

MODEL_NAMES = ("mnist",)
GRAPHS_FOLDER = Path(__file__).parent / "graphs"
SUMS_FILE = "SHA256SUMS"

# What a digit network's file promises; a file with another number is not read by this version.
CONTRACT = "1"


@dataclass(frozen=True)
class Model:
    """An opened network: its ONNX Runtime session and the card that its file carries."""

    name: str
    session: onnxruntime.InferenceSession
    card: Mapping[str, str]


def model_path(name: str) -> Path:
    """Where the file of the network `name` is.

    Raises:
        ValueError: no network has that name.
    """
    if name not in MODEL_NAMES:
        raise ValueError(f"there is no network {name!r}; there is {', '.join(MODEL_NAMES)}")
    return GRAPHS_FOLDER / f"{name}.onnx"


def open_model(name: str) -> Model:
    """Open a network by name.

    Raises:
        ModelError: its file is missing, damaged, or of another version of handsum.
    """
    path = model_path(name)
    content = _checked_content(path)
    options = onnxruntime.SessionOptions()
    # One digit is too little work to share: a second thread costs more than it brings.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no base class but this
        raise ModelError(f"{path} cannot be opened; reinstall handsum ({type(error).__name__}).") from error
    card = session.get_modelmeta().custom_metadata_map
    if card.get("contract") != CONTRACT:
        raise ModelError(f"{path} belongs to another version of handsum; reinstall handsum.")
    return Model(name=name, session=session, card=card)


def _checked_content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        wanted = _listed_sums(path.with_name(SUMS_FILE)).get(path.name)
    except OSError as error:
        raise ModelError(f"{error.filename} cannot be read; reinstall handsum ({error.strerror}).") from error
    if hashlib.sha256(content).hexdigest() != wanted:
        raise ModelError(f"{path} is damaged (its sha256 is not the one in {SUMS_FILE}); reinstall handsum.")
    return content


def _listed_sums(path: Path) -> dict[str, str]:
    """File name to sha256, from lines as `sha256sum` writes them."""
    lines = path.read_text(encoding="ascii").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
