"""The way of a person's box, frame by frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.counting.box_path import box_path
from stpose.counting.main_person import PersonTrack


def person(frames, boxes):
    """Tracks that part after half of the frames."""
    half = max(1, len(frames) // 2)
    parts = [slice(0, half), slice(half, None)]
    return [
        PersonTrack(number, 0, frames[part], boxes[part])
        for number, part in enumerate(parts)
        if len(frames[part])
    ]


def slow_path(frames, boxes, wanted):
    """The same, frame by frame."""
    rows = []
    for one in wanted:
        after = int(np.searchsorted(frames, one))
        if after in (0, len(frames)):
            box = boxes[min(after, len(frames) - 1)]
        else:
            before = after - 1
            part = (one - frames[before]) / (frames[after] - frames[before])
            box = (1 - part) * boxes[before] + part * boxes[after]
        x1, y1, x2, y2 = box
        rows.append([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1])
    longer = [max(row[2:]) for row in rows]
    return np.array(rows) / np.median(longer)


@given(st.integers(0, 2**16), st.integers(1, 12))
def test_against_slow_version(seed, count):
    random = np.random.default_rng(seed)
    frames = np.sort(random.choice(40, count, replace=False)).astype(np.int64)
    low = random.normal(50, 20, (count, 2))
    boxes = np.concatenate([low, low + random.uniform(5, 60, (count, 2))], axis=1)
    wanted = np.arange(40)
    found = box_path(person(frames, boxes), wanted)
    np.testing.assert_allclose(found, slow_path(frames, boxes, wanted), rtol=1e-9)


def test_it_does_not_depend_on_the_size_of_the_picture():
    random = np.random.default_rng(0)
    frames = np.arange(20)
    low = random.normal(50, 20, (20, 2))
    boxes = np.concatenate([low, low + 30], axis=1)
    small, large = (box_path(person(frames, boxes * scale), frames) for scale in (1, 4))
    np.testing.assert_allclose(small, large)
    assert small[:, 2:] == pytest.approx(1)
