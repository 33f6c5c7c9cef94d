"""What imports what in the package, read from its source: nothing is imported to find out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The package itself gives its version to anyone, and the public names lazily to whoever is outside.
NAMES_OF_THE_PACKAGE = {"__version__"}

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
