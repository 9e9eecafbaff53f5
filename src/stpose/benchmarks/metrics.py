"""Metrics as pure functions on arrays."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# False positive rates at which published curves are read.
_RATES = np.arange(101) / 100

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


def exact_auc(positive_scores: ArrayLike, negative_scores: ArrayLike) -> float:
    """Return the probability, 0 to 1, that a positive scores higher than a negative; ties half.

    Args:
        positive_scores: (p,) scores, higher is more similar; p >= 1.
        negative_scores: (n,) scores; n >= 1.

    Raises:
        ValueError: One of them is empty.
    """
    positive, negative = _classes(positive_scores, negative_scores)
    negative = np.sort(negative)
    lower = np.searchsorted(negative, positive, side="left")
    not_higher = np.searchsorted(negative, positive, side="right")
    return float((lower + not_higher).sum() / (2 * len(positive) * len(negative)))


def published_auc(positive_scores: ArrayLike, negative_scores: ArrayLike) -> float:
    """Return the area, 0 to 1, under the ROC curve read at 101 false positive rates.

    The curve runs straight between its corners; at a vertical step its top is read. Since areas
    are linear, the mean of these areas is the area under the mean of the curves, which is what
    the evaluation published with the Olympic Sports labels computes (CliqueCNN, 2016).

    Args:
        positive_scores: (p,) scores, higher is more similar; p >= 1.
        negative_scores: (n,) scores; n >= 1.

    Raises:
        ValueError: One of them is empty.
    """
    positive, negative = _classes(positive_scores, negative_scores)
    thresholds = np.unique(np.concatenate([positive, negative]))[::-1]
    true_rates = np.r_[0.0, _share_reaching(positive, thresholds)]
    false_rates = np.r_[0.0, _share_reaching(negative, thresholds)]
    curve = np.interp(_RATES, false_rates, true_rates)
    return float(np.trapezoid(curve, _RATES))


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


def _classes(positive_scores: ArrayLike, negative_scores: ArrayLike) -> tuple[Floats, Floats]:
    positive = np.asarray(positive_scores, dtype=np.float64)
    negative = np.asarray(negative_scores, dtype=np.float64)
    if not len(positive) or not len(negative):
        message = f"{len(positive)} positives and {len(negative)} negatives, expected at least one"
        raise ValueError(message)
    return positive, negative


def _share_reaching(scores: Floats, thresholds: Floats) -> Floats:
    below = np.searchsorted(np.sort(scores), thresholds, side="left")
    return np.asarray((len(scores) - below) / len(scores))


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
