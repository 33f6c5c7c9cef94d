"""Checkpoints: an interrupted run ends as if it had gone through, and no run goes on with another's."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from handsum.errors import DataError
from handsum.training.augment import AugmentConfig
from handsum.training.averaging import AveragedWeights
from handsum.training.best import BestConfig
from handsum.training.callbacks import OneCycle
from handsum.training.checkpoint import CHECKPOINT_FILE, PLACES, Checkpoint, run_of
from handsum.training.detector.train import DetectorConfig
from handsum.training.train import TrainConfig

NUM_STEPS, NUM_EPOCHS = 6, 4
RUN = {"recipe": "tiny", "epochs": NUM_EPOCHS, "seed": 1, "phases": [{"start": 0.0}]}


class Run:
    """A network, its average and its checkpoint, as training puts them together."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        keras.utils.set_random_seed(5)
        self.network = keras.Sequential(
            [
                keras.Input((3,)),
                keras.layers.Dense(4, use_bias=False),
                keras.layers.BatchNormalization(),
                keras.layers.Dense(2),
            ]
        )
        schedule = OneCycle(0.05, NUM_STEPS * NUM_EPOCHS)
        self.network.compile(keras.optimizers.AdamW(schedule, weight_decay=0.01), loss="mse", metrics=["mae"])
        self.average = AveragedWeights(0.9)
        self.checkpoint = Checkpoint(folder, {**RUN, **changes}, self.average)

    def go(self, *more: keras.callbacks.Callback, first: int = 0, last: int = NUM_EPOCHS) -> None:
        rng = np.random.default_rng(0)
        frames, wanted = rng.normal(size=(8 * NUM_STEPS, 3)), rng.normal(size=(8 * NUM_STEPS, 2))
        self.network.fit(
            frames,
            wanted,
            batch_size=8,
            initial_epoch=first,
            epochs=last,
            shuffle=False,
            validation_data=(frames[:8], wanted[:8]),
            callbacks=[self.average, self.checkpoint, *more],
            verbose=0,
        )


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C in the middle of the third epoch."""

    _epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if (self._epoch, batch) == (2, 3):
            raise KeyboardInterrupt


def assert_same(mine: list[Any], theirs: list[Any]) -> None:
    for one, other in zip(mine, theirs, strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-6)


@pytest.fixture(scope="module")
def through(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing interrupted."""
    run = Run(tmp_path_factory.mktemp("through") / "new")
    run.go()
    return run


def test_an_interrupted_run_ends_as_if_it_had_gone_through(
    tmp_path: Path, through: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        Run(tmp_path).go(Interrupt())
    assert [file.name for file in tmp_path.iterdir()] == [CHECKPOINT_FILE]
    resumed = Run(tmp_path)
    num_done = resumed.checkpoint.resume(resumed.network)
    assert num_done == 2
    assert capsys.readouterr().out == "Going on after epoch 2 of 4.\n"
    resumed.go(first=num_done)
    assert_same(resumed.network.get_weights(), through.network.get_weights())
    assert resumed.average.average is not None
    assert through.average.average is not None
    assert_same(resumed.average.average, through.average.average)
    assert resumed.average.num_updates == through.average.num_updates == NUM_EPOCHS * 2
    assert int(resumed.network.optimizer.iterations) == NUM_STEPS * NUM_EPOCHS
    history = through.checkpoint.history
    assert set(history) == set(resumed.checkpoint.history) == {"loss", "mae", "val_loss", "val_mae"}
    for name, values in history.items():
        assert len(values) == NUM_EPOCHS
        assert resumed.checkpoint.history[name] == pytest.approx(values, abs=1e-5)


def test_a_run_whose_epochs_are_all_done_is_restored_whole(through: Run) -> None:
    again = Run(through.checkpoint._path.parent)
    assert again.checkpoint.resume(again.network) == NUM_EPOCHS
    assert_same(again.network.get_weights(), through.network.get_weights())
    again.average.set_model(again.network)
    again.average.settle()
    assert through.average.average is not None
    assert_same(again.network.get_weights(), through.average.average)


def test_without_a_checkpoint_training_begins_at_the_beginning(tmp_path: Path) -> None:
    run = Run(tmp_path)
    before = run.network.get_weights()
    assert run.checkpoint.resume(run.network) == 0
    assert_same(before, run.network.get_weights())
    assert run.average.average is None


# Whose run it is


def refused(folder: Path, **changes: Any) -> str:
    """The sentence with which a checkpoint is refused."""
    with pytest.raises(DataError) as caught:
        Run(folder, **changes)
    sentence = str(caught.value)
    assert sentence.startswith(f"{folder / CHECKPOINT_FILE} is of ")
    assert sentence.endswith(": choose another --out, or delete it to begin anew.")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("changes", "differences"),
    [
        ({"seed": 2}, "seed 1, not 2"),
        # The learning rate's cycle spans all epochs: of another length, neither run would come of it.
        ({"epochs": 9}, "epochs 4, not 9"),
        ({"phases": [{"start": 0.5}]}, "other phases"),
        ({"seed": 2, "start_from": "best-seed1"}, "seed 1, not 2; start_from None, not 'best-seed1'"),
        ({"recipe": "page", "seed": 2, "tiles": {}}, "recipe 'tiny', not 'page'"),
    ],
)
def test_a_checkpoint_is_for_its_own_run_alone(
    through: Run, changes: dict[str, Any], differences: str
) -> None:
    folder = through.checkpoint._path.parent
    before = (folder / CHECKPOINT_FILE).read_bytes()
    assert f"is of another run ({differences}):" in refused(folder, **changes)
    assert (folder / CHECKPOINT_FILE).read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"PK\x03\x04" + bytes(60)], ids=["empty", "other", "cut"]
)
def test_a_damaged_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CHECKPOINT_FILE).write_bytes(content)
    assert "a run that it does not name" in refused(tmp_path)


def test_a_checkpoint_of_before_they_named_their_run_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / CHECKPOINT_FILE, epoch=np.array(2), seconds=np.array(1.0))
    assert "a run that it does not name" in refused(tmp_path)


def test_once_removed_a_run_begins_anew(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.checkpoint.remove()  # there need be none
    run.go(last=1)
    assert run.checkpoint.is_there
    run.checkpoint.remove()
    other = Run(tmp_path, seed=2)
    assert other.checkpoint.resume(other.network) == 0


@pytest.mark.parametrize(
    "config", [TrainConfig(), BestConfig(), DetectorConfig()], ids=lambda c: type(c).__name__
)
def test_all_of_a_configuration_but_its_folders_makes_the_run(config: Any) -> None:
    names = {field.name for field in dataclasses.fields(config)}
    run = run_of("some", config)
    assert run.keys() == {"recipe", *names - PLACES}
    assert {"epochs", "seed"} < run.keys()
    elsewhere = dataclasses.replace(config, **{name: Path("elsewhere") for name in names & PLACES})
    assert run_of("some", elsewhere) == run
    assert run_of("other", config) != run
    assert run_of("some", dataclasses.replace(config, seed=7)) != run


def test_settings_within_settings_count_too() -> None:
    mild = TrainConfig(augment=AugmentConfig(rotation_deg=1.0))
    assert run_of("some", mild) != run_of("some", TrainConfig())
    assert run_of("some", BestConfig(start_from=Path("a/b"))) != run_of("some", BestConfig())
