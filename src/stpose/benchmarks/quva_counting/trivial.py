"""What counting is worth that looks at no person: the rows that everything else must beat."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from stpose.benchmarks.quva_counting.data import CountedVideo
from stpose.benchmarks.quva_counting.protocol import Prediction
from stpose.errors import InputError
from stpose.frames.decoding import NoFramesError, open_video
from stpose.repetitions.similarity import Matrix, normalise

_SIDE_PX = 24
_ABOUT = 0.9  # share of the largest prominence


def mean_counts(videos: Sequence[CountedVideo]) -> list[Prediction]:
    """Predict for each video the mean count, rounded, and the mean period of all the others.

    Raises:
        InputError: There is only one video.
    """
    if len(videos) < 2:
        message = f"mean-count: {len(videos)} video, expected at least 2, it is a mean of others"
        raise InputError(message)
    found = []
    for video in videos:
        others = [one for one in videos if one is not video]
        count = round(float(np.mean([one.count for one in others])))
        periods = [one.period for one in others if one.period is not None]
        found.append(_steady(count, float(np.mean(periods)) if periods else 0.0, video.ends))
    return found


def pixel_peak(video: CountedVideo) -> Prediction:
    """Count by the largest peak of the self-similarity of whole frames, with no person found.

    Frames are 24 x 24 grey pixels, and how alike two of them are is measured as in the
    repetitions stage. Of the mean similarity by lag the peak that stands out most is the period,
    and the length of the video over it the count. Twice the period stands out as much as the
    period does, so that it is the first of those that are about the largest.
    """
    try:
        pixels = _grey_frames(video)
    except NoFramesError:
        return _steady(0, 0.0, video.ends, "no_frames")
    except InputError:
        return _steady(0, 0.0, video.ends, "unreadable")
    peaks, properties = find_peaks(similarity_by_lag(normalise(pixels)), prominence=0.0)
    if not len(peaks):
        return _steady(0, 0.0, video.ends)
    heights = properties["prominences"]
    lag = int(peaks[np.argmax(heights >= _ABOUT * heights.max())]) + 1
    return _steady(round(len(pixels) / lag), float(lag), video.ends)


def similarity_by_lag(vectors: Matrix) -> NDArray[np.float64]:
    """Return how alike normalised features (n, D) and those `lag` later are, on average.

    Returns:
        (n // 2,) in [0, 1], for lags from 1.
    """
    found = np.empty(len(vectors) // 2)
    for place in range(len(found)):
        lag = place + 1
        product = np.clip(np.einsum("nd,nd->n", vectors[:-lag], vectors[lag:]), -1, 1)
        found[place] = (1 - np.sqrt((1 - product) / 2)).mean()
    return found


def _grey_frames(video: CountedVideo) -> NDArray[np.float32]:
    with open_video(video.path) as decoder:
        frames = [
            cv2.resize(
                cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY),
                (_SIDE_PX, _SIDE_PX),
                interpolation=cv2.INTER_AREA,
            ).ravel()
            for frame in decoder
        ]
    return np.asarray(frames, dtype=np.float32).reshape(-1, _SIDE_PX**2)


def _steady(count: int, period: float, ends: NDArray[np.int64], status: str = "ok") -> Prediction:
    """Return a prediction with the same period from the first label to the last."""
    frames = np.array([ends[0], ends[-1]])
    return Prediction(count, period, frames, np.full(2, period), status)
