"""The frame in which poses are compared: the smallest square around all joints of a person."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Side of the squares in which poses are compared: the paper's network input (4.3, 4.4), whatever
# network is measured.
FRAME_PX = 227.0


def joint_boxes(joints: Floats) -> Floats:
    """Return the boxes (P, 4) around all joints (P, J, 2)."""
    return np.concatenate([joints.min(axis=1), joints.max(axis=1)], axis=1)


def flat_rows(boxes: Floats) -> NDArray[np.int64]:
    """Return the rows of boxes (P, 4) that are no numbers or have no width or height."""
    extent = boxes[:, 2:] - boxes[:, :2]
    return np.flatnonzero(~(np.isfinite(extent).all(axis=1) & (extent > 0).all(axis=1)))


def joints_in_frame(joints: Floats, regions: Floats) -> Floats:
    """Return joints (P, J, 2) in the frames of square regions (P, 4), 0 to `FRAME_PX`."""
    sides = regions[:, 2] - regions[:, 0]
    return np.asarray((joints - regions[:, None, :2]) * (FRAME_PX / sides)[:, None, None])


def log_aspect(boxes: Floats) -> Floats:
    """Return log(width / height) (P,) of boxes (P, 4)."""
    extent = boxes[:, 2:] - boxes[:, :2]
    return np.asarray(np.log(extent[:, 0] / extent[:, 1]))
