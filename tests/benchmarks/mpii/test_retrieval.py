"""The figures of retrieval against slow versions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.benchmarks.mpii.retrieval import (
    METRICS,
    NEIGHBOURS,
    miss_probability,
    pose_neighbours,
    score_neighbours,
    score_random,
)


@pytest.fixture(scope="module")
def poses():
    """More queries than are compared at a time; some poses are near one another."""
    generator = np.random.default_rng(1)
    kinds = generator.uniform(0, 227, (9, 16, 2))
    gallery = kinds[generator.integers(9, size=90)] + generator.normal(0, 12, (90, 16, 2))
    queries = kinds[generator.integers(9, size=70)] + generator.normal(0, 12, (70, 16, 2))
    return queries, gallery


def slow_distance(one, other):
    total = sum(math.dist(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True))
    return total / len(one)


def slow_score(query, gallery, neighbours):
    """Return the three figures for every K, straight from their definitions."""
    distances = [slow_distance(query, pose) for pose in gallery]
    first_fifty = sorted(range(len(gallery)), key=lambda row: distances[row])[:50]
    rows = []
    for k in range(1, 51):
        first = neighbours[:k]
        mean = sum(distances[row] for row in first) / k
        nearest = any(row in first_fifty for row in first)
        relative = any(distances[row] <= min(distances) + 10 for row in first)
        rows.append((mean, nearest, relative))
    return np.array(rows, dtype=float)


def test_scores_are_the_slow_ones(poses):
    queries, gallery = poses
    generator = np.random.default_rng(2)
    neighbours = np.stack([generator.permutation(90)[:50] for _ in queries])
    score = score_neighbours(queries, gallery, neighbours)
    for query in range(0, 70, 3):
        expected = slow_score(queries[query], gallery, neighbours[query].tolist())
        for column, metric in enumerate(METRICS):
            found = getattr(score, metric)
            assert found.shape == (70, 50)
            np.testing.assert_allclose(found[query], expected[:, column], err_msg=metric)
    # Not all of it is a hit from the start, so the comparison says something.
    assert 0.1 < score.hit_rate_nearest[:, 0].mean() < 0.9
    assert score.hit_rate_relative[:, 0].mean() < score.hit_rate_relative[:, 49].mean()


def test_neighbours_by_pose_are_the_best(poses):
    queries, gallery = poses
    found = pose_neighbours(queries, gallery)
    for query in (0, 63, 64, 69):
        distances = [slow_distance(queries[query], pose) for pose in gallery]
        assert found[query].tolist() == np.argsort(distances)[:50].tolist()
    score = score_neighbours(queries, gallery, found)
    assert (score.hit_rate_nearest == 1).all()
    assert (score.hit_rate_relative == 1).all()
    assert (np.diff(score.mean_pose_distance, axis=1) >= 0).all()


def test_whoever_is_as_near_as_the_fiftieth_is_a_hit():
    """60 copies of one pose: each belongs to the first fifty as much as any other."""
    gallery = np.concatenate([np.zeros((60, 16, 2)), np.full((20, 16, 2), 99.0)])
    neighbours = np.array([[70, *range(59, 10, -1)], [60, *range(49)]])
    score = score_neighbours(np.zeros((2, 16, 2)), gallery, neighbours)
    assert score.hit_rate_nearest[:, 0].tolist() == [0, 0]
    assert score.hit_rate_nearest[:, 1].tolist() == [1, 1]


def test_the_margin_is_ten_pixels():
    """Everyone but one is 40 px away; the one decides who is within the margin."""
    gallery = np.zeros((60, 16, 2))
    gallery[:, :, 0] = 40
    for nearest, expected in ((30.0, 1), (29.9, 0)):
        gallery[7, :, 0] = nearest
        rows = np.array([[row for row in range(60) if row != 7][:50]])
        score = score_neighbours(np.zeros((1, 16, 2)), gallery, rows)
        assert score.hit_rate_relative[0].tolist() == [expected] * 50


def test_chance_is_the_mean_of_many_draws(poses):
    queries, gallery = poses[0][:12], poses[1]
    generator = np.random.default_rng(0)
    sums = dict.fromkeys(METRICS, 0.0)
    for _ in range(400):
        drawn = np.stack([generator.permutation(90)[:50] for _ in queries])
        score = score_neighbours(queries, gallery, drawn)
        for metric in METRICS:
            sums[metric] = sums[metric] + getattr(score, metric).mean(axis=0) / 400
    exact = score_random(queries, gallery)
    for metric, scale in zip(METRICS, (90, 1, 1), strict=True):
        expected = getattr(exact, metric).mean(axis=0)
        np.testing.assert_allclose(sums[metric], expected, atol=0.02 * scale, err_msg=metric)


@given(st.integers(50, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_chance_of_missing_is_hypergeometric(case):
    people, hits = case
    found = miss_probability(np.array([hits]), people)[0]
    for k in (1, 2, 7, 50):
        expected = math.comb(people - hits, k) / math.comb(people, k)
        assert found[k - 1] == pytest.approx(expected, abs=1e-12)
    assert len(found) == NEIGHBOURS
