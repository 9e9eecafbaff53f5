"""Cutting a region of a picture out as a square of a wanted size."""

import math

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray


def cut_region(
    image: NDArray[np.uint8], region: ArrayLike, side_px: int, mirror: bool = False
) -> NDArray[np.uint8]:
    """Return a region of a picture, squeezed to a square; pixels beyond the picture replicated.

    Shrinking averages over whole pixels, so that nothing is skipped.

    Args:
        image: (H, W, 3) BGR.
        region: x1, y1, x2, y2 in continuous coordinates of the picture (px); with an extent.
        side_px: Side of the result.
        mirror: Whether to mirror it left to right.

    Returns:
        (side_px, side_px, 3) RGB.
    """
    x1, y1, x2, y2 = (float(edge) for edge in np.asarray(region, dtype=np.float64))
    # An enlarged copy of a whole multiple of the wanted size, if the region is larger than that.
    columns = side_px * max(1, math.ceil((x2 - x1) / side_px))
    rows = side_px * max(1, math.ceil((y2 - y1) / side_px))
    step_x, step_y = (x2 - x1) / columns, (y2 - y1) / rows
    # The centre of output pixel 0 lies half a step inside the region; OpenCV's coordinates are
    # those of pixel centres.
    to_source = np.array([[step_x, 0, x1 + step_x / 2 - 0.5], [0, step_y, y1 + step_y / 2 - 0.5]])
    cut = cv2.warpAffine(
        image,
        to_source,
        (columns, rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if (rows, columns) != (side_px, side_px):
        cut = cv2.resize(cut, (side_px, side_px), interpolation=cv2.INTER_AREA)
    rgb = cv2.cvtColor(cut, cv2.COLOR_BGR2RGB)
    return np.ascontiguousarray(rgb[:, ::-1] if mirror else rgb, dtype=np.uint8)
