"""How fast a track repeats at each moment: the lag at which it is most like itself.

For each period on a grid the features are stripped of what is slower than the cycle (a panning
camera, drifting light) and of what is much faster, and correlated with themselves a cycle
later, in a window that moves along the track. The strongest periods that change slowly are
followed through the track.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS_PER_OCTAVE = 12
_WINDOW = 2.0  # cycles that a window of correlation covers
_SLOWEST = 1.5  # what changes over more than so many cycles is taken away
_FASTEST = 6.0  # what changes faster than this part of a cycle is smoothed
_LENGTH_PRICE = 0.03  # a period an octave longer must correlate better by so much
_CHANGE_PRICE = 20.0  # correlation that a change of the period by an octave costs


@dataclass(frozen=True)
class Tempo:
    """The period at each of n moments and how well it fits.

    Attributes:
        period: (n,) length of the cycle, in steps of the track.
        correlation: (n,) in [-1, 1], how alike a moment's surroundings and the ones a cycle
            before and after are.
        motion: (n,) mean squared distance of the features from their mean over a cycle.
    """

    period: Floats
    correlation: Floats
    motion: Floats


def compress(vectors: NDArray[np.floating], dimensions: int = 64, samples: int = 1000) -> Floats:
    """Return features (n, D) in their main directions: (n, up to `dimensions`), centred.

    The directions are found on `samples` frames spread over the track, so that long tracks take
    no more memory than their features.
    """
    centred = vectors - vectors.mean(axis=0)
    chosen = np.linspace(0, len(centred) - 1, min(len(centred), samples)).astype(np.intp)
    some = centred[chosen]
    if len(some) < some.shape[1]:
        # The small side is enough: directions are combinations of the frames themselves.
        value, mix = np.linalg.eigh((some @ some.T).astype(np.float64))
        kept = value > max(1e-7 * value[-1], 1e-12)
        directions = some.T @ (mix[:, kept] / np.sqrt(value[kept]))[:, ::-1]
    else:
        directions = np.linalg.eigh((some.T @ some).astype(np.float64))[1][:, ::-1]
    return np.asarray(centred @ directions[:, :dimensions], dtype=np.float64)


def running_mean(signal: Floats, width: float) -> Floats:
    """Return the mean of a signal (n, D) over a centred window of `width` steps.

    The width need not be whole; at the ends the window is cut.
    """
    total = np.concatenate([np.zeros((1, signal.shape[1])), np.cumsum(signal, axis=0)])
    centre = np.arange(len(signal)) + 0.5
    low = np.clip(centre - width / 2, 0, len(signal))
    high = np.clip(centre + width / 2, 0, len(signal))
    mean = (_between(total, high) - _between(total, low)) / (high - low)[:, None]
    return np.asarray(mean)


def _between(table: Floats, place: Floats) -> Floats:
    whole = np.minimum(place.astype(np.intp), len(table) - 2)
    part = (place - whole)[:, None]
    return np.asarray(table[whole] * (1 - part) + table[whole + 1] * part)


def period_grid(shortest: float, longest: float) -> Floats:
    """Return periods from shortest to longest in equal ratios, twelve an octave."""
    steps = int(np.log2(longest / shortest) * _STEPS_PER_OCTAVE) if longest > shortest else 0
    return np.asarray(shortest * 2 ** (np.arange(steps + 1) / _STEPS_PER_OCTAVE))


def correlation_at(signal: Floats, period: float) -> tuple[Floats, Floats]:
    """Return how well a period fits at each moment, (n,) in [-1, 1], and the motion there, (n,).

    Pairs of moments a cycle apart count at the moment halfway between them.
    """
    strip = signal - running_mean(signal, _SLOWEST * period)
    if period > _FASTEST:
        strip = running_mean(strip, period / _FASTEST)
    energy = (strip**2).sum(axis=1)
    product, norm = np.zeros_like(energy), np.zeros_like(energy)
    _add_pairs(product, norm, strip, period)
    window = _WINDOW * period
    both = running_mean(np.stack([product, norm, energy], axis=1), window)
    # Rounding leaves a trace of motion where nothing moves at all.
    floor = 1e-9 * max(float(both[:, 1].max()), 1e-12)
    correlation = np.where(both[:, 1] > floor, both[:, 0] / np.maximum(both[:, 1], floor), 0.0)
    return np.clip(correlation, -1, 1), running_mean(energy[:, None], period)[:, 0]


def _add_pairs(product: Floats, norm: Floats, strip: Floats, lag: float) -> None:
    whole = int(lag)
    pairs = len(strip) - whole - 2
    if pairs <= 0:
        return
    part = lag - whole
    # Cubic interpolation between the four steps around the lag: cycles of a few frames are
    # seldom a whole number of frames.
    weights = (
        -part * (part - 1) * (part - 2) / 6,
        (part + 1) * (part - 1) * (part - 2) / 2,
        -(part + 1) * part * (part - 2) / 2,
        (part + 1) * part * (part - 1) / 6,
    )
    later = np.zeros((pairs, strip.shape[1]))
    for step, weight in enumerate(weights):
        later += weight * strip[whole - 1 + step : whole - 1 + step + pairs]
    here = strip[:pairs]
    middle = round(lag / 2)
    product[middle : middle + pairs] += (here * later).sum(axis=1)
    norm[middle : middle + pairs] += ((here**2).sum(axis=1) + (later**2).sum(axis=1)) / 2


def follow_tempo(signal: Floats, shortest: float, longest: float) -> Tempo | None:
    """Return the tempo at each moment of a signal (n, D), or None if it is too short.

    Two whole cycles of the shortest period must fit in.

    Args:
        signal: Features at equal steps in time, compressed.
        shortest: Shortest period, in steps.
        longest: Longest period, in steps; no more than half the signal is used.
    """
    longest = min(longest, len(signal) / 2)
    if len(signal) < 2 * shortest:
        return None
    periods = period_grid(shortest, longest)
    fits = [correlation_at(signal, period) for period in periods]
    correlation = np.stack([fit for fit, _ in fits])
    octaves = np.log2(periods)
    path = _best_path(correlation - _LENGTH_PRICE * octaves[:, None], octaves)
    moment = np.arange(len(signal))
    return Tempo(
        period=_refined(periods, correlation, path),
        correlation=correlation[path, moment],
        motion=np.stack([motion for _, motion in fits])[path, moment],
    )


def _best_path(gain: Floats, octaves: Floats) -> NDArray[np.intp]:
    """Return for each moment the row of `gain` (K, n) on the path that gains most (Viterbi)."""
    price = _CHANGE_PRICE * np.abs(octaves[:, None] - octaves[None])
    here = np.arange(len(octaves))
    best = gain[:, 0]
    came_from = np.zeros((gain.shape[1], len(octaves)), dtype=np.int16)
    for moment in range(1, gain.shape[1]):
        options = best[None] - price
        came_from[moment] = options.argmax(axis=1)
        best = options[here, came_from[moment]] + gain[:, moment]
    path = np.zeros(gain.shape[1], dtype=np.intp)
    path[-1] = best.argmax()
    for moment in range(gain.shape[1] - 1, 0, -1):
        path[moment - 1] = came_from[moment, path[moment]]
    return path


def _refined(periods: Floats, correlation: Floats, path: NDArray[np.intp]) -> Floats:
    """Return the periods on a path with the peak of a parabola through three of the grid."""
    moment = np.arange(len(path))
    inner = np.clip(path, 1, max(len(periods) - 2, 1))
    if len(periods) < 3:
        return np.asarray(periods[path])
    below, at, above = (correlation[inner + step, moment] for step in (-1, 0, 1))
    bend = below - 2 * at + above
    shift = np.divide(below - above, 2 * bend, out=np.zeros_like(at), where=bend < -1e-9)
    shift = np.where(inner == path, np.clip(shift, -0.5, 0.5), 0.0)
    return np.asarray(periods[path] * 2 ** (shift / _STEPS_PER_OCTAVE))
