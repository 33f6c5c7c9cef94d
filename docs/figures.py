"""Write the measured figures into README.md and docs/*.md, from the result files alone.

A page holds a figure between two markers on lines of their own:

    <!-- figures:NAME -->
    ... what the function registered under NAME returns ...
    <!-- /figures -->

`python docs/figures.py` rewrites what stands between them; `--check` changes nothing and exits with 1
where a page and the results disagree. To add a figure, write a function under @figure("NAME").
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(<!-- figures:([\w-]+) -->\n)(.*?)(<!-- /figures -->)", re.DOTALL)

Render = Callable[[], str]
FIGURES: dict[str, Render] = {}


def figure(name: str) -> Callable[[Render], Render]:
    """Register the function that renders the figure called `name`."""

    def register(render: Render) -> Render:
        FIGURES[name] = render
        return render

    return register


def training_runs() -> list[dict[str, Any]]:
    """The results in training/runs/*/metrics.json, in the order of the folders' names."""
    paths = sorted((ROOT / "training" / "runs").glob("*/metrics.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def bench_results() -> list[dict[str, Any]]:
    """The records of bench/results.jsonl, oldest first."""
    path = ROOT / "bench" / "results.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.strip()]


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table: the first column to the left, the others, which hold numbers, to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


@figure("classic-accuracy")
def classic_accuracy() -> str:
    """The classic network over its training seeds, on MNIST's test set."""
    runs = training_runs()
    rows = [
        (
            run["config"]["seed"],
            f"{run['test']['accuracy']:.2%}",
            run["test"]["num_missed"],
            f"{run['held_out_accuracy']:.2%}",
            f"{run['seconds'] / 60:.0f} min",
        )
        for run in runs
    ]
    accuracies = [run["test"]["accuracy"] for run in runs]
    machine = runs[0]["machine"]
    return (
        f"Mean of {len(runs)} seeds: **{statistics.mean(accuracies):.2%}** of the 10,000 test images "
        f"(standard deviation {100 * statistics.stdev(accuracies):.2f} points), "
        f"{runs[0]['config']['epochs']} epochs on {machine['cores']} shared {machine['processor']} cores.\n\n"
        + table(("seed", "test", "missed", "held-out writers", "training"), rows)
    )


@figure("pen-accuracy")
def pen_accuracy() -> str:
    """Digits that are not MNIST's, read by the reader and the classic way with the same weights."""
    result = json.loads((ROOT / "bench" / "accuracy.json").read_text(encoding="utf-8"))
    rows = [
        (name, f"{ways['reader']['accuracy']:.1%}", f"{ways['whole canvas shrunk']['accuracy']:.1%}")
        for name, ways in result["sets"].items()
    ]
    return table(("drawn", "handsum", "whole canvas shrunk to 28x28"), rows)


@figure("speed")
def speed() -> str:
    """The latest timing of each thing, beside its peer's."""
    latest = {result["what"]: result for result in bench_results()}
    rows = [
        (
            what,
            _milliseconds(result["ours"]["p50_ms"]),
            _milliseconds(result["ours"]["p99_ms"]),
            _milliseconds(result["peer"]["p50_ms"]) if result["peer"] else "–",
            _times_faster(result),
        )
        for what, result in latest.items()
    ]
    machine = next(iter(latest.values()))["machine"]
    header = ("", "handsum, median", "99th percentile", "Keras on TensorFlow", "times faster")
    return table(header, rows) + f"\n\nOn {machine['cores']} shared {machine['processor']} cores."


@figure("training-time")
def training_time() -> str:
    """Seconds of training to reach an accuracy on held-out writers."""
    result = json.loads((ROOT / "bench" / "training_time.json").read_text(encoding="utf-8"))
    goals = (0.98, 0.985, 0.99, 0.993)
    rows = [(name, *(_seconds_to(goal, curve) for goal in goals)) for name, curve in result["curves"].items()]
    return table(("", *(f"{goal:.1%}" for goal in goals)), rows)


def _seconds_to(goal: float, curve: Sequence[Mapping[str, float]]) -> str:
    reached = [point["seconds"] for point in curve if point["accuracy"] >= goal]
    return f"{reached[0]:.0f} s" if reached else "–"


def _milliseconds(time_ms: float) -> str:
    return f"{time_ms:.2f} ms" if time_ms < 10 else f"{time_ms:.0f} ms"


def _times_faster(result: Mapping[str, Any]) -> str:
    return f"{result['peer']['p50_ms'] / result['ours']['p50_ms']:.1f}" if result["peer"] else "–"


def replace_figures(text: str, figures: Mapping[str, Render] = FIGURES) -> str:
    """A page's text with every marked block written anew; SystemExit where a marker is wrong."""

    def rewrite(match: re.Match[str]) -> str:
        opening, name, _, closing = match.groups()
        if name not in figures:
            raise SystemExit(f"docs/figures.py has no figure called {name!r}; it has {sorted(figures)}")
        return f"{opening}{figures[name]().strip()}\n{closing}"

    num_opened, num_closed = text.count("<!-- figures:"), text.count("<!-- /figures -->")
    if not len(BLOCK.findall(text)) == num_opened == num_closed:
        raise SystemExit("a figures marker is not opened or not closed")
    return BLOCK.sub(rewrite, text)


def main() -> int:
    """Rewrite the pages, or compare them with --check."""
    parser = argparse.ArgumentParser(description="Write the measured figures into README.md and docs/*.md.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a page is stale")
    check = parser.parse_args().check
    stale = []
    for page in filter(Path.exists, PAGES):
        old = page.read_text(encoding="utf-8")
        new = replace_figures(old)
        if new != old:
            stale.append(page.relative_to(ROOT).as_posix())
            if not check:
                page.write_text(new, encoding="utf-8")
    if stale:
        print(("out of date, run docs/figures.py: " if check else "rewritten: ") + ", ".join(stale))
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
