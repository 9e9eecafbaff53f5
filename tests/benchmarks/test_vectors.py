"""Distances and neighbours against slow versions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.benchmarks import vectors as module
from stpose.benchmarks.vectors import (
    centre_vectors,
    nearest,
    paired_distances,
    scale_vectors,
    smallest,
    whiten_vectors,
)


def draw(rows, size, seed=0):
    return np.random.default_rng(seed).normal(3, 1, (rows, size)).astype(np.float32)


@pytest.fixture(params=[4, 1024])
def _blocks(request, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", request.param)


@pytest.mark.usefixtures("_blocks")
def test_nearest_is_brute_force():
    queries, gallery = draw(11, 20), draw(30, 20, seed=1)
    expected = np.linalg.norm(queries[:, None] - gallery[None], axis=2).argsort(axis=1)[:, :5]
    np.testing.assert_array_equal(nearest(queries, gallery, 5), expected)
    np.testing.assert_array_equal(nearest(gallery, gallery, 1)[:, 0], np.arange(30))


@pytest.mark.usefixtures("_blocks")
def test_paired_distances_are_norms():
    known = draw(9, 6)
    first, second = np.arange(9), np.arange(9)[::-1].copy()
    expected = [np.linalg.norm(known[a] - known[b]) for a, b in zip(first, second, strict=True)]
    np.testing.assert_allclose(paired_distances(known, first, second), expected, rtol=1e-6)


@settings(max_examples=50)
@given(st.integers(0, 1000), st.integers(1, 8))
def test_smallest_is_a_stable_sort(seed, count):
    values = np.random.default_rng(seed).integers(0, 30, (4, 8)).astype(float)
    values += np.arange(8) * 1e-3  # no ties
    expected = np.argsort(values, axis=1)[:, :count]
    np.testing.assert_array_equal(smallest(values, count), expected)


def test_scaling_gives_length_one_and_keeps_zero():
    known = draw(4, 6)
    known[2] = 0
    scaled = scale_vectors(known, "l2")
    np.testing.assert_allclose(np.linalg.norm(scaled, axis=1), [1, 1, 0, 1], rtol=1e-6)
    np.testing.assert_array_equal(scale_vectors(known, "none"), known)


def test_centred_distances_are_correlations():
    one, other = draw(2, 50)
    centred = centre_vectors(np.stack([one, other]))
    distance = np.linalg.norm(centred[0] - centred[1]) ** 2 / 2
    assert distance == pytest.approx(1 - np.corrcoef(one, other)[0, 1], abs=1e-6)


@pytest.mark.parametrize("size", [12, 200])
def test_whitened_vectors_have_unit_products(size):
    fitted = draw(40, size)
    white = whiten_vectors(fitted, fitted, 8)
    assert white.shape == (40, 8)
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(white.T @ white, np.eye(8), atol=1e-3)


def test_whitening_follows_the_singular_vectors():
    fitted, asked = draw(30, 50), draw(7, 50, seed=2)
    origin = fitted.mean(axis=0)
    _, lengths, axes = np.linalg.svd(fitted.astype(float) - origin, full_matrices=False)
    expected = (asked - origin) @ axes[:5].T / lengths[:5]
    found = whiten_vectors(asked, fitted, 5)[:, ::-1]
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-3, atol=1e-5)


def test_whitening_leaves_out_directions_that_are_not_there():
    fitted = draw(6, 3)
    assert whiten_vectors(fitted, fitted, 100).shape == (6, 3)
