"""What ``handsum score`` prints: a line for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from handsum.training.scoring.rejection import Rejection
    from handsum.training.scoring.robustness import RobustnessFigures
    from handsum.training.scoring.score import DigitFigures, Figures
    from handsum.training.scoring.scorecard import Scorecard


def print_scorecard(card: Scorecard) -> None:
    """Print all that was measured, shares in percent."""
    click.echo(f"{card.data}, read by {card.model}")
    _print_figures(card.figures)
    if card.robustness is not None:
        _print_robustness(card.robustness.figures)
    if card.rejections:
        _print_rejections(card.rejections)


def _print_figures(figures: Figures) -> None:
    wrong = figures.confidently_wrong
    rows = [
        ("accuracy", figures.accuracy, _missed(figures)),
        ("answered", figures.share_answered, ""),
        ("mean confidence", figures.mean_confidence, ""),
        ("calibration error", figures.calibration_error, "over 15 bins of confidence"),
        ("confidently wrong", wrong, "of the wrong answers, given with over 90 %"),
        *((str(digit.digit), digit.accuracy, _missed(digit)) for digit in figures.per_digit),
    ]
    for row in rows:
        _print_row(*row)
    likelihood, area = figures.negative_log_likelihood, figures.area_under_risk_coverage
    click.echo(f"  {'NLL':18} {likelihood:8.4f}   negative log-likelihood (nats per image)")
    click.echo(f"  {'AURC':18} {area:8.5f}   area under the risk-coverage curve")


def _print_robustness(figures: RobustnessFigures) -> None:
    click.echo(f"{figures.num_images:,} digits damaged, read as pictures; the mean of three strengths")
    for kind in dict.fromkeys(damage.kind for damage in figures.damages):
        accuracies = [damage.accuracy for damage in figures.damages if damage.kind == kind]
        _print_row(kind, fmean(accuracies), "  ".join(f"{accuracy:.2%}" for accuracy in accuracies))
    _print_row("all", figures.mean_accuracy, f"as frames: {figures.mean_accuracy_as_frames:.2%}")


def _print_rejections(rejections: Sequence[Rejection]) -> None:
    click.echo("AUROC of confidence, digits against")
    for figures in (rejection.figures for rejection in rejections):
        remark = f"{figures.share_refused:.2%} refused, {figures.confidently_read:.2%} read with over 90 %"
        _print_row(figures.name, figures.auroc, remark)


def _print_row(name: str, share: float | None, remark: str) -> None:
    click.echo(f"  {name:18} {'-' if share is None else f'{share:.2%}':>8}   {remark}".rstrip())


def _missed(figures: Figures | DigitFigures) -> str:
    return f"{figures.num_missed:,} of {figures.num_images:,} missed"
