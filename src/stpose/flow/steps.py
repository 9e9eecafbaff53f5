"""Resizing, differentiating and warping in the Brox solver."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.flow import kernels, warping
from stpose.flow.normalisation import normalise
from stpose.flow.pyramid import level_sizes as level_sizes  # one of the steps

Floats = NDArray[Any]

# Central difference of fourth order.
_DERIVATIVE = np.array([1, -8, 0, 8, -1]) / 12


def shrink(image: Floats, height: int, width: int, scale: float) -> Floats:  # noqa: ARG001
    """Return an image at the next level's size."""
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR))


def enlarge(flow: Floats, height: int, width: int, scale: float) -> Floats:  # noqa: ARG001
    """Return a flow (2, rows, columns) at a finer level's size, in that level's pixels."""
    _, rows, columns = flow.shape
    size = (width, height)
    enlarged = np.empty((2, height, width), flow.dtype)
    cv2.resize(flow[0], size, enlarged[0], interpolation=cv2.INTER_LINEAR)
    cv2.resize(flow[1], size, enlarged[1], interpolation=cv2.INTER_LINEAR)
    enlarged[0] *= width / columns
    enlarged[1] *= height / rows
    return enlarged


def linearise(first: Floats, second: Floats, flow: Floats, terms: Floats, floor: float) -> None:
    """Linearise the data terms around a flow.

    The second image is warped, then differentiated; derivatives in space are those of the mean
    of both images. Where the flow leads out of the image there is no data term.

    Args:
        first: (height, width).
        second: (height, width).
        flow: (2, height, width), px.
        terms: Written, see `kernels`.
        floor: Of `normalisation.normalise`; 0 for none.
    """
    margin = warping.PADDING
    padded = cv2.copyMakeBorder(second, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    warped, inside = np.empty_like(first), np.empty_like(first)
    warping.warp_bicubic(padded, flow, warped, inside)
    derivatives = np.empty((kernels.TERM_FIELDS, *first.shape), first.dtype)
    mean = (warped + first) * first.dtype.type(0.5)
    change = np.subtract(warped, first, out=derivatives[kernels.T])
    _across(change, derivatives[kernels.TX])
    _down(change, derivatives[kernels.TY])
    _across(mean, derivatives[kernels.X])
    _down(mean, derivatives[kernels.Y])
    _across(derivatives[kernels.X], derivatives[kernels.XX])
    _down(derivatives[kernels.X], derivatives[kernels.XY])
    _down(derivatives[kernels.Y], derivatives[kernels.YY])
    if floor:
        normalise(derivatives, first.dtype.type(floor))
    kernels.pack_terms(derivatives, inside, terms)


def _across(image: Floats, out: Floats) -> None:
    cv2.filter2D(image, -1, _DERIVATIVE[None, :], out, borderType=cv2.BORDER_REPLICATE)


def _down(image: Floats, out: Floats) -> None:
    cv2.filter2D(image, -1, _DERIVATIVE[:, None], out, borderType=cv2.BORDER_REPLICATE)
