"""Graphs become the same model in every process, whatever order a set of strings has there."""

from __future__ import annotations

import random

import numpy as np
import onnx
import onnxruntime
import pytest
from onnxscript import FLOAT, script
from onnxscript import opset20 as op

from handsum.training.graphs.inlining import graphs_in, inlined, order_branches


@script(default_opset=op)
def halved_or_doubled(number: FLOAT[1]) -> tuple[FLOAT[1], FLOAT[1], FLOAT[1]]:
    """An If within an If, whose outputs serve after it and in the branches of another."""
    if op.Squeeze(op.Greater(number, 10.0)):
        a = number / 8.0
        if op.Squeeze(op.Less(number, 100.0)):
            b = a + 1.0
            c = a + 2.0
        else:
            c = a + 3.0
            b = a + 4.0
    else:
        b = number * 2.0
        c = number * 4.0
        a = number * 8.0
    if op.Squeeze(op.Less(a, 1000.0)):
        near = a + c
        last = near + 0.0
    else:
        last = a - c
    first = b + 0.0
    second = c + 0.0
    return first, second, last


def shuffled(model: onnx.ModelProto, seed: int) -> onnx.ModelProto:
    """The same model with what each If gives in some other order."""
    copy, rng = onnx.ModelProto.FromString(model.SerializeToString()), random.Random(seed)
    for graph in graphs_in(copy.graph):
        for node in (node for node in graph.node if node.op_type == "If"):
            order = rng.sample(range(len(node.output)), len(node.output))
            node.output[:] = [node.output[place] for place in order]
            for attribute in node.attribute:
                values = [
                    onnx.ValueInfoProto.FromString(attribute.g.output[p].SerializeToString()) for p in order
                ]
                del attribute.g.output[:]
                attribute.g.output.extend(values)
    return copy


def says(model: onnx.ModelProto, number: float) -> list[float]:
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [float(value[0]) for value in session.run(None, {"number": np.array([number], np.float32)})]


def test_branches_come_in_one_order_whatever_they_came_in() -> None:
    model = inlined(halved_or_doubled)
    outputs = [
        list(node.output) for graph in graphs_in(model.graph) for node in graph.node if node.op_type == "If"
    ]
    assert sorted(map(len, outputs)) == [1, 2, 3]
    assert all(names == sorted(names) for names in outputs)
    others = [shuffled(model, seed) for seed in range(8)]
    assert len({other.SerializeToString() for other in others}) > 4
    for other in others:
        order_branches(other.graph)
    assert len({str(other.graph.node) for other in others}) == 1


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, [2, 4, 12]), (80, [11, 12, 22]), (160, [24, 23, 43]), (9000, [1129, 1128, -3])],
)
def test_ordered_branches_compute_the_same(number: float, expected: list[float]) -> None:
    assert says(inlined(halved_or_doubled), number) == expected
