"""The sections of a report on damaged digits and on what is not a digit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from statistics import fmean

from handsum.training.scoring.corruptions import KINDS, STRENGTHS
from handsum.training.scoring.rejection import Rejection
from handsum.training.scoring.robustness import Robustness
from handsum.training.scoring.scorecard.parts import head_cells, percent, picture, section, table


def corruptions_section(robustness: Robustness | None) -> str:
    """A row for each kind of damage: how it looks, and accuracy at each strength; nothing if not measured."""
    if robustness is None:
        return ""
    figures = robustness.figures
    rows = [_kind_row(kind, robustness) for kind in KINDS]
    means = (figures.mean_accuracy, figures.mean_accuracy_as_frames)
    rows.append(f"<th scope=row>all</th>{'<td></td>' * len(STRENGTHS)}{_percents(means)}")
    head = head_cells("damage", *(f"strength {strength}" for strength in STRENGTHS), "mean", "as frames")
    note = (
        f"{figures.num_images:,} digits, damaged in {len(figures.damages)} ways. Read as pictures, whose "
        "ink and background have to be found; the last column is for the same pixels given to the network as "
        "they are."
    )
    return section("Damaged digits", note, table(head, rows, css="damage"))


def non_digits_section(rejections: Sequence[Rejection]) -> str:
    """A row for each set of what is not a digit; nothing if none was read."""
    if not rejections:
        return ""
    head = head_cells("pictures", "number", "AUROC", "refused", "over 90 % sure", "most taken for digits")
    mean = fmean(rejection.figures.auroc for rejection in rejections)
    note = (
        "AUROC is the chance that one of the digits above gets more confidence than one of these pictures; "
        f"its mean is {percent(mean)}."
    )
    return section("Not a digit", note, table(head, map(_non_digit_row, rejections), css="damage"))


def _kind_row(kind: str, robustness: Robustness) -> str:
    damages = [damage for damage in robustness.figures.damages if damage.kind == kind]
    cells = [
        f'<td style="--heat:{1 - damage.accuracy:.3f}">'
        f"{picture(robustness.examples[kind, damage.strength], kind)}<br>{percent(damage.accuracy)}</td>"
        for damage in damages
    ]
    means = fmean(d.accuracy for d in damages), fmean(d.accuracy_as_frames for d in damages)
    return f"<th scope=row>{kind}</th>{''.join(cells)}{_percents(means)}"


def _non_digit_row(rejection: Rejection) -> str:
    figures = rejection.figures
    name = f"<th scope=row>{escape(figures.name)}<small>{escape(figures.origin)}</small></th>"
    shares = (figures.auroc, figures.share_refused, figures.confidently_read)
    examples = "".join(picture(255 - frame, figures.name) for frame in rejection.examples)
    return f'{name}<td>{figures.num_pictures:,}</td>{_percents(shares)}<td class="examples">{examples}</td>'


def _percents(shares: Sequence[float]) -> str:
    return "".join(f"<td>{percent(share)}</td>" for share in shares)
