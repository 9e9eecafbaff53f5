import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from stpose.demo.skeleton import INDEX, JOINTS, LSP_JOINTS, Body, pose_body, rotation

BONES = [
    ("left_hip", "left_knee"),
    ("right_knee", "right_ankle"),
    ("left_shoulder", "left_elbow"),
    ("right_elbow", "right_wrist"),
    ("right_ankle", "right_toe"),
    ("neck", "head_top"),
    ("left_hip", "right_hip"),
    ("left_shoulder", "right_shoulder"),
]
ANGLES = [
    *("yaw", "lean", "roll", "bend", "side", "twist", "nod", "turn"),
    *("left_arm_flex", "right_arm_abduct", "left_arm_rotate", "right_elbow", "left_elbow"),
    *("left_leg_flex", "right_leg_abduct", "left_knee", "right_knee"),
]


def lengths(joints):
    return [np.linalg.norm(joints[:, INDEX[a]] - joints[:, INDEX[b]], axis=1) for a, b in BONES]


def at(posed, name):
    return posed.joints[0, INDEX[name]]


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_rotation_agrees_with_scipy(axis):
    degrees = np.array([-170.0, -30.0, 0.0, 45.0, 120.0])
    expected = Rotation.from_euler(axis, degrees[:, None], degrees=True).as_matrix()
    np.testing.assert_allclose(rotation(axis, degrees), expected, atol=1e-12)


@given(values=st.dictionaries(st.sampled_from(ANGLES), st.floats(-170, 170)))
@settings(max_examples=60, deadline=None)
def test_bones_keep_their_lengths_and_feet_touch_the_ground(values):
    body = Body(stature=1.8, legs=1.03)
    angles = {name: np.array([0.0, value]) for name, value in values.items()}
    joints = pose_body(body, angles, 2).joints
    for rest, moved in zip(lengths(joints[:1]), lengths(joints[1:]), strict=True):
        np.testing.assert_allclose(moved, rest, atol=1e-9)
    feet = [INDEX[name] for name in JOINTS if "toe" in name or "heel" in name]
    np.testing.assert_allclose(joints[:, feet, 1].min(axis=1), 0, atol=1e-9)


@pytest.mark.parametrize("legs", [0.95, 1.0, 1.05])
def test_standing_person_has_the_stature(legs):
    posed = pose_body(Body(stature=1.7, legs=legs), {}, 1)
    assert at(posed, "head_top")[1] == pytest.approx(1.7, rel=0.01)


def test_angles_move_limbs_the_right_way():
    rest = pose_body(Body(), {}, 1)
    assert at(rest, "left_hip")[0] > at(rest, "right_hip")[0]
    raised = pose_body(Body(), {"left_arm_flex": np.array([90.0])}, 1)
    assert at(raised, "left_wrist")[2] > 0.5
    aside = pose_body(Body(), {"right_arm_abduct": np.array([90.0])}, 1)
    assert at(aside, "right_wrist")[0] < -0.6
    kneeling = pose_body(Body(), {"left_knee": np.array([90.0])}, 1)
    assert at(kneeling, "left_ankle")[2] < at(kneeling, "left_knee")[2] - 0.3
    leaning = pose_body(Body(), {"lean": np.array([40.0])}, 1)
    assert at(leaning, "head_top")[2] > at(leaning, "pelvis")[2] + 0.3
    turned = pose_body(Body(), {"yaw": np.array([90.0])}, 1)
    assert at(turned, "left_toe")[0] > at(turned, "left_heel")[0] + 0.1
    jumping = pose_body(Body(), {"lift": np.array([0.2])}, 1)
    assert at(jumping, "head_top")[1] - at(rest, "head_top")[1] == pytest.approx(0.2)


def test_joints_of_lsp_come_first_in_its_order():
    assert LSP_JOINTS[0] == "right_ankle"
    assert LSP_JOINTS[8:10] == ("right_shoulder", "left_shoulder")
    assert JOINTS[:14] == LSP_JOINTS
