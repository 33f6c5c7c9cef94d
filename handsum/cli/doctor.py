"""``handsum doctor``: what works here, and what to do about what does not."""

from __future__ import annotations

import dataclasses
import json
import sys
from itertools import groupby

import click

from handsum.cli.checks import Check, State, check_everything

PIPE_COLUMNS = 200

SIGNS: dict[State, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "absent": ("-", "dim"),
    "broken": ("!!", "bold red"),
}


@click.command(name="doctor", epilog="\b\nExamples:\n  handsum doctor --deep\n  handsum doctor --json")
@click.option("--deep", is_flag=True, help="Also compare MNIST's files with their checksums.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as a JSON array.")
def command(deep: bool, as_json: bool) -> None:
    """Say what works here: versions, networks, data, display.

    Exit code: 0 when everything that reading needs works, else 1.
    """
    checks = check_everything(deep=deep)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(check) for check in checks], indent=2))
    else:
        _print(checks)
    sys.exit(int(any(check.is_needed and check.state != "ok" for check in checks)))


def _print(checks: list[Check]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # A pipe or a file has no width of its own, and long paths stay whole in it.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_COLUMNS)
    for topic, of_topic in groupby(checks, key=lambda check: check.topic):
        console.print(Text(topic, style="bold"))
        table = Table.grid(padding=(0, 2))
        for check in of_topic:
            sign, style = SIGNS[check.state]
            table.add_row(
                "",
                Text(sign, style=style),
                check.name,
                check.found + (f"; {check.advice}" if check.advice else ""),
            )
        console.print(table)
    needed = [check for check in checks if check.is_needed and check.state != "ok"]
    verdict = "Reading works here." if not needed else "Reading does not work here yet; see !! above."
    console.print(Text(f"\n{verdict}", style="bold"))
