"""Retrieval by pose on MPII (paper 4.3, figure 4): three figures of the first K neighbours.

They follow Kwak, Cho and Laptev (CVPR 2016), whom the paper names:

- mean pose distance: mean over the first K of the mean distance between joints;
- hit rate, nearest neighbour: whether any of the first K is among the query's first fifty in pose
  space. Whoever is as near as the fiftieth belongs to them;
- hit rate, relative: whether any of the first K is within the smallest pose distance from the
  query to anyone searched, plus 10.

Poses are compared in a square of 227 px, the paper's network input, whatever network is measured:
otherwise the margin of 10 px would change its meaning.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.metrics import pose_distances
from stpose.benchmarks.vectors import smallest

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

METRICS = ("mean_pose_distance", "hit_rate_nearest", "hit_rate_relative")
NEIGHBOURS = 50
MARGIN_PX = 10.0
# The first so many in pose space count as hits.
_NEAR = 50
# Queries at a time, each compared with the whole gallery: 8,000 people take 4 MB.
_BLOCK = 64


@dataclass(frozen=True)
class RetrievalScore:
    """What the first K neighbours of each of Q queries are worth; column K - 1 for K = 1 to 50.

    Attributes:
        mean_pose_distance: (Q, 50) px.
        hit_rate_nearest: (Q, 50) 0 or 1; for random neighbours the probability.
        hit_rate_relative: (Q, 50) likewise.
    """

    mean_pose_distance: Floats
    hit_rate_nearest: Floats
    hit_rate_relative: Floats


def pose_neighbours(queries: Floats, gallery: Floats) -> Rows:
    """Return the 50 nearest in pose (Q, 50): the best that a retrieval could do.

    Args:
        queries: (Q, J, 2) joints in the frame.
        gallery: (G, J, 2), G >= 50.
    """
    return np.concatenate(
        [smallest(distances, NEIGHBOURS) for distances in _blocks(queries, gallery)]
    )


def score_neighbours(queries: Floats, gallery: Floats, neighbours: Rows) -> RetrievalScore:
    """Score neighbours (Q, 50), rows of the gallery, nearest first.

    Args:
        queries: (Q, J, 2) joints in the frame (px).
        gallery: (G, J, 2), G >= 50.
        neighbours: (Q, 50).
    """
    ranks = np.arange(1, NEIGHBOURS + 1)
    columns: list[list[Floats]] = [[], [], []]
    start = 0
    for distances in _blocks(queries, gallery):
        chosen = neighbours[start : start + len(distances)]
        start += len(distances)
        found = np.take_along_axis(distances, chosen, axis=1)
        near, close = _limits(distances)
        columns[0].append(np.cumsum(found, axis=1) / ranks)
        for column, limit in zip(columns[1:], (near, close), strict=True):
            column.append(np.logical_or.accumulate(found <= limit, axis=1).astype(np.float64))
    return RetrievalScore(*(np.concatenate(column) for column in columns))


def score_random(queries: Floats, gallery: Floats) -> RetrievalScore:
    """Return what neighbours drawn at random score in the mean over all draws, exactly.

    Args:
        queries: (Q, J, 2) joints in the frame (px).
        gallery: (G, J, 2), G >= 50.
    """
    columns: list[list[Floats]] = [[], [], []]
    for distances in _blocks(queries, gallery):
        mean = distances.mean(axis=1, keepdims=True)
        columns[0].append(np.repeat(mean, NEIGHBOURS, axis=1))
        for column, limit in zip(columns[1:], _limits(distances), strict=True):
            hits = (distances <= limit).sum(axis=1)
            column.append(1 - miss_probability(hits, distances.shape[1]))
    return RetrievalScore(*(np.concatenate(column) for column in columns))


def miss_probability(hits: NDArray[np.integer], people: int) -> Floats:
    """Return the probability (Q, 50) that none of K people drawn without replacement is a hit.

    Args:
        hits: (Q,) how many of the people are hits.
        people: How many there are.
    """
    drawn = np.arange(NEIGHBOURS)
    left = np.clip(people - hits[:, None] - drawn, 0, None) / (people - drawn)
    return np.asarray(np.cumprod(left, axis=1), dtype=np.float64)


def _limits(distances: Floats) -> tuple[Floats, Floats]:
    """Return up to which distance (Q, 1) a neighbour is a hit, by either criterion."""
    nearest = np.partition(distances, _NEAR - 1, axis=1)
    smallest_one = nearest[:, :_NEAR].min(axis=1, keepdims=True)
    return nearest[:, _NEAR - 1 : _NEAR], smallest_one + MARGIN_PX


def _blocks(queries: Floats, gallery: Floats) -> Iterator[Floats]:
    for start in range(0, len(queries), _BLOCK):
        yield pose_distances(queries[start : start + _BLOCK], gallery)
