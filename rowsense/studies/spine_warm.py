"""Networks to go on from: those of a spine network's file, made ready to be fitted further. Needs torch and onnx."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from rowsense.spine.patch import JOINT_NUMBERS, PATCH_COLUMNS, PATCH_ROWS
from rowsense.studies.spine_stock import Batch
from rowsense.studies.spine_training import BackNetwork, Recipe

#: Length of a convolution's filter, all its weights taken together, when fitting begins. Its size says nothing, as it
#: is normalised afterwards, but how far a step turns it.
_FILTER: Final = 1.0


def networks_of(data: bytes, shown: Batch, made: Recipe) -> list[BackNetwork]:
    """The networks of a file that :func:`rowsense.studies.spine_training.export` wrote; ``made`` as they were made.

    In the file every convolution and the normalisation after it are one. Here they are two again: what the
    normalisation takes for usual is measured on the frames ``shown``, so that what the networks say stays the same.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(data).graph
    values = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    networks: list[BackNetwork] = []
    while (prefix := f"networks.{len(networks)}.") and any(name.startswith(prefix) for name in values):
        state = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
        folded = [
            (values[node.input[1]], values[node.input[2]])
            for node in graph.node
            if node.op_type == "Conv" and node.output[0].startswith(f"/{prefix[:-1]}/")
        ]
        networks.append(_network(state, folded, shown, made))
        if "usual_deg" not in state:  # the same in both, kept once
            networks[-1].usual_deg.copy_(networks[0].usual_deg)
            networks[-1].usual_outline.copy_(networks[0].usual_outline)
    return networks


def _network(state: dict[str, Any], folded: list[tuple[Any, Any]], shown: Batch, made: Recipe) -> BackNetwork:
    network = BackNetwork(made)
    network(torch.zeros(2, 2, PATCH_ROWS, PATCH_COLUMNS), torch.zeros(2, JOINT_NUMBERS))  # settles its sizes
    network.eval()
    with torch.no_grad():
        whole = network.state_dict()
        for name, value in state.items():
            whole[name].copy_(torch.from_numpy(value.copy()))
        seen = shown.layers.cpu()
        for depth, (weight, bias) in enumerate(folded):
            seen = _unfold(network.look[3 * depth], network.look[3 * depth + 1], weight, bias, seen)
    return network


def _unfold(convolution: Any, norm: Any, weight: NDArray[Any], bias: NDArray[Any], seen: Any) -> Any:
    """Set both so that they do what the folded convolution did; what comes out behind the ReLU."""
    length = np.sqrt((weight.astype(np.float64) ** 2).sum((1, 2, 3)))
    gain = torch.from_numpy((_FILTER / np.maximum(length, 1e-9)).astype(np.float32))
    convolution.weight.copy_(torch.from_numpy(weight.copy()) * gain[:, None, None, None])
    given = convolution(seen)
    norm.running_mean.copy_(given.mean((0, 2, 3)))
    norm.running_var.copy_(given.var((0, 2, 3)))
    norm.weight.copy_(torch.sqrt(norm.running_var + norm.eps) / gain)
    norm.bias.copy_(torch.from_numpy(bias.copy()) + norm.running_mean / gain)
    return torch.relu(norm(given))
