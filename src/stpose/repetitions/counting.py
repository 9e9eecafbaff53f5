"""Whether a track repeats, how often, and in which part of it.

A cycle is counted when its pose comes back: two steps, left and right, are one cycle.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.repetitions.tempo import Floats, Tempo, compress, follow_tempo
from stpose.settings.repetitions import RepetitionsSettings

_FAINT = 0.05  # correlation above which a moment may belong to a repetition
_SWITCH_PRICE = 0.25  # correlation times cycles below which a part is not told from noise
_END_CORRELATION = 0.5  # a repetition ends where correlation falls to this part of its median
_REACH = 0.5  # cycles by which that is too early and too late
_EDGE = 1.02  # of the shortest period: what lies below is no peak, but noise at the search's edge
_END_MOTION = 0.3  # and where motion does: people wait before they begin and after they end


@dataclass(frozen=True)
class Repetition:
    """What repeats in a track of n steps.

    Attributes:
        count: Cycles completed in the parts that repeat; 0 if none does.
        period: Median length of a cycle, in steps; 0 if none.
        strength: Correlation from cycle to cycle in the parts that repeat, 0 to 1; of the best
            part if none is good enough.
        local_period: (n,) length of the cycle at each step; NaN where nothing repeats.
    """

    count: int
    period: float
    strength: float
    local_period: Floats

    @property
    def repeats(self) -> bool:
        """Tell whether anything repeats."""
        return self.period > 0


@dataclass(frozen=True)
class _Part:
    start: int
    stop: int
    cycles: float
    correlation: float
    unsteadiness: float  # octaves by which the period changes in a cycle, on average

    @property
    def evidence(self) -> float:
        """Return the correlation against its spread by chance, which falls with more cycles.

        What looks periodic by chance wanders in tempo: a tenth of an octave a cycle counts half.
        """
        return self.correlation * float(np.sqrt(self.cycles)) / (1 + 10 * self.unsteadiness)


def find_repetition(
    vectors: NDArray[np.floating], settings: RepetitionsSettings, step: float = 1.0
) -> Repetition:
    """Find and count what repeats in a track.

    Args:
        vectors: (n, D) features at equal steps in time.
        settings: Settings of the stage.
        step: Source frames from one row to the next, in which the settings are given.
    """
    nothing = Repetition(0, 0.0, 0.0, np.full(len(vectors), np.nan))
    shortest = max(settings.shortest_period / step, 4.0)
    if len(vectors) < 2 * shortest:
        return nothing
    longest = max(settings.longest_period / step, shortest)
    tempo = follow_tempo(compress(vectors), shortest, longest)
    if tempo is None:
        return nothing
    parts = [
        part
        for part in _parts(tempo)
        if completed(part.cycles) >= settings.minimum_cycles
        and np.median(tempo.period[part.start : part.stop]) >= _EDGE * shortest
    ]
    good = [part for part in parts if part.evidence >= settings.evidence]
    if not good:
        best = max((part.correlation for part in parts), default=0.0)
        return Repetition(0, 0.0, float(np.clip(best, 0, 1)), nothing.local_period)
    local = nothing.local_period.copy()
    for part in good:
        local[part.start : part.stop] = tempo.period[part.start : part.stop]
    cycles = np.array([part.cycles for part in good])
    correlation = np.array([part.correlation for part in good])
    return Repetition(
        count=int(sum(completed(part.cycles) for part in good)),
        period=float(np.nanmedian(local)),
        strength=float(np.clip(np.average(correlation, weights=cycles), 0, 1)),
        local_period=local,
    )


def completed(cycles: float) -> int:
    """Return the number of whole cycles in a measured number of them.

    A cycle that is short of its end by less than a quarter counts: the ends are not measured
    better than that.
    """
    return int(np.floor(cycles + 0.25))


def _parts(tempo: Tempo) -> list[_Part]:
    """Cut out the stretches in which a cycle is like the next."""
    gain = (tempo.correlation - _FAINT) / tempo.period
    found = []
    for start, stop in _stretches(gain):
        kept = _clear_part(tempo, start, stop)
        if kept is not None:
            found.append(_measured(tempo, *kept))
    return found


def _measured(tempo: Tempo, start: int, stop: int) -> _Part:
    period = tempo.period[start:stop]
    cycles = float((1 / period).sum())
    correlation = float(np.average(tempo.correlation[start:stop], weights=1 / period))
    wandered = float(np.abs(np.diff(np.log2(period))).sum())
    return _Part(start, stop, cycles, correlation, wandered / cycles)


def _clear_part(tempo: Tempo, start: int, stop: int) -> tuple[int, int] | None:
    """Return where the repetition in a stretch begins and ends, or None if it is nowhere clear."""
    correlation = tempo.correlation[start:stop]
    clear = start + np.flatnonzero(correlation >= _END_CORRELATION * np.median(correlation))
    if not len(clear):
        return None
    # At the first moment of a repetition only one side of the window repeats.
    low = max(int(clear[0] - _REACH * tempo.period[clear[0]]), 0)
    high = min(int(clear[-1] + _REACH * tempo.period[clear[-1]]) + 1, len(tempo.period))
    least = _END_MOTION * np.median(tempo.motion[start:stop])
    moving = low + np.flatnonzero(tempo.motion[low:high] >= least)
    return (int(moving[0]), int(moving[-1]) + 1) if len(moving) else None


def _stretches(gain: Floats) -> list[tuple[int, int]]:
    """Return the stretches (start, stop) whose gain, less a price for each, sums to the most."""
    outside, inside = 0.0, -np.inf
    entered, left = [], []
    for value in gain:
        entered.append(outside - _SWITCH_PRICE > inside)
        left.append(inside > outside)
        inside, outside = max(inside, outside - _SWITCH_PRICE) + value, max(outside, inside)
    stretches = []
    stop = len(gain) if inside > outside else 0
    for moment in range(len(gain) - 1, -1, -1):
        if stop and entered[moment]:
            stretches.append((moment, stop))
            stop = 0
        elif not stop and left[moment]:
            stop = moment
    return stretches[::-1]
