"""Groups of repeated poses in a track, and the pairs to learn from them (paper 3.3)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from stpose.repetitions.similarity import Matrix, filter_diagonals, filtered_rows, similarity
from stpose.settings.repetitions import RepetitionsSettings

Rows = NDArray[np.int64]

_NEAR = 0.4  # repetitions of a frame are at least so many cycles apart
_BETWEEN = (0.35, 0.65)  # where between two repetitions a dissimilar frame is looked for
_GAP = 1.5  # repetitions further apart, in cycles, are not each other's next
_SAMPLES = 512  # pairs of frames from which the scale of similarities is taken


@dataclass(frozen=True)
class Mined:
    """What was mined in a track; every array holds rows of the track or goes with them.

    Attributes:
        query: (G,) the query row of each entry of a group.
        repetition: (G,) a row that repeats it.
        similarity: (G,) how alike they are, in [0, 1].
        anchor: (P,) the first row of each pair.
        candidate: (P,) the second.
        similar: (P,) whether they show the same pose.
        pair_similarity: (P,) how alike they are, in [0, 1].
    """

    query: Rows
    repetition: Rows
    similarity: Matrix
    anchor: Rows
    candidate: Rows
    similar: NDArray[np.bool_]
    pair_similarity: Matrix


@dataclass(frozen=True)
class Scale:
    """The similarities that a threshold of 0 and of 1 stand for."""

    unrelated: float
    neighbours: float

    def at(self, threshold: float) -> float:
        """Return the similarity that a threshold stands for."""
        return self.unrelated + threshold * (self.neighbours - self.unrelated)


def similarity_scale(vectors: Matrix, rows: Rows, size: int) -> Scale:
    """Measure how alike unrelated frames and neighbours in time are, both filtered.

    Both are medians: one over frames spread evenly over the given rows of the track, one over
    neighbours among them.

    Args:
        vectors: (n, D) normalised features of the track.
        rows: Rows to look at, rising, at least two.
        size: Side of the circulant filter.
    """
    chosen = rows[np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLES)).astype(np.intp)]
    # Without order in time the filter would mean nothing, and it leaves the median as it is.
    between = similarity(vectors[chosen], vectors[chosen])
    unrelated = float(np.median(between[~np.eye(len(chosen), dtype=bool)]))
    start = int(rows[len(rows) // 2]) - min(_SAMPLES, len(rows)) // 2
    near = vectors[max(start, 0) : max(start, 0) + _SAMPLES]
    neighbours = np.diagonal(filter_diagonals(similarity(near, near), size), 1)
    return Scale(unrelated, max(float(np.median(neighbours)), unrelated))


def row_maxima(row: Matrix, query: int, period: float, least: float) -> Rows:
    """Return the repetitions of a query frame: the maxima of its row of the filtered matrix.

    A maximum stands above everything less than 0.4 cycles away, and so far from the query
    itself.

    Args:
        row: (n,) filtered similarities of the query to the frames of its track; -inf where no
            repetition is wanted.
        query: Position of the query.
        period: Length of a cycle at the query, in rows.
        least: Least filtered similarity of a repetition.
    """
    reach = max(1, int(_NEAR * period))
    highest = maximum_filter1d(row, 2 * reach + 1, mode="constant", cval=-np.inf)
    peaks = np.flatnonzero((row == highest) & (row >= least))
    return peaks[np.abs(peaks - query) > reach].astype(np.int64)


def mine(
    vectors: Matrix, local_period: NDArray[np.float64], settings: RepetitionsSettings
) -> Mined:
    """Mine the part of a track that repeats.

    Query frames are spread so that a cycle has `queries_per_cycle` of them. Similar pairs are
    a query and its repetitions; for each of them a dissimilar one is the query and its least
    similar frame from about halfway between two repetitions.

    Args:
        vectors: (n, D) normalised features of the track at equal steps in time.
        local_period: (n,) length of the cycle at each row, NaN where nothing repeats.
        settings: Settings of the stage.
    """
    inside = np.isfinite(local_period)
    rows = np.flatnonzero(inside).astype(np.int64)
    found = _Entries()
    if len(rows) < 2:
        return found.gathered()
    least = similarity_scale(vectors, rows, settings.filter_size).at(settings.threshold)
    is_query = _query_rows(local_period, settings.queries_per_cycle)
    for start, plain, filtered in filtered_rows(vectors, settings.filter_size):
        for query in start + np.flatnonzero(is_query[start : start + len(plain)]):
            row, period = plain[query - start], float(local_period[query])
            allowed = np.where(inside, filtered[query - start], -np.inf).astype(np.float32)
            peaks = row_maxima(allowed, int(query), period, least)
            strongest = np.argsort(-allowed[peaks], kind="stable")[: settings.largest_group]
            kept = np.sort(peaks[strongest])
            if len(kept):
                between = _between(kept, peaks, int(query), period, allowed)
                found.add(int(query), kept, between, row)
    return found.gathered()


def _query_rows(local_period: NDArray[np.float64], per_cycle: int) -> NDArray[np.bool_]:
    """Mark every row at which another whole part of a cycle has gone by."""
    speed = np.where(np.isfinite(local_period), per_cycle / local_period, 0.0)
    gone = np.floor(np.cumsum(np.minimum(speed, 1.0)) + 1e-9)
    return np.diff(gone, prepend=0.0) > 0


def _between(kept: Rows, peaks: Rows, query: int, period: float, row: Matrix) -> Rows:
    """Return for each kept repetition a frame unlike the query, halfway to the next one.

    The next one is that on the side of the query, or the query itself; so there are about as
    many dissimilar pairs as similar ones, however long the track is.
    """
    places = np.sort(np.append(peaks, query))
    found = []
    for place in kept:
        step = 1 if place < query else -1
        other = places[np.searchsorted(places, place) + step]
        # Where a repetition was missed, the middle of the gap may show the same pose.
        if abs(other - place) > _GAP * period:
            continue
        left, right = min(place, other), max(place, other)
        low, high = (left + round(part * (right - left)) for part in _BETWEEN)
        choice = row[low : high + 1]
        usable = np.isfinite(choice)
        if usable.any():
            found.append(low + int(np.argmin(np.where(usable, choice, np.inf))))
    return np.array(found, dtype=np.int64)


class _Entries:
    """Collects the entries of groups and pairs."""

    def __init__(self) -> None:
        self._similar: list[tuple[Rows, Rows, Matrix]] = []
        self._dissimilar: list[tuple[Rows, Rows, Matrix]] = []

    def add(self, query: int, repetitions: Rows, between: Rows, row: Matrix) -> None:
        for entries, others in ((self._similar, repetitions), (self._dissimilar, between)):
            entries.append((np.full(len(others), query, np.int64), others, row[others]))

    def gathered(self) -> Mined:
        query, repetition, alike = _joined(self._similar)
        anchor, candidate, other = _joined(self._dissimilar)
        return Mined(
            query,
            repetition,
            alike,
            np.concatenate([query, anchor]),
            np.concatenate([repetition, candidate]),
            np.repeat([True, False], [len(query), len(anchor)]),
            np.concatenate([alike, other]),
        )


def _joined(entries: list[tuple[Rows, Rows, Matrix]]) -> tuple[Rows, Rows, Matrix]:
    if not entries:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    first, second, alike = zip(*entries, strict=True)
    return np.concatenate(first), np.concatenate(second), np.concatenate(alike)
