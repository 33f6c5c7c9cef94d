"""The rules of the layers can fail: each kind of wrong import is seen, and good ones pass."""

from __future__ import annotations

import pytest

from tests.import_walker import circle_of_folders, circle_of_modules, package_sources
from tests.layers import door_complaints, layer_complaints, unused_entries


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
