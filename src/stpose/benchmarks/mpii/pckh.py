"""PCKh: the share of joints that are found, by the size of the head (paper 4.4, table 4).

A joint is found if it is predicted within half a head's size of its place. Two sizes are used:

- `head_box`, MPII's own: 0.6 times the diagonal of the head box;
- `head_segment`: the distance from head top to upper neck.

The release made head top and upper neck from the head box, so that nearly always the segment is
0.8 times the diagonal: the second size is a third larger, and more lenient.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stpose.benchmarks.intervals import Interval
from stpose.benchmarks.mpii.people import HEAD_TOP, JOINTS, UPPER_NECK

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

THRESHOLD = 0.5
# The rows of table 4.
GROUPS: Mapping[str, tuple[int, ...]] = {
    "head": (HEAD_TOP,),
    "neck": (UPPER_NECK,),
    **{
        name: tuple(JOINTS.index(f"{side} {name}") for side in "rl")
        for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    },
    "thorax": (JOINTS.index("thorax"),),
    "pelvis": (JOINTS.index("pelvis"),),
}
TOTAL = "total"
# Resamplings that are in memory at once.
_BLOCK = 100


def head_segments(joints: ArrayLike) -> Floats:
    """Return the distance (N,) from head top to upper neck of joints (N, 16, 2); NaN if missing.

    The two in one place are no head either.
    """
    places = np.asarray(joints, dtype=np.float64)
    length = np.linalg.norm(places[:, HEAD_TOP] - places[:, UPPER_NECK], axis=1)
    return np.where(length > 0, length, np.nan)


def found_joints(predicted: ArrayLike, true: ArrayLike, head_size: ArrayLike) -> Floats:
    """Return which joints are found: 1, not found: 0, or cannot be judged: NaN.

    Args:
        predicted: (N, 16, 2) joints (px).
        true: (N, 16, 2) their places; NaN where not annotated.
        head_size: (N,) size of the head (px); NaN where unknown.

    Returns:
        (N, 16).
    """
    places = np.asarray(true, dtype=np.float64)
    sizes = np.asarray(head_size, dtype=np.float64)[:, None]
    errors = np.linalg.norm(np.asarray(predicted, dtype=np.float64) - places, axis=2)
    judged = np.isfinite(places).all(axis=2) & np.isfinite(sizes)
    return np.where(judged, (errors <= THRESHOLD * sizes).astype(np.float64), np.nan)


def pckh(found: Floats) -> dict[str, float | None]:
    """Return PCKh by group of joints, 0 to 100, and the total.

    Left and right joints of a group count alike. The total is the mean of the groups, not of all
    joints: so it is in table 4, whose totals are the means of its ten rows.

    Args:
        found: (N, 16) of `found_joints`.

    Returns:
        By the names of `GROUPS`, and "total"; None where no joint can be judged. Groups without
        any are left out of the total.
    """
    right, judged = _sums(found)
    return _percent(right.sum(axis=0), judged.sum(axis=0))


def pckh_interval(found: Floats, samples: int, seed: int) -> Interval | None:
    """Return the total with a 95% bootstrap interval over people; None if nothing can be judged.

    Args:
        found: (N, 16) of `found_joints`.
        samples: Number of resamplings.
        seed: Equal seeds give equal intervals.
    """
    right, judged = _sums(found)
    value = _percent(right.sum(axis=0), judged.sum(axis=0))[TOTAL]
    if value is None:
        return None
    generator = np.random.default_rng(seed)
    people = len(found)
    totals = []
    for start in range(0, samples, _BLOCK):
        draws = min(_BLOCK, samples - start)
        # How often each person was drawn.
        times = generator.multinomial(people, np.full(people, 1 / people), size=draws)
        with np.errstate(invalid="ignore"):
            shares = (times @ right) / (times @ judged)
        totals.append(100 * _mean_of_known(shares))
    known = np.concatenate(totals)
    low, high = np.percentile(known[np.isfinite(known)], (2.5, 97.5))
    return Interval(value, float(low), float(high), int((judged.sum(axis=1) > 0).sum()))


def person_scores(found: Floats) -> Floats:
    """Return the part (N,) of each person in the total, 0 to 100 and more: its mean is the total.

    A person's right joints of each group are divided by how many a person has on average, so that
    people with more annotated joints count more, as they do in the total.

    Args:
        found: (N, 16) of `found_joints`.
    """
    right, judged = _sums(found)
    with np.errstate(invalid="ignore"):
        return 100 * _mean_of_known(right / judged.mean(axis=0))


def _sums(found: Floats) -> tuple[Floats, Floats]:
    """Return of each person how many joints of each group are right, and can be judged (N, 10)."""
    judged = np.isfinite(found)
    groups = [list(joints) for joints in GROUPS.values()]
    right = [np.where(judged, found, 0)[:, joints].sum(axis=1) for joints in groups]
    number = [judged[:, joints].sum(axis=1) for joints in groups]
    return np.stack(right, axis=1), np.stack(number, axis=1).astype(np.float64)


def _percent(right: Floats, judged: Floats) -> dict[str, float | None]:
    with np.errstate(invalid="ignore"):
        shares = 100 * right / judged
    values = [*shares.tolist(), float(_mean_of_known(shares[None])[0])]
    return {
        name: value if np.isfinite(value) else None
        for name, value in zip((*GROUPS, TOTAL), values, strict=True)
    }


def _mean_of_known(shares: Floats) -> Floats:
    """Return the mean of each row's finite values; NaN if there are none."""
    known = np.isfinite(shares)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, shares, 0).sum(axis=1) / known.sum(axis=1))
