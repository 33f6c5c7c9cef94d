"""The two curves of a report, drawn by matplotlib as SVG that takes the page's own colours."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from handsum.training.scoring.curves import NUM_CALIBRATION_BINS, Reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours that nobody draws with, put in for those of the page, which is light or dark.
INK, ACCENT, FAINT = "#010203", "#010204", "#010205"
PAGE_COLOURS = {INK: "currentColor", ACCENT: "var(--accent)", FAINT: "var(--line)"}

SIZE_INCHES = (4.4, 3.6)

# Of the risk-coverage curve; more would not be seen.
MOST_POINTS = 400


def reliability_diagram(bins: Reliability) -> str:
    """Share right against confidence, a bar a bin, and the line on which honest answers lie."""

    def draw(axes: Axes) -> None:
        width = 1 / NUM_CALIBRATION_BINS
        edges, shares = width * np.arange(NUM_CALIBRATION_BINS), np.nan_to_num(bins.shares_right)
        bars = axes.bar(edges, shares, width, align="edge", color=ACCENT, edgecolor=INK, linewidth=0.4)
        for bar, weight in zip(bars, np.sqrt(bins.counts / bins.counts.max()), strict=True):
            bar.set_alpha(0.2 + 0.7 * float(weight))
        axes.plot([0, 1], [0, 1], "--", color=INK, linewidth=1)
        axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))

    return _svg("reliability", draw)


def risk_coverage_curve(risks: NDArray[np.float64]) -> str:
    """The share wrong among the k surest answers against k."""

    def draw(axes: Axes) -> None:
        chosen = np.unique(np.linspace(0, len(risks) - 1, MOST_POINTS).astype(int))
        coverage = (chosen + 1) / len(risks)
        axes.fill_between(coverage, 100 * risks[chosen], color=ACCENT, alpha=0.2, linewidth=0)
        axes.plot(coverage, 100 * risks[chosen], color=ACCENT, linewidth=1.8)
        axes.set(xlabel="share answered, the surest first", ylabel="% of them wrong", xlim=(0, 1))
        axes.set_ylim(0, max(0.1, 105 * float(risks.max())))

    return _svg("risk", draw)


def _svg(name: str, draw) -> str:  # type: ignore[no-untyped-def]
    """An SVG element, drawn on transparent ground."""
    import matplotlib
    from matplotlib.figure import Figure

    colours = dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK)
    # Text stays text, in the page's type; the salt makes the same drawing the same file.
    settings: dict[Any, Any] = {
        **colours,
        "axes.edgecolor": INK,
        "svg.fonttype": "none",
        "svg.hashsalt": name,
    }
    stream = io.StringIO()
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=SIZE_INCHES, layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.grid(color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return _for_page(stream.getvalue(), name)


def _for_page(drawing: str, name: str) -> str:
    """Only the SVG element, in the page's colours, without names that a second one would repeat."""
    element = drawing[drawing.index("<svg ") :]
    element = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", element, flags=re.DOTALL)
    element = re.sub(r'<g id="[^"]*"', "<g", element)
    element = re.sub(
        r'^<svg [^>]*viewBox="([^"]*)"[^>]*>',
        rf'<svg class="plot" role="img" aria-label="{name}" '
        r'viewBox="\1" xmlns="http://www.w3.org/2000/svg" '
        r'xmlns:xlink="http://www.w3.org/1999/xlink">',
        element,
    )
    for stand_in, colour in PAGE_COLOURS.items():
        element = element.replace(stand_in, colour)
    return element.strip()
