"""The command line: a thin layer over the library, one file per command.

Nothing heavy is imported before a command runs, so that help answers at once.
"""

from __future__ import annotations

import errno
import importlib
import io
import sys
from typing import Any

import click

from handsum import __version__
from handsum.errors import HandsumError
from handsum.models import DEFAULT_DIGIT_MODEL

COMMANDS = ("read", "train", "export", "score", "doctor")


class OneLineError(click.ClickException):
    """An error printed as ``handsum: <sentence>``."""

    def show(self, file: Any = None) -> None:
        click.echo(f"handsum: {self.message}", file=file, err=file is None)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed, and whose errors are one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"handsum.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HandsumError as error:
            raise OneLineError(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has gone; click ends quietly
                raise
            what = error.filename or "the output"
            raise OneLineError(f"{what} cannot be read or written ({error.strerror}).") from error


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExamples:\n  handsum\n  handsum read sums.jpg\n  handsum doctor",
)
@click.version_option(__version__, prog_name="handsum", message="%(prog)s %(version)s")
@click.option("--numbers", is_flag=True, help="The window begins with numbers and sums, not one digit.")
@click.option("--model", metavar="NAME", help="The network that reads single digits in the window.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="0..1",
    help="The window calls unsure what is read with less confidence than this, e.g. 0.9: a digit is a ? with "
    "the best guess below it, a sum is faint and has no answer.",
)
@click.pass_context
def main(ctx: click.Context, numbers: bool, model: str | None, min_confidence: float | None) -> None:
    """Read handwritten digits, numbers and sums. Without a command, open the window to draw in."""
    _let_any_name_be_printed()
    if ctx.invoked_subcommand is None:
        _open_window(numbers, model or DEFAULT_DIGIT_MODEL, min_confidence or 0.0)
    elif numbers or (model, min_confidence) != (None, None):
        raise click.UsageError(f"Options of `handsum {ctx.invoked_subcommand}` come after its name.")


def _let_any_name_be_printed() -> None:
    """Escape what the terminal's encoding lacks, as Python does on standard error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _open_window(numbers: bool, model: str, min_confidence: float) -> None:
    from handsum.window import open_window

    open_window(model, min_confidence=min_confidence, subject="numbers" if numbers else "digit")
