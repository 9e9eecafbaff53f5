"""The window that stays where the person is."""

import numpy as np
import pytest

from stpose.artefacts.schemas import CROPS, PEOPLE
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.counting.cutting import cut_people
from stpose.counting.steady import steady_squares


def slow_squares(frames, boxes, wanted, reach):
    """The same, frame by frame."""
    sides = np.array([[np.interp(one, frames, boxes[:, k]) for k in range(4)] for one in wanted])
    found = []
    for place in range(len(wanted)):
        near = sides[max(0, place - reach) : place + reach + 1]
        centre = np.median((near[:, :2] + near[:, 2:]) / 2, axis=0)
        half = np.quantile((near[:, 2:] - near[:, :2]).max(axis=1), 0.8) / 2
        found.append([*(centre - half), *(centre + half)])
    return np.array(found)


@pytest.mark.parametrize("reach", [1, 4, 100])
def test_against_slow_version(reach):
    random = np.random.default_rng(0)
    frames = np.array([3, 4, 5, 9, 10, 17, 18])
    low = random.normal(50, 5, (7, 2))
    boxes = np.concatenate([low, low + random.uniform(10, 40, (7, 2))], axis=1)
    wanted = np.arange(3, 19)
    found = steady_squares(frames, boxes, wanted, reach)
    np.testing.assert_allclose(found, slow_squares(frames, boxes, wanted, reach), rtol=1e-12)


def test_a_window_does_not_follow_a_squat():
    frames = np.arange(100)
    top = 20 + 15 * (1 - np.cos(2 * np.pi * frames / 20))
    boxes = np.stack([np.full(100, 30.0), top, np.full(100, 60.0), np.full(100, 110.0)], axis=1)
    found = steady_squares(frames, boxes, frames, 50)
    assert np.ptp(found, axis=0).max() < 3
    assert np.ptp(boxes[:, 1]) == pytest.approx(30)


def test_frames_in_which_the_person_was_lost_are_looked_at(footage, tmp_path):
    path = footage.write("wave", 120, 15)
    boxes = footage.boxes / "wave.bb"
    kept = [line for line in boxes.read_text().splitlines() if int(line.split()[0]) % 12 < 6]
    boxes.write_text("\n".join(kept) + "\n")
    people = {"detector": "precomputed", "boxes": str(footage.boxes)}
    people |= {"max_gap": 2, "minimum_track": 4, "minimum_share": 0.0}
    cut = cut_people(path, footage.settings(people=people), tmp_path / "work")
    table = read_table(cut / "window.parquet", PEOPLE)
    frames = table["frame"].to_numpy()
    assert frames.tolist() == list(range(frames[0], frames[-1] + 1))
    assert len(frames) > 100 > len(read_table(cut / "people.parquet", PEOPLE))
    with open_store(cut / "steady.h5", CROPS) as store:
        assert store["frame"].tolist() == frames.tolist()


@pytest.mark.parametrize(
    ("first", "last", "beyond"), [(60, 90, (30, 119)), (30, 60, (0, 90)), (10, 110, (0, 119))]
)
def test_a_window_stays_as_long_as_the_person_was_seen(footage, tmp_path, first, last, beyond):
    path = footage.write("wave", 120, 15)
    boxes = footage.boxes / "wave.bb"
    lines = boxes.read_text().splitlines()
    boxes.write_text("\n".join(lines[first : last + 1]) + "\n")
    cut = cut_people(path, footage.settings(), tmp_path / "work")
    found = read_table(cut / "people.parquet", PEOPLE)["frame"].to_numpy()
    assert (found.min(), found.max()) == (first, last)
    frames = read_table(cut / "window.parquet", PEOPLE)["frame"].to_numpy()
    low, high = beyond
    assert frames.tolist() == list(range(low, high + 1))


def test_a_window_stays_within_its_shot(footage, tmp_path):
    path = footage.write("wave", 120, 15, cut=50)
    boxes = footage.boxes / "wave.bb"
    boxes.write_text("\n".join(boxes.read_text().splitlines()[60:90]) + "\n")
    cut = cut_people(path, footage.settings(), tmp_path / "work")
    frames = read_table(cut / "window.parquet", PEOPLE)["frame"].to_numpy()
    assert frames.tolist() == list(range(50, 119))
