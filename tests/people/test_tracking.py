"""Linking of boxes over time."""

import numpy as np
import pytest

from stpose.people.detections import Detections
from stpose.people.tracking import Linker

THRESHOLD = 0.5


def person(x, y=50.0, score=0.9):
    return [x, y, x + 30.0, y + 90.0, score]


def link(frames, max_gap=12, shots=None):
    """Link lists of people, one list a frame."""
    linker = Linker(THRESHOLD, max_gap)
    for row, people in enumerate(frames):
        table = np.array(sorted(people, key=lambda one: -one[4]), np.float32).reshape(-1, 5)
        linker.add(row, shots[row] if shots else 0, Detections(table[:, :4], table[:, 4]))
    return linker.tracks()


def test_one_person_is_one_track_from_the_first_box_on():
    tracks = link([[person(3 * row)] for row in range(20)])
    assert len(tracks) == 1
    assert tracks[0].rows.tolist() == list(range(20))
    np.testing.assert_allclose(tracks[0].boxes[:, 0], 3 * np.arange(20))
    np.testing.assert_allclose(tracks[0].scores, 0.9)


@pytest.mark.parametrize("hidden", [range(0), range(28, 33)])
def test_two_people_who_cross_stay_who_they_are(hidden):
    """One walks right, one left, 5 px lower; while they cross, one may be hidden."""
    frames = [
        [person(4 * row)] + ([] if row in hidden else [person(240 - 4 * row, 55)])
        for row in range(60)
    ]
    tracks = link(frames)
    assert len(tracks) == 2
    heights = [np.unique(track.boxes[:, 1]).tolist() for track in tracks]
    assert heights == [[50], [55]]
    assert np.ptp(tracks[0].boxes[:, 0]) == np.ptp(tracks[1].boxes[:, 0]) == 4 * 59


def test_a_cut_ends_every_track():
    shots = [0] * 10 + [1] * 10
    tracks = link([[person(40)] for _ in range(20)], shots=shots)
    assert [track.rows.tolist() for track in tracks] == [list(range(10)), list(range(10, 20))]


@pytest.mark.parametrize("max_gap", [0, 1, 5, 12])
@pytest.mark.parametrize("seen_before", [1, 2, 10])
def test_tracks_outlast_gaps_up_to_the_limit(max_gap, seen_before):
    def frames(gap):
        return [[person(40)]] * seen_before + [[]] * gap + [[person(40)]] * 5

    assert len(link(frames(max_gap), max_gap)) == 1
    # The library may carry on one frame longer; long gaps are cut open again afterwards.
    assert len(link(frames(max_gap + 2), max_gap)) == 2


def test_faint_boxes_carry_on_a_track_but_begin_none():
    scores = [0.9, 0.4, 0.4, 0.4, 0.9]
    assert [len(track) for track in link([[person(40, score=score)] for score in scores])] == [5]
    assert link([[person(40, score=0.4)] for _ in range(5)]) == []


def test_a_box_far_away_begins_a_track_of_its_own():
    frames = [[person(10)], [person(11)], [person(12), person(300)], [person(13), person(301)]]
    assert [track.rows.tolist() for track in link(frames)] == [[0, 1, 2, 3], [2, 3]]


def test_every_sure_box_belongs_to_exactly_one_track():
    generator = np.random.default_rng(3)
    frames = []
    for _ in range(40):
        xs = generator.uniform(0, 600, generator.integers(0, 6))
        frames.append([person(x, score=generator.uniform(0.5, 1)) for x in xs])
    tracks = link(frames)
    given = sorted((row, round(one[0], 2)) for row, people in enumerate(frames) for one in people)
    linked = sorted(
        (int(row), round(float(box[0]), 2))
        for track in tracks
        for row, box in zip(track.rows, track.boxes, strict=True)
    )
    np.testing.assert_allclose(linked, given, atol=0.02)
    for track in tracks:
        assert (np.diff(track.rows) > 0).all()
    again = link(frames)
    assert all(
        np.array_equal(one.boxes, other.boxes) for one, other in zip(tracks, again, strict=True)
    )
