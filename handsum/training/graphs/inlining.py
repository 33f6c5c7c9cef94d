"""A graph written as Python functions becomes an ONNX model, the same one in every process."""

from __future__ import annotations

from collections.abc import Iterator

import onnx
import onnx.inliner
import onnx.shape_inference
from onnxscript import OnnxFunction


def inlined(function: OnnxFunction) -> onnx.ModelProto:
    """A script function as an ONNX model, with the functions that it calls written out."""
    model = onnx.inliner.inline_local_functions(function.to_model_proto())
    order_branches(model.graph)
    # Where the types inside branches are not known, constants there are cast anew at every run.
    return onnx.shape_inference.infer_shapes(model)


def graphs_in(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """A graph and those of its branches."""
    yield graph
    for node in graph.node:
        for branch in _branches(node):
            yield from graphs_in(branch)


def order_branches(graph: onnx.GraphProto) -> None:
    """Sort what each If of several outputs gives, and name it after what its first branch gives.

    ONNX Script takes them in the order of a set of strings, which Python hashes anew in each process: the
    same network would become another file every time.
    """
    for node in graph.node:
        for branch in _branches(node):
            order_branches(branch)
        if node.op_type == "If" and len(node.output) > 1:
            _rename(graph, _order_outputs(node))


def _order_outputs(node: onnx.NodeProto) -> dict[str, str]:
    """Sort an If's outputs by what its first branch calls them, in place; their new names by their old."""
    branches = _branches(node)
    named = [value.name for value in branches[0].output]
    order = sorted(range(len(named)), key=named.__getitem__)
    for branch in branches:
        values = list(branch.output)
        del branch.output[:]
        branch.output.extend(values[place] for place in order)
    renamed = {node.output[place]: f"{named[place]}_of_either" for place in order}
    node.output[:] = renamed.values()
    return renamed


def _rename(graph: onnx.GraphProto, renamed: dict[str, str]) -> None:
    """Rename values wherever they are used in a graph and its branches."""
    for part in graphs_in(graph):
        for node in part.node:
            node.input[:] = [renamed.get(name, name) for name in node.input]
        for value in part.output:
            value.name = renamed.get(value.name, value.name)


def _branches(node: onnx.NodeProto) -> list[onnx.GraphProto]:
    return [attribute.g for attribute in node.attribute if attribute.HasField("g")]
