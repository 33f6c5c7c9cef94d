"""The documentation runs: its Python, its commands and its figures.

In README.md, CONTRIBUTING.md and docs/*.md

* ```python blocks are executed, those of one file one after another in one namespace, in a folder that
  holds a copy of images/ and mnist.h5;
* in ```console blocks each line that starts with "$ " is a command. `handsum read`, and anything with
  --help or --version, is run and must succeed; where the block shows output under it, the output must
  agree, `...` standing for anything. Other `handsum` commands are parsed but not run; a script's
  options must stand in its --help; `make` targets and what `pip install` names must exist;
* a block after a line `<!-- not run: why -->` is compiled or parsed only;
* what stands between `<!-- figures:NAME -->` and `<!-- /figures -->` is what docs/figures.py writes.
"""

from __future__ import annotations

import doctest
import itertools
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"^(?P<unrun><!-- not run: .+ -->\n+)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
RUN_HANDSUM_COMMANDS = {"read"}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `runs` is False after a "not run" remark."""

    page: str
    line: int
    language: str
    text: str
    runs: bool


@dataclass(frozen=True)
class Command:
    """One command line of a console block, and the output shown under it."""

    block: Block
    words: list[str]
    output: str

    def __str__(self) -> str:
        return shlex.join(self.words)


def blocks_of(page: Path) -> list[Block]:
    """Every fenced block of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page.relative_to(ROOT).as_posix() if page.is_relative_to(ROOT) else page.name,
            text[: match.start("text")].count("\n") + 1,
            match["language"],
            match["text"],
            match["unrun"] is None,
        )
        for match in BLOCK.finditer(text)
    ]


def commands_of(block: Block) -> list[Command]:
    """The commands of a console block; a line that ends in a backslash goes on in the next."""
    commands = []
    for chunk in re.split(r"^\$ ", block.text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        line, _, output = chunk.partition("\n")
        commands.append(Command(block, shlex.split(line, comments=True), output))
    return commands


ALL_BLOCKS = [block for page in PAGES if page.exists() for block in blocks_of(page)]
PYTHON_PAGES = sorted({block.page for block in ALL_BLOCKS if block.language == "python"})
COMMANDS = [command for block in ALL_BLOCKS if block.language == "console" for command in commands_of(block)]


@pytest.fixture
def reader_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a reader of the documentation stands: beside images/ and mnist.h5, which they may overwrite."""
    shutil.copytree(ROOT / "images", tmp_path / "images")
    if (ROOT / "mnist.h5").exists():
        shutil.copy(ROOT / "mnist.h5", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_python_blocks(blocks: list[Block]) -> None:
    """Execute blocks one after another in one namespace; an error names the page and the line."""
    namespace: dict[str, Any] = {"__name__": "__docs__"}
    for block in blocks:
        code = compile("\n" * (block.line) + block.text, block.page, "exec")
        if block.runs:
            exec(code, namespace)


def outputs_agree(shown: str, printed: str) -> bool:
    """Whether printed output is what the page shows, `...` standing for anything."""
    return doctest.OutputChecker().check_output(
        shown.strip() + "\n", printed.strip() + "\n", doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )


def is_cheap(words: list[str]) -> bool:
    """Whether a `handsum` command is run rather than parsed."""
    return not RUN_HANDSUM_COMMANDS.isdisjoint(words[1:2]) or not {"--help", "--version"}.isdisjoint(words)


def parse_handsum(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line take a command's words and do nothing with them; a usage error fails."""
    from handsum.cli import main

    monkeypatch.setattr(click.Command, "invoke", lambda self, ctx: None)
    monkeypatch.setattr(sys, "argv", words)
    exit_code: object = 0
    try:
        main()
    except SystemExit as stop:
        exit_code = stop.code
    assert exit_code in (0, None), f"handsum does not know this command: {shlex.join(words)}"


def run_python(*words: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a process of its own, where handsum can be imported."""
    surroundings = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, **surroundings},
    )


def run_handsum(command: Command) -> None:
    """Run a command in a process of its own and compare what it prints with what the page shows."""
    code = "import sys; from handsum.cli import main; sys.argv[0] = 'handsum'; sys.exit(main())"
    done = run_python("-c", code, *command.words[1:])
    assert done.returncode == 0, done.stderr
    if command.output.strip():
        assert outputs_agree(command.output, done.stdout), f"it printed:\n{done.stdout}"


def check_script(words: list[str]) -> None:
    """`python FILE OPTIONS`: the file is there and its help names each option."""
    if words[1].startswith("-"):  # python -m something
        return
    script = ROOT / words[1]
    assert script.is_file(), f"no such script: {words[1]}"
    options = [word.split("=")[0] for word in words[2:] if word.startswith("--")]
    if not options:
        return
    done = run_python(str(script), "--help")
    assert done.returncode == 0, done.stderr
    unknown = [option for option in options if not re.search(rf"{option}\b", done.stdout)]
    assert unknown == [], f"not in the help of {words[1]}"


def check_make(words: list[str]) -> None:
    """`make TARGET NAME=VALUE`: the Makefile has the target."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [word for word in words[1:] if "=" not in word and word not in targets] == []


def check_pip(words: list[str]) -> None:
    """`pip install -r FILE`, `.` or `.[EXTRA]`: the file and the extras are there."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for before, word in itertools.pairwise(words):
        if before == "-r":
            assert (ROOT / word).is_file(), word
        for extra in re.findall(r"[\w-]+", "".join(re.findall(r"\[(.+)\]", word))):
            assert re.search(rf"^{extra} = \[", project, re.MULTILINE), f"no extra is called {extra}"


def check_command(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run or parse one documented command, whichever is right for it."""
    program = Path(command.words[0]).name
    if program == "handsum":
        if command.block.runs and is_cheap(command.words):
            run_handsum(command)
        else:
            parse_handsum(command.words, monkeypatch)
    elif program in ("python", "python3"):
        check_script(command.words)
    elif program == "make":
        check_make(command.words)
    elif program == "pip":
        check_pip(command.words)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"])
def test_the_page_is_there(page: str) -> None:
    assert (ROOT / page).is_file()


def test_the_readme_shows_python_and_commands() -> None:
    assert "README.md" in PYTHON_PAGES
    assert any(command.words[0] == "handsum" for command in COMMANDS)


@pytest.mark.parametrize("page", PYTHON_PAGES)
def test_python_blocks_run(page: str, reader_folder: Path) -> None:
    run_python_blocks([block for block in ALL_BLOCKS if block.page == page and block.language == "python"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.block.page}:{command}")
def test_commands_exist(command: Command, reader_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_command(command, monkeypatch)


@pytest.mark.parametrize("page", [page for page in PAGES if page.exists()], ids=lambda page: page.name)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_figures_are_what_the_script_writes() -> None:
    done = run_python(str(ROOT / "docs" / "figures.py"), "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_marked_figures_are_replaced_and_the_rest_kept() -> None:
    figures = runpy.run_path(str(ROOT / "docs" / "figures.py"))
    page = "before\n<!-- figures:speed -->\nold\n<!-- /figures -->\nafter 3 < 4\n"
    new = figures["replace_figures"](page, {"speed": lambda: "new"})
    assert new == "before\n<!-- figures:speed -->\nnew\n<!-- /figures -->\nafter 3 < 4\n"
    with pytest.raises(SystemExit, match="speed"):
        figures["replace_figures"](page, {})
    with pytest.raises(SystemExit, match="marker"):
        figures["replace_figures"]("<!-- figures:speed -->\nnever closed\n", {"speed": lambda: "new"})


def a_block(text: str, *, language: str = "console") -> Block:
    """A block of a page that is not there."""
    return Block("a page", 1, language, text, runs=True)


def test_blocks_and_commands_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Title\n```python\na = 1\n```\n\n<!-- not run: it takes minutes -->\n```console\n"
        "$ handsum train \\\n    --quick  # soon\n$ handsum read images/7.png\n7\n```\n",
        encoding="utf-8",
    )
    python, console = blocks_of(page)
    assert (python.line, python.text, python.runs, console.runs) == (3, "a = 1\n", True, False)
    assert [(c.words, c.output) for c in commands_of(console)] == [
        (["handsum", "train", "--quick"], ""),
        (["handsum", "read", "images/7.png"], "7\n"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "handsum nosuchcommand",
        "handsum read --nosuchoption images/7.png",
        "handsum train --nosuchoption",
        "python no_such_script.py",
        "python train_digit_recognizer.py --nosuchoption",
        "make nosuchtarget",
        "pip install -r nosuchfile.txt",
        "pip install handsum[nosuchextra]",
    ],
)
def test_a_wrong_command_fails(line: str, reader_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [command] = commands_of(a_block(f"$ {line}\n"))
    with pytest.raises(AssertionError):
        check_command(command, monkeypatch)


def test_a_wrong_python_block_fails_by_name() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        run_python_blocks([a_block("import handsum\nhandsum.no_such_name\n", language="python")])


@pytest.mark.parametrize(
    ("shown", "printed", "agree"),
    [
        ("7  98 %", "7 98 %\n", True),
        ("7 ... %", "7 98 %", True),
        ("7", "1", False),
        ("7\n...", "7\n8\n9", True),
    ],
)
def test_outputs_are_compared(shown: str, printed: str, agree: bool) -> None:
    assert outputs_agree(shown, printed) is agree
