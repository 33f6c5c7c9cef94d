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
    """The results in training/runs/*.json, in the order of the files' names."""
    paths = sorted((ROOT / "training" / "runs").glob("*.json"))
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
