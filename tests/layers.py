"""Which part of the package may import which, and by which door each outside library comes in.

A line holds its answer, and so arithmetic stands at the bottom: arithmetic, errors → reading → ink, image,
layout → models, sense, sheet → digit, lines → symbols → reader → window → cli. The trainer stands apart:
nobody imports it but the command line, and it reads only what TRAINING_MAY_IMPORT names. An entry that allows
what nobody does could never fail: `unused_entries` tells.
"""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase

from tests.import_walker import Sources, imported_modules, imported_names

# Lowest first. A part is a module of the package, a folder of modules, or a family of files that
# belong together (FAMILIES). A part may import the parts on lower rows only; inside a part, any.
LAYERS: list[set[str]] = [
    {"arithmetic", "atomic", "errors", "strokes"},
    {"reading"},
    {"ink", "image", "layout"},
    {"models", "sense", "annotate", "sheet"},
    {"digit", "redrawn", "lines"},
    {"symbols"},
    {"reader"},
    {"window"},
    {"cli"},
    {"__main__"},
]
FAMILIES = {"illumination": "image", "image_file": "image", "levels": "image", "lettering": "annotate"}
TRAINING_MAY_IMPORT = {"atomic", "errors", "strokes", "reading", "ink", "image", "models", "reader"}
MAY_IMPORT_TRAINING = {"cli"}
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
# What measures must not train: only these may import the damage and the non-digits held out for measuring.
HELD_OUT = {"training.scoring.corruptions", "training.scoring.non_digits"}
MAY_MEASURE = {
    "cli.score",
    "training.scoring.robustness",
    "training.scoring.rejection",
    "training.scoring.scorecard",
}


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
        f"handsum.{module} belongs to no layer: name it in tests/layers.py and docs/architecture.md"
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
