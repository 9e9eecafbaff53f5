"""What one look at the main person of a video counts, and which of two looks is believed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.status import Status
from stpose.geometry import Floats
from stpose.repetitions.similarity import Matrix

_SAME_PERIOD = 0.2  # octaves by which two looks at one person may differ in the period


@dataclass(frozen=True)
class Count:
    """What the main person of a video repeats.

    Attributes:
        count: Cycles; 0 if nothing repeats, or nobody is there.
        period: Median length of a cycle, in source frames; 0 if nothing repeats.
        strength: How clear the repetition is, 0 to 1.
        status: How the video fared.
        frames: (n,) source frame numbers at which the person was looked at, rising.
        local_period: (n,) length of the cycle there, in source frames; NaN where nothing repeats.
        step: Source frames from one of them to the next.
        view: What was looked at: "crops", where the box follows the person, or "steady".
        crops: (n,) rows of the person's pictures in the store of that name.
        vectors: (n, D) what the embedder made of them, of length 1.
    """

    count: int
    period: float
    strength: float
    status: Status
    frames: NDArray[np.int64]
    local_period: Floats
    step: float
    view: str
    crops: NDArray[np.int64]
    vectors: Matrix


def clearer(followed: Count, steady: Count) -> Count:
    """Return which of two looks at one person counts.

    Where both find the same period, it is the one that finds more cycles: each loses parts that
    the other sees. Where they disagree, or only one finds anything, it is the stronger one.
    """
    if not (followed.count and steady.count):
        return steady if steady.count else followed
    if abs(np.log2(followed.period / steady.period)) < _SAME_PERIOD:
        return steady if steady.count > followed.count else followed
    return steady if steady.strength > followed.strength else followed
