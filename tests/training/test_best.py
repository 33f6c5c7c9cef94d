"""A short training of the best network from end to end, and one that was interrupted."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from handsum.errors import DataError
from handsum.reader import Reader
from handsum.training import best, pools
from handsum.training.augment import AugmentConfig
from handsum.training.best import (
    ALL_SOURCES,
    ALL_SOURCES_MILDLY,
    NETWORK_FILE,
    ONLY_MNIST,
    BestConfig,
    first_network,
    held_out_digits,
    phases,
    train_best,
)
from handsum.training.checkpoint import CHECKPOINT_FILE, Checkpoint, run_of
from handsum.training.data.folder import DATA_VARIABLE
from handsum.training.graphs.export import export
from handsum.training.mixture import MixedBatches, Phase
from handsum.training.pools import SOURCES, PoolConfig
from handsum.training.saved import open_network, save_network
from tests.samples import drawn_page
from tests.training.small_data import NUM_MNIST, NUM_TEST, write_data

NUM_EPOCHS, NUM_BATCHES = 2, 20
LEAST_RIGHT = 5  # of the ten digits; one would be chance

RESULTS = {
    "confusion_matrix.png",
    "digit.h5",
    "learning_curves.png",
    "metrics.json",
    "misread_digits.png",
}


class Here:
    """Stands in for the pool of processes."""

    def __init__(self, _num_workers: int | None) -> None:
        self.map = map

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where pools and results are; data are drawn digits."""
    data = write_data(tmp_path_factory.mktemp("data") / "data")
    remembered = (pools._digit_inks, pools._other_inks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(data))
        patch.setattr(pools, "ProcessPoolExecutor", Here)
        patch.setattr(pools, "CHUNK", 30)
        for inks in remembered:
            inks.cache_clear()
        yield tmp_path_factory.mktemp("runs")
    for inks in remembered:
        inks.cache_clear()


def config(folder: Path, name: str) -> BestConfig:
    return BestConfig(
        epochs=NUM_EPOCHS,
        batches_per_epoch=NUM_BATCHES,
        phases=(Phase(0.0, {"mnist": 20, "pens": 20, "made up": 8}, AugmentConfig(clean_share=0.5)),),
        seed=3,
        out=folder / name,
        pools_folder=folder / "pools",
        pools=PoolConfig(sizes={"pens": 60, "made up": 40}),
    )


@pytest.fixture(scope="module")
def trained(folder: Path) -> dict[str, Any]:
    """The metrics of a training that nothing interrupted."""
    return train_best(config(folder, "through"))


def weights_of(path: Path) -> list[Any]:
    weights: list[Any] = keras.models.load_model(path, compile=False).get_weights()
    return weights


def test_every_pool_of_a_batch_is_one_that_is_made() -> None:
    assert set(ALL_SOURCES_MILDLY) == {"mnist", *SOURCES} == {"mnist", *PoolConfig().sizes}
    assert set(ALL_SOURCES) < set(ALL_SOURCES_MILDLY)
    for counts in (ALL_SOURCES, ALL_SOURCES_MILDLY, ONLY_MNIST):
        assert sum(counts.values()) == 128


def test_a_run_begins_with_strong_distortions_and_ends_with_mild_ones() -> None:
    first, last = BestConfig().phases
    assert (first.counts, last.counts) == (ALL_SOURCES, ALL_SOURCES_MILDLY)
    assert first.start == 0 < last.start < 1
    assert first.augment.rotation_deg > last.augment.rotation_deg
    assert not BestConfig().only_mnist
    only = BestConfig(phases=phases(only_mnist=True))
    assert only.only_mnist
    # Mildly distorted in the end, MNIST alone would be learnt by heart.
    (phase,) = only.phases
    assert (phase.counts, phase.augment.rotation_deg) == (ONLY_MNIST, first.augment.rotation_deg)


def test_each_epoch_is_of_its_own_phase(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = MixedBatches.__getitem__

    def spy(batches: MixedBatches, index: int) -> Any:
        drawn.append(len(draw(batches, index)[0]))
        return draw(batches, index)

    monkeypatch.setattr(MixedBatches, "__getitem__", spy)
    two = (Phase(0.0, {"mnist": 9}), Phase(0.5, {"mnist": 4}))
    train_best(dataclasses.replace(config(folder, "phases"), batches_per_epoch=3, phases=two))
    # Before them Keras asks for one, to see its shape.
    assert drawn[-6:] == [9] * 3 + [4] * 3
    assert set(drawn[:-6]) == {9}


def test_what_is_held_out_is_mnists_writers_and_dev_pens(folder: Path) -> None:
    held_out = held_out_digits(with_pens=True)
    assert list(held_out.sets) == ["mnist", "pens"]
    pens, pen_labels = held_out.sets["pens"]
    assert sorted(pen_labels.tolist()) == sorted([*range(10)] * 2)
    assert (pens.shape, pens.dtype) == ((20, 28, 28), np.uint8)
    assert len(held_out.frames) == len(held_out.labels) == 20 + len(held_out.sets["mnist"][1])
    assert list(held_out_digits(with_pens=False).sets) == ["mnist"]


def test_trained_saved_exported_and_read_with(folder: Path, trained: dict[str, Any]) -> None:
    out = folder / "through"
    assert {path.name for path in out.iterdir()} == RESULTS
    kept = {path.name.rpartition("-")[0] for path in (folder / "pools").iterdir()}
    assert kept == {"pens-60-7", "made-up-40-7"}
    assert json.loads((out / "metrics.json").read_text(encoding="utf-8")) == trained
    export(out / "digit.h5", out.parent / "digit.onnx")
    reader = Reader(str(out.parent / "digit.onnx"))
    readings = [reader.read_page(drawn_page(digit)) for digit in range(10)]
    assert sum(reading.likeliest == digit for digit, reading in enumerate(readings)) >= LEAST_RIGHT
    assert sum(reading.label == digit for digit, reading in enumerate(readings)) >= LEAST_RIGHT
    assert reader.read_page(np.zeros((50, 50), np.uint8)).is_blank


def test_the_metrics_are_complete(folder: Path, trained: dict[str, Any]) -> None:
    assert set(trained) == {
        "recipe", "config", "split", "calibration", "history", "held_out", "test", "missed_at_first_look",
        "seconds", "machine",
    }  # fmt: skip
    assert trained["recipe"] == "best"
    split = trained["split"]
    assert (split["by"], split["fitted"] + split["held_out"]) == ("writer", NUM_MNIST)
    assert trained["config"]["seed"] == 3
    assert trained["config"]["pools"]["sizes"] == {"pens": 60, "made up": 40}
    assert set(trained["history"]) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert {len(values) for values in trained["history"].values()} == {NUM_EPOCHS}
    assert set(trained["held_out"]) == {"mnist", "pens"}
    assert trained["test"]["num_images"] == NUM_TEST
    assert set(trained["missed_at_first_look"]) == {"mnist", "pens", "test"}
    assert all(missed < NUM_TEST for missed in trained["missed_at_first_look"].values())
    assert trained["test"]["accuracy"] == pytest.approx(1 - trained["test"]["num_missed"] / NUM_TEST)
    assert 0.2 <= trained["calibration"]["temperature"] <= 5
    assert 0 < trained["calibration"]["least_digit_probability"] <= 0.5
    assert trained["machine"]["keras"] == keras.__version__
    assert trained["seconds"] > 0
    assert str(folder) not in json.dumps(trained)


class InterruptedCheckpoint(Checkpoint):
    """Ctrl-C within the second epoch."""

    _epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if (self._epoch, batch) == (1, 5):
            raise KeyboardInterrupt


def test_interrupted_and_resumed_is_as_if_nothing_had_happened(
    folder: Path,
    trained: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = config(folder, "interrupted")
    with monkeypatch.context() as patch:
        patch.setattr(best, "Checkpoint", InterruptedCheckpoint)
        with pytest.raises(KeyboardInterrupt):
            train_best(asked)
    assert [path.name for path in asked.out.iterdir()] == [CHECKPOINT_FILE]
    # The pools that the first run left serve this one.
    monkeypatch.delattr(pools, "_build")
    resumed = train_best(asked)
    assert f"Going on after epoch 1 of {NUM_EPOCHS}." in capsys.readouterr().out
    for name, values in trained["history"].items():
        assert resumed["history"][name] == pytest.approx(values, abs=1e-4)
    pairs = zip(weights_of(folder / "through" / "digit.h5"), weights_of(asked.out / "digit.h5"), strict=True)
    assert max(np.abs(one - other).max() for one, other in pairs) < 1e-5
    assert resumed["test"] == trained["test"]


def small(folder: Path, name: str, **changes: Any) -> BestConfig:
    """A run of seconds, on MNIST alone."""
    few = dataclasses.replace(config(folder, name), batches_per_epoch=3, phases=phases(only_mnist=True))
    return dataclasses.replace(few, **changes)


def test_a_finished_run_is_not_taken_for_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = small(folder, "twice")
    for seed in (1, 2):
        metrics = train_best(dataclasses.replace(asked, seed=seed))
        assert metrics["config"]["seed"] == seed
        assert len(metrics["history"]["loss"]) == NUM_EPOCHS
        (asked.out / NETWORK_FILE).rename(asked.out / f"{seed}-{NETWORK_FILE}")
    assert "Going on" not in capsys.readouterr().out
    first, second = (weights_of(asked.out / f"{seed}-{NETWORK_FILE}") for seed in (1, 2))
    assert not any(np.array_equal(*pair) for pair in zip(first[::5], second[::5], strict=True))


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"seed": 4}, "seed 3, not 4"),
        ({"width_multiplier": 2}, "width_multiplier 1, not 2"),
        ({"phases": phases(only_mnist=False)}, "recipe 'best, MNIST only', not 'best'"),
        ({"label_smoothing": 0.1}, "label_smoothing 0.02, not 0.1"),
    ],
)
def test_no_run_goes_on_from_anothers_checkpoint(
    folder: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], difference: str
) -> None:
    asked = small(folder, "begun")
    asked.out.mkdir(exist_ok=True)
    np.savez(asked.out / CHECKPOINT_FILE, run=np.array(json.dumps(run_of(asked.recipe, asked))))
    monkeypatch.delattr(best, "build_pools")  # hours of drawing must not come first
    with pytest.raises(DataError, match=difference):
        train_best(dataclasses.replace(asked, **changes))


def test_a_run_goes_on_from_anothers_weights_where_layers_are_alike(
    folder: Path, trained: dict[str, Any]
) -> None:
    learnt = open_network(folder / "through" / NETWORK_FILE, recipe="best")
    other = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, use_bias=False, name="conv1"),
            keras.layers.Conv2D(8, 3, use_bias=False, name="conv2"),
        ]
    )
    other.get_layer("conv1").set_weights(learnt.get_layer("conv1").get_weights())
    (folder / "other").mkdir()
    save_network(other, folder / "other" / NETWORK_FILE)
    asked = config(folder, "further")
    same = first_network(dataclasses.replace(asked, start_from=folder / "through"))
    assert all(map(np.array_equal, same.get_weights(), learnt.get_weights()))
    partly = first_network(dataclasses.replace(asked, start_from=folder / "other"))
    (begun,), (taken,) = (network.get_layer("conv1").get_weights() for network in (partly, other))
    assert np.array_equal(begun, taken)
    assert partly.get_layer("conv2").filters == 32


def test_a_run_to_start_from_must_be_of_the_same_width(folder: Path, trained: dict[str, Any]) -> None:
    asked = dataclasses.replace(config(folder, "wide"), start_from=folder / "through", width_multiplier=2)
    with pytest.raises(DataError, match="1 times the shipped one's channels, not 2"):
        first_network(asked)


def test_a_teacher_has_a_say(folder: Path, trained: dict[str, Any]) -> None:
    asked = dataclasses.replace(config(folder, "taught"), teacher=folder / "through", epochs=1)
    taught = train_best(asked)
    alone = train_best(dataclasses.replace(asked, out=folder / "untaught", teacher=None))
    assert taught["config"]["teacher"] == "through"
    assert taught["history"]["loss"] != alone["history"]["loss"]
    missing = dataclasses.replace(asked, out=folder / "none", teacher=folder / "gone")
    with pytest.raises(DataError, match="no file"):
        train_best(missing)


def test_a_run_to_start_from_must_be_there_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file"):
        train_best(dataclasses.replace(config(tmp_path, "none"), start_from=tmp_path / "gone"))
    assert list(tmp_path.iterdir()) == []


def test_without_ink_that_is_said_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.delattr(best, "load_mnist")
    with pytest.raises(DataError, match=DATA_VARIABLE):
        train_best(dataclasses.replace(config(tmp_path, "none"), phases=phases(only_mnist=False)))
    assert list(tmp_path.iterdir()) == []
