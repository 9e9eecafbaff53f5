"""Exact nearest neighbours among many vectors, a block of them at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.embedding_rows import Rows, Vectors


@dataclass(frozen=True)
class Neighbours:
    """The nearest of each of m queries, nearest first.

    Attributes:
        rows: (m, k) rows of the gallery; -1 where fewer than k are allowed.
        distances: (m, k) Euclidean distances; infinite there.
    """

    rows: Rows
    distances: Vectors


def nearest(
    queries: Vectors, gallery: Iterable[Vectors], count: int, allowed: NDArray[np.bool_]
) -> Neighbours:
    """Find the nearest vectors of a gallery that is read block by block.

    Args:
        queries: (m, D).
        gallery: Its vectors, n in all, in blocks (b, D).
        count: How many are wanted, k.
        allowed: (m, n) which rows of the gallery may be found for a query.

    Returns:
        Of equal distances the earlier row comes first.
    """
    rows = np.full((len(queries), count), -1, np.int64)
    distances = np.full((len(queries), count), np.inf, np.float32)
    own = np.square(queries).sum(axis=1, keepdims=True)
    start = 0
    for block in gallery:
        squares = own + np.square(block).sum(axis=1) - 2 * (queries @ block.T)
        found = np.sqrt(np.clip(squares, 0, None)).astype(np.float32)
        found[~allowed[:, start : start + len(block)]] = np.inf
        numbers = np.broadcast_to(np.arange(start, start + len(block)), found.shape)
        distances, rows = _smallest(
            np.concatenate([distances, found], axis=1),
            np.concatenate([rows, numbers], axis=1),
            count,
        )
        start += len(block)
    return Neighbours(np.where(np.isfinite(distances), rows, -1), distances)


def _smallest(distances: Vectors, rows: Rows, count: int) -> tuple[Vectors, Rows]:
    order = np.argsort(distances, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(distances, order, 1), np.take_along_axis(rows, order, 1)


def other_videos(video: NDArray[np.integer], queries: Rows) -> NDArray[np.bool_]:
    """Return (m, n) which rows lie in another video than each query.

    Where there is only one video all rows but the query itself are allowed.

    Args:
        video: (n,) number of each row's video.
        queries: (m,) rows.
    """
    if len(np.unique(video)) > 1:
        return np.asarray(video[None, :] != video[queries, None])
    return np.asarray(np.arange(len(video))[None, :] != queries[:, None])
