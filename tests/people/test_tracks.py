"""Jumps, gaps, smoothing and order of tracks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.people.tracks import Track, fill, gaps, in_order, jumps, meetings, smooth


def track(rows, lefts, width=30.0, height=90.0, top=10.0):
    left = np.asarray(lefts, dtype=np.float64)
    right, low = left + width, np.full_like(left, top)
    boxes = np.stack([left, low, right, low + height], axis=1)
    return Track(np.asarray(rows, np.int64), boxes, np.full(len(left), 0.9, np.float32))


@given(
    rows=st.lists(st.integers(0, 30), min_size=1, max_size=10, unique=True),
    seed=st.integers(0, 99),
    stride=st.integers(1, 4),
)
def test_filling_against_a_slow_version(rows, seed, stride):
    rows = sorted(rows)
    boxes = np.random.default_rng(seed).uniform(0, 100, (len(rows), 4))
    numbers = np.arange(31) * stride + 7
    filled = fill(Track(np.array(rows), boxes, np.ones(len(rows), np.float32)), numbers)
    assert filled.rows.tolist() == list(range(rows[0], rows[-1] + 1))
    for row, box, missing in zip(filled.rows, filled.boxes, filled.filled, strict=True):
        assert missing == (row not in rows)
        before = max(known for known in rows if known <= row)
        after = min(known for known in rows if known >= row)
        share = 0 if before == after else (row - before) / (after - before)
        first, second = boxes[rows.index(before)], boxes[rows.index(after)]
        np.testing.assert_allclose(box, first + share * (second - first), atol=1e-9)


def test_filling_goes_by_source_frame_numbers():
    filled = fill(track([0, 2], [0, 10]), np.array([0, 1, 10]))
    np.testing.assert_allclose(filled.boxes[:, 0], [0, 1, 10])


@pytest.mark.parametrize(("longest", "places"), [(0, [1, 2]), (1, [2]), (2, [2]), (3, [])])
def test_gaps_longer_than_allowed(longest, places):
    assert gaps(track([0, 2, 6, 7], [0, 0, 0, 0]), longest).tolist() == places


def test_jumps_of_place_and_size():
    assert jumps(track(range(4), [0, 20, 40, 60])).tolist() == []
    # 52 px is the square root of the area.
    assert jumps(track(range(4), [0, 51, 104, 105])).tolist() == [2]
    assert jumps(track([0, 4], [0, 100])).tolist() == []
    assert jumps(track([0, 4], [0, 110])).tolist() == [1]
    grown = track(range(3), [0, 0, 0])
    grown.boxes[1:, 3] += 170
    assert jumps(grown).tolist() == []
    grown.boxes[2, 3] += 20
    grown.boxes[1, 3] -= 170
    assert jumps(grown).tolist() == [2]
    assert jumps(track([0], [0])).tolist() == []


def test_parts_hold_every_row_once():
    whole = track(range(5), range(5))
    assert [part.rows.tolist() for part in whole.parts([2, 3])] == [[0, 1], [2], [3, 4]]
    assert [part.rows.tolist() for part in whole.parts([])] == [[0, 1, 2, 3, 4]]


def slow_smooth(values, half):
    """Weighted means over a sequence that is continued point-symmetrically at both ends."""
    last = len(values) - 1

    def at(place):
        if place < 0:
            return 2 * values[0] - values[-place]
        return values[place] if place <= last else 2 * values[last] - values[2 * last - place]

    weights = {step: half + 1 - abs(step) for step in range(-half, half + 1)}
    return [
        sum(weight * at(place + step) for step, weight in weights.items()) / sum(weights.values())
        for place in range(len(values))
    ]


@given(length=st.integers(1, 12), window=st.sampled_from([1, 3, 5, 9]), seed=st.integers(0, 99))
def test_smoothing_against_a_slow_version(length, window, seed):
    boxes = np.random.default_rng(seed).uniform(0, 100, (length, 4))
    rough = Track(np.arange(length), boxes, np.ones(length, np.float32))
    half = min(window // 2, length - 1)
    wanted = np.stack([slow_smooth(boxes[:, side].tolist(), half) for side in range(4)], axis=1)
    np.testing.assert_allclose(smooth(rough, window).boxes, wanted)


def test_even_motion_is_not_changed_by_smoothing_and_noise_is():
    even = track(range(12), 7.5 * np.arange(12))
    np.testing.assert_allclose(smooth(even, 5).boxes, even.boxes)
    rough = track(range(200), np.random.default_rng(0).normal(0, 1, 200))
    assert smooth(rough, 5).boxes[:, 0].std() < 0.6


def test_tracks_are_sorted_by_first_appearance_then_from_left_to_right():
    tracks = [track([3, 4], [0, 0]), track([0, 1], [50, 0]), track([0, 9], [40, 0])]
    assert [(int(one.rows[0]), one.boxes[0, 0]) for one in in_order(tracks)] == [
        (0, 40),
        (0, 50),
        (3, 0),
    ]


def test_meetings_are_counted_once_each():
    still = track(range(30), np.full(30, 100))
    passing = track(range(30), 10 * np.arange(30))
    swaying = track(range(30), 100 + 60 * np.sin(np.arange(30) / 3) ** 2)
    assert meetings([still, passing]) == 1
    assert meetings([still, track(range(40, 50), np.full(10, 100))]) == 0
    shared = np.abs(swaying.boxes[:, 0] - 100)
    close = (30 - shared) / (30 + shared) > 0.5
    visits = sum(here and not before for before, here in zip([False, *close], close, strict=False))
    assert meetings([still, swaying]) == visits > 1
