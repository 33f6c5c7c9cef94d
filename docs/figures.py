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


def training_runs(recipe: str) -> list[dict[str, Any]]:
    """The results of a recipe in training/runs/*/metrics.json, in the order of the folders' names."""
    paths = sorted((ROOT / "training" / "runs").glob("*/metrics.json"))
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [run for run in runs if run["recipe"] == recipe]


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
    runs = training_runs("classic")
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


LEARNT_FROM = {"best": "everything", "best, MNIST only": "MNIST alone"}


@figure("best-accuracy")
def best_accuracy() -> str:
    """Our network's training runs, on MNIST's test set and on held-out writers."""
    runs = sorted(training_runs("best"), key=lambda run: run["config"]["seed"])
    runs += training_runs("best, MNIST only")
    rows = [
        (
            LEARNT_FROM[run["recipe"]] + _width(run) + _teacher(run),
            run["config"]["seed"],
            run["config"].get("start_from") or "–",
            run["config"]["epochs"],
            f"{run['test']['accuracy']:.2%}",
            run["test"]["num_missed"],
            # The first run's network had but one look.
            run.get("missed_at_first_look", {}).get("test", run["test"]["num_missed"]),
            f"{run['held_out']['mnist']['accuracy']:.2%}",
            f"{run['held_out']['pens']['accuracy']:.2%}" if "pens" in run["held_out"] else "–",
            f"{run['seconds'] / 60:.0f} min",
        )
        for run in runs
    ]
    header = (
        "trained on", "seed", "begun with", "epochs", "MNIST test", "missed", "at first look",
        "held-out writers", "held-out pens", "training",
    )  # fmt: skip
    return "\n\n".join([table(header, rows), *_means_over_seeds(runs)])


def _width(run: dict[str, Any]) -> str:
    """How much wider than the shipped one a run's network is, where it is."""
    multiplier = run["config"].get("width_multiplier", 1)
    return f", {multiplier} times the channels" if multiplier > 1 else ""


def _teacher(run: dict[str, Any]) -> str:
    """Which run's network had a say in what was learnt, where one had."""
    teacher = run["config"].get("teacher")
    return f", taught by {teacher}" if teacher else ""


def _means_over_seeds(runs: Sequence[dict[str, Any]]) -> list[str]:
    """A sentence for all runs that differ in nothing but the seed."""
    alike: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for run in runs:
        begun = run["config"].get("start_from")
        what = (
            LEARNT_FROM[run["recipe"]]
            + _width(run)
            + _teacher(run)
            + (f", begun with {begun}" if begun else "")
        )
        alike.setdefault((what, run["config"]["epochs"]), []).append(run)
    sentences = []
    for (what, epochs), group in alike.items():
        if len(group) > 1:
            accuracies = [run["test"]["accuracy"] for run in group]
            pens = [run["held_out"]["pens"]["accuracy"] for run in group if "pens" in run["held_out"]]
            sentences.append(
                f"Mean of {len(group)} seeds, {what}, {epochs} epochs: "
                f"**{statistics.mean(accuracies):.2%}** of MNIST's test set (standard deviation "
                f"{100 * statistics.stdev(accuracies):.2f} points)"
                + (f", {statistics.mean(pens):.2%} of the held-out pens" if pens else "")
                + "."
            )
    return sentences


@figure("pen-accuracy")
def pen_accuracy() -> str:
    """Digits of people who were not learnt from, read by both networks and in the classic program's way."""
    result = json.loads((ROOT / "bench" / "accuracy.json").read_text(encoding="utf-8"))
    ways = ("digit", "mnist", "whole canvas shrunk")
    rows = [
        (name, *(f"{figures[way]['accuracy']:.1%}" for way in ways))
        for name, figures in result["sets"].items()
    ]
    return table(("drawn", "handsum", "handsum, classic network", "whole canvas shrunk to 28x28"), rows)


@figure("doubt")
def doubt() -> str:
    """How far confidence can be trusted, and what is refused."""
    result = json.loads((ROOT / "bench" / "doubt.json").read_text(encoding="utf-8"))
    models = ("digit", "mnist")
    pens = [result[model]["pen digits"] for model in models]
    rows: list[tuple[object, ...]] = [
        ("pen digits: calibration error", *(f"{of['calibration_error']:.1%}" for of in pens)),
        ("wrong answers, and those given with over 90 %", *(_wrong(of) for of in pens)),
        (
            "corrupted MNIST digits read right",
            *(f"{result[model]['corruptions']['mean_accuracy']:.1%}" for model in models),
        ),
    ]
    for number, of in enumerate(pens[0]["non_digits"]):
        aurocs = [f"{100 * model['non_digits'][number]['auroc']:.1f}" for model in pens]
        rows.append((f"told from {of['name']} (AUROC, %)", *aurocs))
    return table(("", "handsum", "classic network"), rows)


def _wrong(figures: Mapping[str, Any]) -> str:
    return f"{figures['num_missed']}, {figures['num_confidently_wrong']}"


@figure("pages")
def pages() -> str:
    """Numbers and sums read exactly, and digits read as whole pages."""
    result = _bench_file("pages.json")
    rows = [(name, of["num"], f"{of[_measure(name)]:.1%}") for name, of in result["sets"].items()]
    rows += [
        (f"single digits, {name} (as one digit: {of['read_digit']:.1%})", of["num"], f"{of['read']:.1%}")
        for name, of in result["single digits"].items()
    ]
    sure, times = result["sure"], result["ten symbols"]
    real = result["sets"]["numbers, digits only"]
    return (
        table(("", "pages", "read exactly"), rows)
        + f"\n\nWith over {sure['confidence_over']:.0%} confidence {real['num_sure'] / real['num']:.0%} of "
        "the numbers of digits only are read, of which "
        f"{real['num_sure_and_right'] / real['num_sure']:.1%} are right, "
        f"and {sure['share_of_pages']:.0%} of lines of all kinds, the composed ones too, of which "
        f"{sure['right']:.1%} are right with either decimal mark. In the mean of the sets, confidence is "
        f"{100 * sure['calibration_error']:.0f} points from the share of right ones (15 bins). "
        f"A page of ten symbols takes {_milliseconds(times['as shipped']['p50_ms'])} (95th percentile "
        f"{_milliseconds(times['as shipped']['p95_ms'])}), on one thread "
        f"{_milliseconds(times['one thread']['p50_ms'])}."
    )


@figure("peers")
def peers() -> str:
    """The same pictures of lines read by others."""
    result = _bench_file("peers.json")
    readers = list(result["versions"])
    rows = [
        (name, *(f"{of[reader]['exact_marks_alike']:.1%}" for reader in readers))
        for name, of in result["sets"].items()
    ]
    rows.append(
        (
            "a line of digits, median",
            *(_milliseconds(result["sets"]["numbers, digits only"][reader]["p50_ms"]) for reader in readers),
        )
    )
    return table(("", *(f"{name} {version}" for name, version in result["versions"].items())), rows)


@figure("photographs")
def photographs() -> str:
    """Lines on photographed sheets read by ours and by others."""
    result = _bench_file("photographs.json")
    readers = list(next(iter(result.values())))
    rows: list[tuple[object, ...]] = [
        (scene, of[readers[0]]["num"], *(f"{of[reader]['right']:.1%}" for reader in readers))
        for scene, of in result.items()
    ]
    times = ((of[reader]["p50_ms"] for of in result.values()) for reader in readers)
    rows.append(
        ("a photograph, median of the slowest scene", "", *(_milliseconds(max(each)) for each in times))
    )
    return table(("", "lines", *readers), rows)


def _bench_file(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "bench" / name).read_text(encoding="utf-8"))
    return content


def _measure(name: str) -> str:
    """Sums may be written with either decimal mark; in numbers a comma also parts thousands."""
    return "exact_marks_alike" if name.startswith("sums") else "exact"


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
