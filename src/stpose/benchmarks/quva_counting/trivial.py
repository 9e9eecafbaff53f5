"""What counting is worth that looks at no person: the rows that everything else must beat."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.signal import detrend, find_peaks

from stpose.benchmarks.quva_counting.data import CountedVideo
from stpose.benchmarks.quva_counting.protocol import Prediction
from stpose.errors import InputError
from stpose.frames.decoding import NoFramesError, open_video
from stpose.repetitions.similarity import Matrix, normalise, similarity

_SIDE_PX = 24
_BLOCK_ROWS = 256


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
    """Count by the strongest frequency in the self-similarity of whole frames.

    No person is found: frames are 24 x 24 grey pixels, and how alike two of them are is measured
    as in the repetitions stage. The largest peak of the spectrum is the number of cycles in the
    video.
    """
    try:
        pixels = _grey_frames(video)
    except NoFramesError:
        return _steady(0, 0.0, video.ends, "no_frames")
    except InputError:
        return _steady(0, 0.0, video.ends, "unreadable")
    spectrum = similarity_spectrum(normalise(pixels))
    peaks, _ = find_peaks(spectrum)
    if not len(peaks):
        return _steady(0, 0.0, video.ends)
    count = int(peaks[np.argmax(spectrum[peaks])])
    return _steady(count, len(pixels) / count, video.ends)


def similarity_spectrum(vectors: Matrix) -> NDArray[np.float64]:
    """Return the power of each frequency in the rows of the self-similarity matrix, on average.

    A straight line is taken from each row first: what drifts has no frequency.

    Args:
        vectors: (n, D) normalised features.

    Returns:
        (n // 2 + 1,), by cycles in the n frames.
    """
    power = np.zeros(len(vectors) // 2 + 1)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        rows = similarity(vectors[start : start + _BLOCK_ROWS], vectors)
        power += (np.abs(np.fft.rfft(detrend(rows, axis=1), axis=1)) ** 2).sum(axis=0)
    return power / len(vectors)


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
