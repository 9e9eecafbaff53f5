"""Normalised skeletons and their mirror images."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stpose.benchmarks.jhmdb_posture.skeletons import JOINTS, exchanged, mirrored, normalised


def some(seed, count=3):
    return np.random.default_rng(seed).normal(size=(count, 15, 2))


@given(st.integers(0, 50), st.floats(0.01, 100), st.floats(-500, 500))
def test_place_and_size_do_not_matter(seed, size, place):
    joints = some(seed)
    known = normalised(joints)
    np.testing.assert_allclose(normalised(joints * size + place), known, atol=1e-6)
    np.testing.assert_allclose(known.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose((known**2).sum(axis=(1, 2)), 15)


def test_a_mirror_exchanges_left_and_right():
    joints = some(1)
    seen = mirrored(joints)
    right, left = JOINTS.index("right_wrist"), JOINTS.index("left_wrist")
    np.testing.assert_array_equal(seen[:, right], joints[:, left] * [-1, 1])
    neck = JOINTS.index("neck")
    np.testing.assert_array_equal(seen[:, neck], joints[:, neck] * [-1, 1])
    np.testing.assert_array_equal(exchanged(seen), joints * [-1, 1])


@given(st.integers(0, 50))
def test_twice_is_nothing(seed):
    joints = some(seed)
    np.testing.assert_array_equal(mirrored(mirrored(joints)), joints)
    np.testing.assert_array_equal(exchanged(exchanged(joints)), joints)
    np.testing.assert_allclose(normalised(mirrored(joints)), mirrored(normalised(joints)))


def test_joints_are_in_the_order_of_the_data():
    assert JOINTS[0] == "neck"
    assert JOINTS[3::2] == tuple(
        f"right_{part}" for part in ("shoulder", "hip", "elbow", "knee", "wrist", "ankle")
    )
    assert len(JOINTS) == 15
