"""Counting cycles."""

import numpy as np
import pytest

from stpose.repetitions.counting import completed, find_repetition
from stpose.settings.repetitions import RepetitionsSettings

SETTINGS = RepetitionsSettings()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("length", [8, 14, 33, 60])
@pytest.mark.parametrize("cycles", [4, 11])
def test_steady_cycles_are_counted(periodic, length, cycles, seed):
    found = find_repetition(periodic([length] * cycles, noise=0.3, seed=seed), SETTINGS)
    assert found.repeats
    assert found.count == cycles
    assert found.period == pytest.approx(length, rel=0.03)
    assert 0.4 < found.strength <= 1


def test_a_still_start_and_end_are_not_counted(periodic):
    moving = periodic([20] * 8, still=150)
    features = np.concatenate([moving, np.repeat(moving[-1:], 100, axis=0)])
    features += 0.05 * np.random.default_rng(0).normal(size=features.shape)
    found = find_repetition(features, SETTINGS)
    assert found.count == 8
    inside = np.flatnonzero(np.isfinite(found.local_period))
    assert inside[0] == pytest.approx(150, abs=12)
    assert inside[-1] == pytest.approx(310, abs=12)


def test_a_tempo_that_drifts_is_followed(periodic):
    lengths = np.round(np.geomspace(14, 34, 16)).astype(int)
    found = find_repetition(periodic(lengths), SETTINGS)
    assert abs(found.count - 16) <= 1
    start = np.cumsum([0, *lengths])
    for cycle in (2, 8, 13):
        middle = (start[cycle] + start[cycle + 1]) // 2
        assert found.local_period[middle] == pytest.approx(lengths[cycle], rel=0.12)


def test_a_camera_that_pans_does_not_matter(periodic):
    features = periodic([18] * 9)
    drift = np.cumsum(np.random.default_rng(5).normal(size=features.shape), axis=0) * 0.2
    assert abs(find_repetition(features + drift, SETTINGS).count - 9) <= 1


def test_left_and_right_steps_are_one_cycle(periodic):
    whole = periodic([24] * 8, noise=0.0)
    mirrored = np.roll(whole, 12, axis=0)
    # Half of what is seen is the same for both sides, as the trunk and the scene are.
    features = np.hstack([whole, 0.6 * (whole + mirrored)])
    found = find_repetition(features, SETTINGS)
    assert found.period == pytest.approx(24, rel=0.05)
    assert found.count == 8


def test_a_whole_number_of_cycles_is_not_doubled_or_halved(periodic):
    for length in (10, 16, 25, 40):
        found = find_repetition(periodic([length] * 12, noise=0.6, seed=length), SETTINGS)
        assert found.period == pytest.approx(length, rel=0.05)


def test_random_walks_are_not_repetitions():
    settings = RepetitionsSettings(evidence=0.5)
    repeating = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        walk = np.cumsum(rng.normal(size=(200, 64)), axis=0)
        found = find_repetition(walk, settings)
        repeating += found.repeats
        if not found.repeats:
            assert found.count == 0
            assert np.isnan(found.local_period).all()
    assert repeating == 0
    default = [
        find_repetition(
            np.cumsum(np.random.default_rng(seed).normal(size=(200, 64)), axis=0), SETTINGS
        ).repeats
        for seed in range(20)
    ]
    assert sum(default) <= 3


@pytest.mark.parametrize("features", [np.zeros((80, 16)), np.ones((80, 16)), np.zeros((3, 16))])
def test_what_does_not_move_does_not_repeat(features):
    found = find_repetition(features, SETTINGS)
    assert not found.repeats
    assert found.strength == 0
    assert len(found.local_period) == len(features)


def test_too_few_cycles_are_no_repetition(periodic):
    features = periodic([20] * 4)
    assert find_repetition(features, SETTINGS).repeats
    assert not find_repetition(features, RepetitionsSettings(minimum_cycles=6)).repeats


def test_periods_are_given_in_source_frames(periodic):
    features = periodic([12] * 9)
    settings = RepetitionsSettings(shortest_period=40, longest_period=60)
    assert find_repetition(features, settings, step=4).count == 9
    found = find_repetition(features, settings, step=1)
    assert not found.repeats or found.period > 30


@pytest.mark.parametrize(("cycles", "whole"), [(6.9, 7), (7.0, 7), (7.6, 7), (7.8, 8), (0, 0)])
def test_only_whole_cycles_are_completed(cycles, whole):
    assert completed(cycles) == whole
