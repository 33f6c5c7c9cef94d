"""How one page is written: its pen, size, spacing and habits, the same from its first symbol to its last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from handsum.training.compose.library import Hand

Spacing = Literal["wide", "normal", "tight", "touching", "overlapping"]

SPACING_SHARES: dict[Spacing, float] = {
    "wide": 0.12, "normal": 0.36, "tight": 0.2, "touching": 0.2, "overlapping": 0.12,
}  # fmt: skip

# The mean gap between neighbours, least and most, in heights of a digit.
GAPS: dict[Spacing, tuple[float, float]] = {
    "wide": (0.3, 0.9), "normal": (0.06, 0.32), "tight": (0.02, 0.1), "touching": (0.01, 0.08),
    "overlapping": (0.01, 0.08),
}  # fmt: skip

# Sizes of digits: most pages have the middle ones; the few large ones take most of the time.
HEIGHT_BANDS_PX = ((12.0, 16.0, 0.1), (16.0, 64.0, 0.78), (64.0, 300.0, 0.12))

# From a fine pen to a marker, in heights of a digit; below half a pixel a line all but vanishes.
PEN_SHARES = (0.014, 0.2)
# Hairlines, as programs draw them on large canvases, and how many of the pages are written with such.
HAIRLINE_SHARES, HAIRLINES = (0.004, 0.025), 0.15
LEAST_PEN_PX = 0.6
# A thicker pen closes the loops of small digits.
MOST_PEN_SHARE = 0.2
# How many write 1 and 7 as in most of Europe, and a digit in a fashion that real ones at hand seldom have.
EUROPEAN = 0.2
BY_RULE = {"0": 0.06, "1": 0.1, "5": 0.03, "7": 0.08, "9": 0.04}

# MNIST's pens, so that operators drawn beside its digits are of their weight.
SCAN_PEN_SHARES = (0.08, 0.15)


@dataclass(frozen=True)
class PageConfig:
    """What pages are like.

    Attributes:
        kinds: how often each of `content.KINDS` is written; None for `content.SHARES` and lone symbols.
        spacing: of every page; None for any.
        height_px: the least and the largest digit.
        by_rule: whether digits may be drawn by rule; if not, all are real.
        marked, spoiled: the shares of pages with marks that are no symbols, and with other than clean paper.
        most_pixels: of a page; symbols are made smaller for it, but not below the least.
    """

    kinds: Mapping[str, float] | None = None
    spacing: Spacing | None = None
    height_px: tuple[float, float] = (12.0, 300.0)
    by_rule: bool = True
    marked: float = 0.25
    spoiled: float = 0.6
    most_pixels: int = 500_000


@dataclass(frozen=True, eq=False)
class Style:
    """One page's writing; lengths are in heights of a digit, or pixels where they say so.

    Attributes:
        height_px, pen_px: of a digit, and the pen's width.
        spacing, gap: how close symbols are, and the mean gap.
        operator_gap, word_gap: what is added beside + - × ÷ =, and where there is a space.
        operator_size: from 0, small operators, to 1, large ones.
        operator_middle: how high above the line the operators' middles are.
        slope, wave: how the line rises (per width; y grows downwards), and how far it swings.
        unevenness: the deviation of single symbols in size and place.
        slant, stretch: added to the hand's own.
        descent: how far 4, 7 and 9 hang below the line.
        by_rule: the digits that are drawn by rule and not as the hand wrote them.
        weight_px: pixels that scanned strokes gain (or lose).
    """

    hand: Hand
    height_px: float
    pen_px: float
    spacing: Spacing
    gap: float
    operator_gap: float
    word_gap: float
    operator_size: float
    operator_middle: float
    slope: float
    wave: float
    unevenness: float
    slant: float
    stretch: float
    descent: float
    by_rule: frozenset[str]
    weight_px: int


def choose_style(hand: Hand, rng: np.random.Generator, config: PageConfig, *, most_height_px: float) -> Style:
    """A style for a page by this hand, its digits at most so high."""
    height_px = min(_height_px(rng, config), max(most_height_px, config.height_px[0]))
    spacing = config.spacing or str(rng.choice(list(SPACING_SHARES), p=list(SPACING_SHARES.values())))
    is_scan = hand.source in ("scan", "picture")
    are_digits_real = is_scan or not config.by_rule
    return Style(
        hand=hand,
        height_px=height_px,
        pen_px=_pen_px(rng, height_px, is_scan),
        spacing=spacing,  # type: ignore[arg-type]
        gap=rng.uniform(*GAPS[spacing]),  # type: ignore[index]
        operator_gap=rng.uniform(0, 0.12) if rng.random() < 0.5 else rng.uniform(0.1, 0.6),
        word_gap=rng.uniform(0.4, 1.3),
        operator_size=rng.random(),
        operator_middle=rng.normal(0.42, 0.06),
        slope=rng.normal(0, 0.015) if rng.random() < 0.8 else rng.normal(0, 0.07),
        wave=abs(rng.normal(0, 0.06)),
        unevenness=abs(rng.normal(0.01, 0.04)),
        slant=rng.normal(0, 0.07) if rng.random() < 0.7 else rng.uniform(-0.25, 0.35),
        stretch=1.35 ** rng.uniform(-1, 1),
        descent=rng.uniform(0.1, 0.35) if rng.random() < 0.15 else 0.0,
        by_rule=frozenset() if are_digits_real else _by_rule(rng),
        weight_px=int(rng.choice([-1, 0, 0, 0, 1])) if height_px > 24 else 0,
    )


def _by_rule(rng: np.random.Generator) -> frozenset[str]:
    """The digits written in a fashion of which there are few real ones; in Europe 1 and 7 together."""
    european = "17" if rng.random() < EUROPEAN else ""
    return frozenset(label for label, share in BY_RULE.items() if label in european or rng.random() < share)


def _height_px(rng: np.random.Generator, config: PageConfig) -> float:
    band = HEIGHT_BANDS_PX[int(rng.choice(len(HEIGHT_BANDS_PX), p=[share for *_, share in HEIGHT_BANDS_PX]))]
    low, high, _ = band
    return float(np.clip(low * (high / low) ** rng.random(), *config.height_px))


def _pen_px(rng: np.random.Generator, height_px: float, is_scan: bool) -> float:
    if is_scan:
        return float(max(LEAST_PEN_PX, height_px * rng.uniform(*SCAN_PEN_SHARES)))
    thin, thick = HAIRLINE_SHARES if rng.random() < HAIRLINES else PEN_SHARES
    share = thin * (thick / thin) ** rng.beta(2.0, 1.6)
    return float(np.clip(height_px * share, LEAST_PEN_PX, height_px * MOST_PEN_SHARE))
