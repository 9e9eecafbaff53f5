"""Metrics of poses as pure functions on arrays."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PARTS = ("head", "torso", "upper_arms", "lower_arms", "upper_legs", "lower_legs")

# The two ends of each limb in Leeds Sports Pose's order of joints, right and left.
_HEAD = ((12, 13),)
_LIMBS = (
    ((8, 7), (9, 10)),
    ((7, 6), (10, 11)),
    ((2, 1), (3, 4)),
    ((1, 0), (4, 5)),
)
_SHOULDERS, _HIPS = (8, 9), (2, 3)
LSP_JOINTS = 14


def pose_distances(queries: ArrayLike, gallery: ArrayLike) -> Floats:
    """Return the mean distance between the joints of every query and every gallery pose.

    Args:
        queries: (Q, J, 2) joints.
        gallery: (G, J, 2) joints, in the same frame and unit.

    Returns:
        (Q, G) in that unit.
    """
    one = np.asarray(queries, dtype=np.float64)
    other = np.asarray(gallery, dtype=np.float64)
    total = np.zeros((len(one), len(other)))
    for joint in range(one.shape[1]):
        offset = one[:, None, joint] - other[None, :, joint]
        total += np.hypot(offset[..., 0], offset[..., 1])
    return np.asarray(total / one.shape[1], dtype=np.float64)


def strict_pcp(predicted: ArrayLike, true: ArrayLike) -> Floats:
    """Return the share of correct parts: both ends within half the part's true length.

    Args:
        predicted: (..., 14, 2) joints in Leeds Sports Pose's order.
        true: (..., 14, 2) joints in the same frame; the two broadcast together.

    Returns:
        (..., 6) shares, 0 to 1, of head, torso, upper arms, lower arms, upper legs and lower
        legs (`PARTS`). Limbs come in pairs, so theirs are 0, 0.5 or 1.
    """
    guess = np.asarray(predicted, dtype=np.float64)
    truth = np.asarray(true, dtype=np.float64)
    found = []
    for part in range(len(PARTS)):
        limbs = zip(_ends(guess, part), _ends(truth, part), strict=True)
        found.append(np.mean([_is_correct(*ends) for ends in limbs], axis=0))
    return np.stack(found, axis=-1)


def _ends(joints: Floats, part: int) -> Iterator[tuple[Floats, Floats]]:
    if PARTS[part] == "torso":
        yield (
            joints[..., _SHOULDERS, :].mean(axis=-2),
            joints[..., _HIPS, :].mean(axis=-2),
        )
        return
    for near, far in _HEAD if part == 0 else _LIMBS[part - 2]:
        yield joints[..., near, :], joints[..., far, :]


def _is_correct(predicted: tuple[Floats, Floats], true: tuple[Floats, Floats]) -> Floats:
    limit = np.linalg.norm(true[0] - true[1], axis=-1) / 2
    errors = [
        np.linalg.norm(guess - end, axis=-1) for guess, end in zip(predicted, true, strict=True)
    ]
    return np.asarray((errors[0] <= limit) & (errors[1] <= limit), dtype=np.float64)
