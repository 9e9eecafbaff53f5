"""PCKh against a slow version, by hand, and by the paper's totals."""

import math

import numpy as np
import pytest

from stpose.benchmarks.intervals import bootstrap_interval
from stpose.benchmarks.mpii.pckh import (
    GROUPS,
    found_joints,
    head_segments,
    pckh,
    pckh_interval,
)
from stpose.benchmarks.mpii.people import JOINTS

TABLE = {  # table 4 of the paper: ours, Shuffle&Learn, random, AlexNet
    "head": (82.6, 75.8, 79.4, 87.2),
    "neck": (90.3, 86.3, 87.1, 93.2),
    "shoulder": (79.5, 75.0, 71.6, 85.2),
    "elbow": (62.8, 59.2, 52.1, 69.6),
    "wrist": (47.1, 42.2, 34.6, 52.0),
    "hip": (75.5, 73.3, 64.1, 81.3),
    "knee": (65.3, 63.1, 58.3, 69.7),
    "ankle": (59.5, 51.7, 51.2, 62.0),
    "thorax": (90.1, 87.1, 85.5, 93.4),
    "pelvis": (80.3, 79.5, 70.1, 86.6),
}
TOTALS = (73.3, 69.3, 65.4, 78.0)


def random_case(seed, people=40):
    generator = np.random.default_rng(seed)
    true = generator.uniform(0, 200, (people, 16, 2))
    predicted = true + generator.normal(0, 12, true.shape)
    true[generator.random((people, 16)) < 0.2] = np.nan
    heads = generator.uniform(10, 60, people)
    heads[generator.random(people) < 0.2] = np.nan
    return predicted, true, heads


@pytest.mark.parametrize("seed", range(4))
def test_pckh_is_the_slow_one(seed):
    predicted, true, heads = random_case(seed)
    shares = {}
    for group in GROUPS:
        right = judged = 0
        for person, head in enumerate(heads.tolist()):
            for joint, name in enumerate(JOINTS):
                belongs = {"head": "head top", "neck": "upper neck"}.get(group, group)
                if not name.endswith(belongs):
                    continue
                x, y = true[person, joint].tolist()
                if math.isnan(head) or math.isnan(x):
                    continue
                judged += 1
                gap = math.dist(predicted[person, joint].tolist(), (x, y))
                right += gap <= 0.5 * head
        shares[group] = 100 * right / judged
    found = pckh(found_joints(predicted, true, heads))
    assert list(found) == [*GROUPS, "total"]
    assert found == pytest.approx({**shares, "total": sum(shares.values()) / 10})


def test_every_joint_is_in_one_group():
    joints = [joint for members in GROUPS.values() for joint in members]
    assert sorted(joints) == list(range(16))


@pytest.mark.parametrize("column", range(4))
def test_totals_of_the_paper_are_means_of_its_rows(column):
    """1000 people of whom as many joints are found as table 4 says."""
    found = np.zeros((1000, 16))
    for group, joints in GROUPS.items():
        found[: round(10 * TABLE[group][column]), list(joints)] = 1
    scored = pckh(found)
    assert scored["wrist"] == pytest.approx(TABLE["wrist"][column])
    assert round(scored["total"], 1) == pytest.approx(TOTALS[column])
    # A mean over the sixteen joints would be another figure.
    assert abs(100 * found.mean() - TOTALS[column]) > 2


def test_half_a_head_is_within():
    true = np.zeros((1, 16, 2))
    predicted = np.zeros((1, 16, 2))
    predicted[0, 0] = 3, 4
    predicted[0, 1] = 3, 4.001
    found = found_joints(predicted, true, [10.0])
    assert found[0, :3].tolist() == [1, 0, 1]


def test_what_cannot_be_judged_is_left_out():
    true = np.zeros((2, 16, 2))
    true[:, 0] = true[:, 5] = np.nan
    found = found_joints(np.zeros((2, 16, 2)), true, [10.0, np.nan])
    assert np.isnan(found[1]).all()
    assert np.flatnonzero(np.isnan(found[0])).tolist() == [0, 5]
    scored = pckh(found)
    assert scored["ankle"] is None
    assert scored["total"] == 100
    nothing = found_joints(np.zeros((2, 16, 2)), true, [np.nan, np.nan])
    assert set(pckh(nothing).values()) == {None}
    assert pckh_interval(nothing, 100, 0) is None


def test_the_head_segment():
    joints = np.zeros((3, 16, 2))
    joints[0, 9] = 30, 40
    joints[1, 8] = np.nan
    np.testing.assert_array_equal(head_segments(joints), [50, np.nan, np.nan])


def test_intervals_are_over_people():
    """Where everyone has all joints, the total is the mean of the people's own totals."""
    predicted, true, heads = random_case(0, people=300)
    true, heads = np.nan_to_num(true, nan=50.0), np.nan_to_num(heads, nan=30.0)
    found = found_joints(predicted, true, heads)
    own = [pckh(person[None])["total"] for person in found]
    expected = bootstrap_interval(own, 4000, 1)
    interval = pckh_interval(found, 4000, 0)
    assert interval.n == 300
    assert interval.value == pytest.approx(expected.value)
    assert interval.low == pytest.approx(expected.low, abs=0.3)
    assert interval.high == pytest.approx(expected.high, abs=0.3)
    assert interval == pckh_interval(found, 4000, 0)


def test_published_segments_are_four_fifths_of_the_diagonal(shared_data):
    from stpose.benchmarks.mpii.data import load_mpii

    folder = shared_data / "mpii" / "annot"
    heads = folder / "valid_first_half_headboxes.mat"
    people = load_mpii(folder / "valid_first_half.h5", heads)
    ratio = head_segments(people.joints) / (people.head_size / 0.6)
    assert np.nanmedian(ratio) == pytest.approx(0.8, abs=1e-4)
    assert (np.abs(ratio - 0.8) < 1e-3).mean() > 0.9
