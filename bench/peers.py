"""Ours beside other readers on the same pictures of real numbers and sums: `pip install ".[peers]"`.

RapidOCR reads with the recogniser that it ships (PP-OCRv6 small), its alphabet limited to ours, on a picture
of the line alone: no detection that could lose it. Tesseract is a program of its own (Debian: tesseract-ocr),
told that the picture is one line, with the same alphabet. What is printed takes decimal point and comma for
one. A peer that is not installed is named and left out. Writes bench/peers.json; with --limit it only prints.
The pictures are the same at every run, so with --ours only ours reads them, and what the peers read before
is kept. Times are fair where all have one core (`taskset -c 0`) and nothing else runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import handsum
from bench.pages_score import Outcome, score_texts
from bench.pages_sets import NUMBERS, PENS, PLAIN, CheckSet, Page, as_pages, draw, ink_set, on_papers
from handsum.reader import Reader
from handsum.reading import SYMBOL_LABELS
from handsum.training.report import write_json

RESULT = Path(__file__).parent / "peers.json"

ReadLine = Callable[[Page], str]


class NotInstalledError(Exception):
    """A peer that is not there; its text says what is missing."""


def main(arguments: list[str] | None = None) -> None:
    """Read every set with every peer that is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many of each set; write no result")
    parser.add_argument("--ours", action="store_true", help="keep what the peers read at the run before")
    options = parser.parse_args(arguments)
    limit = options.limit
    peers = {"handsum": our_reader()} if options.ours else installed_peers()
    before = json.loads(RESULT.read_text(encoding="utf-8")) if options.ours else {"versions": {}, "sets": {}}
    result = {
        name: before["sets"].get(name, {})
        | {peer: _score(read, name, peer, check_set, limit) for peer, read in peers.items()}
        for name, check_set in shared_sets(Path(os.environ["HANDSUM_DATA"])).items()
    }
    if limit is None:
        write_json(RESULT, {"versions": before["versions"] | _versions(peers), "sets": result})


def shared_sets(data: Path) -> dict[str, CheckSet]:
    """Sets of lines, each as a picture of its own."""
    numbers = data / "ink" / "unipen-numbers-dev.jsonl.gz"
    digits_only = NUMBERS["numbers, digits only"]
    sets = {
        "numbers, digits only": ink_set(numbers, PLAIN, digits_only),
        "numbers, hairline of 1 px": ink_set(numbers, PENS["hairline of 1 px"], digits_only),
        "sums": ink_set(data / "ink" / "crohme-sums-dev.jsonl.gz", PLAIN),
        **on_papers(numbers),
    }
    return {name: as_pages(check_set) for name, check_set in sets.items()}


def our_reader() -> ReadLine:
    """Ours, as it comes."""
    reader = Reader()
    return lambda page: reader.read(page).text


def installed_peers() -> dict[str, ReadLine]:
    """Ours first, then each peer that is there; what is missing is printed."""
    peers = {"handsum": our_reader()}
    for name, open_peer in PEERS.items():
        try:
            peers[name] = open_peer()
        except NotInstalledError as error:
            print(f"{name} is not installed and left out: {error}", flush=True)
    return peers


def open_rapidocr() -> ReadLine:
    """RapidOCR's recogniser alone, on a picture of a line."""
    engine = rapidocr_engine()

    def read_line(page: Page) -> str:
        found = engine(np.repeat(page[:, :, None], 3, axis=2), use_det=False, use_cls=False)
        return "".join(found.txts or ())

    return read_line


def rapidocr_engine() -> Any:
    """RapidOCR as it comes, but that every character except ours is taken to be impossible.

    Raises:
        NotInstalledError: it is not there, or its model cannot be had.
    """
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise NotInstalledError(f"pip install rapidocr ({error})") from error
    try:
        engine = RapidOCR(params={"Global.log_level": "error"})
        # Its first line makes it open the recogniser.
        engine(np.full((48, 96, 3), 255, np.uint8), use_det=False, use_cls=False)
    except Exception as error:  # whatever it raises where its model is neither there nor to be downloaded
        raise NotInstalledError(f"its model does not open ({error})") from error
    engine.text_rec.postprocess_op = LimitedAlphabet(engine.text_rec.postprocess_op)
    return engine


class LimitedAlphabet:
    """RapidOCR's decoder, for which only our symbols and the blank between them exist."""

    def __init__(self, decode: Any) -> None:
        self._decode = decode
        # CTC's blank is the first.
        is_ours = [index == 0 or sign in SYMBOL_LABELS for index, sign in enumerate(decode.character)]
        self._is_ours = np.array(is_ours)

    def __call__(self, probabilities: NDArray[np.float32], *arguments: Any, **options: Any) -> Any:
        return self._decode(probabilities * self._is_ours, *arguments, **options)


def open_tesseract() -> ReadLine:
    """The program `tesseract`, told that each picture is one line of our symbols."""
    program = shutil.which("tesseract")
    if program is None:
        raise NotInstalledError("apt-get install tesseract-ocr")
    command = [program, "-", "-", "--psm", "7", "-c", f"tessedit_char_whitelist={SYMBOL_LABELS}"]

    def read_line(page: Page) -> str:
        stream = BytesIO()
        Image.fromarray(page).save(stream, "PNG")
        done = subprocess.run(command, input=stream.getvalue(), capture_output=True, check=False)
        # On some pictures a signal ends it (a division by zero, for one): then it has read nothing.
        if done.returncode > 0:
            done.check_returncode()
        return done.stdout.decode("utf-8").strip()

    return read_line


PEERS: dict[str, Callable[[], ReadLine]] = {"RapidOCR": open_rapidocr, "Tesseract": open_tesseract}


def _score(read: ReadLine, name: str, peer: str, check_set: CheckSet, limit: int | None) -> dict[str, Any]:
    """How many lines come out exactly, and how long one takes."""
    outcomes, times_ms = [], []
    for sample in check_set(limit):
        page = draw(sample.source)
        started_s = time.perf_counter()
        text = read(page).replace(" ", "")
        times_ms.append((time.perf_counter() - started_s) * 1000)
        outcomes.append(Outcome(sample.label, text))
    figures = {**score_texts(outcomes), "p50_ms": round(float(np.median(times_ms)), 2)}
    print(f"{name}: {peer} {figures['exact_marks_alike']:.1%}, {figures['p50_ms']} ms a line", flush=True)
    return figures


def _versions(peers: Iterable[str]) -> dict[str, str]:
    versions = {"handsum": handsum.__version__}
    if "RapidOCR" in peers:
        versions["RapidOCR"] = metadata.version("rapidocr")
    if "Tesseract" in peers:
        done = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
        versions["Tesseract"] = done.stdout.split()[1]
    return versions


if __name__ == "__main__":
    main()
