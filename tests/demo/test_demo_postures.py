import numpy as np
import pytest

from stpose.demo.postures import (
    Candidates,
    choose_labels,
    exchanged,
    mirrored,
    normalised_posture,
    posture_distance,
)
from stpose.demo.skeleton import JOINTS, LSP_JOINTS
from stpose.settings.demo import DemoSettings

SETTINGS = DemoSettings(exemplars=12, labels=6)


@pytest.fixture(scope="module")
def candidates():
    """A few postures, each shown in every video, some of them mirrored."""
    rng = np.random.default_rng(5)
    kinds = rng.normal(0, 0.2, (9, 14, 2))
    videos, postures = [], []
    for video in range(6):
        for kind in kinds:
            for _ in range(3):
                posture = kind + rng.normal(0, 0.01, (14, 2))
                postures.append(mirrored(posture) if rng.uniform() < 0.3 else posture)
                videos.append(video)
    count = len(videos)
    return Candidates(
        np.array(videos),
        np.array(videos) % 2,
        np.array(postures),
        rng.normal(0, 0.3, count),
        rng.uniform(0, 1, count),
    )


@pytest.fixture(scope="module")
def labels(candidates):
    return choose_labels(candidates, SETTINGS, np.random.default_rng(0))


def distance(a, b):
    """Mean joint distance, joint by joint."""
    return sum(np.hypot(*(a[joint] - b[joint])) for joint in range(14)) / 14


def test_postures_are_free_of_place_and_size():
    points = np.random.default_rng(0).uniform(0, 200, (len(JOINTS), 2))
    posture = normalised_posture(points, 100.0)
    np.testing.assert_allclose(normalised_posture(3 * points + 7, 300.0), posture, atol=1e-12)
    hips = [LSP_JOINTS.index("left_hip"), LSP_JOINTS.index("right_hip")]
    np.testing.assert_allclose(posture[hips].mean(axis=0), 0, atol=1e-12)


def test_mirror_images():
    posture = np.random.default_rng(1).normal(size=(14, 2))
    np.testing.assert_array_equal(mirrored(mirrored(posture)), posture)
    left, right = LSP_JOINTS.index("left_wrist"), LSP_JOINTS.index("right_wrist")
    assert mirrored(posture)[left, 0] == -posture[right, 0]
    np.testing.assert_array_equal(exchanged(posture)[left], posture[right])
    assert posture_distance(posture, posture[None])[0] == 0


def test_labels_follow_the_rule(candidates, labels):
    assert len(labels) == SETTINGS.exemplars
    assert [one.anchor for one in labels] == sorted({one.anchor for one in labels})
    flips = 0
    for one in labels:
        anchor = candidates.postures[one.anchor]
        rows = list(zip(one.positives, one.positive_flips, strict=True))
        found = []
        for row, flip in rows:
            shown = candidates.postures[row]
            found.append(distance(anchor, mirrored(shown) if flip else shown))
            assert found[-1] <= distance(anchor, shown if flip else mirrored(shown))
            flips += flip
        assert found == sorted(found)
        assert max(found) < SETTINGS.same_posture
        for row in one.negatives:
            shown = candidates.postures[row]
            for view in (shown, mirrored(shown), exchanged(shown), exchanged(mirrored(shown))):
                assert distance(anchor, view) > SETTINGS.other_posture
        everyone = [*one.positives, *one.negatives]
        assert len(set(everyone)) == len(everyone) == 2 * len(one.positives)
        assert (candidates.video[everyone] != candidates.video[one.anchor]).all()
        assert np.bincount(candidates.video[one.positives]).max() <= SETTINGS.labels // 2
        np.testing.assert_array_equal(one.negative_flips, one.positive_flips)
    assert flips > 0


def test_exemplars_come_from_all_videos(candidates, labels):
    assert {candidates.video[one.anchor] for one in labels} == set(range(6))


def test_aspect_and_time_do_not_tell_positives_from_negatives(candidates):
    settings = DemoSettings(exemplars=50, labels=6)
    labels = choose_labels(candidates, settings, np.random.default_rng(0))
    for cue in (candidates.aspect, candidates.time):
        wins = []
        for one in labels:
            near = np.abs(cue[one.positives] - cue[one.anchor])
            far = np.abs(cue[one.negatives] - cue[one.anchor])
            wins.append((near[:, None] < far).mean() + 0.5 * (near[:, None] == far).mean())
        assert 0.35 < np.mean(wins) < 0.65


def test_rare_postures_give_no_exemplar():
    rng = np.random.default_rng(0)
    alone = Candidates(
        np.arange(8), np.zeros(8, int), rng.normal(size=(8, 14, 2)), np.zeros(8), np.zeros(8)
    )
    assert choose_labels(alone, SETTINGS, rng) == []
