"""Numbers and sums read whole: how many lines come out exactly, how true their confidence is, how soon.

Ink is read by `Reader.read_ink`, pictures by `Reader.read`. Writes bench/pages.json, in which every misread
line stands beside its label; with --limit it only prints.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from bench.pages_pictures import save_picture
from bench.pages_score import SURE, Outcome, calibration_error, score_texts
from bench.pages_sets import CheckSet, Sample, check_sets, draw, single_digits
from bench.record import time_calls
from handsum import models
from handsum.ink import Ink
from handsum.reader import Reader
from handsum.reading import Reading
from handsum.training.compose.page import compose
from handsum.training.compose.sources import load_library
from handsum.training.compose.style import PageConfig
from handsum.training.machine import describe_machine
from handsum.training.report import write_json

RESULT = Path(__file__).parent / "pages.json"

TEN_SYMBOLS = ["125+76=201"]

# Where confidence is checked: each page once, and none with signs that nobody could read right.
ALL_KINDS = [
    "numbers, our symbols", "sums", "five digits apart", "five digits touching",
    "five digits overlapping", "composed sums, clean", "composed sums, spoiled",
]  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Score every set, and time a page."""
    options = _options(arguments)
    if options.time_only:
        write_json(
            RESULT, json.loads(RESULT.read_text(encoding="utf-8")) | {"ten symbols": _time_ten_symbols()}
        )
        return
    reader = Reader()
    data = Path(os.environ["HANDSUM_DATA"])
    sets = {}
    for name, check_set in check_sets(data).items():
        sets[name] = _score(reader, name, check_set(options.limit), options.pictures)
    result = {
        "sets": sets,
        "single digits": {
            name: _score_single(reader, name, check_set, options.limit)
            for name, check_set in single_digits(data).items()
        },
        "sure": _together([sets[name] for name in ALL_KINDS]),
        "ten symbols": _time_ten_symbols(),
        "machine": describe_machine(),
    }
    print(f"over {SURE:.0%} sure: {result['sure']}\na page of ten symbols: {result['ten symbols']}")
    if options.limit is None:
        write_json(RESULT, result)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many of each set; write no result")
    parser.add_argument("--time-only", action="store_true", help="time a page anew, keep the other results")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="save a picture of every misread page")
    return parser.parse_args(arguments)


def read_source(reader: Reader, sample: Sample) -> Reading:
    """Strokes read as ink, a picture as an image."""
    source = sample.source
    return reader.read_ink(source) if isinstance(source, Ink) else reader.read(source)


def _score(reader: Reader, name: str, samples: Iterator[Sample], pictures: Path | None) -> dict[str, Any]:
    outcomes = []
    for sample in samples:
        reading = read_source(reader, sample)
        text = reading.text.replace("\n", "") if sample.unknown_rows else reading.text
        outcomes.append(Outcome(sample.label, text, _confidence(reading)))
        if pictures and text != sample.label:
            save_picture(pictures / name / f"{len(outcomes) - 1}.png", sample, reading.text)
    figures = {**score_texts(outcomes), "calibration_error": calibration_error(outcomes)}
    print(f"{name}: {figures['exact']:.1%} of {figures['num']}", flush=True)
    return figures


def _confidence(reading: Reading) -> float:
    """The probability that every line is right; a page on which nothing is found says nothing."""
    return math.prod(line.confidence for line in reading.lines) if reading.lines else 0.0


def _score_single(reader: Reader, name: str, check_set: CheckSet, limit: int | None) -> dict[str, Any]:
    labels, pages = zip(*((sample.label, draw(sample.source)) for sample in check_set(limit)), strict=True)
    whole = [reader.read(page).text for page in pages]
    single = [str(reader.read_digit(page).label) for page in pages]
    figures = {
        "num": len(labels),
        "read": _share_equal(labels, whole),
        "read_digit": _share_equal(labels, single),
        "misread": [[label, text] for label, text in zip(labels, whole, strict=True) if label != text],
    }
    print(f"{name}: read {figures['read']:.1%}, read_digit {figures['read_digit']:.1%}", flush=True)
    return figures


def _share_equal(labels: Sequence[str], texts: Sequence[str]) -> float:
    return sum(label == text for label, text in zip(labels, texts, strict=True)) / len(labels)


def _together(sets: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What was read with confidence in several sets, how much of it right; and how true confidence is."""
    num_pages, num_sure, num_right = (
        sum(figures[key] for figures in sets) for key in ("num", "num_sure", "num_sure_and_right")
    )
    return {
        "confidence_over": SURE,
        "share_of_pages": num_sure / num_pages,
        "right": num_right / max(1, num_sure),
        "calibration_error": sum(of["calibration_error"] * of["num"] for of in sets) / num_pages,
    }


def _time_ten_symbols() -> dict[str, Any]:
    """How long a page of ten symbols takes, with one thread and with as many as are used."""
    config = PageConfig(spacing="normal", height_px=(48, 48), marked=0, spoiled=0)
    page = compose(load_library("dev"), np.random.default_rng(0), config, lines=TEN_SYMBOLS).page

    def timed() -> dict[str, Any]:
        reader = Reader()
        return asdict(time_calls(lambda: reader.read(page), num=200))

    with mock.patch.object(models, "MOST_PAGE_THREADS", 1):
        alone = timed()
    return {"pixels": list(page.shape), "one thread": alone, "as shipped": timed()}


if __name__ == "__main__":
    main()
