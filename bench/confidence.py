"""How sure lines should be: the power of the networks' confidence that is most often right.

A line is right if all its symbols are, so its confidence is their product, and one power of all is a power of
that. Fitted by likelihood on composed lines by held-out writers, and shown for real numbers and sums, which
do not decide. Checks that hold, which speak for themselves, are left out. Only prints: `KEPT_EXPONENT` in
handsum/reading.py is what was made of it.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.pages import read_source
from bench.pages_score import alike
from bench.pages_sets import CheckSet, check_sets
from handsum.reader import Reader
from handsum.reading import KEPT_EXPONENT

FITTED = ("five digits apart", "five digits touching", "composed sums, clean", "composed sums, spoiled")
SHOWN = ("numbers, digits only", "numbers, our symbols", "sums")
EXPONENTS = np.arange(0.2, 1.5, 0.02)
# No line is surer than this, else a single wrong one would decide.
MOST_SURE = 0.999


def main(arguments: list[str] | None = None) -> None:
    """Print the best exponent of each set, and that of all that are fitted together."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many of each set")
    limit = parser.parse_args(arguments).limit
    sets, reader = check_sets(Path(os.environ["HANDSUM_DATA"])), Reader()
    fitted = []
    for name in (*FITTED, *SHOWN):
        confidence, is_right = np.array(list(_lines(reader, sets[name], limit))).T
        print(f"{name}: {best_exponent(confidence, is_right):.2f} of {len(confidence)} lines", flush=True)
        if name in FITTED:
            fitted.append((confidence, is_right))
    confidence, is_right = np.concatenate(fitted, axis=1)
    print(f"{', '.join(FITTED)} together: {best_exponent(confidence, is_right):.2f} (now {KEPT_EXPONENT})")


def _lines(reader: Reader, check_set: CheckSet, limit: int | None) -> Iterator[tuple[float, bool]]:
    """The networks' confidence in each line and whether it is right; pages with lines lost are left out."""
    for sample in check_set(limit):
        lines, labels = read_source(reader, sample).lines, sample.label.split("\n")
        if len(lines) != len(labels):
            continue
        for line, label in zip(lines, labels, strict=True):
            if line.answer is None or line.answer.status not in ("true", "rounded"):
                confidence = math.prod(symbol.confidence for symbol in line.symbols) ** (1 / KEPT_EXPONENT)
                yield confidence, alike(line.text) == alike(label)


def best_exponent(confidence: NDArray[np.float64], is_right: NDArray[np.float64]) -> float:
    """The one of EXPONENTS under whose power of `confidence` (n,) what was right (n,) is likeliest."""
    raised = np.minimum(confidence[None] ** EXPONENTS[:, None], MOST_SURE)
    likelihood = np.where(is_right[None] > 0, np.log(raised), np.log1p(-raised)).sum(axis=1)
    return float(EXPONENTS[likelihood.argmax()])


if __name__ == "__main__":
    main()
