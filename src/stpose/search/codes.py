"""Vectors reduced to a few principal axes, in steps of one byte."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.embedding_rows import Rows, Vectors

LEVELS = 127


@dataclass(frozen=True)
class Axes:
    """The principal axes of some vectors.

    Attributes:
        mean: (D,).
        axes: (D, d) orthonormal, that of the greatest spread first.
    """

    mean: Vectors
    axes: Vectors


@dataclass(frozen=True)
class Codes:
    """Reduced vectors from which distances can be told.

    With the squared length of the whole vectors kept, what lies beyond the axes still counts: it is
    taken to be at right angles for any two vectors.

    Attributes:
        code: (n, d) coordinates along the axes, in steps of `scale`.
        scale: (d,) length of a step.
        energy: (n,) squared length of each whole vector less the mean.
    """

    code: NDArray[np.int8]
    scale: Vectors
    energy: Vectors

    def first(self, dimensions: int) -> "Codes":
        """Return the codes along the first axes only."""
        return Codes(self.code[:, :dimensions], self.scale[:dimensions], self.energy)

    def distances(self, queries: Rows) -> Vectors:
        """Return the distances (m, n) from some of the vectors to all."""
        weights = self.code[queries].astype(np.float32) * np.square(self.scale)
        products = weights @ self.code.T.astype(np.float32)
        squares = self.energy[queries, None] + self.energy - 2 * products
        return np.asarray(np.sqrt(np.clip(squares, 0, None)), np.float32)


def principal_axes(vectors: Vectors, dimensions: int) -> Axes:
    """Return the axes along which vectors (n, D) spread most, at most `dimensions` of them.

    They are exact, of the smaller of the two matrices of products. The sign of an axis is that of
    its largest entry.
    """
    mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    centred = (vectors - mean).astype(np.float64)
    rows, length = centred.shape
    products = centred @ centred.T if rows < length else centred.T @ centred
    values, found = np.linalg.eigh(products)
    keep = np.flatnonzero(values > values[-1] * 1e-10)[::-1][:dimensions]
    axes = centred.T @ found[:, keep] if rows < length else found[:, keep]
    axes = axes / np.linalg.norm(axes, axis=0)
    if axes.size:
        signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        axes = axes * signs
    return Axes(mean, axes.astype(np.float32))


def quantise(coordinates: Vectors, energy: Vectors) -> Codes:
    """Return coordinates (n, d) along the axes in steps of one byte, each axis on its own scale."""
    largest = np.abs(coordinates).max(axis=0, initial=0)
    scale = np.where(largest > 0, largest / LEVELS, 1).astype(np.float32)
    return Codes(np.rint(coordinates / scale).astype(np.int8), scale, energy)
