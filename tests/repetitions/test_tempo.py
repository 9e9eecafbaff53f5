"""Following the tempo of a track."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.repetitions.tempo import (
    compress,
    correlation_at,
    follow_tempo,
    period_grid,
    running_mean,
)


@given(st.integers(2, 30), st.integers(0, 12), st.integers(0, 1000))
def test_running_mean_of_a_whole_odd_width_is_a_plain_mean(length, half, seed):
    signal = np.random.default_rng(seed).normal(size=(length, 2))
    slow = [signal[max(0, t - half) : t + half + 1].mean(axis=0) for t in range(length)]
    assert np.allclose(running_mean(signal, 2 * half + 1), slow)


def test_running_mean_over_a_period_leaves_nothing_of_a_wave():
    wave = np.sin(2 * np.pi * np.arange(100) / 12.5)[:, None]
    assert np.abs(running_mean(wave, 12.5)[10:-10]).max() < 0.02


@pytest.mark.parametrize(("frames", "width"), [(30, 200), (200, 30)])
def test_compressing_keeps_distances_within_the_main_directions(frames, width):
    rng = np.random.default_rng(1)
    flat = rng.normal(size=(frames, 6)) @ rng.normal(size=(6, width))
    small = compress(flat, dimensions=10)
    assert small.shape[1] <= 10
    before = np.linalg.norm(flat[:, None] - flat[None], axis=-1)
    after = np.linalg.norm(small[:, None] - small[None], axis=-1)
    assert np.allclose(before, after, rtol=1e-4, atol=1e-4)


def test_features_without_change_have_no_correlation():
    correlation, motion = correlation_at(compress(np.ones((50, 4))), 8)
    assert (correlation == 0).all()
    assert np.allclose(motion, 0)


def test_the_grid_covers_the_range_in_equal_ratios():
    grid = period_grid(6, 96)
    assert len(grid) == 49
    assert np.allclose(grid[1:] / grid[:-1], 2 ** (1 / 12))
    assert (grid[0], grid[-1]) == pytest.approx((6, 96))


def test_the_period_is_finer_than_the_grid(periodic):
    for length in (17, 19, 23):
        tempo = follow_tempo(compress(periodic([length] * 10)), 6, 100)
        assert np.median(tempo.period) == pytest.approx(length, rel=0.01)
        assert np.median(tempo.correlation) > 0.8


def test_too_short_a_track_has_no_tempo():
    assert follow_tempo(np.zeros((11, 2)), 6, 100) is None
