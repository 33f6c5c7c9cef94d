"""`handsum train` and `handsum export` hand their options on; training itself is tested elsewhere."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from handsum.cli import extras, main
from handsum.errors import DataError


@dataclass(frozen=True)
class TrainConfig:
    """The same names and defaults as the real one, without Keras."""

    epochs: int = 20
    batch_size: int = 128
    seed: int = 1
    out: Path = Path("results")
    model_path: Path = Path("mnist.h5")
    quick: bool = False


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[TrainConfig]:
    """What training was asked for, instead of training."""
    asked: list[TrainConfig] = []
    fake: Any = ModuleType("handsum.training.train")
    fake.TrainConfig, fake.train = TrainConfig, asked.append
    monkeypatch.setitem(sys.modules, "handsum.training.train", fake)
    return asked


def test_without_options_the_defaults_are_the_configurations(trained: list[TrainConfig]) -> None:
    assert CliRunner().invoke(main, ["train"]).exit_code == 0
    assert trained == [TrainConfig()]


def test_options_are_handed_on(trained: list[TrainConfig]) -> None:
    arguments = ["train", "--epochs", "3", "--seed", "0", "--batch-size", "64", "--out", "runs/a", "--quick"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert trained == [TrainConfig(3, 64, 0, Path("runs/a"), Path("runs/a/mnist.h5"), True)]


@pytest.mark.parametrize("arguments", [["--epochs", "0"], ["--seed", "-1"], ["--batch-size", "x"]])
def test_what_makes_no_sense_is_bad_usage(trained: list[TrainConfig], arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["train", *arguments]).exit_code == 2
    assert trained == []


def test_the_configuration_has_these_names() -> None:
    source = Path(extras.__file__).parents[1] / "training" / "train.py"
    text = source.read_text(encoding="utf-8")
    assert all(f"    {name}: " in text for name in TrainConfig.__dataclass_fields__)


# The best recipe


@dataclass(frozen=True)
class BestConfig:
    """The same names as the real one, without Keras."""

    epochs: int = 50
    seed: int = 1
    out: Path = Path("results")
    pools_folder: Path | None = None
    phases: str = "all sources"
    start_from: Path | None = None
    peak_learning_rate: float = 4e-3
    bfloat16: bool = False
    width_multiplier: int = 1


@pytest.fixture
def trained_best(monkeypatch: pytest.MonkeyPatch) -> list[BestConfig]:
    """What the best recipe was asked for, instead of training."""
    asked: list[BestConfig] = []
    fake: Any = ModuleType("handsum.training.best")
    fake.BestConfig, fake.train_best = BestConfig, asked.append
    fake.phases = lambda only_mnist: "MNIST" if only_mnist else "all sources"
    monkeypatch.setitem(sys.modules, "handsum.training.best", fake)
    return asked


def test_the_best_recipe_has_its_own_defaults(trained_best: list[BestConfig]) -> None:
    assert CliRunner().invoke(main, ["train", "--recipe", "best"]).exit_code == 0
    assert trained_best == [BestConfig()]


def test_options_of_the_best_recipe_are_handed_on(trained_best: list[BestConfig], tmp_path: Path) -> None:
    arguments = ["--epochs", "3", "--seed", "0", "--out", "runs/b", "--pools", "kept", "--only-mnist"]
    arguments += ["--start-from", str(tmp_path), "--peak-learning-rate", "0.002", "--bfloat16"]
    arguments += ["--width-multiplier", "2"]
    assert CliRunner().invoke(main, ["train", "--recipe", "best", *arguments]).exit_code == 0
    assert trained_best == [BestConfig(3, 0, Path("runs/b"), Path("kept"), "MNIST", tmp_path, 0.002, True, 2)]


@pytest.mark.parametrize(
    ("recipe", "option"),
    [
        ("best", ["--quick"]),
        ("best", ["--batch-size", "64"]),
        ("classic", ["--only-mnist"]),
        ("classic", ["--pools", "kept"]),
        ("classic", ["--start-from", "."]),
        ("classic", ["--bfloat16"]),
        ("page", ["--width-multiplier", "2"]),
        ("best", ["--share-of-start", "0.5"]),
    ],
)
def test_options_of_the_other_recipe_are_bad_usage(
    trained: list[TrainConfig], trained_best: list[BestConfig], recipe: str, option: list[str]
) -> None:
    done = CliRunner().invoke(main, ["train", "--recipe", recipe, *option])
    assert done.exit_code == 2
    assert f"{option[0]} is not for the recipe {recipe}." in done.stderr
    assert (trained, trained_best) == ([], [])


def test_an_unknown_recipe_is_bad_usage(trained: list[TrainConfig]) -> None:
    done = CliRunner().invoke(main, ["train", "--recipe", "worst"])
    assert done.exit_code == 2
    assert "'classic', 'best'" in done.stderr
    assert trained == []


def test_help_tells_of_both_recipes_and_of_the_data() -> None:
    done = CliRunner().invoke(main, ["train", "--help"])
    assert done.exit_code == 0
    for word in ("--recipe [classic|best|page]", "--only-mnist", "--pools", "HANDSUM_DATA", "handsum export"):
        assert word in " ".join(done.stdout.split())


def test_the_best_configuration_has_these_names() -> None:
    source = Path(extras.__file__).parents[1] / "training" / "best.py"
    text = source.read_text(encoding="utf-8")
    assert all(f"    {name}: " in text for name in BestConfig.__dataclass_fields__)


def test_the_best_recipe_without_ink_says_where_it_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HANDSUM_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["train", "--recipe", "best"])
    assert done.exit_code == 1
    assert done.stderr.startswith("handsum: Ink to train on is looked for in the folder that HANDSUM_DATA")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["train", "export"])
def test_without_keras_one_line_says_what_to_install(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mnist.h5").touch()
    done = CliRunner().invoke(main, [command])
    assert done.exit_code == 1
    assert done.stderr.startswith("handsum: ")
    assert 'pip install ".[train]"' in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("raised", "exit_code"), [(KeyboardInterrupt(), 130), (DataError("No MNIST here."), 1)]
)
def test_how_training_ends_early(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, exit_code: int
) -> None:
    def fail(_config: TrainConfig) -> None:
        raise raised

    fake: Any = ModuleType("handsum.training.train")
    fake.TrainConfig, fake.train = TrainConfig, fail
    monkeypatch.setitem(sys.modules, "handsum.training.train", fake)
    done = CliRunner().invoke(main, ["train"])
    assert done.exit_code == exit_code
    assert done.stderr in ("", "handsum: No MNIST here.\n")


@pytest.mark.parametrize(
    ("arguments", "source", "target"),
    [
        ([], "mnist.h5", "mnist.onnx"),
        (["a/b.h5"], "a/b.h5", "a/b.onnx"),
        (["--out", "x.onnx"], "mnist.h5", "x.onnx"),
    ],
)
def test_export_hands_on_its_paths(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], source: str, target: str
) -> None:
    exported = []

    def export(model: Path, graph: Path) -> None:
        exported.append((model, graph))
        graph.write_bytes(b"graph")

    monkeypatch.setattr("handsum.training.graphs.export.export", export)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / source).touch()
    done = CliRunner().invoke(main, ["export", *arguments])
    assert done.exit_code == 0, done.stderr
    assert exported == [(Path(source), Path(target))]
    assert target in done.stdout


def test_export_without_a_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["export"])
    assert done.exit_code == 1
    assert "handsum train" in done.stderr
