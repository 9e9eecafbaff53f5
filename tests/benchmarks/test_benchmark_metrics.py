"""AUCs, PCP and pose distances against slow versions, scikit-learn and hand-worked cases."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from stpose.benchmarks.metrics import (
    PARTS,
    exact_auc,
    pose_distances,
    published_auc,
    strict_pcp,
)

# Few values, so that ties are common.
scores = st.lists(st.integers(-6, 6), min_size=1, max_size=12)
joints = arrays(np.float64, (14, 2), elements=st.floats(-50, 50, width=32))

MIRRORED = [5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6, 12, 13]


def slow_auc(positive, negative):
    wins = [1.0 if p > n else 0.5 if p == n else 0.0 for p in positive for n in negative]
    return sum(wins) / len(wins)


def slow_published_auc(positive, negative):
    """The same in exact fractions, corner by corner."""
    corners = [(Fraction(0), Fraction(0))]
    for threshold in sorted({*positive, *negative}, reverse=True):
        false_rate = Fraction(sum(n >= threshold for n in negative), len(negative))
        true_rate = Fraction(sum(p >= threshold for p in positive), len(positive))
        corners.append((false_rate, true_rate))
    curve = []
    for step in range(101):
        rate = Fraction(step, 100)
        at_rate = [y for x, y in corners if x == rate]
        if at_rate:
            curve.append(max(at_rate))
            continue
        x0, y0 = max((x, y) for x, y in corners if x < rate)
        x1, y1 = min((x, y) for x, y in corners if x > rate)
        curve.append(y0 + (y1 - y0) * (rate - x0) / (x1 - x0))
    return float(sum((a + b) / 2 for a, b in pairwise(curve)) / 100)


@given(scores, scores)
def test_exact_auc_counts_pairs(positive, negative):
    assert exact_auc(positive, negative) == pytest.approx(slow_auc(positive, negative))


@given(scores, scores)
def test_exact_auc_is_scikit_learns(positive, negative):
    labels = [1] * len(positive) + [0] * len(negative)
    expected = roc_auc_score(labels, [*positive, *negative])
    assert exact_auc(positive, negative) == pytest.approx(expected)


@given(scores, scores)
def test_published_auc_follows_its_definition(positive, negative):
    assert published_auc(positive, negative) == pytest.approx(
        slow_published_auc(positive, negative)
    )


@given(scores, scores)
def test_aucs_ignore_monotone_maps(positive, negative):
    def stretch(values):
        return np.exp(np.array(values) / 2) - 7

    for auc in (exact_auc, published_auc):
        assert auc(stretch(positive), stretch(negative)) == auc(positive, negative)


@given(scores, scores)
def test_exact_auc_of_opposite_scores_is_the_rest(positive, negative):
    flipped = exact_auc([-p for p in positive], [-n for n in negative])
    assert flipped == pytest.approx(1 - exact_auc(positive, negative))
    assert exact_auc(negative, positive) == pytest.approx(flipped)


@pytest.mark.parametrize(
    ("positive", "negative", "exact", "published"),
    [
        ([2], [1], 1.0, 1.0),
        ([1], [2], 0.0, 0.005),  # at the last rate the curve jumps to its top
        ([1], [1], 0.5, 0.5),
        # One step at a false positive rate of 1/2: the top there is half a grid cell more.
        ([3, 1], [2, 0], 0.75, 0.7525),
    ],
)
def test_aucs_worked_by_hand(positive, negative, exact, published):
    assert exact_auc(positive, negative) == pytest.approx(exact)
    assert published_auc(positive, negative) == pytest.approx(published)


@pytest.mark.parametrize("auc", [exact_auc, published_auc])
def test_an_empty_class_is_refused(auc):
    with pytest.raises(ValueError, match="0 positives and 1 negatives"):
        auc([], [1.0])


def test_pose_distance_is_the_mean_over_joints():
    generator = np.random.default_rng(0)
    queries, gallery = generator.normal(size=(3, 14, 2)), generator.normal(size=(5, 14, 2))
    expected = np.array(
        [
            [np.mean([np.linalg.norm(q[j] - g[j]) for j in range(14)]) for g in gallery]
            for q in queries
        ]
    )
    np.testing.assert_allclose(pose_distances(queries, gallery), expected)


def slow_pcp(predicted, true):
    def ends(pose, part):
        middle = {"shoulders": (pose[8] + pose[9]) / 2, "hips": (pose[2] + pose[3]) / 2}
        return {
            "head": [(pose[12], pose[13])],
            "torso": [(middle["shoulders"], middle["hips"])],
            "upper_arms": [(pose[8], pose[7]), (pose[9], pose[10])],
            "lower_arms": [(pose[7], pose[6]), (pose[10], pose[11])],
            "upper_legs": [(pose[2], pose[1]), (pose[3], pose[4])],
            "lower_legs": [(pose[1], pose[0]), (pose[4], pose[5])],
        }[part]

    found = []
    for part in PARTS:
        right = []
        for (a, b), (c, d) in zip(ends(predicted, part), ends(true, part), strict=True):
            limit = 0.5 * np.linalg.norm(c - d)
            right.append(np.linalg.norm(a - c) <= limit and np.linalg.norm(b - d) <= limit)
        found.append(np.mean(right))
    return found


@given(joints, joints, st.sampled_from([0.02, 0.3, 1.0]))
def test_pcp_follows_its_definition(true, offset, size):
    predicted = true + size * offset
    np.testing.assert_array_equal(strict_pcp(predicted, true), slow_pcp(predicted, true))


@given(joints, joints)
def test_pcp_ignores_mirroring(true, predicted):
    flip = np.array([-1.0, 1.0])
    np.testing.assert_array_equal(
        strict_pcp(predicted[MIRRORED] * flip, true[MIRRORED] * flip), strict_pcp(predicted, true)
    )


def test_pcp_worked_by_hand():
    true = np.zeros((14, 2))
    true[:, 1] = [40, 30, 20, 20, 30, 40, 20, 15, 10, 10, 15, 20, 8, 0]
    true[:, 0] = [0, 0, 0, 10, 10, 10, 0, 0, 0, 10, 10, 10, 5, 5]
    predicted = true.copy()
    predicted[13] += (0, 4)  # half the head's length of 8: just right
    predicted[6] += (0, 2.6)  # a right lower arm of 5, by more than half
    predicted[8] += (0, 2.6)  # a right upper arm of 5, and the torso's end moves by 1.3
    expected = [1, 1, 0.5, 0.5, 1, 1]
    np.testing.assert_array_equal(strict_pcp(predicted, true), expected)
    predicted[13] += (0, 0.01)
    assert strict_pcp(predicted, true)[0] == 0


def test_pcp_broadcasts():
    generator = np.random.default_rng(1)
    gallery, queries = generator.normal(size=(4, 14, 2)), generator.normal(size=(3, 14, 2))
    assert strict_pcp(gallery[None], queries[:, None]).shape == (3, 4, 6)
