"""PCP and pose distances against slow versions and hand-worked cases."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stpose.benchmarks.metrics import PARTS, pose_distances, strict_pcp

joints = arrays(np.float64, (14, 2), elements=st.floats(-50, 50, width=32))

MIRRORED = [5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6, 12, 13]


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
