"""A network that doubts, made of the classic one, which never does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from handsum.models import model_path
from handsum.reading import NO_LABEL

# How probable this network finds it that any ink is a digit.
DIGIT_PROBABILITY = 0.25


def doubtful_network(folder: Path) -> str:
    """The path of a network that sees in each digit what the classic one sees, and takes none for a digit."""
    model = onnx.load(model_path("mnist"))
    share = np.array(DIGIT_PROBABILITY, np.float32)
    changes: dict[str, tuple[str, NDArray[Any]]] = {
        "label": ("Min", np.array(NO_LABEL, np.int64)),
        "confidence": ("Mul", share),
        "digit_probability": ("Mul", share),
    }
    for name, (operator, value) in changes.items():
        _rename(model.graph, name, f"classic_{name}")
        model.graph.initializer.append(onnx.numpy_helper.from_array(value, f"{name}_limit"))
        inputs = [f"classic_{name}", f"{name}_limit"]
        model.graph.node.append(onnx.helper.make_node(operator, inputs, [name]))
    onnx.checker.check_model(model, full_check=True)
    path = folder / "doubtful.onnx"
    onnx.save(model, path)
    return str(path)


def _rename(graph: onnx.GraphProto, name: str, new_name: str) -> None:
    for node in graph.node:
        for ends in (node.input, node.output):
            ends[:] = [new_name if end == name else end for end in ends]
