"""Vectors reduced to a few principal axes, in bytes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.embedding_rows import Rows, Vectors

LEVELS = 127
REFINED = 4  # one of so many axes has a second column


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

    A coordinate is the sum of its columns, each in steps of its own. With the squared length of
    the whole vectors kept, what lies beyond the axes still counts: it is taken to be at right
    angles for any two vectors.

    Attributes:
        code: (n, c) whole numbers of steps.
        axis: (c,) which axis a column belongs to.
        scale: (c,) length of a step.
        energy: (n,) squared length of each whole vector less the mean.
    """

    code: NDArray[np.int8]
    axis: NDArray[np.int32]
    scale: Vectors
    energy: Vectors

    def coordinates(self) -> Vectors:
        """Return what the codes stand for (n, d)."""
        values = np.zeros((len(self.code), int(self.axis.max(initial=-1)) + 1), np.float32)
        for column, axis in enumerate(self.axis.tolist()):
            values[:, axis] += self.code[:, column] * self.scale[column]
        return values

    def distances(self, queries: Rows) -> Vectors:
        """Return the distances (m, n) from some of the vectors to all."""
        values = self.coordinates()
        squares = self.energy[queries, None] + self.energy - 2 * (values[queries] @ values.T)
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
    """Return coordinates along the axes in steps, each axis on its own scale.

    The quarter of the axes with the greatest spread has a second column, which divides a step of
    the first: its rounding would else be larger than all that the last axes hold.

    Args:
        coordinates: (n, d), the axis of the greatest spread first.
        energy: (n,) squared lengths of the whole vectors less their mean.
    """
    axes = coordinates.shape[1]
    coarse, coarse_scale = _steps(coordinates)
    finer = -(-axes // REFINED)
    left = coordinates[:, :finer] - coarse[:, :finer] * coarse_scale[:finer]
    fine, fine_scale = _steps(left)
    return Codes(
        code=np.concatenate([coarse, fine], axis=1),
        axis=np.concatenate([np.arange(axes), np.arange(finer)]).astype(np.int32),
        scale=np.concatenate([coarse_scale, fine_scale]),
        energy=energy,
    )


def _steps(values: Vectors) -> tuple[NDArray[np.int8], Vectors]:
    """Return values (n, d) in whole steps, and the length of a step of each column."""
    largest = np.abs(values).max(axis=0, initial=0)
    scale = np.where(largest > 0, largest / LEVELS, 1).astype(np.float32)
    return np.rint(values / scale).astype(np.int8), scale
