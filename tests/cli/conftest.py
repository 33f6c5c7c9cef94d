"""Pictures of digits to read, and a way to run the program as people do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from handsum.cli import main
from tests.cli.pictures import draw, draw_sums
from tests.pictures import saved_tiff

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Read = Callable[..., Result]


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    return draw(tmp_path / "seven.png")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``handsum ARGUMENTS...`` as a process of its own in the test's folder."""

    def run_it(
        *arguments: str | Path, environment: dict[str, str] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        given = {**(os.environ if environment is None else environment), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "handsum", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.run(
            command, cwd=tmp_path, env=given, timeout=60, check=False, **{**pipes, **options}
        )

    return run_it


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Run ``handsum read ARGUMENTS...`` in the test's folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **options: CliRunner().invoke(main, ["read", *map(str, arguments)], **options)


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    return draw_sums(tmp_path / "sums.png")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scan of three pages: two sums, a number, and nothing."""
    pages = [Image.open(draw_sums(tmp_path / "page.png", lines)) for lines in (["12+7=", "8"], ["2468"])]
    (tmp_path / "page.png").unlink()
    path = tmp_path / "scan.tif"
    path.write_bytes(saved_tiff([*pages, Image.new("L", (90, 90), 255)]))
    return path
