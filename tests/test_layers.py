"""Imports go downwards only, each outside library enters by one door, and no recipe knows another."""

from __future__ import annotations

import ast
import re

import pytest

from tests.import_walker import (
    ROOT,
    circle_of_folders,
    circle_of_modules,
    everything_below,
    imported_modules,
    outside_libraries,
    package_sources,
)
from tests.layers import HELD_OUT, MAY_MEASURE, door_complaints, layer_complaints, unused_entries

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
