"""The self-similarity matrix and its circulant filter."""

import numpy as np
import pytest

from stpose.repetitions.similarity import (
    circulant_filter,
    filter_diagonals,
    filtered_rows,
    normalise,
    similarity,
)


@pytest.fixture
def vectors():
    return normalise(np.random.default_rng(3).normal(size=(37, 8)))


def test_features_get_length_one_and_zeros_stay():
    scaled = normalise(np.array([[3, 4], [0, 0]], dtype=np.float16))
    assert np.allclose(scaled, [[0.6, 0.8], [0, 0]])
    assert scaled.dtype == np.float32


def test_similarity_is_one_minus_half_the_distance(vectors):
    slow = [[1 - np.linalg.norm(a - b) / 2 for b in vectors] for a in vectors]
    # Two float32 features that are equal but for rounding are about 3e-4 apart.
    assert np.allclose(similarity(vectors, vectors), slow, atol=5e-4)
    opposite = similarity(vectors[:1], -vectors[:1])
    assert opposite[0, 0] == pytest.approx(0, abs=1e-6)


def test_rows_of_the_filter_are_shifts_of_each_other():
    kernel = circulant_filter(5)
    assert kernel.sum() == pytest.approx(1)
    for row in range(1, 5):
        assert (kernel[row] == np.roll(kernel[row - 1], 1)).all()


def slow_filter(matrix, size):
    """Mean over the cells of a diagonal around each cell, as far as there are any."""
    height, width = matrix.shape
    filtered = np.zeros_like(matrix)
    for row in range(height):
        for column in range(width):
            cells = [
                matrix[row + step, column + step]
                for step in range(-(size // 2), size // 2 + 1)
                if 0 <= row + step < height and 0 <= column + step < width
            ]
            filtered[row, column] = np.mean(cells)
    return filtered


@pytest.mark.parametrize("size", [1, 3, 5, 7])
def test_the_filter_is_a_mean_along_the_diagonal(size):
    matrix = np.random.default_rng(0).random((9, 13)).astype(np.float32)
    assert np.allclose(filter_diagonals(matrix, size), slow_filter(matrix, size), atol=1e-6)


def test_an_outlier_shrinks_and_a_diagonal_stays():
    matrix = np.zeros((21, 21), np.float32)
    matrix[5, 15] = 1
    matrix[np.arange(3, 18), np.arange(3, 18)] = 1
    filtered = filter_diagonals(matrix, 5)
    assert filtered[5, 15] == pytest.approx(0.2)
    assert filtered[10, 10] == pytest.approx(1)


@pytest.mark.parametrize("block", [1, 4, 36, 100])
def test_blocks_give_the_whole_matrix(vectors, block):
    whole = similarity(vectors, vectors)
    rows = list(filtered_rows(vectors, 5, block))
    assert np.allclose(np.concatenate([plain for _, plain, _ in rows]), whole, atol=5e-4)
    filtered = np.concatenate([part for _, _, part in rows])
    assert np.allclose(filtered, filter_diagonals(whole, 5), atol=5e-4)
    assert [start for start, _, _ in rows] == list(range(0, 37, block))
