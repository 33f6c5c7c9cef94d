"""Imports go downwards only, and each outside library enters by one door.

A line holds its answer, and so arithmetic stands at the bottom: arithmetic, errors → reading → ink, image,
layout → models, sense, sheet → digit → symbols → reader → window → cli. The trainer stands apart: nobody
imports it but the command line, and it reads only what TRAINING_MAY_IMPORT names; in it no recipe knows
another. An entry that allows what nobody does could never fail: it goes.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Lowest first. A part is a module of the package, a folder of modules, or a family of files that
# belong together (FAMILIES). A part may import the parts on lower rows only; inside a part, any.
LAYERS: list[set[str]] = [
    {"arithmetic", "atomic", "errors", "strokes"},
    {"reading"},
    {"ink", "image", "layout"},
    {"models", "sense", "annotate", "sheet"},
    {"digit", "redrawn"},
    {"symbols"},
    {"reader"},
    {"window"},
    {"cli"},
    {"__main__"},
]
FAMILIES = {"illumination": "image", "image_file": "image", "levels": "image", "lettering": "annotate"}
TRAINING_MAY_IMPORT = {"atomic", "errors", "strokes", "reading", "ink", "image", "models", "reader"}
MAY_IMPORT_TRAINING = {"cli"}
# The package itself gives its version to anyone, and the public names lazily to whoever is outside.
NAMES_OF_THE_PACKAGE = {"__version__"}

# Outside library → the modules that may import it; "training.*" is that folder with all in it.
DOORS: dict[str, set[str]] = {
    "onnxruntime": {"models"},
    "tensorflow": {"training.*"},
    "keras": {"training.*"},
    "h5py": {"training.*"},
    "onnx": {"training.*"},
    "onnxscript": {"training.*"},
    "matplotlib": {"training.*"},
    "torch": {"training.networks"},  # only where Keras runs on it, which is the user's choice
    "cv2": {"sheet.*", "illumination", "symbols.*", "cli.checks", "training.*"},
    "click": {"cli.*"},
    "rich": {"cli.*", "training.data.mnist"},
    "tkinter": {"window.*"},
    "sv_ttk": {"window.*"},
    "numpy": {"*"},
    "PIL": {"*"},
    "platformdirs": {"*"},
}
# Used where it is installed and asked for, and never required.
OPTIONAL = {"torch"}
# Each is a whole run, from data to results; what two of them need stands below both.
RECIPES = {"training.train", "training.best", "training.detector.train"}
NO_KERAS_BELOW = {
    "training.scoring.score",
    "training.scoring.scorecard",
    "training.data.idx",
    "training.data.mnist",
}

# What measures must not train: only these may import the damage and the non-digits held out for measuring.
HELD_OUT = {"training.scoring.corruptions", "training.scoring.non_digits"}
MAY_MEASURE = {
    "cli.score",
    "training.scoring.robustness",
    "training.scoring.rejection",
    "training.scoring.scorecard",
}

Sources = dict[str, str]  # module name without the package's, "" for the package itself → its source


def package_sources() -> Sources:
    """Every module of handsum."""
    folder = ROOT / "handsum"
    sources = {}
    for path in sorted(folder.rglob("*.py")):
        dotted = ".".join(path.relative_to(folder).with_suffix("").parts)
        sources[dotted.removesuffix("__init__").rstrip(".")] = path.read_text(encoding="utf-8")
    return sources


@cache
def parsed(source: str) -> ast.Module:
    """The syntax tree of a module, which many tests ask for."""
    return ast.parse(source)


def imported_names(module: str, sources: Sources) -> Iterator[str]:
    """The absolute dotted name of everything that a module imports, wherever in it."""
    is_package = module == "" or any(name.startswith(f"{module}.") for name in sources)
    here = ["handsum", *filter(None, module.split("."))]
    for node in ast.walk(parsed(sources[module])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            steps_up = node.level - is_package
            base = ".".join(here[: len(here) - steps_up] if node.level else [])
            origin = ".".join(filter(None, [base, node.module]))
            yield from (f"{origin}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            name = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            if isinstance(name, str):
                yield name


def imported_modules(module: str, sources: Sources) -> set[str]:
    """The package's own modules that a module imports; "" is the package itself, asked for a name."""
    found = set()
    for name in imported_names(module, sources):
        if name.split(".")[0] != "handsum":
            continue
        wanted = target = name.removeprefix("handsum").lstrip(".")
        while target and target not in sources:
            target = target.rpartition(".")[0]
        if target or wanted not in NAMES_OF_THE_PACKAGE:
            found.add(target or wanted.rpartition(".")[0])
    return found - {module}


def part_of(module: str) -> str:
    """The row entry of LAYERS that a module belongs to."""
    head = module.split(".")[0]
    return FAMILIES.get(head, head)


def row_of(part: str) -> int | None:
    """How high a part stands; None when no row names it."""
    return next((row for row, parts in enumerate(LAYERS) if part in parts), None)


def may_import(module: str, target: str) -> bool:
    """Whether the layers let one of our modules import another."""
    part, target_part = part_of(module), part_of(target)
    if part == target_part or module == "":
        return True
    if part == "training":
        return target_part in TRAINING_MAY_IMPORT
    if target_part == "training":
        return part in MAY_IMPORT_TRAINING
    row, target_row = row_of(part), row_of(target_part)
    return row is not None and target_row is not None and target_row < row


def layer_complaints(sources: Sources) -> list[str]:
    """One sentence for each module without a layer and each import that goes up or sideways."""
    unknown = [
        f"handsum.{module} belongs to no layer: name it in tests/test_layers.py and docs/architecture.md"
        for module in sources
        if module and part_of(module) != "training" and row_of(part_of(module)) is None
    ]
    against = [
        f"handsum.{module} imports {f'handsum.{target}' if target else 'names from handsum itself'}, "
        "which is not below it"
        for module in sources
        for target in sorted(imported_modules(module, sources))
        if not may_import(module, target)
    ]
    return unknown + against


def is_door(door: str, module: str) -> bool:
    """Whether an entry of DOORS speaks of a module; "training.*" speaks of "training" too."""
    return fnmatchcase(f"{module}.", door if door.endswith("*") else f"{door}.")


def door_complaints(sources: Sources) -> list[str]:
    """One sentence for each outside library that comes in by another door than DOORS allows."""
    complaints = []
    for module in sources:
        for library in sorted({name.split(".")[0] for name in imported_names(module, sources)} - {"handsum"}):
            if library in sys.stdlib_module_names and library not in DOORS:
                continue
            doors = DOORS.get(library)
            if doors is None:
                complaints.append(f"handsum.{module} imports {library}: say in DOORS who may, and declare it")
            elif not any(is_door(door, module) for door in doors):
                complaints.append(f"handsum.{module} imports {library}, which only {sorted(doors)} may")
    return complaints


def unused_entries(sources: Sources) -> list[str]:
    """One sentence for each entry of the tables above that no module makes use of."""
    targets = {module: imported_modules(module, sources) for module in sources}
    parts = {part_of(module) for module in sources}
    ways = {(part_of(module), part_of(target)) for module in sources for target in targets[module]}
    importers: dict[str, set[str]] = {library: set() for library in DOORS}
    for module in sources:
        for name in imported_names(module, sources):
            importers.get(name.split(".")[0], set()).add(module)
    measuring = {m for m in sources if any(target.startswith(tuple(HELD_OUT)) for target in targets[m])}
    used = {f"{part} in LAYERS": part in parts for row in LAYERS for part in row}
    used |= {f"{name} in FAMILIES": name in sources for name in FAMILIES}
    used |= {f"{part} in TRAINING_MAY_IMPORT": ("training", part) in ways for part in TRAINING_MAY_IMPORT}
    used |= {f"{part} in MAY_IMPORT_TRAINING": (part, "training") in ways for part in MAY_IMPORT_TRAINING}
    used |= {f"{m} in MAY_MEASURE": any(module.startswith(m) for module in measuring) for m in MAY_MEASURE}
    for library, doors in DOORS.items():
        for door in doors:
            used[f"{library} → {door} in DOORS"] = any(is_door(door, module) for module in importers[library])
    return [f"{entry} allows what nobody does: drop it" for entry in sorted(used) if not used[entry]]


def folder_of(module: str, sources: Sources) -> str:
    """The folder that a module lies in, if no further folders lie there; else the module itself."""
    folders = {name.rpartition(".")[0] for name in sources if name} - {""}
    innermost = {folder for folder in folders if not any(other.startswith(f"{folder}.") for other in folders)}
    return next((name for name in (module, module.rpartition(".")[0]) if name in innermost), module)


def circle_among(imports: Mapping[str, set[str]]) -> str:
    """Who imports one another in a circle, if anybody does; else nothing."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return " → ".join(error.args[1])
    return ""


def circle_of_modules(sources: Sources) -> str:
    """A circle of modules."""
    return circle_among({name: imported_modules(name, sources) for name in sources if name})


def circle_of_folders(sources: Sources) -> str:
    """A circle of folders, which may be one though no module is in it twice."""
    imports: dict[str, set[str]] = {}
    for module in filter(None, sources):
        folder = folder_of(module, sources)
        targets = {folder_of(target, sources) for target in imported_modules(module, sources)}
        imports[folder] = imports.get(folder, set()) | (targets - {folder})
    return circle_among(imports)


def outside_libraries(sources: Sources) -> set[str]:
    """The top-level names of every import that is neither Python's own nor ours."""
    heads = {name.split(".")[0] for module in sources for name in imported_names(module, sources)}
    return heads - sys.stdlib_module_names - {"handsum"}


def everything_below(module: str, sources: Sources) -> set[str]:
    """All our modules that come along with a module, itself included."""
    found, waiting = set(), [module]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(imported_modules(current, sources) & sources.keys() - {""})
    return found


def test_the_package_keeps_its_layers() -> None:
    assert layer_complaints(package_sources()) == []


def test_each_library_enters_by_its_door() -> None:
    assert door_complaints(package_sources()) == []


def test_no_module_imports_in_a_circle() -> None:
    assert circle_of_modules(package_sources()) == ""


def test_no_folder_imports_in_a_circle() -> None:
    assert circle_of_folders(package_sources()) == ""


def test_every_entry_is_needed() -> None:
    assert unused_entries(package_sources()) == []


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_only_the_command_line_knows_the_recipes(recipe: str) -> None:
    sources = package_sources()
    assert recipe in sources, f"handsum.{recipe} is gone; RECIPES names it"
    assert {module for module in sources if recipe in imported_modules(module, sources)} == {"cli.train"}


@pytest.mark.parametrize("module", sorted(NO_KERAS_BELOW))
def test_scoring_and_data_need_no_keras(module: str) -> None:
    sources = package_sources()
    assert module in sources, f"handsum.{module} is gone; NO_KERAS_BELOW names it"
    together = everything_below(module, sources)
    assert outside_libraries({name: sources[name] for name in together}).isdisjoint({"keras", "tensorflow"})


@pytest.mark.parametrize("held_out", sorted(HELD_OUT))
def test_what_measures_does_not_train(held_out: str) -> None:
    sources = package_sources()
    assert held_out in sources, f"handsum.{held_out} is gone; HELD_OUT names it"
    importers = {
        module
        for module in sources
        if any(target.startswith(held_out) for target in imported_modules(module, sources))
    }
    outside = {module for module in importers if not module.startswith((held_out, *MAY_MEASURE))}
    assert outside == set()


def test_the_libraries_that_the_package_imports_are_declared() -> None:
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    declared = set(re.findall(r"^[A-Za-z0-9_-]+", requirements, re.MULTILINE))
    distributions = {"PIL": "pillow", "cv2": "opencv-python-headless", "sv_ttk": "sv-ttk"}
    imported = outside_libraries(package_sources()) - OPTIONAL
    assert {distributions.get(name, name) for name in imported} <= declared
    assert OPTIONAL.isdisjoint(declared)


@pytest.mark.parametrize("library", sorted(OPTIONAL))
def test_optional_libraries_are_imported_inside_functions(library: str) -> None:
    for module, source in package_sources().items():
        at_the_top = {alias.name for node in ast.parse(source).body if isinstance(node, ast.Import)
                      for alias in node.names}  # fmt: skip
        assert library not in at_the_top, f"handsum.{module} cannot be imported without {library}"


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("ink", "from handsum.reader import Reader", "handsum.ink imports handsum.reader, which"),
        ("ink", "from .image import load", "handsum.ink imports handsum.image, which is not below it"),
        ("window.paper", "from .. import cli", "paper imports handsum.cli, which"),
        ("reader", "def f():\n    import handsum.training.networks", "handsum.training.networks, which"),
        ("digit", "from handsum import Reader", "handsum.digit imports names from handsum itself"),
        (
            "training.networks",
            "from handsum.window import paper",
            "handsum.window.paper, which is not below it",
        ),
        ("helpers", "", "handsum.helpers belongs to no layer"),
    ],
)
def test_the_walker_sees_what_goes_wrong(module: str, source: str, complaint: str) -> None:
    others = ["", "ink", "image", "digit", "reader", "cli", "window.paper", "training.networks"]
    complaints = layer_complaints({**dict.fromkeys(others, ""), module: source})
    assert len(complaints) == 1
    assert complaint in complaints[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("digit", "import onnxruntime"),
        ("reader", "import importlib\nimportlib.import_module('keras')"),
        ("cli.read", "import tkinter.ttk"),
        ("reader", "if TYPE_CHECKING:\n    from rich.console import Console"),
        ("image", "import skimage"),
    ],
)
def test_the_walker_sees_a_library_at_the_wrong_door(module: str, source: str) -> None:
    assert len(door_complaints({module: source})) == 1


def test_the_walker_sees_circles_of_folders_too() -> None:
    sources = {
        "": "",
        "training": "",
        "training.export": "from handsum.training.detector.network import detector",
        "training.detector": "",
        "training.detector.network": "",
        "training.detector.train": "from handsum.training import export",
    }
    assert circle_of_modules(sources) == ""
    assert set(circle_of_folders(sources).split(" → ")) == {"training.detector", "training.export"}


@pytest.mark.parametrize(
    ("module", "entries"),
    [
        ("digit", {"digit in LAYERS"}),
        ("levels", {"levels in FAMILIES"}),
        ("models", {"models in LAYERS", "onnxruntime → models in DOORS"}),
        ("cli.checks", {"cv2 → cli.checks in DOORS"}),
        ("cli.score", {"cli.score in MAY_MEASURE"}),
    ],
)
def test_the_walker_sees_what_nobody_needs(module: str, entries: set[str]) -> None:
    sources = package_sources()
    del sources[module]
    assert {
        entry.removesuffix(" allows what nobody does: drop it") for entry in unused_entries(sources)
    } == entries


def test_the_walker_lets_good_imports_pass() -> None:
    good = {
        "": "from importlib import import_module\nimport_module('handsum.reader')",
        "reading": "",
        "ink": "import numpy",
        "image": "from . import levels",
        "levels": "",
        "reader": "from handsum import __version__\nfrom handsum.ink import Ink",
        "cli": "import click",
        "cli.train": "from handsum.training import networks",
        "training": "",
        "training.networks": "import keras\nfrom handsum.reader import Reader",
    }
    assert layer_complaints(good) + door_complaints(good) == []
