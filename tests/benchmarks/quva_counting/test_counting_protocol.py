"""Errors of counts and periods."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.benchmarks.quva_counting.protocol import (
    Prediction,
    count_errors,
    off_by_one,
    period_errors,
)


def test_counts_by_hand():
    true, predicted = [4, 10, 5, 8], [5, 8, 0, 7]
    assert off_by_one(predicted, true).tolist() == [1, 0, 0, 1]
    assert count_errors(predicted, true).tolist() == [0.25, 0.2, 1.0, 0.125]


def test_periods_by_hand():
    ends = np.array([2, 6, 8])
    found = Prediction(0, 4.0, np.arange(3, 8), np.array([4.0, 4.0, np.nan, 5.0, 4.0]))
    # Frames 3 to 6 are in a cycle of 4 frames, 7 and 8 in one of 2; nobody is seen in frame 8.
    assert period_errors(found, ends).tolist() == [0, 0, 1, 0.25, 1, 1]


def test_one_end_says_no_period():
    found = Prediction(1, 4.0, np.arange(9), np.full(9, 4.0))
    assert len(period_errors(found, np.array([5]))) == 0


def test_nothing_found_is_an_error_of_one():
    found = Prediction(0, 0.0, np.empty(0, np.int64), np.empty(0))
    assert period_errors(found, np.array([3, 6, 10])).tolist() == [1] * 7


def slow_period_errors(found, ends):
    errors = []
    for start, stop in pairwise(ends):
        for frame in range(start + 1, stop + 1):
            known = dict(zip(found.frames.tolist(), found.local_period, strict=True))
            period = 0.0
            if known and min(known) <= frame <= max(known):
                period = known[min(known, key=lambda other: (abs(other - frame), -other))]
            if np.isnan(period):
                period = 0.0
            errors.append(abs(period - (stop - start)) / (stop - start))
    return errors


@given(st.integers(0, 1000))
def test_periods_against_a_slow_version(seed):
    rng = np.random.default_rng(seed)
    ends = np.unique(rng.integers(0, 60, 6))
    frames = np.unique(rng.integers(0, 70, 20))
    local = np.where(rng.random(len(frames)) < 0.3, np.nan, rng.uniform(2, 20, len(frames)))
    found = Prediction(3, 5.0, frames, local)
    assert period_errors(found, ends).tolist() == pytest.approx(slow_period_errors(found, ends))
