"""Checkpoints: whatever a run of any recipe needs to go on after its last whole epoch, in one file.

Only the run that a checkpoint is of goes on from it: another would end with that one's weights under its own
name. The number of epochs counts, too, since the learning rate's cycle spans them all: half of a long run and
the rest of a short one are neither. Once a run has its results its checkpoint is taken away, and who starts
it again gets it anew.
"""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from handsum.atomic import whole_file
from handsum.errors import DataError
from handsum.training import report

CHECKPOINT_FILE = "checkpoint.npz"

# Where a run reads and writes does not change what comes of it.
PLACES = frozenset(["out", "model_path", "pools_folder", "pages_folder"])

# Lists of arrays by name.
State = dict[str, list[Any]]


class Carried(Protocol):
    """What a run has learnt beside the network and its optimizer."""

    def state(self) -> State:
        """All of it."""

    def go_back(self, state: State) -> None:
        """Take the place of the one whose state this was."""


def run_of(recipe: str, config: Any) -> dict[str, Any]:
    """What makes a run, as JSON values: the recipe and its configuration, but for the folders it uses."""
    values = report.plain(config)
    return {"recipe": recipe} | {name: value for name, value in values.items() if name not in PLACES}


class Checkpoint(keras.callbacks.Callback):
    """Saves everything that a run needs to go on, after every epoch, as plain arrays."""

    def __init__(self, folder: Path, run: Mapping[str, Any], carried: Carried) -> None:
        """A checkpoint in a folder of results; `run` is what `run_of` gives.

        Raises:
            DataError: one is there already, and of another run.
        """
        super().__init__()
        self._path = folder / CHECKPOINT_FILE
        self._run = run
        self._carried = carried
        self.history: dict[str, list[float]] = {}
        # Of the epochs that are done, in this process and those before it.
        self.seconds = 0.0
        self._refuse_another_run()

    @property
    def is_there(self) -> bool:
        """Whether there is anything to go on from."""
        return self._path.is_file()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._started_s = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.seconds += time.perf_counter() - self._started_s
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        state = {
            "weight": self.model.get_weights(),
            "optimizer": [_plain(variable) for variable in self.model.optimizer.variables],
            **self._carried.state(),
        }
        arrays: dict[str, Any] = {
            "run": np.array(json.dumps(self._run)),
            "epoch": np.array(epoch + 1),
            "seconds": np.array(self.seconds),
            **{f"{name} {number}": value for name in state for number, value in enumerate(state[name])},
            **{f"history {name}": np.array(values) for name, values in self.history.items()},
        }
        with whole_file(self._path) as part, part.open("wb") as file:
            np.savez(file, **arrays)

    def resume(self, network: keras.Model) -> int:
        """Go back to the saved state, if there is one, and say so; return how many epochs are done."""
        if not self.is_there:
            return 0
        network.optimizer.build(network.trainable_variables)
        with np.load(self._path) as arrays:
            network.set_weights(_in_order("weight", arrays))
            saved = _in_order("optimizer", arrays)
            for variable, value in zip(network.optimizer.variables, saved, strict=True):
                variable.assign(value)
            self._carried.go_back({name: _in_order(name, arrays) for name in self._carried.state()})
            self.seconds = float(arrays["seconds"])
            self.history = {
                name.removeprefix("history "): arrays[name].tolist()
                for name in arrays.files
                if name.startswith("history ")
            }
            num_done = int(arrays["epoch"])
        print(f"Going on after epoch {num_done} of {self._run['epochs']}.")
        return num_done

    def remove(self) -> None:
        """Once the run has its results: who starts it again wants it anew."""
        self._path.unlink(missing_ok=True)

    def _refuse_another_run(self) -> None:
        if not self.is_there:
            return
        kept, asked = _kept_run(self._path), json.loads(json.dumps(self._run))
        if kept == asked:
            return
        other = f"another run ({_differences(kept, asked)})" if kept else "a run that it does not name"
        raise DataError(f"{self._path} is of {other}: choose another --out, or delete it to begin anew.")


def _kept_run(path: Path) -> dict[str, Any]:
    """What makes the run that a checkpoint is of; nothing if it does not say so, as older ones do not."""
    try:
        # Opened here, since numpy leaves a damaged archive open.
        with path.open("rb") as file, np.load(file) as arrays:
            run: dict[str, Any] = json.loads(str(arrays["run"]))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    return run


def _differences(kept: dict[str, Any], asked: dict[str, Any]) -> str:
    """What differs, in a word or two each: whole records of settings would fill the screen."""
    names = [name for name in asked | kept if kept.get(name) != asked.get(name)]
    # Recipes have not even the same settings.
    shown = names[:1] if "recipe" in names else names
    return "; ".join(
        f"other {name}"
        if isinstance(asked.get(name), dict | list)
        else f"{name} {kept.get(name)!r}, not {asked.get(name)!r}"
        for name in shown
    )


def _plain(variable: Any) -> Any:
    return np.array(keras.ops.convert_to_numpy(variable))


def _in_order(name: str, arrays: Any) -> list[Any]:
    num = sum(file.startswith(f"{name} ") for file in arrays.files)
    return [np.array(arrays[f"{name} {number}"]) for number in range(num)]
