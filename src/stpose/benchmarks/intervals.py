"""Means with bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

_OUTSIDE = (2.5, 97.5)


@dataclass(frozen=True)
class Interval:
    """A mean and the bounds between which 95% of its resamplings lie.

    Attributes:
        value: The mean.
        low: 2.5th percentile of the resampled means.
        high: 97.5th percentile.
        n: Number of samples.
    """

    value: float
    low: float
    high: float
    n: int


def spread(scores: Sequence[float]) -> float | None:
    """Return the standard deviation of scores that differ in the seed; None of fewer than two."""
    return float(np.std(scores, ddof=1)) if len(scores) > 1 else None


def bootstrap_interval(
    values: ArrayLike, samples: int, seed: int, groups: ArrayLike | None = None
) -> Interval:
    """Return the mean of the values with a 95% percentile bootstrap interval.

    With groups, it is the mean of the groups' means, and each group is resampled by itself.
    For a paired comparison pass the differences.

    Args:
        values: (n,) values, one a query or exemplar; n >= 1.
        samples: Number of resamplings.
        seed: Equal seeds give equal intervals.
        groups: (n,) group of each value, any integers; one group if left out.

    Raises:
        ValueError: There are no values, or groups of another length.
    """
    known = np.asarray(values, dtype=np.float64)
    labels = np.zeros(len(known), np.int64) if groups is None else np.asarray(groups)
    if not len(known) or labels.shape != known.shape:
        message = f"values {known.shape} and groups {labels.shape}, expected (n,) twice, n >= 1"
        raise ValueError(message)
    generator = np.random.default_rng(seed)
    names = np.unique(labels)
    means = np.zeros(samples)
    value = 0.0
    for name in names:
        members = known[labels == name]
        value += float(members.mean()) / len(names)
        # A row at a time would be slow, all rows at once too large for ten thousand values.
        rows = max(1, 2**22 // len(members))
        for start in range(0, samples, rows):
            stop = min(samples, start + rows)
            drawn = generator.integers(len(members), size=(stop - start, len(members)))
            means[start:stop] += members[drawn].mean(axis=1) / len(names)
    low, high = np.percentile(means, _OUTSIDE)
    return Interval(value, float(low), float(high), len(known))
