"""Flow as a picture: direction as hue, length as saturation."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.flow.error import known_pixels


def flow_picture(flow: NDArray[Any], longest: float | None = None) -> NDArray[np.uint8]:
    """Draw a flow in colours.

    Right is red, down is yellow-green, left cyan and up violet; no motion is white, and unknown
    pixels are black.

    Args:
        flow: (height, width, 2), px.
        longest: Length that is drawn in full colour, px; longer ones are darkened. By default
            the length that 99% of the known pixels stay below.

    Returns:
        (height, width, 3) BGR.
    """
    known = known_pixels(flow)
    motion = np.where(known[..., None], flow, 0).astype(np.float32)
    length, angle = cv2.cartToPolar(motion[..., 0], motion[..., 1])
    if longest is None:
        longest = float(np.quantile(length[known], 0.99)) if known.any() else 1.0
    share = length / np.float32(max(longest, 1e-6))
    hue = np.degrees(angle) % 360
    saturation = np.minimum(share, 1)
    value = np.where(share > 1, np.float32(0.8), np.float32(1)) * known
    picture = cv2.cvtColor(np.dstack([hue, saturation, value]), cv2.COLOR_HSV2BGR)
    return np.rint(picture * 255).astype(np.uint8)
