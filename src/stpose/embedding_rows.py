"""Rows of an embeddings store as vectors of length 1."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.stores import StoreReader

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]

BLOCK_ROWS = 4096


def unit_vectors(vectors: NDArray[np.floating]) -> Vectors:
    """Return vectors (n, D) scaled to length 1; one of zeros stays as it is."""
    found = np.asarray(vectors, np.float32)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    unit = np.divide(found, length, out=np.zeros_like(found), where=length > 0)
    return np.asarray(unit, np.float32)


def spread(count: int, wanted: int) -> Rows:
    """Return at most `wanted` different rows spread evenly over `count`, the ends included."""
    places = np.linspace(0, max(count - 1, 0), min(count, wanted))
    return np.unique(places.round().astype(np.int64))


def read_vectors(store: StoreReader, rows: Rows) -> Vectors:
    """Return the vectors of some rows of an embeddings store.

    Raises:
        ArtefactError: The stored bytes do not match their checksum.
    """
    if not len(rows):
        return np.zeros((0, 1), np.float32)
    found = [store.rows("vector", row, row + 1) for row in rows.tolist()]
    return unit_vectors(np.concatenate(found))


def vector_blocks(store: StoreReader) -> Iterator[Vectors]:
    """Yield all vectors of an embeddings store in blocks of rows.

    Raises:
        ArtefactError: The stored bytes do not match their checksum.
    """
    for start in range(0, len(store), BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, len(store))
        yield unit_vectors(store.rows("vector", start, stop))
