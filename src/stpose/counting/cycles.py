"""Where the cycles of a counted person begin and end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.repetitions.counting import completed


@dataclass(frozen=True)
class RepeatingPart:
    """A stretch that repeats without a break.

    Attributes:
        boundaries: (k,) rows at which its cycles begin, and behind them the end of the last,
            rising; one more than there are cycles.
    """

    boundaries: NDArray[np.int64]


def repeating_parts(local_period: NDArray[np.float64]) -> list[RepeatingPart]:
    """Return the cycles of each part that repeats.

    A cycle has no beginning of its own: the first one begins where its part does, and the others
    where another whole cycle has gone by.

    Args:
        local_period: (n,) length of the cycle at each row, in rows; NaN where nothing repeats.
    """
    inside = np.isfinite(local_period)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    found = []
    for start, stop in edges.reshape(-1, 2):
        gone = np.cumsum(1 / local_period[start:stop])
        whole = np.arange(1, completed(float(gone[-1])) + 1)
        # A last cycle that is short of its end by less than a quarter ends with its part.
        ends = np.minimum(np.searchsorted(gone, whole - 1e-9) + 1, stop - start - 1)
        found.append(RepeatingPart(start + np.concatenate([[0], ends]).astype(np.int64)))
    return found
