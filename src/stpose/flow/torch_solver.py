"""Optical flow of Brox et al. 2004 on a batch of pairs, in PyTorch: the algorithm of `brox`.

On a GPU all pairs of a batch go through the pyramid together, in few large operations. On a
processor they do so in the coarse levels only, where an operation on one pair would take less time
than its call; in the finer ones so few at once that their fields stay in the cache.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stpose.errors import InputError
from stpose.flow import torch_steps
from stpose.flow.parameters import BroxParameters, TorchParameters
from stpose.flow.pyramid import DOUBLE_BELOW, level_sizes
from stpose.flow.torch_board import Board
from stpose.flow.torch_equations import Equations
from stpose.flow.torch_median import median
from stpose.gpu_memory import in_parts_that_fit

# Pixels solved at once. 256 pairs of 320x240 px are as many as a GPU gets; a processor would gain
# nothing from more than some pairs.
_PIXELS_AT_ONCE = 256 * 320 * 240
_PIXELS_AT_ONCE_ON_CPU = 2**20

_SMALLER = "lower flow.longest_side, or set flow.backend to cpu"

# Pixels of a level that are solved at once on a processor.
_PIXELS_IN_CACHE = 2**17


def torch_flow(
    first: NDArray[Any], second: NDArray[Any], parameters: TorchParameters
) -> NDArray[Any]:
    """Compute the flow of pairs on the GPU, or on the processor where there is none.

    Args:
        first: (count, height, width) grey levels in [0, 1], float32.
        second: The same shape and type.
        parameters: Of the energy and of its minimisation.

    Returns:
        (count, height, width, 2), see `brox_flow_batch`.

    Raises:
        InputError: The parameters are none for PyTorch, or a single pair does not fit in the
            memory of the GPU. A batch that does not is computed in halves.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"

    def compute(part: slice) -> NDArray[Any]:
        one, two = (torch.from_numpy(images[part]).to(device) for images in (first, second))
        return np.asarray(brox_flow_batch(one, two, parameters.brox).cpu())

    advice = f"one pair of {first.shape[2]}x{first.shape[1]} px does not fit; {_SMALLER}"
    return np.concatenate([flow for _, flow in in_parts_that_fit(compute, len(first), advice)])


@torch.no_grad()
def brox_flow_batch(first: Tensor, second: Tensor, parameters: BroxParameters) -> Tensor:
    """Compute the flow from each of the first images to the second one.

    Memory: on a GPU about 400 bytes a pixel of the batch, that is 8 GB for 256 pairs of 320x240;
    larger batches are solved in parts of that size. On a processor parts are of 2^20 pixels.

    Args:
        first: (count, height, width) grey levels in [0, 1], float32 or float64, on any device.
        second: The same shape, type and device.
        parameters: Of the energy and of its minimisation; steps must be "own".

    Returns:
        (count, height, width, 2): u to the right and v downwards, px; first(x, y) =
        second(x + u, y + v).

    Raises:
        InputError: The parameters ask for other steps, or a median filter that does not exist.
    """
    if parameters.steps != "own":
        message = f"steps {parameters.steps!r} with backend 'torch', expected 'own'"
        raise InputError(message)
    most = _PIXELS_AT_ONCE_ON_CPU if first.device.type == "cpu" else _PIXELS_AT_ONCE
    parts = _parts(len(first), first[0].numel(), most)
    flows = [_solve(torch.stack([first[part], second[part]]), parameters) for part in parts]
    return torch.cat(flows)


def _solve(pairs: Tensor, parameters: BroxParameters) -> Tensor:
    """Solve pairs (2, count, height, width) at once, from the coarsest level to the finest."""
    _, count, height, width = pairs.shape
    sizes = level_sizes(
        height, width, parameters.scale, parameters.smallest_side, parameters.levels
    )
    precisions = [torch.float64 if min(size) < DOUBLE_BELOW else pairs.dtype for size in sizes]
    levels = [torch_steps.smooth(pairs.to(precisions[-1]), parameters.presmoothing)]
    for size in sizes[1:]:
        levels.append(torch_steps.resize(levels[-1], *size))
    levels = [level.to(precision) for level, precision in zip(levels, precisions, strict=True)]
    flow = levels[-1].new_zeros((2, count, *sizes[-1]))
    for (first, second), size in zip(reversed(levels), reversed(sizes), strict=True):
        if flow.shape[2:] != size:
            flow = torch_steps.enlarge(flow, *size)
        flow = flow.to(first.dtype)
        equations: Equations | None = None
        most = _PIXELS_IN_CACHE if pairs.device.type == "cpu" else _PIXELS_AT_ONCE
        for part in _parts(count, first[0].numel(), most):
            one, two = first[part], second[part]
            board = Board(*one.shape)
            if equations is None or equations.board != board:
                equations = Equations(board, parameters, like=one)
            flow[:, part] = _refine(one, two, flow[:, part], equations, parameters)
    # Looking up places rounds even where nothing moves: identical images must stay exactly still.
    moved = (pairs[0] != pairs[1]).flatten(1).any(1)
    return (flow * moved[:, None, None]).permute(1, 2, 3, 0).contiguous()


def _refine(
    first: Tensor, second: Tensor, flow: Tensor, equations: Equations, parameters: BroxParameters
) -> Tensor:
    """Improve a flow (2, count, height, width) at one level of the pyramid."""
    for _ in range(parameters.warps):
        derivatives = torch_steps.derivatives(first, second, flow)
        if parameters.floor:
            torch_steps.normalise(derivatives, parameters.floor)
        equations.linearise(derivatives, flow)
        for _ in range(parameters.inner):
            equations.weigh_smoothness()
            equations.assemble()
            equations.relax()
        flow = equations.flow()
        if parameters.median:
            # One after the other, since the filter takes the most memory of all.
            flow = torch.stack([median(component, parameters.median) for component in flow])
    return flow


def _parts(count: int, pixels: int, most: int) -> Iterator[slice]:
    """Divide images of so many pixels evenly, such that each part has at most `most` pixels."""
    parts = -(-count * pixels // most)
    few = max(1, -(-count // max(1, parts)))
    return (slice(at, at + few) for at in range(0, count, few))
