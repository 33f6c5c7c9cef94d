"""The repository itself: small, portable, and the same lists wherever a list stands twice."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

import handsum
from handsum.models import MODEL_NAMES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

ROOT = Path(__file__).resolve().parents[1]
LARGEST_FILE_BYTES = 4 * 2**20
LARGEST_WHEEL_BYTES = 6 * 10**6

# Folders of somebody's machine, and the addresses of package indexes: neither belongs in a repository.
MACHINE_PATH = re.compile(rb"(?<![\w.~])/(?:work|home|root|Users|mnt|builds?)/\w[^\s\"'`)]*")
PACKAGE_INDEX = re.compile(rb"(?i)pypi\.org|pythonhosted\.org|index-url\b[ =]|--trusted[-]host")
SHARED_DATA = b"/".join((b"shared", b"data"))
MAY_NAME_SHARED_DATA = {"Makefile", ".ci/run"}


@cache
def repository_files() -> list[Path]:
    """Every file that git tracks or would add."""
    git = ["git", "-c", f"safe.directory={ROOT}"]
    command = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = [ROOT / name for name in listing.split("\0") if name]
    assert paths
    return [path for path in paths if path.is_file()]


def name_of(path: Path) -> str:
    """A file's name as seen from the repository's root."""
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_large() -> None:
    assert [name_of(p) for p in repository_files() if p.stat().st_size > LARGEST_FILE_BYTES] == []


@pytest.mark.parametrize("pattern", [MACHINE_PATH, PACKAGE_INDEX], ids=["machine path", "package index"])
def test_no_file_names_a_machine(pattern: re.Pattern[bytes]) -> None:
    found = {name_of(p): match[0] for p in repository_files() if (match := pattern.search(p.read_bytes()))}
    assert found == {}


def test_only_the_makefile_knows_the_shared_data() -> None:
    naming = {name_of(p) for p in repository_files() if SHARED_DATA in p.read_bytes()}
    assert naming <= MAY_NAME_SHARED_DATA


def test_the_patterns_find_what_they_are_for() -> None:
    assert MACHINE_PATH.search(b'"out": "/' + b'home/ada/handsum/x.h5"')
    assert not MACHINE_PATH.search(b"https://example.org/" + b"home/page")
    assert PACKAGE_INDEX.search(b"pip install --extra-index" + b"-url x")


def test_requirements_repeat_the_declared_ones() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [*project["dependencies"], *project["optional-dependencies"]["train"]]
    assert [line for line in listed if line and not line.startswith("#")] == wanted


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.escape(handsum.__version__)
    assert re.search(rf"^## \[{version}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)


def test_the_wheel_is_small_and_holds_the_graphs_alone(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    [wheel] = tmp_path.glob("*.whl")
    assert wheel.stat().st_size <= LARGEST_WHEEL_BYTES
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"handsum/graphs/{name}.onnx" for name in MODEL_NAMES} <= set(names)
    assert {name.split("/")[0] for name in names} == {"handsum", f"handsum-{handsum.__version__}.dist-info"}
    assert not [name for name in names if name.endswith((".h5", ".npz", ".pyc"))]
