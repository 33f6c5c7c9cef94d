"""Whole sheets photographed: how many of their lines come out exactly, ours beside RapidOCR.

RapidOCR finds the lines by its own detection here, and reads them with its alphabet limited to ours; where it
is not installed (`pip install ".[peers]"`) it is left out. Writes bench/photographs.json, in which every
misread sheet stands beside its lines; with --limit it only prints. The sheets are the same at every run, so
with --ours only ours reads them, and what RapidOCR read before is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.pages_sets import PLAIN, ink_set
from bench.pages_sheets import SCENES, Scene, photograph
from bench.peers import NotInstalledError, Page, rapidocr_engine
from handsum.ink import Ink
from handsum.reader import Reader
from handsum.training.report import write_json

RESULT = Path(__file__).parent / "photographs.json"

NUM_SHEETS = 40
LINES_PER_SHEET = (3, 5)

ReadLines = Callable[[Page], list[str]]


class Sheet(NamedTuple):
    """The lines that are written, from top to bottom, and a photograph of them."""

    lines: list[str]
    photo: Page


def main(arguments: list[str] | None = None) -> None:
    """Read the sheets of every scene with every reader that is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, metavar="N", help="so many sheets a scene; write no result")
    parser.add_argument("--ours", action="store_true", help="keep what RapidOCR read at the run before")
    options = parser.parse_args(arguments)
    limit = options.limit
    readers = {"handsum": our_reader()} if options.ours else installed_readers()
    before = json.loads(RESULT.read_text(encoding="utf-8")) if options.ours else {}
    numbers = Path(os.environ["HANDSUM_DATA"]) / "ink" / "unipen-numbers-dev.jsonl.gz"
    result = {
        scene: before.get(scene, {})
        | {name: _score(read, scene, name, sheets(numbers, of, limit)) for name, read in readers.items()}
        for scene, of in SCENES.items()
    }
    if limit is None:
        write_json(RESULT, result)


def our_reader() -> ReadLines:
    """Ours, as it comes."""
    reader = Reader()
    return lambda photo: [line.text for line in reader.read(photo).lines]


def installed_readers() -> dict[str, ReadLines]:
    """Ours first, then RapidOCR if it is there."""
    readers = {"handsum": our_reader()}
    try:
        engine = rapidocr_engine()
    except NotInstalledError as error:
        print(f"RapidOCR is not installed and left out: {error}", flush=True)
    else:

        def read_lines(photo: Page) -> list[str]:
            found = engine(np.repeat(photo[:, :, None], 3, axis=2), use_det=True, use_cls=False, use_rec=True)
            return list(found.txts or ())

        readers["RapidOCR"] = read_lines
    return readers


def sheets(numbers: Path, scene: Scene, num: int | None = None) -> Iterator[Sheet]:
    """Sheets of real numbers of digits only, the same in every scene."""
    lines = list(ink_set(numbers, PLAIN, str.isdigit)(None))
    for number in range(num or NUM_SHEETS):
        rng = np.random.default_rng([11, number])
        least, most = LINES_PER_SHEET
        chosen = [
            lines[index] for index in rng.choice(len(lines), rng.integers(least, most + 1), replace=False)
        ]
        inks = [line.source for line in chosen if isinstance(line.source, Ink)]
        yield Sheet([line.label for line in chosen], photograph(inks, PLAIN.height_px, scene, rng))


def num_right(lines: Sequence[str], read: Sequence[str]) -> int:
    """How many lines were read exactly and in their order: the longest common subsequence."""
    longest = np.zeros((len(lines) + 1, len(read) + 1), int)
    for i, line in enumerate(lines):
        for j, text in enumerate(read):
            same = longest[i, j] + (line == text)
            longest[i + 1, j + 1] = max(longest[i, j + 1], longest[i + 1, j], same)
    return int(longest[-1, -1])


def _score(read: ReadLines, scene: str, name: str, photographs: Iterator[Sheet]) -> dict[str, Any]:
    num = right = superfluous = 0
    misread, times_ms = [], []
    for sheet in photographs:
        started_s = time.perf_counter()
        found = [text.replace(" ", "") for text in read(sheet.photo)]
        times_ms.append((time.perf_counter() - started_s) * 1000)
        found_right = num_right(sheet.lines, found)
        num, right = num + len(sheet.lines), right + found_right
        superfluous += len(found) - found_right
        if found != sheet.lines:
            misread.append([sheet.lines, found])
    p50_ms = round(float(np.median(times_ms)), 1)
    print(f"{scene}: {name} {right} of {num} lines, {superfluous} others, {p50_ms} ms", flush=True)
    return {"num": num, "right": right / num, "others": superfluous, "p50_ms": p50_ms, "misread": misread}


if __name__ == "__main__":
    main()
