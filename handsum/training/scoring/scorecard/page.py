"""The report: one HTML file without anything from outside, and the record beside it."""

from __future__ import annotations

from html import escape
from pathlib import Path

from handsum import __version__
from handsum.atomic import whole_file
from handsum.reading import NUM_DIGITS
from handsum.training.report import write_json
from handsum.training.scoring.scorecard.card import Scorecard, record
from handsum.training.scoring.scorecard.damage import corruptions_section, non_digits_section
from handsum.training.scoring.scorecard.parts import head_cells, percent, picture, section, table
from handsum.training.scoring.scorecard.plots import reliability_diagram, risk_coverage_curve

STYLE = Path(__file__).with_name("style.css")

MOST_ERRORS_SHOWN = 240


def write_report(folder: Path, card: Scorecard) -> None:
    """Write report.html and metrics.json, each whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    write_json(folder / "metrics.json", record(card))
    with whole_file(folder / "report.html") as part:
        part.write_text(page(card), encoding="utf-8")


def page(card: Scorecard) -> str:
    """The report as HTML."""
    title = f"{escape(card.data)}, read by {escape(card.model)}"
    sections = [
        _headline(card),
        _confusion(card),
        _curves(card),
        corruptions_section(card.robustness),
        non_digits_section(card.rejections),
        _errors(card),
    ]
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<header><p>handsum {__version__}</p><h1>{title}</h1></header>
<main>
{"".join(sections)}</main>
</body>
</html>
"""


def _headline(card: Scorecard) -> str:
    figures = card.figures
    wrong = "–" if figures.confidently_wrong is None else percent(figures.confidently_wrong)
    cards = [
        ("accuracy", percent(figures.accuracy), f"{figures.num_missed:,} of {figures.num_images:,} missed"),
        ("answered", percent(figures.share_answered), "the others: not a digit, or too unsure"),
        ("calibration error", percent(figures.calibration_error), "confidence against truth, in 15 bins"),
        (
            "confidently wrong",
            wrong,
            f"of the wrong answers, given with over 90 %: {figures.num_confidently_wrong:,}",
        ),
        (
            "negative log-likelihood",
            f"{figures.negative_log_likelihood:.4f}",
            "nats per image; less is better",
        ),
        (
            "AURC",
            f"{figures.area_under_risk_coverage:.5f}",
            "area under the risk-coverage curve; less is better",
        ),
    ]
    return (
        '<div class="cards">'
        + "".join(
            f'<div class="card"><h3>{name}</h3><b>{value}</b><p>{remark}</p></div>'
            for name, value, remark in cards
        )
        + "</div>\n"
    )


def _confusion(card: Scorecard) -> str:
    counts = card.confusion
    most = max(1, int(max(counts[row, column] for row in range(10) for column in range(11) if row != column)))
    rows = []
    for digit, figures in zip(range(NUM_DIGITS), card.figures.per_digit, strict=True):
        cells = [_count(int(count), most, column == digit) for column, count in enumerate(counts[digit])]
        accuracy = "–" if figures.accuracy is None else percent(figures.accuracy)
        rows.append(f"<th scope=row>{digit}</th>{''.join(cells)}<td>{accuracy}</td>")
    head = head_cells("label", *map(str, range(NUM_DIGITS)), "none", "right")
    note = "Rows are labels, columns the answers given; the darker, the commoner the mistake."
    return section("Confusion", note, table(head, rows, css="confusion"))


def _count(count: int, most: int, is_right: bool) -> str:
    if is_right:
        return f'<td class="right">{count:,}</td>'
    return f'<td style="--heat:{count / most:.3f}">{count:,}</td>' if count else "<td></td>"


def _curves(card: Scorecard) -> str:
    area = card.figures.area_under_risk_coverage
    drawings = (
        (
            reliability_diagram(card.reliability),
            "Reliability: bars on the line are honest confidence; pale bars stand for few images.",
        ),
        (risk_coverage_curve(card.risks), f"Risk against coverage; the area is {area:.5f}."),
    )
    figures = "".join(
        f"<figure>{svg}<figcaption>{caption}</figcaption></figure>" for svg, caption in drawings
    )
    return section(
        "Confidence", "Of the likeliest digit, answered or not.", f'<div class="plots">{figures}</div>'
    )


def _errors(card: Scorecard) -> str:
    missed = card.missed
    if not len(missed):
        return section("Mistakes", "There are none.", "")
    num_shown = min(len(missed), MOST_ERRORS_SHOWN)
    more = f"; {len(missed) - num_shown:,} more are not shown" if num_shown < len(missed) else ""
    note = f"{num_shown:,} of {len(missed):,}, wrong answers first, the surest first{more}."
    shown = "".join(_error(card, int(index)) for index in missed[:MOST_ERRORS_SHOWN])
    return section(
        "Mistakes", f"{note} The pictures are what the network saw.", f'<div class="errors">{shown}</div>'
    )


def _error(card: Scorecard, index: int) -> str:
    said = card.answers
    given, likeliest = int(said.labels[index]), int(said.probabilities[index].argmax())
    answer = f"read {given}" if given >= 0 else f"none ({likeliest}?)"
    caption = f"<b>{card.labels[index]}</b> {answer} <small>{said.confidences[index]:.0%}</small>"
    shown = picture(255 - said.frames[index], f"image {index}")
    return f"<figure>{shown}<figcaption>{caption}</figcaption></figure>"
