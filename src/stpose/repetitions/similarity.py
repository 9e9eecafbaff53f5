"""The self-similarity of a track and its filter (paper 3.3, figure 2).

The matrix is made in blocks of rows and never held whole: a block of 256 rows of a track of
10,000 frames takes 10 MB.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_BLOCK_ROWS = 256


def normalise(features: NDArray[np.floating]) -> Matrix:
    """Return features (n, D) scaled to length 1; a feature of zeros stays as it is."""
    vectors = features.astype(np.float32)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return np.asarray(unit, dtype=np.float32)


def similarity(first: Matrix, second: Matrix) -> Matrix:
    """Return how alike normalised features (m, D) and (n, D) are: (m, n) in [0, 1].

    It is 1 minus half their Euclidean distance, the distance of paper 3.3: 1 for equal features,
    0 for opposite ones.
    """
    product = np.clip(first @ second.T, -1, 1)
    return np.asarray(1 - np.sqrt((1 - product) / 2), dtype=np.float32)


def circulant_filter(size: int) -> Matrix:
    """Return the filter of paper 3.3: (size, size), summing to 1.

    In a circulant matrix each row is the row above, shifted by one, so that a weight depends
    only on the lag between the two frames. With all the weight on one lag it is a mean along the
    diagonal: similarities that last over several frames stay, single ones shrink.
    """
    return np.eye(size, dtype=np.float32) / np.float32(size)


def filter_diagonals(matrix: Matrix, size: int) -> Matrix:
    """Convolve a matrix with the circulant filter.

    At the border the mean is taken over the cells that exist, since cells made up there would
    not lie on the diagonal.

    Args:
        matrix: (m, n) similarities.
        size: Side of the filter, odd.
    """
    kernel = circulant_filter(size)
    border = cv2.BORDER_CONSTANT
    total = cv2.filter2D(matrix, cv2.CV_32F, kernel, borderType=border)
    weight = cv2.filter2D(np.ones_like(matrix), cv2.CV_32F, kernel, borderType=border)
    return np.asarray(np.asarray(total) / np.asarray(weight), dtype=np.float32)


def filtered_rows(
    vectors: Matrix, size: int, block: int = _BLOCK_ROWS
) -> Iterator[tuple[int, Matrix, Matrix]]:
    """Yield the self-similarity matrix in blocks of rows.

    Args:
        vectors: (n, D) normalised features.
        size: Side of the filter, odd.
        block: Rows of a block.

    Yields:
        The first row of the block, its rows of the matrix (rows, n), and the same filtered.
    """
    margin = size // 2
    for start in range(0, len(vectors), block):
        stop = min(start + block, len(vectors))
        low, high = max(0, start - margin), min(len(vectors), stop + margin)
        rows = similarity(vectors[low:high], vectors)
        filtered = filter_diagonals(rows, size)
        inner = slice(start - low, stop - low)
        yield start, rows[inner], filtered[inner]
