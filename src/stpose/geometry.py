"""Boxes: arrays whose last axis is x1, y1, x2, y2 (px, x2 and y2 are exclusive edges)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def box_area(boxes: ArrayLike) -> Floats:
    """Return the areas (px^2) of boxes (..., 4); boxes with no extent have area 0."""
    box = np.asarray(boxes, dtype=np.float64)
    width = np.clip(box[..., 2] - box[..., 0], 0, None)
    height = np.clip(box[..., 3] - box[..., 1], 0, None)
    return np.asarray(width * height, dtype=np.float64)


def box_iou(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return the intersection over union, in [0, 1], of boxes (..., 4) that broadcast together.

    Two boxes without area have an overlap of 0.
    """
    one = np.asarray(first, dtype=np.float64)
    two = np.asarray(second, dtype=np.float64)
    corner = np.maximum(one[..., :2], two[..., :2])
    far_corner = np.minimum(one[..., 2:], two[..., 2:])
    extent = np.clip(far_corner - corner, 0, None)
    shared = extent[..., 0] * extent[..., 1]
    union = box_area(one) + box_area(two) - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(union), where=union > 0))


def square_around(boxes: ArrayLike, factor: float = 1.0) -> Floats:
    """Return squares (..., 4) with the boxes' centres and `factor` times their longer side (px)."""
    box = np.asarray(boxes, dtype=np.float64)
    centre = (box[..., :2] + box[..., 2:]) / 2
    half = (box[..., 2:] - box[..., :2]).max(axis=-1, keepdims=True) * factor / 2
    return np.concatenate([centre - half, centre + half], axis=-1)


def clip_boxes(boxes: ArrayLike, width: float, height: float) -> Floats:
    """Return boxes (..., 4) cut to a picture of the given size (px)."""
    limits = np.array([width, height, width, height], dtype=np.float64)
    return np.clip(np.asarray(boxes, dtype=np.float64), 0, limits)
