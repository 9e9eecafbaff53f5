"""Optical flow by OpenCV's dense inverse search: a quick preview, less exact."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.flow.parameters import DisParameters

Floats = NDArray[Any]

_SPEEDS = {
    "ultrafast": cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
    "fast": cv2.DISOPTICAL_FLOW_PRESET_FAST,
    "medium": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}

# Smaller images are padded to this side: the search fails on less than a few patches, px.
_SMALLEST_SIDE = 64


def dis_flow(first: Floats, second: Floats, parameters: DisParameters) -> Floats:
    """Compute the flow from `first` to `second`.

    Args:
        first: (height, width) grey levels in [0, 1]; rounded to 256 levels.
        second: The same shape.
        parameters: Of the search.

    Returns:
        (height, width, 2): u to the right and v downwards, px.
    """
    height, width = first.shape
    solver = cv2.DISOpticalFlow.create(_SPEEDS[parameters.speed])
    one, two = _bytes(first), _bytes(second)
    # A flow given instead of None would be taken as the initial one.
    flow = solver.calc(one, two, None)  # type: ignore[call-overload]
    return np.asarray(flow)[:height, :width]


def _bytes(image: Floats) -> Floats:
    height, width = image.shape
    down, right = (max(0, _SMALLEST_SIDE - side) for side in (height, width))
    levels = np.rint(image * 255).astype(np.uint8)
    return np.asarray(cv2.copyMakeBorder(levels, 0, down, 0, right, cv2.BORDER_REPLICATE))
