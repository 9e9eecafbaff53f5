"""Optical flow of Brox et al. 2004: constant brightness and gradient, coarse to fine.

T. Brox, A. Bruhn, N. Papenberg, J. Weickert: High accuracy optical flow estimation based on a
theory for warping. ECCV 2004.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.flow import kernels, opencv_steps, steps
from stpose.flow.parameters import BroxParameters
from stpose.flow.pyramid import DOUBLE_BELOW

Floats = NDArray[Any]


def brox_flow(first: Floats, second: Floats, parameters: BroxParameters) -> Floats:
    """Compute the flow from `first` to `second` on one thread.

    Args:
        first: (height, width) grey levels in [0, 1]; float32 or float64, as all that follows.
        second: The same shape and type.
        parameters: Of the energy and of its minimisation.

    Returns:
        (height, width, 2): u to the right and v downwards, px; first(x, y) = second(x + u, y + v).
    """
    how: Any = opencv_steps if parameters.steps == "opencv" else steps
    scale = parameters.scale
    sizes = how.level_sizes(*first.shape, scale, parameters.smallest_side, parameters.levels)
    precisions = [_precision(size, first.dtype, parameters) for size in sizes]
    pair = [image.astype(precisions[-1], copy=False) for image in (first, second)]
    levels = [[_smooth(image, parameters.presmoothing) for image in pair]]
    for size in sizes[1:]:
        levels.append([how.shrink(image, *size, scale) for image in levels[-1]])
    flow = np.zeros((2, *sizes[-1]), precisions[-1])
    for level in reversed(range(len(sizes))):
        if flow.shape[1:] != sizes[level]:
            flow = how.enlarge(flow, *sizes[level], scale)
        one, two, flow = (
            array.astype(precisions[level], copy=False) for array in (*levels[level], flow)
        )
        flow = _refine(one, two, flow, how, parameters)
    return np.moveaxis(flow.astype(first.dtype, copy=False), 0, -1)


def _precision(size: tuple[int, int], given: Any, parameters: BroxParameters) -> Any:
    """Return the type of number that a level of this size is solved in."""
    return np.float64 if parameters.steps == "own" and min(size) < DOUBLE_BELOW else given


def _refine(
    first: Floats, second: Floats, flow: Floats, how: Any, parameters: BroxParameters
) -> Floats:
    """Improve a flow (2, height, width) at one level of the pyramid."""
    height, width = first.shape
    number = first.dtype.type
    alpha, gamma = number(parameters.alpha), number(parameters.gamma)
    epsilon, omega = number(parameters.epsilon), number(parameters.omega)
    places = (width + 1) // 2
    state = np.zeros((2, height + 2, kernels.STATE_FIELDS, places + 2), first.dtype)
    terms = np.empty((2, height, kernels.TERM_FIELDS, places), first.dtype)
    for _ in range(parameters.warps):
        how.linearise(first, second, flow, terms, parameters.floor)
        kernels.pack_flow(flow, state)
        for _ in range(parameters.inner):
            kernels.weigh_smoothness(state, width, epsilon)
            kernels.assemble(terms, state, width, parameters.joint, alpha, gamma, epsilon)
            kernels.relax(state, omega, parameters.sweeps)
        kernels.unpack_flow(state, flow)
        if parameters.median:
            flow = np.stack([_median(component, parameters.median) for component in flow])
    return flow


def _smooth(image: Floats, sigma: float) -> Floats:
    if not sigma:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def _median(component: Floats, side: int) -> Floats:
    # OpenCV has this filter for float32 only; its rounding is far below any flow's error.
    return np.asarray(cv2.medianBlur(component.astype(np.float32), side), component.dtype)
