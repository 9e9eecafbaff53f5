"""Exact neighbours are those of the slow, obvious way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stpose.search.neighbours import nearest, other_videos


def slow(query, gallery, count, allowed):
    found = [
        (float(np.linalg.norm(query.astype(np.float64) - vector)), row)
        for row, vector in enumerate(gallery)
        if allowed[row]
    ]
    return sorted(found)[:count]


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 12), st.integers(1, 9))
def test_as_the_slow_way(seed, rows, count, block):
    random = np.random.default_rng(seed)
    gallery = random.normal(size=(rows, 5)).astype(np.float32)
    queries = random.normal(size=(3, 5)).astype(np.float32)
    allowed = random.random((3, rows)) < 0.7
    blocks = [gallery[start : start + block] for start in range(0, rows, block)]
    found = nearest(queries, blocks, count, allowed)
    for place, query in enumerate(queries):
        wanted = slow(query, gallery, count, allowed[place])
        known = found.rows[place] >= 0
        np.testing.assert_allclose(
            found.distances[place][known],
            [distance for distance, _ in wanted],
            rtol=1e-3,
            atol=1e-3,
        )
        assert known.sum() == len(wanted)
        assert set(found.rows[place][known]) <= set(np.flatnonzero(allowed[place]))
        assert np.isinf(found.distances[place][~known]).all()


def test_of_equal_distances_the_earlier_row_comes_first():
    gallery = [np.ones((2, 3), np.float32), np.ones((2, 3), np.float32)]
    found = nearest(np.zeros((1, 3), np.float32), gallery, 3, np.ones((1, 4), bool))
    assert found.rows.tolist() == [[0, 1, 2]]


def test_others_are_those_of_other_videos():
    video = np.array([0, 0, 1])
    assert other_videos(video, np.array([1, 2])).tolist() == [
        [False, False, True],
        [True, True, False],
    ]


def test_in_a_single_video_others_are_all_but_the_query():
    assert other_videos(np.zeros(3, int), np.array([1])).tolist() == [[True, False, True]]
