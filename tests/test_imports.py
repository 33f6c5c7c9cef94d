"""Import is free: in a clean process each face loads little, starts nothing and changes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import handsum

ROOT = Path(__file__).resolve().parents[1]

FACES = [
    "handsum",
    "handsum.cli",
    "handsum.window",
    "handsum.reader",
    "app",
    "gui_digit_recognizer",
    "train_digit_recognizer",
]
TRAINERS = {"tensorflow", "keras", "onnx", "onnxscript", "h5py", "matplotlib", "torch", "jax", "cv2"}
READERS = {"numpy", "onnxruntime", "PIL", "tkinter", "sv_ttk"}

PROBE = """
import json, os, sys, threading
import importlib
environment = dict(os.environ)
importlib.import_module(sys.argv[1])
print(json.dumps({
    "loaded": sorted({name.split(".")[0] for name in sys.modules}),
    "threads": threading.active_count(),
    "environment_changed": dict(os.environ) != environment,
    "windows": bool("tkinter" in sys.modules and sys.modules["tkinter"]._default_root),
}))
"""


def probe(module: str) -> dict[str, Any]:
    """Import a module in a fresh Python and say what came of it."""
    command = [sys.executable, "-W", "error", "-c", PROBE, module]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"importing {module} printed: {lines[:-1]}"
    return dict(json.loads(lines[0]))


@pytest.mark.parametrize("face", FACES)
def test_no_face_loads_the_trainer_or_starts_anything(face: str) -> None:
    seen = probe(face)
    assert TRAINERS.isdisjoint(seen["loaded"])
    assert seen["threads"] == 1
    assert not seen["environment_changed"]
    assert not seen["windows"]


@pytest.mark.parametrize("face", ["handsum", "handsum.cli", "app", "train_digit_recognizer"])
def test_these_faces_load_no_reader_either(face: str) -> None:
    assert READERS.isdisjoint(probe(face)["loaded"])


@pytest.mark.parametrize("name", handsum.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(handsum, name) is not None
    assert name in dir(handsum)


def test_an_unknown_name_is_an_attribute_error() -> None:
    name = "no_such_name"
    with pytest.raises(AttributeError, match=name):
        getattr(handsum, name)
