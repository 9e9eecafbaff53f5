"""How well cycles were counted: pure functions on counts and periods."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """What was found in one video.

    Attributes:
        count: Cycles.
        period: Length of a cycle (frames); 0 if none was found.
        frames: (n,) source frame numbers at which a local period is known, rising.
        local_period: (n,) length of the cycle there (frames); NaN where nothing repeats.
        status: "ok", or why nothing could be counted.
    """

    count: int
    period: float
    frames: NDArray[np.int64]
    local_period: Floats
    status: str = "ok"


def off_by_one(predicted: ArrayLike, true: ArrayLike) -> Floats:
    """Return 1 for each video whose count (V,) is at most one off, else 0 (V,)."""
    return np.asarray(np.abs(_floats(predicted) - _floats(true)) <= 1, dtype=np.float64)


def count_errors(predicted: ArrayLike, true: ArrayLike) -> Floats:
    """Return |predicted - true| / true (V,) of counts (V,); their mean is the MAE."""
    truth = _floats(true)
    return np.asarray(np.abs(_floats(predicted) - truth) / truth)


def period_errors(prediction: Prediction, ends: NDArray[np.int64]) -> Floats:
    """Return |predicted - true| / true period at each frame after the first cycle's end.

    The true period at a frame is the length of the cycle that it is in, which is known up to the
    last end. Where no period was found it counts as 0, an error of 1.

    Args:
        prediction: What was found.
        ends: (n,) frame at which each cycle ends, rising.

    Returns:
        (ends[-1] - ends[0],); none if only one end is known.
    """
    wanted = np.arange(ends[0] + 1, ends[-1] + 1)
    true = np.diff(ends)[np.searchsorted(ends, wanted) - 1]
    return np.asarray(np.abs(_period_at(prediction, wanted) - true) / true)


def _period_at(prediction: Prediction, wanted: NDArray[np.int64]) -> Floats:
    """Return the period of the nearest frame looked at; 0 beyond them and where there is none."""
    frames, local = prediction.frames, np.nan_to_num(prediction.local_period, nan=0.0)
    if not len(frames):
        return np.zeros(len(wanted))
    after = np.clip(np.searchsorted(frames, wanted), 0, len(frames) - 1)
    before = np.maximum(after - 1, 0)
    is_nearer = np.abs(wanted - frames[before]) < np.abs(frames[after] - wanted)
    inside = (wanted >= frames[0]) & (wanted <= frames[-1])
    return np.where(inside, local[np.where(is_nearer, before, after)], 0.0)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
