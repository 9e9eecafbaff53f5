"""Skeletons of J-HMDB: how they are brought to one place and size, and mirrored."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

JOINTS = (
    *("neck", "belly", "face"),
    *("right_shoulder", "left_shoulder", "right_hip", "left_hip"),
    *("right_elbow", "left_elbow", "right_knee", "left_knee"),
    *("right_wrist", "left_wrist", "right_ankle", "left_ankle"),
)
_SWAP = [
    JOINTS.index(name.replace("left", "?").replace("right", "left").replace("?", "right"))
    for name in JOINTS
]


def normalised(joints: Floats) -> Floats:
    """Return skeletons (n, 15, 2) about the mean of their joints, at a root mean square of 1.

    The size is that of the posture as it is seen, the best fit of one skeleton to another without
    a turn. The length of a torso or limb would not do: it shrinks when it points to the camera.

    Args:
        joints: (n, 15, 2) in any unit; not all in one place.
    """
    centred = joints - joints.mean(axis=1, keepdims=True)
    size = np.sqrt((centred**2).sum(axis=2).mean(axis=1))
    return np.asarray(centred / size[:, None, None])


def mirrored(postures: Floats) -> Floats:
    """Return normalised skeletons as in a mirror: x reversed, left and right exchanged."""
    return np.asarray(postures[..., _SWAP, :] * np.array([-1.0, 1.0]))


def exchanged(postures: Floats) -> Floats:
    """Return skeletons with left and right exchanged, which looks nearly the same."""
    return np.asarray(postures[..., _SWAP, :])
