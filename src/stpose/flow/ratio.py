"""How much more a person moves than the rest of the frame."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError

BOX_OUTSIDE = "box outside the frame"
BOX_FILLS = "box fills the frame"

# Boxes that leave less than this share of the pixels are said to fill the frame: what is left
# is mostly the person's own outline.
_SMALLEST_BACKGROUND = 0.02


@dataclass(frozen=True)
class MotionRatio:
    """The motion of one person against that of the background.

    Attributes:
        inside: Mean magnitude inside the person's box; None if the box lies outside the frame.
        outside: Mean magnitude outside all boxes; None if the boxes fill the frame.
        ratio: (inside + epsilon) / (outside + epsilon); None if either is missing.
        note: Why there is no ratio, or None.
    """

    inside: float | None
    outside: float | None
    ratio: float | None
    note: str | None


def foreground_background_ratio(
    magnitude: NDArray[Any], boxes: NDArray[Any], epsilon: float
) -> list[MotionRatio]:
    """Compare the motion inside each person's box with that outside all boxes.

    This is the foreground to background ratio of the paper (section 3.2), kept finite for a still
    background by `epsilon`. A pixel is inside a box if its centre is; a box too small to hold the
    centre of a pixel, but with a part in the frame, has the pixel in which its own middle lies.

    Args:
        magnitude: (height, width), the length of the flow, finite.
        boxes: (people, 4), x1, y1, x2, y2 in pixels of `magnitude`; may exceed it.
        epsilon: Above 0, in the unit of `magnitude`.

    Returns:
        One result a box, in the same order.

    Raises:
        InputError: `epsilon` is not above 0, or shapes or magnitudes are unusable.
    """
    boxes = np.asarray(boxes, np.float64)
    if magnitude.ndim != 2 or boxes.ndim != 2 or boxes.shape[1] != 4:
        message = f"magnitude {magnitude.shape}, boxes {boxes.shape}: expected (h, w) and (n, 4)"
        raise InputError(message)
    if not epsilon > 0:
        message = f"epsilon {epsilon}, expected a number above 0"
        raise InputError(message)
    if not np.isfinite(magnitude).all():
        message = "flow magnitude: holds NaN or infinity, expected finite numbers"
        raise InputError(message)
    regions = [_pixels_inside(box, *magnitude.shape) for box in boxes]
    outside = _mean_outside(magnitude, regions)
    return [_compare(magnitude, region, outside, epsilon) for region in regions]


def mean_outside(magnitude: NDArray[Any], boxes: NDArray[Any]) -> float | None:
    """Return the mean magnitude outside all boxes, or None if the boxes fill the frame."""
    regions = [_pixels_inside(box, *magnitude.shape) for box in np.asarray(boxes, np.float64)]
    return _mean_outside(magnitude, regions)


def background_pixels(shape: tuple[int, int], boxes: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which pixels (height, width) lie in no box; boxes (n, 4) in those pixels."""
    return _outside([_pixels_inside(box, *shape) for box in np.asarray(boxes, np.float64)], shape)


def _outside(
    regions: list[tuple[slice, slice] | None], shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    background = np.ones(shape, bool)
    for region in regions:
        if region is not None:
            background[region] = False
    return background


def _mean_outside(
    magnitude: NDArray[Any], regions: list[tuple[slice, slice] | None]
) -> float | None:
    background = _outside(regions, magnitude.shape)
    if background.sum() < max(1, _SMALLEST_BACKGROUND * background.size):
        return None
    return float(magnitude[background].mean(dtype=np.float64))


def _compare(
    magnitude: NDArray[Any],
    region: tuple[slice, slice] | None,
    outside: float | None,
    epsilon: float,
) -> MotionRatio:
    if region is None:
        return MotionRatio(None, outside, None, BOX_OUTSIDE)
    inside = float(magnitude[region].mean(dtype=np.float64))
    if outside is None:
        return MotionRatio(inside, None, None, BOX_FILLS)
    return MotionRatio(inside, outside, (inside + epsilon) / (outside + epsilon), None)


def _pixels_inside(box: NDArray[np.float64], height: int, width: int) -> tuple[slice, slice] | None:
    rows = _span(float(box[1]), float(box[3]), height)
    columns = _span(float(box[0]), float(box[2]), width)
    return None if rows is None or columns is None else (rows, columns)


def _span(low: float, high: float, size: int) -> slice | None:
    """Return the pixels whose centres lie in [low, high), at least one; None if off the frame."""
    low, high = max(low, 0.0), min(high, float(size))
    if not low < high:
        return None
    first, last = int(np.ceil(low - 0.5)), int(np.ceil(high - 0.5))
    if first >= last:
        first = min(int((low + high) / 2), size - 1)
        last = first + 1
    return slice(first, last)
