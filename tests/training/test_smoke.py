"""A short training from end to end: trained, saved, exported, compared; repeated; and interrupted."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from handsum.errors import DataError
from handsum.ink import render
from handsum.reader import Reader
from handsum.training import train as training
from handsum.training.checkpoint import CHECKPOINT_FILE
from handsum.training.data.mnist import load_mnist, load_writers
from handsum.training.graphs.export import export
from handsum.training.train import BEST_FILE, TrainConfig, fit, predict, train
from tests.samples import as_frames, drawn_ink

NUM_TRAIN, NUM_TEST = 6_000, 1_000
NUM_TINY = 600
RESULTS = {"metrics.json", "learning_curves.png", "confusion_matrix.png", "misread_digits.png", BEST_FILE}

# Six thousand images, a few epochs: seen 96-97 %; drawn digits are easier.
LEAST_ACCURACY = 0.93

Digits = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def drawn_digits(num: int, seed: int) -> Digits:
    """Digits in MNIST's form, drawn in many sizes, places and slants, where MNIST is not at hand."""
    rng, labels = np.random.default_rng(seed), np.arange(num) % 10
    pages = []
    for label in labels:
        ink = drawn_ink(int(label), scale=rng.uniform(0.08, 0.12), pen_px=rng.uniform(1.5, 3.5))
        pages.append(render(ink.moved(*rng.uniform(4, 11, 2)), width_px=28, height_px=28))
    return np.stack(pages), labels.astype(np.uint8)


def some_digits(split: Any) -> Digits:
    num, seed = (NUM_TRAIN, 0) if split == "train" else (NUM_TEST, 1)
    if not os.environ.get("HANDSUM_DATA"):
        return drawn_digits(num, seed)
    # Never the test set: the last training images stand for it.
    images, labels = load_mnist("train")
    return (images[:num], labels[:num]) if split == "train" else (images[-num:], labels[-num:])


def some_writers(split: Any) -> NDArray[np.uint16] | None:
    writers = load_writers(split) if os.environ.get("HANDSUM_DATA") else None
    return None if writers is None else writers[:NUM_TRAIN]


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training sees a few thousand digits only."""
    monkeypatch.setattr(training, "load_mnist", some_digits)
    monkeypatch.setattr(training, "load_writers", some_writers)


@pytest.fixture
def very_few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few hundred drawn ones."""
    monkeypatch.setattr(training, "load_mnist", lambda split: drawn_digits(NUM_TINY, 2 + (split == "test")))
    monkeypatch.setattr(training, "load_writers", lambda split: np.arange(NUM_TINY) // 10)


def config(folder: Path, **changes: Any) -> TrainConfig:
    return TrainConfig(**{"out": folder / "results", "model_path": folder / "some.h5", **changes})


@pytest.mark.usefixtures("few_digits")
def test_trained_saved_exported_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = config(tmp_path, epochs=4, batch_size=64)
    metrics = train(asked)
    said = capsys.readouterr().out
    assert f"The network is in {asked.model_path}, its results in {asked.out}." in said
    assert {path.name for path in asked.out.iterdir()} == RESULTS
    assert json.loads((asked.out / "metrics.json").read_text(encoding="utf-8")) == metrics
    assert_metrics_are_complete(metrics)

    images, labels = some_digits("test")
    network = keras.models.load_model(asked.model_path)
    right = predict(network, images).argmax(axis=1) == labels
    assert right.mean() == pytest.approx(metrics["test"]["accuracy"], abs=1e-9)
    assert metrics["test"]["num_missed"] == (~right).sum()
    assert right.mean() > LEAST_ACCURACY

    export(asked.model_path, tmp_path / "some.onnx")
    reader = Reader(str(tmp_path / "some.onnx"))
    assert np.abs(reader.read_frames(as_frames(images)) - predict(network, images)).max() <= 1e-5
    readings = reader.read_digits(images)
    assert (
        np.mean([reading.label == label for reading, label in zip(readings, labels, strict=True)])
        > LEAST_ACCURACY
    )


def assert_metrics_are_complete(metrics: dict[str, Any]) -> None:
    assert {len(values) for values in metrics["history"].values()} == {4}
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= set(metrics["history"])
    assert metrics["split"]["fitted"] + metrics["split"]["held_out"] == NUM_TRAIN
    assert metrics["held_out_accuracy"] == pytest.approx(max(metrics["history"]["val_accuracy"]), abs=1e-6)
    assert metrics["test"]["num_images"] == NUM_TEST
    assert metrics["config"]["seed"] == 1
    assert metrics["images_per_second"] > 0
    assert metrics["machine"]["keras"] == keras.__version__
    assert str(Path.home()) not in json.dumps(metrics)


def test_quick_is_two_epochs_at_most(tmp_path: Path) -> None:
    assert config(tmp_path, quick=True).num_epochs == 2
    assert config(tmp_path, quick=True, epochs=1).num_epochs == 1
    assert config(tmp_path, epochs=3).num_epochs == 3


@pytest.mark.usefixtures("very_few_digits")
def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    # Fewer steps than the moving average has room for.
    asked = [config(tmp_path, epochs=2, batch_size=100, seed=seed) for seed in (3, 3, 4)]
    first, again, other = (fit(one).network.get_weights() for one in asked)
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    assert not any(np.array_equal(*pair) for pair in zip(first[::2], other[::2], strict=True))


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C at a batch of an epoch."""

    def __init__(self, epoch: int, batch: int) -> None:
        super().__init__()
        self._at, self._epoch = (epoch, batch), 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if (self._epoch, batch) == self._at:
            raise KeyboardInterrupt


@pytest.mark.usefixtures("very_few_digits")
@pytest.mark.parametrize(
    ("epoch", "sentence", "left"),
    [
        (0, "Stopped within the first epoch", {BEST_FILE}),
        (2, "Stopped; the same command goes on after the last whole epoch.", {BEST_FILE, CHECKPOINT_FILE}),
    ],
)
def test_ctrl_c_keeps_the_weights_so_far(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    epoch: int,
    sentence: str,
    left: set[str],
) -> None:
    asked = config(tmp_path, epochs=4)
    asked.model_path.write_bytes(b"the network of before")
    monkeypatch.setattr(training, "fit", lambda config: fit(config, [Interrupt(epoch, 1)]))
    with pytest.raises(KeyboardInterrupt):
        train(asked)
    assert asked.model_path.read_bytes() == b"the network of before"
    said = capsys.readouterr().out
    assert sentence in said
    assert said.rstrip().endswith(f"{asked.out / 'best.h5'}.")
    assert {path.name for path in asked.out.iterdir()} == left
    weights = keras.models.load_model(asked.out / "best.h5").get_weights()
    assert all(np.isfinite(weight).all() for weight in weights)
    export(asked.out / "best.h5", tmp_path / "best.onnx")


@pytest.mark.usefixtures("very_few_digits")
def test_interrupted_and_resumed_is_as_if_nothing_had_happened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    through = fit(config(tmp_path / "through", epochs=4))
    asked = config(tmp_path / "interrupted", epochs=4)
    for epoch in (1, 3):
        with pytest.raises(KeyboardInterrupt):
            fit(asked, [Interrupt(epoch, 1)])
    # What was best before is best still, though no later epoch is as good as that.
    resumed = fit(asked)
    assert "Going on after epoch 3 of 4." in capsys.readouterr().out
    assert resumed.history == through.history
    assert {len(values) for values in resumed.history.values()} == {4}
    pairs = zip(resumed.network.get_weights(), through.network.get_weights(), strict=True)
    assert all(np.array_equal(mine, theirs) for mine, theirs in pairs)
    assert [path.name for path in asked.out.iterdir()] == [BEST_FILE]


@pytest.mark.usefixtures("very_few_digits")
def test_another_run_does_not_go_on_from_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fit(config(tmp_path, epochs=4), [Interrupt(1, 1)])
    for changes, difference in (
        ({"seed": 2}, "seed 1, not 2"),
        ({"batch_size": 64}, "batch_size 128, not 64"),
        ({"quick": True}, "recipe 'classic', not 'classic, quick'"),
    ):
        with pytest.raises(DataError, match=difference):
            fit(config(tmp_path, **{"epochs": 4, **changes}))


@pytest.mark.usefixtures("very_few_digits")
def test_the_network_given_back_is_the_one_that_was_best(tmp_path: Path) -> None:
    fitted = fit(config(tmp_path, epochs=3))
    saved = keras.models.load_model(tmp_path / "results" / "best.h5")
    pairs = zip(fitted.network.get_weights(), saved.get_weights(), strict=True)
    assert all(np.array_equal(mine, theirs) for mine, theirs in pairs)
    images, labels = drawn_digits(NUM_TINY, 2)
    held_out = fitted.split.held_out
    accuracy = np.mean(predict(fitted.network, images[held_out]).argmax(axis=1) == labels[held_out])
    assert accuracy == pytest.approx(max(fitted.history["val_accuracy"]), abs=1e-6)
