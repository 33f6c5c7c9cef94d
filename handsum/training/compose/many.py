"""Pages by the hundred thousand, on every core; each page depends on its seed and number alone."""

from __future__ import annotations

import os
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

    Raises:
        DataError: HANDSUM_DATA is not set, or a file of its folder is missing or damaged.
    """
    config = config or PageConfig()
    load_library(split)  # once, before the processes part, where they share memory
    starts = range(first, first + num_pages, CHUNK)
    tasks = [(split, config, seed, start, min(CHUNK, first + num_pages - start)) for start in starts]
    num_processes = num_processes or os.cpu_count() or 1
    if num_processes == 1:
        for task in tasks:
            yield from _compose_chunk(task)
        return
    yield from _spread(tasks, num_processes)


def _spread(tasks: list[Task], num_processes: int) -> Iterator[ComposedPage]:
    with ProcessPoolExecutor(num_processes, initializer=cv2.setNumThreads, initargs=(1,)) as workers:
        ahead = num_processes * CHUNKS_AHEAD
        waiting = [workers.submit(_compose_chunk, task) for task in tasks[:ahead]]
        for index in range(len(tasks)):
            yield from waiting[index].result()
            waiting[index] = None  # type: ignore[call-overload]  # its pages are handed over
            if index + ahead < len(tasks):
                waiting.append(workers.submit(_compose_chunk, tasks[index + ahead]))


def _compose_chunk(task: Task) -> list[ComposedPage]:
    split, config, seed, start, num = task
    return [
        compose_numbered(number, seed=seed, split=split, config=config)
        for number in range(start, start + num)
    ]
