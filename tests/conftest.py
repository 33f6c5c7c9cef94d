"""What every test has: the folder of data where there is one, and a home of its own."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

DATA = os.environ.get("HANDSUM_DATA")

# With the data at hand nothing excuses a skipped test, so that the checks cannot thin out unnoticed.
SKIPS_FAIL = os.environ.get("CI") == "true" and bool(DATA)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of MNIST, pen ink and images that HANDSUM_DATA names; tests that need it skip without."""
    if not DATA or not Path(DATA).is_dir():
        pytest.skip("needs the data folder: set HANDSUM_DATA")
    return Path(DATA)


@pytest.fixture(autouse=True, scope="session")
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings and saved drawings go to a temporary folder; the cache, which may hold MNIST, stays."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if SKIPS_FAIL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped; with CI=true and HANDSUM_DATA none may be: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn skips into failures where SKIPS_FAIL says so."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself whole."""
    report = yield
    _fail_if_skipped(report)
    return report
