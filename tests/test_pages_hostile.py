"""Pages that nobody wrote: read without an exception, in bounded time and memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from handsum.layout import arrange
from handsum.reading import SYMBOL_LABELS, Symbol
from tests.hostile_pages import PAGES

ROOT = Path(__file__).resolve().parents[1]

# Of the processor, so that a busy machine is no excuse; both cores count.
MOST_SECONDS = 8.0
MOST_MEGABYTES = 1_000
# The largest page is most of that; nothing else comes near.
MOST_SECONDS_OF_THE_PROCESS = 250

# As many as the page network ever finds.
NUM_SYMBOLS = 1_000
# They take under half a second each; a busy machine may take longer.
MOST_SECONDS_TO_ARRANGE = 3.0


@pytest.fixture(scope="module")
def costs() -> dict[str, tuple[float, int]]:
    """Seconds and megabytes of each page."""
    pytest.importorskip("resource", reason="Windows does not say how much memory a process took")
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_pages"],
        cwd=ROOT, capture_output=True, text=True, timeout=MOST_SECONDS_OF_THE_PROCESS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {name: (float(seconds), int(megabytes)) for name, seconds, megabytes in rows}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is looked up in /proc")
@pytest.mark.timeout(MOST_SECONDS_OF_THE_PROCESS + 50)
@pytest.mark.parametrize("name", PAGES)
def test_time_and_memory_are_bounded(costs: dict[str, tuple[float, int]], name: str) -> None:
    seconds, megabytes = costs[name]
    assert seconds <= MOST_SECONDS
    assert megabytes <= MOST_MEGABYTES


def in_rows(num_columns: int) -> list[Symbol]:
    """Symbols of every label in rows of so many."""
    places = (divmod(index, num_columns) for index in range(NUM_SYMBOLS))
    return [
        Symbol(
            SYMBOL_LABELS[index * 7 % len(SYMBOL_LABELS)],
            (30 * column, 60 * row, 30 * column + 20, 60 * row + 40),
            0.9,
        )
        for index, (row, column) in enumerate(places)
    ]


def within_one_another() -> list[Symbol]:
    """Each in the one before it."""
    return [
        Symbol(SYMBOL_LABELS[index * 7 % len(SYMBOL_LABELS)], (index, index, 3000 - index, 3000 - index), 0.9)
        for index in range(NUM_SYMBOLS)
    ]


@pytest.mark.parametrize(
    "symbols",
    [in_rows(NUM_SYMBOLS), in_rows(25), in_rows(1), within_one_another()],
    ids=["one row", "rows of 25", "one column", "one in another"],
)
def test_as_many_symbols_as_there_can_be_are_arranged_in_time(symbols: list[Symbol]) -> None:
    started_s = time.process_time()
    arrange(symbols)
    assert time.process_time() - started_s <= MOST_SECONDS_TO_ARRANGE
