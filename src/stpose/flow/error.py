"""Errors of optical flow against ground truth.

Definitions as on the Middlebury flow benchmark (Baker et al., IJCV 92(1), 2011).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError

# Larger numbers in ground truth mean that the flow is not known there.
UNKNOWN_ABOVE = 1e9


@dataclass(frozen=True)
class FlowError:
    """Mean errors over the known pixels.

    Attributes:
        endpoint: Mean distance between the vectors, px.
        angular: Mean angle between the vectors (u, v, 1), degrees.
        pixels: Number of known pixels.
    """

    endpoint: float
    angular: float
    pixels: int


def known_pixels(flow: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a flow (height, width, 2) is known: (height, width)."""
    return np.asarray((np.abs(flow) < UNKNOWN_ABOVE).all(axis=-1))


def flow_error(flow: NDArray[Any], truth: NDArray[Any]) -> FlowError:
    """Compare a flow with ground truth.

    Args:
        flow: (height, width, 2), px.
        truth: (height, width, 2), px; unknown pixels hold numbers above 1e9 or NaN.

    Raises:
        InputError: The shapes differ, no pixel is known, or the flow is not finite.
    """
    if flow.shape != truth.shape or flow.ndim != 3 or flow.shape[2] != 2:
        message = f"flow of shape {flow.shape}, truth of {truth.shape}, expected (h, w, 2) of both"
        raise InputError(message)
    known = known_pixels(truth)
    if not known.any():
        message = "ground truth: no known pixel, expected at least one"
        raise InputError(message)
    found = flow[known].astype(np.float64)
    right = truth[known].astype(np.float64)
    if not np.isfinite(found).all():
        message = "flow: holds NaN or infinity, expected finite numbers"
        raise InputError(message)
    distance = np.hypot(found[:, 0] - right[:, 0], found[:, 1] - right[:, 1])
    product = (found * right).sum(axis=1) + 1
    lengths = np.sqrt((found**2).sum(axis=1) + 1) * np.sqrt((right**2).sum(axis=1) + 1)
    angle = np.degrees(np.arccos(np.clip(product / lengths, -1, 1)))
    return FlowError(float(distance.mean()), float(angle.mean()), int(known.sum()))
