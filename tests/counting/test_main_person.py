"""Whose tracks are counted."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.counting.main_person import PersonTrack, main_person, main_rows


def track(number, first, last, left=10.0, width=30.0, height=90.0, shot=0, drift=0.0):
    frames = np.arange(first, last + 1)
    left = left + drift * np.arange(len(frames))
    top = np.full(len(frames), 20.0)
    boxes = np.stack([left, top, left + width, top + height], axis=1)
    return PersonTrack(number, shot, frames, boxes)


def bad_end(one):
    """The same with a last box of four times the sides."""
    boxes = one.boxes.copy()
    boxes[-1, 2:] = boxes[-1, :2] + 4 * (boxes[-1, 2:] - boxes[-1, :2])
    return replace(one, boxes=boxes)


def numbers(tracks):
    return [one.number for one in main_person(tracks)]


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param([track(1, 0, 50), track(2, 0, 80, left=200)], [2], id="longest"),
        pytest.param(
            [track(1, 0, 80, height=20, width=10, left=200), track(2, 0, 50)], [2], id="largest"
        ),
        pytest.param([track(1, 60, 90), track(2, 0, 50)], [2, 1], id="lost and found"),
        pytest.param([track(1, 60, 90, left=200), track(2, 0, 50)], [2], id="somebody elsewhere"),
        pytest.param([track(1, 60, 90, height=500), track(2, 0, 90)], [2], id="at the same time"),
        pytest.param([track(1, 60, 90, shot=1), track(2, 0, 50)], [2], id="after a cut"),
        pytest.param(
            [track(1, 0, 90, left=200, height=60), track(2, 0, 40), track(3, 45, 90)],
            [2, 3],
            id="the larger one, though lost once",
        ),
        pytest.param([track(1, 52, 90, shot=2), track(2, 0, 50)], [2, 1], id="after a flash"),
        pytest.param([track(1, 60, 90, shot=2), track(2, 0, 50)], [2], id="after two cuts"),
        pytest.param([track(1, 52, 90), bad_end(track(2, 0, 50))], [2, 1], id="one bad box"),
        pytest.param([track(1, 48, 90, left=15), track(2, 0, 50)], [2, 1], id="drawn twice"),
        pytest.param([track(1, 48, 90, left=70), track(2, 0, 50)], [2], id="two who pass"),
        pytest.param([track(1, 10, 30, left=15), track(2, 0, 50)], [2], id="inside another"),
        pytest.param(
            [track(1, 0, 50), track(2, 80, 120), track(3, 55, 75, left=130)],
            [1, 2],
            id="no step to the side in between",
        ),
        pytest.param(
            [track(1, 0, 50), track(2, 55, 70, left=70), track(3, 80, 120, left=140)],
            [1, 2, 3],
            id="by way of another",
        ),
        pytest.param(
            [track(1, 0, 50), track(2, 55, 70), track(3, 60, 90, left=60)],
            [1, 3],
            id="the heavier goes first",
        ),
    ],
)
def test_tracks_of_one_person(tracks, expected):
    assert numbers(tracks) == expected
    assert numbers(tracks[::-1]) == expected


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40), st.integers(0, 60)), max_size=7))
def test_tracks_follow_each_other(described):
    tracks = [
        track(number, first, first + length, left=float(left))
        for number, (first, length, left) in enumerate(described)
    ]
    found = main_person(tracks)
    assert bool(found) == bool(tracks)
    firsts = [int(one.frames[0]) for one in found]
    lasts = [int(one.frames[-1]) for one in found]
    assert firsts == sorted(set(firsts))
    assert lasts == sorted(set(lasts))


@given(st.integers(0, 100))
def test_rows_against_a_slow_version(seed):
    rng = np.random.default_rng(seed)
    person = [track(4, 0, 20), track(2, 15, 40), track(7, 45, 60)]
    cells = [(frame, one.number) for one in [*person, track(5, 0, 60)] for frame in one.frames]
    kept = [cells[place] for place in rng.permutation(len(cells))[: len(cells) * 3 // 4]]
    frames, tracks = (np.array(column) for column in zip(*kept, strict=True))
    expected = []
    for frame in range(61):
        for one in person:
            if (frame, one.number) in kept:
                expected.append(kept.index((frame, one.number)))
                break
    assert main_rows(frames, tracks, person).tolist() == expected


def test_nobody_has_no_rows():
    assert len(main_rows(np.arange(3), np.ones(3, np.int32), [])) == 0
