"""Sense: where the network wavers, what makes a sum well-formed, or true, may decide, within stated odds.

The odds of a choice are those of the labels as read against it: 2 where a 7 at 0.6 becomes a 1 at 0.3,
and the product over all symbols changed. Four rules, and nothing else is ever changed:

- Nonsense (12+×7) becomes the likeliest well-formed line, at odds of up to MAX_ODDS_WELL_FORMED in all, or
  MAX_ODDS_LEANING where all that changes is slashes and brackets that become digits (8(+3).
- A line that is false, or asks nothing (12+7-19), becomes a true check by changing one symbol, at odds of up
  to MAX_ODDS_TRUE. A wrong sum in clear ink stays wrong, and 8-8= asks.
- In a line without + × ÷ =, slashes and brackets may be digits, mostly 1s, and a 1 may be a slash. What is
  likeliest is taken, by the ink and by how often people write such a line (FORMS): numbers, dates and
  telephone numbers often, fractions less, what makes no sense (/234, 789(, 12/2//91) hardly ever. So a line
  of the last kind is changed at odds of up to 60, 89/04 to a number at odds of up to 2. That holds at the end
  (89/), too, where more may be about to be written: the next digit settles that.
- Long lines, and sums that may still be being written (12+), stay as they were read.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handsum.arithmetic import Status, evaluate
from handsum.layout.labels import LEANING, OPERATORS
from handsum.layout.spelling import text_of
from handsum.reading import Reason, Symbol

# A line that makes no sense was all but surely misread (few write one): there a second choice may be quite
# unlikely in itself.
MAX_ODDS_WELL_FORMED = 20.0
# A slash or bracket that makes nonsense is a digit still more surely: one that leans, or a 6 like a C.
MAX_ODDS_LEANING = 60.0
# People do write wrong sums, so a false one is corrected only where the network wavers. Of ten checks written
# perhaps one is wrong, and seldom in just the way that one other label makes it true. On composed checks by
# held-out writers, half of them wrong (bench.pages), more are repaired the higher these odds; from 3 to 12
# the same few wrong ones are made true, above that more.
MAX_ODDS_TRUE = 10.0
# Beyond these a line stays as read: time, and by chance some choice of many comes true.
MAX_SYMBOLS = 60
MAX_WAVERING = 12
MAX_TRIALS = 200

# How often lines of digits, slashes, dashes and brackets are written, against numbers; the first that fits.
# Of telephone numbers and the like at least 7 digits in groups, since a short one may be a difference.
# What a date or a common fraction is made of is never 0, and has no zero before it, but in dates. 1/0
# may be asked.
_PART = r"(0?[1-9]|[1-9][0-9])"
FORMS: Sequence[tuple[re.Pattern[str], float]] = (
    (re.compile(rf"{_PART}/{_PART}/([0-9]{{2}}|[0-9]{{4}})"), 1.0),
    (re.compile(r"(?=(-?[0-9]){7})[0-9]{2,5}(-[0-9]{2,5})+"), 1.0),
    (re.compile(rf"{_PART}(/{_PART}){{1,2}}|[0-9]/[0-9]"), 0.5),
    (re.compile(r"[1-9][0-9]*(/[1-9][0-9]*){1,2}"), 0.2),
)
OTHER_FORMS = 1 / MAX_ODDS_LEANING

# Only a line with one of these is surely arithmetic: - and / part dates and telephone numbers, too.
SIGNS_OF_A_SUM = frozenset("=+×÷")

# Products without a sign are seldom written, so no change makes one; and nobody writes (3+4)2.
PRODUCT_WITHOUT_SIGN = re.compile(r"[0-9](?=\()|\)(?=\()")
NEVER_WRITTEN = re.compile(r"\)[0-9]")

HOLDS: frozenset[Status] = frozenset({"true", "rounded"})
WELL_FORMED: frozenset[Status] = HOLDS | {"number", "answered", "false"}
UNCHECKED: frozenset[Status] = frozenset({"false", "answered"})


@dataclass(frozen=True)
class Sense:
    """What is made of a line: its symbols, some relabelled perhaps.

    Attributes:
        symbols: in the order they came; those changed have the old label among their alternatives.
        reason: what the change made of the line; None where there is none.
        odds: of the line as read against this one; 1 where nothing was changed.
    """

    symbols: tuple[Symbol, ...]
    reason: Reason | None = None
    odds: float = 1.0

    @property
    def text(self) -> str:
        """The labels in a row."""
        return text_of(self.symbols)


@dataclass(frozen=True)
class _Change:
    """One symbol under another label, and the odds against it."""

    index: int
    label: str
    odds: float


def make_sense(symbols: Sequence[Symbol]) -> Sense:
    """Settle where the network wavers in one line, in reading order. Nothing in, nothing out."""
    as_read = Sense(tuple(symbols))
    if len(as_read.symbols) > MAX_SYMBOLS:
        return as_read
    if not SIGNS_OF_A_SUM & set(as_read.text):
        return _made_likely(as_read) or as_read
    status = evaluate(as_read.text).status
    if _is_nonsense(as_read.text, status):
        return _made_well_formed(as_read) or as_read
    if status in UNCHECKED and not as_read.text.endswith("="):
        return _made_true(as_read) or as_read
    return as_read


def _is_nonsense(text: str, status: Status) -> bool:
    """Whether nobody writes so; what ends too early and has no = may be being written."""
    return status == "nonsense" or (status == "unfinished" and "=" in text)


def _made_likely(line: Sense) -> Sense | None:
    """The line that is likeliest by ink and form, slashes and brackets being digits, or a 1 a slash."""
    possible = [
        change
        for change in _changes(line.symbols, MAX_ODDS_LEANING)
        if _is_leaning(line.symbols[change.index].label, change.label)
    ]
    found, best = None, how_common(line.text)
    for changes, odds in _choices(possible):
        changed = _changed(line, changes, "well-formed")
        if how_common(changed.text) / odds > best:
            found, best = changed, how_common(changed.text) / odds
    return found


def _is_leaning(label: str, other: str) -> bool:
    """Whether a stroke may be the one as well as the other."""
    return (label in LEANING and other.isdigit()) or (label, other) == ("1", "/")


def _max_odds_of(changes: Sequence[_Change], symbols: Sequence[Symbol]) -> float:
    """Up to which odds changes may be made in a line that is nonsense."""
    are_leaning = all(_is_leaning(symbols[change.index].label, change.label) for change in changes)
    return MAX_ODDS_LEANING if are_leaning else MAX_ODDS_WELL_FORMED


def how_common(text: str) -> float:
    """How often a line of this form is written, against numbers, which are 1."""
    if evaluate(text).status == "number":
        return 1.0
    return next((share for form, share in FORMS if form.fullmatch(text)), OTHER_FORMS)


def _made_true(line: Sense) -> Sense | None:
    """The likeliest true check that is one change away."""
    trials = sorted(_changes(line.symbols, MAX_ODDS_TRUE), key=lambda change: change.odds)
    for change in trials[:MAX_TRIALS]:
        changed = _changed(line, [change], "true")
        if _has_unlikely_product(line, changed):
            continue
        if _is_calculated(changed.text) and evaluate(changed.text).status in HOLDS:
            return changed
    return None


def _is_calculated(text: str) -> bool:
    """Whether anything is worked out: 12=12 is true, and was hardly meant."""
    return any(set(OPERATORS) & set(side[1:]) for side in text.split("="))


def _made_well_formed(line: Sense) -> Sense | None:
    """The likeliest well-formed line; a true check may be MAX_ODDS_TRUE times less likely."""
    found: Sense | None = None
    for changes, odds in _choices(_changes(line.symbols, MAX_ODDS_LEANING)):
        if found and odds > MAX_ODDS_TRUE * found.odds:
            break
        if odds > _max_odds_of(changes, line.symbols):
            continue
        changed = _changed(line, changes, "well-formed")
        if _has_unlikely_product(line, changed):
            continue
        status = evaluate(changed.text).status
        if status in HOLDS:
            return replace(changed, reason="true") if found else changed
        if status in WELL_FORMED and not found:
            found = changed
    return found


def _has_unlikely_product(line: Sense, changed: Sense) -> bool:
    """Whether a change makes a product without a sign, as 1(2+3) of ((2+3), or leaves one nobody writes."""
    before, after = (len(PRODUCT_WITHOUT_SIGN.findall(text)) for text in (line.text, changed.text))
    return after > before or NEVER_WRITTEN.search(changed.text) is not None


def _changes(symbols: Sequence[Symbol], max_odds: float) -> list[_Change]:
    """Every change of one symbol within the odds."""
    return [
        _Change(index, label, odds)
        for index, symbol in enumerate(symbols)
        for label, probability in symbol.alternatives
        # Where place outweighed the network's word, an alternative may be likelier than the label: no bonus.
        if (odds := _odds(symbol.confidence, probability)) <= max_odds
    ]


def _odds(confidence: float, probability: float) -> float:
    return max(1.0, confidence / probability) if probability > 0 else math.inf


def _choices(possible: Sequence[_Change]) -> Iterator[tuple[list[_Change], float]]:
    """Changes of some symbols together, the likeliest first, at most MAX_TRIALS, all within the odds."""
    per_symbol: dict[int, list[_Change]] = {}
    for change in sorted(possible, key=lambda change: change.odds):
        if change.index in per_symbol or len(per_symbol) < MAX_WAVERING:
            per_symbol.setdefault(change.index, []).append(change)
    places = list(per_symbol.values())
    # Best first: each choice is reached once, by changing symbols in the order of `places`.
    waiting: list[tuple[float, tuple[int, ...], list[_Change]]] = [(1.0, (), [])]
    for _ in range(MAX_TRIALS):
        if not waiting:
            return
        odds, key, changes = heapq.heappop(waiting)
        if changes:
            yield changes, odds
        for place in range(key[-2] + 1 if key else 0, len(places)):
            for rank, change in enumerate(places[place]):
                if odds * change.odds <= MAX_ODDS_LEANING:
                    heapq.heappush(waiting, (odds * change.odds, (*key, place, rank), [*changes, change]))


def _changed(line: Sense, changes: Sequence[_Change], reason: Reason) -> Sense:
    symbols = list(line.symbols)
    for change in changes:
        symbols[change.index] = symbols[change.index].relabelled(change.label)
    return Sense(tuple(symbols), reason, math.prod(change.odds for change in changes))
