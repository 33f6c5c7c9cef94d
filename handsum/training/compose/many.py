"""Pages by the hundred thousand, on every core; each page depends on its seed and number alone."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import cv2
import numpy as np

from handsum.training.compose.page import ComposedPage, compose
from handsum.training.compose.sources import Split, load_library
from handsum.training.compose.style import PageConfig

# Pages that a process makes before it hands them over.
CHUNK = 50
# Chunks in the making for each process: enough that none waits, few enough to be held in memory.
CHUNKS_AHEAD = 3

Task = tuple[Split, PageConfig, int, int, int]


def compose_numbered(
    number: int, *, seed: int, split: Split = "train", config: PageConfig | None = None
) -> ComposedPage:
    """The page of a number: always the same for the same seed, split and config.

    Raises:
        DataError: HANDSUM_DATA is not set, or a file of its folder is missing or damaged.
    """
    return compose(load_library(split), np.random.default_rng([seed, number]), config)


def compose_many(
    num_pages: int,
    *,
    seed: int,
    split: Split = "train",
    config: PageConfig | None = None,
    num_processes: int | None = None,
    first: int = 0,
) -> Iterator[ComposedPage]:
    """The pages of the numbers from `first` on, in order; with one process, made in this one.

    Each process loads the library anew, which takes some seconds: many processes are for many pages. A script
    that calls this must be importable (`if __name__ == "__main__":`).

    Raises:
        DataError: HANDSUM_DATA is not set, or a file of its folder is missing or damaged.
    """
    config = config or PageConfig()
    starts = range(first, first + num_pages, CHUNK)
    tasks = [(split, config, seed, start, min(CHUNK, first + num_pages - start)) for start in starts]
    num_processes = min(num_processes or os.cpu_count() or 1, len(tasks))
    if num_processes <= 1:
        for task in tasks:
            yield from _compose_chunk(task)
        return
    yield from _spread(tasks, num_processes)


def _spread(tasks: list[Task], num_processes: int) -> Iterator[ComposedPage]:
    # Processes of their own, not copies of this one: OpenCV's and TensorFlow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(num_processes, context, _begin, (tasks[0][0],)) as workers:
        ahead = num_processes * CHUNKS_AHEAD
        waiting = deque(workers.submit(_compose_chunk, task) for task in tasks[:ahead])
        for task in tasks[ahead:]:
            yield from waiting.popleft().result()
            waiting.append(workers.submit(_compose_chunk, task))
        for chunk in waiting:
            yield from chunk.result()


def _begin(split: Split) -> None:
    """Make a process ready: one thread, and the library loaded."""
    cv2.setNumThreads(1)
    load_library(split)


def _compose_chunk(task: Task) -> list[ComposedPage]:
    split, config, seed, start, num = task
    return [
        compose_numbered(number, seed=seed, split=split, config=config)
        for number in range(start, start + num)
    ]
