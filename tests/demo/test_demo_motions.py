import numpy as np
import pytest

from stpose.demo.motions import perform
from stpose.demo.plan import MOTIONS
from stpose.demo.skeleton import INDEX, Body, pose_body

FRAMES, FPS = 84, 25.0


def performed(motion, seed):
    performance = perform(motion, np.random.default_rng(seed), FRAMES, FPS)
    return performance, pose_body(Body(), performance.angles, FRAMES).joints


def peaks(values):
    """Count the maxima that rise clearly above the middle."""
    middle = (values.max() + values.min()) / 2
    above = values > middle
    return int((above[1:] & ~above[:-1]).sum() + above[0])


@pytest.mark.parametrize("motion", MOTIONS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_motions_are_smooth_and_stay_above_ground(motion, seed):
    _, joints = performed(motion, seed)
    assert joints[:, :, 1].min() > -0.1
    steps = np.linalg.norm(np.diff(joints, axis=0), axis=-1)
    # Metres a frame: a throwing hand is the fastest.
    assert steps.max() < (0.7 if motion == "throws" else 0.4)
    assert steps.max() > 0.02


@pytest.mark.parametrize(
    ("motion", "joint", "axis"),
    [
        ("squats", "head_top", 1),
        ("jumping_jacks", "left_wrist", 1),
        ("running", "left_ankle", 2),
        ("walking", "left_ankle", 2),
    ],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_repetitive_motions_show_several_cycles_that_differ(motion, joint, axis, seed):
    _, joints = performed(motion, seed)
    track = joints[:, INDEX[joint], axis]
    assert 2 <= peaks(track) <= 6
    # No shift makes the motion repeat exactly.
    for shift in range(10, 45):
        assert np.abs(joints[shift:] - joints[:-shift]).max() > 0.01


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_throws_start_long_and_still(seed):
    performance, joints = performed("throws", seed)
    speed = np.linalg.norm(np.diff(joints, axis=0), axis=-1).max(axis=1)
    assert speed[: int(0.45 * FRAMES)].max() < 0.02
    assert speed[int(0.5 * FRAMES) :].max() > 0.1
    assert int(0.6 * FRAMES) < performance.release < FRAMES


def test_lift_ends_overhead_and_spin_turns_round():
    performance, joints = performed("lift", 0)
    hands = joints[:, INDEX["left_hand"], 1]
    assert performance.prop == "barbell"
    assert hands[0] < 0.6
    assert hands[-1] > joints[-1, INDEX["head_top"], 1]
    assert np.ptp(perform("spin", np.random.default_rng(0), FRAMES, FPS).angles["yaw"]) > 540
