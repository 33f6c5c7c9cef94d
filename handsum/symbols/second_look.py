"""A second look: every digit found on a page is shown to the digit network, too.

The page network sees a symbol among its neighbours, the digit network sees it alone, larger, and has learnt
from other ink: where they disagree each is right about as often, and together they are right more often than
either. What lies in its neighbours' boxes it is not shown. Only the digits' shares among each other change,
and only as far as the digit network finds a single digit in the box; whether it is a digit or a sign stays
the page network's word.

A symbol that is alone on its page has no neighbours to be judged by: there the digit network, which knows
lone digits best and refuses signs, has more to say, also on whether it is a digit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from handsum.digit import DigitNetwork
from handsum.layout.labels import DIGITS, LEANING
from handsum.reading import Symbol
from handsum.symbols.network import LEAST_ALTERNATIVE

Boxes = NDArray[np.float64]

# The digit network's say where it is certain that there is one digit; the rest is the page network's.
WEIGHT = 0.6
LONE_WEIGHT = 0.8
# For slashes and brackets: the digit network has no such labels, so its word only makes a digit an
# alternative, for `sense` to weigh in the line.
MARK_WEIGHT = 0.15
# What the page network leaves to digits in all, less than which a second look could change nothing much.
LEAST_DIGIT_SHARE = 0.3
# A digit of which the page network is so sure is looked at once: the second look would take as long again as
# the first one, and hardly ever changes it.
SURE = 0.98
# Around the box, in its heights: boxes are a little tight or wide.
MARGIN = 0.06
# No probability is taken for less: neither network is ever quite certain.
LEAST_PROBABILITY = 1e-4


def look_again(
    symbols: Iterable[Symbol], page: NDArray[np.uint8], network: DigitNetwork
) -> tuple[Symbol, ...]:
    """The symbols of a page uint8 (H, W), with both networks' word on the digits among them."""
    found = tuple(symbols)
    if len(found) == 1:
        return (_seen_alone(found[0], page, network),)
    boxes = np.array([symbol.box for symbol in found]).reshape(-1, 4)
    return tuple(_seen_again(index, found[index], boxes, page, network) for index in range(len(found)))


def _seen_alone(symbol: Symbol, page: NDArray[np.uint8], network: DigitNetwork) -> Symbol:
    reading = network.read_page(page)
    weight = LONE_WEIGHT * reading.digit_probability
    shares = {label: share * (1 - weight) for label, share in _shares(symbol).items()}
    for digit, probability in zip(DIGITS, reading.probabilities.tolist(), strict=True):
        shares[digit] = shares.get(digit, 0.0) + weight * probability
    return _with_shares(symbol, shares)


def _seen_again(
    index: int, symbol: Symbol, boxes: Boxes, page: NDArray[np.uint8], network: DigitNetwork
) -> Symbol:
    shares = _shares(symbol)
    first = np.array([shares.get(digit, 0.0) for digit in DIGITS])
    if symbol.label not in LEANING and (first.sum() < LEAST_DIGIT_SHARE or first.max() >= SURE):
        return symbol
    part = _cut_out(page, index, boxes)
    if not part.size:
        return symbol
    if symbol.label in LEANING:
        return _mark_seen(symbol, part, network)
    reading = network.read_page(part)
    weight = WEIGHT * reading.digit_probability
    both = _geometric_mean(first / first.sum(), reading.probabilities, weight) * first.sum()
    return _with_shares(symbol, shares | dict(zip(DIGITS, both.tolist(), strict=True)))


def _mark_seen(symbol: Symbol, part: NDArray[np.uint8], network: DigitNetwork) -> Symbol:
    """A slash or bracket, as sure as before, with what the digit network takes it for as alternatives."""
    reading = network.read_page(part)
    weight = MARK_WEIGHT * reading.digit_probability
    shares = _shares(symbol)
    for digit, probability in zip(DIGITS, reading.probabilities.tolist(), strict=True):
        shares[digit] = max(shares.get(digit, 0.0), weight * probability)
    return _with_shares(symbol, shares)


def _shares(symbol: Symbol) -> dict[str, float]:
    """Each label's probability."""
    return {symbol.label: symbol.confidence, **dict(symbol.alternatives)}


def _with_shares(symbol: Symbol, shares: dict[str, float]) -> Symbol:
    (label, confidence), *others = sorted(shares.items(), key=lambda pair: -pair[1])
    alternatives = tuple(pair for pair in others if pair[1] >= LEAST_ALTERNATIVE)
    return replace(symbol, label=label, confidence=confidence, alternatives=alternatives, raw_label=label)


def _cut_out(page: NDArray[np.uint8], index: int, boxes: Boxes) -> NDArray[np.uint8]:
    """A symbol's box of the page and a little around it, without what lies in other symbols' boxes there."""
    x0, y0, x1, y1 = boxes[index]
    margin = MARGIN * (y1 - y0) + 1
    top, left = max(0, int(y0 - margin)), max(0, int(x0 - margin))
    part = page[top : max(0, int(y1 + margin) + 1), left : max(0, int(x1 + margin) + 1)].copy()
    own = _inside(boxes[index], top, left)
    own_ink = part[own].copy()
    are_near = (boxes[:, :2] < boxes[index, 2:] + margin) & (boxes[index, :2] - margin < boxes[:, 2:])
    for box in boxes[are_near.all(axis=1)]:
        part[_inside(box, top, left)] = 0
    part[own] = own_ink
    return part


def _inside(box: NDArray[np.float64], top: int, left: int) -> tuple[slice, slice]:
    """The rows and columns of a box on a part of the page that begins there."""
    first_x, first_y = np.maximum(np.floor(box[:2]).astype(int) - (left, top), 0).tolist()
    end_x, end_y = np.maximum(np.ceil(box[2:]).astype(int) - (left, top), 0).tolist()
    return slice(first_y, end_y), slice(first_x, end_x)


def _geometric_mean(
    first: NDArray[np.float64], second: NDArray[np.float32], weight: float
) -> NDArray[np.float64]:
    """Two distributions (10,) multiplied, the second by its weight 0..1, and made to sum to 1."""
    logs = (1 - weight) * np.log(first + LEAST_PROBABILITY) + weight * np.log(second + LEAST_PROBABILITY)
    mean = np.exp(logs)
    return np.asarray(mean / mean.sum())
