"""Spelling: a line of symbols as text, in which a stacked fraction is one number and may need brackets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from handsum.layout.boxes import union
from handsum.layout.fractions import stacks
from handsum.layout.labels import CALCULATING, DIGITS, DOTS
from handsum.reading import Symbol


def text_of(line: Sequence[Symbol]) -> str:
    """The labels of a line's symbols in a row, stacked fractions with the brackets that they need there."""
    return "".join(
        before + symbol.label + behind for symbol, (before, behind) in zip(line, spelt(line), strict=True)
    )


def units(line: Sequence[Symbol]) -> list[tuple[Symbol, ...]]:
    """The symbols of a line, those of a stacked fraction together."""
    found: list[tuple[Symbol, ...]] = []
    end_before = 0
    for start, _, end in stacks(line):
        found += [*((symbol,) for symbol in line[end_before:start]), tuple(line[start:end])]
        end_before = end
    return found + [(symbol,) for symbol in line[end_before:]]


def gaps_between(parts: Sequence[Sequence[Symbol]]) -> list[float]:
    """From each unit of a line to the next, in pixels; below 0 where they overlap."""
    boxes = [union(*(symbol.box for symbol in part)) for part in parts]
    return [after[0] - before[2] for before, after in pairwise(boxes)]


def spelt(line: Sequence[Symbol]) -> list[tuple[str, str]]:
    """What has to stand before and behind each symbol for the line to mean as text what it means on paper.

    A stacked fraction is worked out before all that is beside it: 3÷(1/2), (1+2)/4, and a number right before
    it is added, (2+3/4).
    """
    before, behind = [""] * len(line), [""] * len(line)
    end_before = -1
    for start, bar, end in stacks(line):
        for first, last in ((start, bar), (bar + 1, end)):
            if any(symbol.label in CALCULATING for symbol in line[first:last]):
                before[first] += "("
                behind[last - 1] += ")"
        whole = start
        while whole > max(end_before, 0) and line[whole - 1].label in DIGITS + DOTS:
            whole -= 1
        if not any(symbol.label in DIGITS for symbol in line[whole:start]):  # a speck is no number
            whole = start
        if whole < start:
            before[start] = "+" + before[start]
        next_label = line[end].label if end < len(line) else ""
        follows_product = start > 0 and (line[start - 1].label in "÷/)" or start == end_before)
        if whole < start or follows_product or next_label in [*DIGITS]:
            before[whole] = "(" + before[whole]
            behind[end - 1] += ")"
        end_before = end
    return list(zip(before, behind, strict=True))
