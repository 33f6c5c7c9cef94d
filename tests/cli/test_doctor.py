"""`handsum doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import handsum.models
from handsum.cli import checks, main
from handsum.errors import ModelError
from handsum.models import MODEL_NAMES, open_model
from tests.doubtful import doubtful_network


@pytest.fixture(autouse=True)
def empty_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HANDSUM_DATA", str(tmp_path))
    return tmp_path


def examined(*arguments: str) -> tuple[int, dict[str, dict[str, object]]]:
    done = CliRunner().invoke(main, ["doctor", "--json", *arguments])
    assert done.exit_code in (0, 1), done.output
    return done.exit_code, {check["name"]: check for check in json.loads(done.stdout)}


def test_where_everything_needed_works() -> None:
    exit_code, found = examined()
    assert exit_code == 0
    needed = {"python", "handsum", "numpy", "onnxruntime", "pillow", "opencv", *MODEL_NAMES}
    assert {found[name]["state"] for name in needed} == {"ok"}
    assert all("reads a 7" in str(found[name]["found"]) for name in MODEL_NAMES)


def test_the_table_names_every_check() -> None:
    done = CliRunner().invoke(main, ["doctor"])
    _, found = examined()
    assert all(name in done.stdout for name in found)
    assert "Reading works here." in done.stdout


def test_data_that_is_not_mnist_is_found_out_by_deep(empty_data_folder: Path) -> None:
    name = "t10k-labels-idx1-ubyte"
    assert examined()[1][name]["state"] == "absent"
    (empty_data_folder / name).write_bytes(b"other")
    assert examined()[1][name]["state"] == "ok"
    exit_code, found = examined("--deep")
    assert found[name]["state"] == "broken"
    assert exit_code == 0, "reading needs no MNIST"


def test_a_network_that_does_not_open_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ModelError(f"{name} is damaged.")

    monkeypatch.setattr(handsum.models, "open_model", refuse)
    monkeypatch.setattr("handsum.reader.open_model", refuse, raising=False)
    monkeypatch.setattr("handsum.digit.open_model", refuse, raising=False)
    exit_code, found = examined()
    assert exit_code == 1
    for name in MODEL_NAMES:
        assert found[name]["state"] == "broken"
        assert found[name]["advice"]
    assert "see !! above" in CliRunner().invoke(main, ["doctor"]).stdout


def test_an_onnx_runtime_that_does_not_load_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    exit_code, found = examined()
    assert exit_code == 1
    for name in MODEL_NAMES:
        assert found[name]["state"] == "broken"
        assert "onnxruntime" in str(found[name]["found"])


def test_a_network_that_reads_nonsense_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_model(doubtful_network(tmp_path))
    monkeypatch.setattr("handsum.reader.open_model", lambda _name: model)
    exit_code, found = examined()
    assert exit_code == 1
    assert {str(found[name]["found"]) for name in MODEL_NAMES} == {"reads a plain 7 as nothing: not a digit"}


def test_a_missing_package_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(package: str) -> str:
        raise checks.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(checks.metadata, "version", not_installed)
    exit_code, found = examined()
    assert exit_code == 1
    assert (found["numpy"]["state"], found["keras"]["state"]) == ("broken", "absent")
    assert "pip install" in str(found["keras"]["advice"])


def test_an_opencv_that_does_not_load_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    exit_code, found = examined()
    assert exit_code == 1
    assert found["opencv"]["state"] == "broken"
    assert "pip install opencv" in str(found["opencv"]["advice"])


def test_without_a_display_reading_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    exit_code, found = examined()
    assert exit_code == 0
    if os.name == "posix" and "darwin" not in os.uname().sysname.lower():
        assert (found["tk"]["state"], found["window"]["state"]) == ("ok", "absent")
        assert "display" in str(found["window"]["found"])
        assert "apt install" not in str(found["window"]["advice"])


def test_a_tk_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired("tk", timeout)

    monkeypatch.setattr(checks.subprocess, "run", hang)
    exit_code, found = examined()
    assert exit_code == 0
    assert found["window"]["state"] == "broken"


def test_a_python_without_tk_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "TK_PROBE", "import no_such_tkinter")
    exit_code, found = examined()
    assert exit_code == 0
    assert "apt install python3-tk" in str(found["tk"]["advice"])
