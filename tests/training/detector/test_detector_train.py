"""The page network's training from end to end, on a handful of pages."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path

import keras
import numpy as np
import pytest

from handsum.errors import DataError
from handsum.models import open_page_model
from handsum.symbols.network import PageNetwork
from handsum.training.best import BestConfig
from handsum.training.checkpoint import CHECKPOINT_FILE, run_of
from handsum.training.detector.export import export_page, is_detector
from handsum.training.detector.network import detector
from handsum.training.detector.tiles import TileConfig
from handsum.training.detector.train import DetectorConfig, first_network, train_page
from handsum.training.saved import DETECTOR_FILE, SCALE_FILE, open_network
from tests.written_pages import written_page

RESIDUAL_BLOCKS = ("fine", "near", "far", "deep", "along", "apart")
SMALL = DetectorConfig(
    seed=5,
    pages_per_seed=3,
    num_held_out=6,
    epochs=1,
    batches_per_epoch=4,
    scale_epochs=1,
    tiles=TileConfig(pixels=40_000),
)


@pytest.fixture(scope="module")
def run(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    train_page(dataclasses.replace(SMALL, out=folder))
    return folder


def test_a_run_leaves_networks_and_figures(run: Path) -> None:
    metrics = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["recipe"], metrics["held_out"]["pages"]) == ("page", 6)
    assert 0 <= metrics["held_out"]["found"] <= 1
    assert len(metrics["history"]["loss"]) == len(metrics["history"]["val_loss"]) == 1
    assert is_detector(run / DETECTOR_FILE)
    assert not is_detector(run / SCALE_FILE)
    assert not is_detector(run / "metrics.json")


def test_a_finished_run_leaves_no_checkpoint_to_mistake_for_another(run: Path) -> None:
    assert not (run / CHECKPOINT_FILE).exists()


def test_no_page_run_goes_on_from_a_digit_runs_checkpoint(tmp_path: Path) -> None:
    kept = json.dumps(run_of("best", BestConfig()))
    np.savez(tmp_path / CHECKPOINT_FILE, run=np.array(kept), epoch=np.array(1))
    with pytest.raises(DataError, match=r"checkpoint\.npz is of another run \(recipe 'best', not 'page'\)"):
        train_page(dataclasses.replace(SMALL, out=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT_FILE], "pages were composed first"


def test_a_run_becomes_a_graph_that_reads(run: Path, tmp_path: Path) -> None:
    export_page(run / DETECTOR_FILE, tmp_path / "page.onnx")
    found = PageNetwork(open_page_model(tmp_path / "page.onnx")).look(written_page("12+7=")).symbols
    assert all(0 <= symbol.confidence <= 1 for symbol in found)


def test_a_block_that_an_earlier_run_lacks_changes_nothing_at_first() -> None:
    network = detector()
    for name in RESIDUAL_BLOCKS:
        kernel = network.get_layer(f"{name}1").get_weights()[0]
        network.get_layer(f"{name}1").set_weights([kernel * 100])
    pages = np.random.default_rng(0).random((1, 48, 64, 1), np.float32)
    assert np.array_equal(network(pages), detector_like(network)(pages))


def detector_like(other: keras.Model) -> keras.Model:
    """A new detector with the other's weights but for its residual blocks."""
    network = detector()
    for layer in network.layers:
        if layer.weights and layer.name.removesuffix("_norm")[:-1] not in RESIDUAL_BLOCKS:
            layer.set_weights(other.get_layer(layer.name).get_weights())
    return network


def test_a_run_goes_on_from_anothers_weights(run: Path) -> None:
    first = first_network(dataclasses.replace(SMALL, start_from=run)).get_weights()
    trained = open_network(run / DETECTOR_FILE, recipe="page").get_weights()
    assert all(np.array_equal(one, other) for one, other in zip(first, trained, strict=True))
    assert not all(
        np.array_equal(one, other)
        for one, other in zip(first_network(SMALL).get_weights(), trained, strict=True)
    )


def test_a_run_ends_a_share_of_the_way_back_to_where_it_began(run: Path, tmp_path: Path) -> None:
    config = dataclasses.replace(SMALL, out=tmp_path, start_from=run, pages_folder=run / "pages", epochs=1)
    train_page(dataclasses.replace(config, share_of_start=1.0))
    begun, ended = (
        open_network(path / DETECTOR_FILE, recipe="page").get_weights() for path in (run, tmp_path)
    )
    assert all(np.array_equal(one, other) for one, other in zip(begun, ended, strict=True))


def test_every_run_learns_from_pages_of_its_own() -> None:
    seeds = [DetectorConfig(seed=seed).page_seeds for seed in range(4)]
    assert seeds[1] == (101, 102, 103, 104)
    assert len(set(itertools.chain(*seeds))) == 16


def test_a_run_to_start_from_must_be_there_before_pages_are_composed(tmp_path: Path) -> None:
    config = dataclasses.replace(SMALL, out=tmp_path / "new", start_from=tmp_path / "none")
    with pytest.raises(DataError, match="no file"):
        train_page(config)
    assert not config.out.exists()
