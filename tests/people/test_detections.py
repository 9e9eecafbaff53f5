"""Thinning out of overlapping boxes, against a slow version."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stpose.geometry import box_iou
from stpose.people.detections import Detections, keep_best

SIDE = st.integers(0, 60)
CANDIDATE = st.tuples(SIDE, SIDE, SIDE, SIDE, st.integers(1, 99))


def slow(boxes, scores, threshold, overlap):
    """Take the best box that is left, strike out what it overlaps, and again."""
    left = [place for place in np.argsort(-scores, kind="stable") if scores[place] >= threshold]
    kept = []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [place for place in left if box_iou(boxes[best], boxes[place]) <= overlap]
    return boxes[kept], scores[kept]


@given(
    candidates=st.lists(CANDIDATE, min_size=1, max_size=12, unique_by=lambda box: box[4]),
    overlap=st.sampled_from([0.13, 0.3, 0.45, 0.71]),
    threshold=st.sampled_from([0.01, 0.4]),
)
def test_keeps_what_a_slow_version_keeps(candidates, overlap, threshold):
    rows = np.array(candidates, dtype=np.float64)
    corner, extent, scores = rows[:, :2], rows[:, 2:4] + 1, rows[:, 4] / 100
    boxes = np.concatenate([corner, corner + extent], axis=1)
    found = keep_best(boxes, scores, (200, 200), threshold, overlap)
    wanted_boxes, wanted_scores = slow(boxes, scores, threshold, overlap)
    np.testing.assert_allclose(found.boxes, wanted_boxes.reshape(-1, 4))
    np.testing.assert_allclose(found.scores, wanted_scores)
    assert found.boxes.dtype == found.scores.dtype == np.float32


def test_boxes_are_cut_to_the_picture_and_empty_ones_dropped():
    boxes = [[-5, -5, 20, 30], [50, 2, 70, 9], [-9, 1, -2, 4], [1, 1, 1.5, 9], [np.nan, 0, 5, 5]]
    found = keep_best(boxes, [0.9, 0.8, 0.7, 0.6, 0.5], (40, 25), 0.1, 0.5)
    np.testing.assert_allclose(found.boxes, [[0, 0, 20, 25]])


def test_no_candidates():
    assert len(keep_best(np.zeros((0, 4)), np.zeros(0), (10, 10), 0.5, 0.5)) == 0


def test_scaling_to_a_larger_picture():
    found = Detections(np.array([[1, 2, 3, 4]], np.float32), np.array([0.5], np.float32))
    np.testing.assert_allclose(found.scaled(2, 10).boxes, [[2, 20, 6, 40]])
