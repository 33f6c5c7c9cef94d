"""The report: everything in one file, and about what was really said."""

from __future__ import annotations

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.dom import minidom

import numpy as np
import pytest
from PIL import Image

from handsum.training.scoring.answers import Answers
from handsum.training.scoring.corruptions import KINDS, STRENGTHS
from handsum.training.scoring.rejection import Rejection, RejectionFigures
from handsum.training.scoring.robustness import DamageFigures, Robustness, RobustnessFigures
from handsum.training.scoring.scorecard import Scorecard, record, write_report
from handsum.training.scoring.scorecard import page as page_module
from handsum.training.scoring.scorecard.page import page

NUM_IMAGES = 30


def card(
    num_wrong: int = 3, num_refused: int = 2, *, data: str = "my digits", extras: bool = False
) -> Scorecard:
    """Digits of which the first are read as the digit above, and the last get no answer."""
    labels = (np.arange(NUM_IMAGES) % 10).astype(np.uint8)
    likeliest = np.where(np.arange(NUM_IMAGES) < num_wrong, (labels + 1) % 10, labels).astype(np.int64)
    confidences = 0.5 + np.arange(NUM_IMAGES) / 100
    probabilities = np.full((NUM_IMAGES, 10), 0.02, np.float32)
    probabilities[np.arange(NUM_IMAGES), likeliest] = 0.82
    given = np.where(np.arange(NUM_IMAGES) < NUM_IMAGES - num_refused, likeliest, -1)
    frames = np.random.default_rng(0).integers(0, 256, (NUM_IMAGES, 28, 28), np.uint8)
    answers = Answers(given, confidences, probabilities, frames)
    return Scorecard("mnist", data, labels, answers, *((robustness(), [rejection()]) if extras else ()))


def robustness() -> Robustness:
    ways = [(kind, strength) for kind in KINDS for strength in STRENGTHS]
    damages = tuple(DamageFigures(*way, 1 - way[1] / 10, 1.0, 0.95, 0.5) for way in ways)
    return Robustness(
        RobustnessFigures(9, 0.8, 0.5, damages), {way: np.zeros((28, 28), np.uint8) for way in ways}
    )


def rejection() -> Rejection:
    figures = RejectionFigures("scribbles", "made <here>", 12, 0.987, 0.25, 0.125)
    return Rejection(figures, np.zeros((6, 28, 28), np.uint8))


class Tags(HTMLParser):
    """Collects what a page shows and links to, and that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.num_images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)
        self.num_images += tag == "img"
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
    return tags


@pytest.mark.parametrize("extras", [False, True])
def test_the_page_is_whole_and_needs_nothing_from_outside(extras: bool) -> None:
    html = page(card(extras=extras))
    tags = parsed(html)
    assert all(link.startswith(("data:image/png;base64,", "#")) for link in tags.links)
    assert "@import" not in html
    assert "url(http" not in html
    assert "<script" not in html
    assert 'name="viewport"' in html
    assert "prefers-color-scheme: dark" in html
    assert ("Damaged digits" in html) == ("Not a digit" in html) == extras


def test_every_mistake_is_a_picture_the_surest_answer_first() -> None:
    html = page(card(num_wrong=3, num_refused=2))
    assert parsed(html).num_images == 5
    captions = re.findall(r"<figcaption><b>(\d)</b> ([^<]*)<small>([^<]*)</small>", html)
    # The surest of the wrong answers, then the surest of those without one.
    assert captions == [
        ("2", "read 3 ", "52%"),
        ("1", "read 2 ", "51%"),
        ("0", "read 1 ", "50%"),
        ("9", "none (9?) ", "79%"),
        ("8", "none (8?) ", "78%"),
    ]
    first = re.search(r"base64,([^\"]*)", html)
    assert first is not None
    picture = Image.open(io.BytesIO(base64.b64decode(first[1])))
    assert np.array_equal(np.asarray(picture), 255 - card().answers.frames[2])


def test_more_mistakes_than_fit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "MOST_ERRORS_SHOWN", 4)
    html = page(card(num_wrong=13))
    assert parsed(html).num_images == 4
    assert "4 of 15" in html
    assert "11 more are not shown" in html


def test_no_mistakes_are_said_to_be_none() -> None:
    html = page(card(num_wrong=0, num_refused=0))
    assert parsed(html).num_images == 0
    assert "There are none." in html


def test_names_cannot_break_the_page() -> None:
    html = page(card(data="<script>alert(1)</script> & co", extras=True))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html
    assert "made &lt;here&gt;" in html


def test_the_confusion_counts_what_was_given() -> None:
    counts = card(num_wrong=3, num_refused=2).confusion
    assert (counts[0, 1], counts[1, 2], counts[2, 3]) == (1, 1, 1)
    assert (counts[8, 10], counts[9, 10]) == (1, 1)
    assert counts.sum() == NUM_IMAGES
    assert np.trace(counts) == NUM_IMAGES - 5


def test_drawings_take_the_colours_of_the_page() -> None:
    for drawing in re.findall(r"<svg.*?</svg>", page(card()), flags=re.DOTALL):
        minidom.parseString(drawing)
        assert "currentColor" in drawing
        assert "var(--accent)" in drawing
        assert not re.search("#0[0-9]{5}|<metadata|<style", drawing)
    assert page(card()) == page(card())


def test_damage_and_rejection_are_shown() -> None:
    html = page(card(num_wrong=0, num_refused=0, extras=True))
    assert parsed(html).num_images == len(KINDS) * len(STRENGTHS) + 6
    for text in (*KINDS, "70.00%", "98.70%", "25.00%", "12.50%"):
        assert text in html


def test_the_record_is_plain_json() -> None:
    whole = json.loads(json.dumps(record(card(extras=True)), allow_nan=False))
    assert (whole["model"], whole["data"], whole["num_missed"]) == ("mnist", "my digits", 5)
    assert sum(bin_["num_images"] for bin_ in whole["reliability"]) == NUM_IMAGES
    assert whole["risk_at_coverage"][-1] == {"coverage": 1.0, "risk": pytest.approx(0.1)}
    assert len(whole["corruptions"]["damages"]) == len(KINDS) * len(STRENGTHS)
    assert (whole["mean_auroc"], whole["non_digits"][0]["name"]) == (0.987, "scribbles")
    assert "corruptions" not in record(card())


def test_the_folder_has_both_files_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    for num_wrong in (3, 1):
        write_report(folder, card(num_wrong))
    assert sorted(path.name for path in folder.iterdir()) == ["metrics.json", "report.html"]
    assert json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["num_missed"] == 3


def test_a_report_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(tmp_path, card())
    before = (tmp_path / "report.html").read_bytes()
    monkeypatch.setattr(page_module, "page", lambda _card: "\ud800")  # cannot be encoded
    with pytest.raises(UnicodeEncodeError):
        write_report(tmp_path, card())
    assert (tmp_path / "report.html").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metrics.json", "report.html"]
