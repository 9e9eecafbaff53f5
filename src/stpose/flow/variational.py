"""Optical flow by a pyramid around OpenCV's variational refinement.

This is what OpenCV's contrib module calls DeepFlow. Its data terms are normalised by the length
of the image's derivatives, unlike those of Brox et al. 2004.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.flow.parameters import VariationalParameters

Floats = NDArray[Any]


def variational_flow(first: Floats, second: Floats, parameters: VariationalParameters) -> Floats:
    """Compute the flow from `first` to `second`.

    Args:
        first: (height, width) grey levels in [0, 1], float32.
        second: The same shape and type.
        parameters: Of the refinement and of the pyramid.

    Returns:
        (height, width, 2): u to the right and v downwards, px.
    """
    levels = [(_smooth(first, parameters.presmoothing), _smooth(second, parameters.presmoothing))]
    while True:
        one, two = levels[-1]
        height, width = (round(side * parameters.scale) for side in one.shape)
        if min(height, width) < parameters.smallest_side:
            break
        levels.append((_resize(one, height, width), _resize(two, height, width)))
    solver = cv2.VariationalRefinement.create()
    solver.setAlpha(parameters.alpha)
    solver.setDelta(parameters.delta)
    solver.setGamma(parameters.gamma)
    solver.setFixedPointIterations(parameters.inner)
    solver.setSorIterations(parameters.sweeps)
    solver.setOmega(parameters.omega)
    flow: Floats = np.zeros((*levels[-1][0].shape, 2), np.float32)
    for one, two in reversed(levels):
        rows, columns = flow.shape[:2]
        height, width = one.shape
        if (rows, columns) != (height, width):
            lengths = np.array([width / columns, height / rows], np.float32)
            flow = _resize(flow, height, width) * lengths
        flow = solver.calc(one, two, flow)
    return flow


def _smooth(image: Floats, sigma: float) -> Floats:
    grey = image * np.float32(255)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma)) if sigma else grey


def _resize(image: Floats, height: int, width: int) -> Floats:
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR))
