"""The networks' files: what they promise, and what is said when one is missing or damaged."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsum import Reader, models
from handsum.errors import ModelError
from handsum.models import GRAPHS_FOLDER, MODEL_NAMES, SUMS_FILE, model_path, open_model
from tests.samples import drawn_page

ROOT = Path(__file__).resolve().parents[1]

# What the classic network must reach on MNIST's 10,000 test images.
LEAST_ACCURACY = 0.995


@pytest.fixture
def graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder of graphs, used instead of the package's."""
    folder = tmp_path / "graphs"
    shutil.copytree(GRAPHS_FOLDER, folder)
    monkeypatch.setattr(models, "GRAPHS_FOLDER", folder)
    return folder


def refusal() -> str:
    """The sentence with which the classic network is refused."""
    with pytest.raises(ModelError) as caught:
        Reader("mnist")
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def list_sum(path: Path) -> None:
    """Make SHA256SUMS agree with the file as it is."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(SUMS_FILE).write_text(f"{digest}  {path.name}\n", encoding="ascii")


# Missing and damaged


def test_a_missing_file_is_named(graphs: Path) -> None:
    (graphs / "mnist.onnx").unlink()
    sentence = refusal()
    assert sentence.startswith(f"{graphs / 'mnist.onnx'} cannot be read")
    assert "reinstall handsum" in sentence


def test_missing_sums_are_named(graphs: Path) -> None:
    (graphs / SUMS_FILE).unlink()
    sentence = refusal()
    assert sentence.startswith(f"{graphs / SUMS_FILE} cannot be read")
    assert "reinstall handsum" in sentence


@pytest.mark.parametrize("sums", [b"", b"\xff\xfe\x00", b"no sums here\n", b"00  other.onnx\n", b"\n\n"])
def test_sums_that_do_not_list_the_file(graphs: Path, sums: bytes) -> None:
    (graphs / SUMS_FILE).write_bytes(sums)
    assert SUMS_FILE in refusal()


@pytest.mark.parametrize("content", [b"", b"not a network", bytes(5000)])
def test_another_file_in_its_place(graphs: Path, content: bytes) -> None:
    (graphs / "mnist.onnx").write_bytes(content)
    assert "is damaged" in refusal()
    list_sum(graphs / "mnist.onnx")
    assert str(graphs / "mnist.onnx") in refusal()


@given(st.data())
@settings(deadline=None, max_examples=10)
def test_one_wrong_byte_anywhere_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("graphs")
    content = bytearray((GRAPHS_FOLDER / "mnist.onnx").read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    (folder / "mnist.onnx").write_bytes(content)
    shutil.copy(GRAPHS_FOLDER / SUMS_FILE, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "GRAPHS_FOLDER", folder)
        assert "is damaged" in refusal()


@pytest.mark.parametrize("contract", ["1", "3", None])
def test_a_file_of_another_version(graphs: Path, contract: str | None) -> None:
    model = onnx.load(graphs / "mnist.onnx")
    card = {entry.key: entry.value for entry in model.metadata_props} | {"contract": contract}
    onnx.helper.set_model_props(model, {key: value for key, value in card.items() if value is not None})
    onnx.save(model, graphs / "mnist.onnx")
    list_sum(graphs / "mnist.onnx")
    assert "was not made by this version of handsum" in refusal()


def test_once_mended_the_file_is_opened(graphs: Path) -> None:
    whole = (graphs / "mnist.onnx").read_bytes()
    (graphs / "mnist.onnx").write_bytes(whole[:-1])
    refusal()
    (graphs / "mnist.onnx").write_bytes(whole)
    assert open_model("mnist").name == "mnist"


@pytest.mark.parametrize("name", ["", "nonsense", "../graphs/mnist", "MNIST", "mnist.h5"])
def test_names_that_no_network_has(name: str) -> None:
    for open_it in (model_path, open_model, Reader):
        with pytest.raises(ValueError, match="there is no network"):
            open_it(name)


def test_anybodys_exported_network_is_opened_by_its_path(graphs: Path) -> None:
    own = str(shutil.move(graphs / "mnist.onnx", graphs / "mine.onnx"))
    (graphs / SUMS_FILE).unlink()
    assert Reader(own).read_page(drawn_page(2)).label == 2
    with pytest.raises(ModelError, match=r"mnist\.onnx cannot be read"):
        Reader(str(graphs / "mnist.onnx"))


# The shipped files


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_the_card(name: str) -> None:
    model = open_model(name)
    assert model.card["name"] == name
    assert json.loads(model.card["labels"]) == list(range(10))
    assert model.card["contract"] == models.CONTRACT
    inputs = {value.name: (value.type, value.shape) for value in model.session.get_inputs()}
    assert inputs["page"] == ("tensor(uint8)", ["height", "width"])
    assert inputs["frames"] == ("tensor(float)", ["num_frames", 28, 28])
    outputs = [value.name for value in model.session.get_outputs()]
    assert outputs == ["label", "confidence", "digit_probability", "probabilities", "frame", "embedding"]


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_shipped_file_is_in_the_sums(name: str) -> None:
    digest = hashlib.sha256(model_path(name).read_bytes()).hexdigest()
    lines = (GRAPHS_FOLDER / SUMS_FILE).read_text(encoding="ascii").splitlines()
    assert f"{digest}  {name}.onnx" in lines
    assert len(lines) == len(list(GRAPHS_FOLDER.glob("*.onnx")))


def test_the_graph_was_exported_from_the_mnist_h5_beside_it() -> None:
    card = open_model("mnist").card
    source = ROOT / "mnist.h5"
    assert card["source"] == source.name
    drifted = f"{source.name} is not what handsum/graphs/mnist.onnx was made of: run `handsum export`"
    assert hashlib.sha256(source.read_bytes()).hexdigest() == card["source_sha256"], drifted


def test_the_classic_network_is_as_good_as_we_say() -> None:
    figures = json.loads(open_model("mnist").card["figures"])
    assert figures["num_images"] == 10_000
    assert LEAST_ACCURACY <= figures["accuracy"] < 1
    assert figures["num_missed"] == round((1 - figures["accuracy"]) * 10_000)
