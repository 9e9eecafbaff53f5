"""Distances between vectors, and nearest neighbours, in blocks that fit in memory."""

from typing import Literal

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scaling = Literal["l2", "none", "whitened"]
_BLOCK = 1024


def scale_vectors(vectors: Vectors, scaling: Literal["l2", "none"]) -> Vectors:
    """Return the vectors (N, D) with length 1, or as they are; zero vectors stay zero."""
    if scaling == "none":
        return vectors
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def whiten_vectors(vectors: Vectors, fitted: Vectors, directions: int) -> Vectors:
    """Return vectors along the main directions of others, with their spread along each as unit.

    The principal components are exact, not sketched: a sketch changes results from run to run.

    Args:
        vectors: (N, D) vectors to express.
        fitted: (G, D) vectors whose principal components are taken.
        directions: How many components at most; fewer where the others do not span as many.

    Returns:
        (N, K).
    """
    origin = fitted.mean(axis=0)
    centred = (fitted - origin).astype(np.float64)
    # The small one of the two products has the same components as the large one.
    products = centred @ centred.T
    last = len(fitted) - 1
    values, bases = scipy.linalg.eigh(
        products, subset_by_index=[max(0, last + 1 - directions), last]
    )
    kept = values > max(values[-1], 0) * 1e-10
    # The bases have length 1 along the rows; so have the components along the columns, after
    # division by the singular value. Dividing once more makes the spread the unit.
    axes = centred.T @ (bases[:, kept] / values[kept])
    return np.asarray((vectors - origin) @ axes.astype(np.float32), dtype=np.float32)


def centre_vectors(vectors: Vectors) -> Vectors:
    """Return the vectors (N, D) less their own means, with length 1.

    Between such vectors half the squared Euclidean distance is 1 minus Pearson's correlation, so
    that Euclidean neighbours are neighbours by correlation.
    """
    return scale_vectors(vectors - vectors.mean(axis=1, keepdims=True), "l2")


def paired_distances(
    vectors: Vectors, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the Euclidean distances (m,) between rows `first` and `second` of the vectors."""
    found = np.empty(len(first))
    for start in range(0, len(first), _BLOCK):
        block = slice(start, start + _BLOCK)
        offset = vectors[first[block]] - vectors[second[block]]
        found[block] = np.linalg.norm(offset, axis=1)
    return found


def nearest(queries: Vectors, gallery: Vectors, count: int) -> NDArray[np.int64]:
    """Return the nearest rows of the gallery by Euclidean distance, nearest first.

    Args:
        queries: (Q, D).
        gallery: (G, D), G >= count.
        count: How many neighbours.

    Returns:
        (Q, count) row numbers.
    """
    # Distances do not change with the origin; near it the products below lose the least.
    origin = gallery.mean(axis=0)
    known = gallery - origin
    lengths = (known**2).sum(axis=1)
    found = np.empty((len(queries), count), dtype=np.int64)
    for start in range(0, len(queries), _BLOCK):
        asked = queries[start : start + _BLOCK] - origin
        ranks = lengths - 2 * (asked @ known.T)
        found[start : start + _BLOCK] = smallest(ranks, count)
    return found


def smallest(distances: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Return the columns (Q, count) of the smallest values of each row, smallest first."""
    if count >= distances.shape[1]:
        return np.asarray(np.argsort(distances, axis=1, kind="stable")[:, :count], dtype=np.int64)
    columns = np.sort(np.argpartition(distances, count - 1, axis=1)[:, :count], axis=1)
    order = np.argsort(np.take_along_axis(distances, columns, axis=1), axis=1, kind="stable")
    return np.asarray(np.take_along_axis(columns, order, axis=1), dtype=np.int64)
