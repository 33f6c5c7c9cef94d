"""Pictures of digits to read, and a way to run the program as people do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.pictures import draw

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


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
