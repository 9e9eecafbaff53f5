"""Codes keep distances."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from stpose.search.codes import principal_axes, quantise


@pytest.fixture
def vectors():
    random = np.random.default_rng(0)
    spread = np.geomspace(1, 0.01, 20)
    return (random.normal(size=(60, 20)) * spread + random.normal(size=20)).astype(np.float32)


@pytest.mark.parametrize("rows", [12, 60])
def test_axes_are_those_of_scikit_learn(vectors, rows):
    part = vectors[:rows]
    found = principal_axes(part, 6)
    wanted = PCA(6, svd_solver="full").fit(part)
    alike = np.abs((found.axes.T * wanted.components_).sum(axis=1))
    np.testing.assert_allclose(alike, 1, atol=1e-4)
    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(6), atol=1e-5)


def test_equal_vectors_have_no_axes():
    found = principal_axes(np.ones((4, 3), np.float32), 2)
    assert found.axes.shape[1] <= 2
    assert np.isfinite(found.axes).all()


def codes_of(vectors, dimensions):
    axes = principal_axes(vectors, dimensions)
    centred = vectors - axes.mean
    return quantise(centred @ axes.axes, np.square(centred).sum(axis=1))


def test_distances_come_near_the_true_ones(vectors):
    wanted = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    whole = codes_of(vectors, 20).distances(np.arange(60))
    off = ~np.eye(60, dtype=bool)
    np.testing.assert_allclose(whole[off], wanted[off], atol=0.03)
    # With few axes what lies beyond them is counted as if at right angles, not left out.
    few = codes_of(vectors, 4).distances(np.arange(60))
    assert abs(np.mean(few[off] - wanted[off])) < 0.01


def test_a_quarter_of_the_axes_is_finer(vectors):
    codes = codes_of(vectors, 8)
    assert codes.axis.tolist() == [*range(8), 0, 1]
    axes = principal_axes(vectors, 8)
    wanted = (vectors - axes.mean) @ axes.axes
    error = np.abs(codes.coordinates() - wanted).max(axis=0)
    assert (error[:2] <= codes.scale[8:] * 0.51).all()
    assert (error[2:] <= codes.scale[2:8] * 0.51).all()
    assert (codes.scale[8:] < codes.scale[:2] / 200).all()
