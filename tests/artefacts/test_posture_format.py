"""The published posture format, written and read again by the loader of real data."""

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.artefacts.posture_format import (
    ExemplarLabels,
    PostureSequence,
    frame_path,
    published_box,
    write_category,
)
from stpose.benchmarks.olympic_sports.protocol import load_categories

SEQUENCES = [
    PostureSequence("run--a (1)", [0, 1, 5], [(1, 2, 30, 40), (2, 2, 31, 41), (3, 2, 32, 42)]),
    PostureSequence("-b", [7], [(5, 6, 7, 8)]),
]
# In numbers that stand for the frame ids 3, 0, 1, 2.
LABELS = [
    ExemplarLabels(0, np.array([1]), np.array([True]), np.array([2, 3]), np.array([False, True])),
    ExemplarLabels(1, np.array([0]), np.array([False]), np.array([3]), np.array([False])),
]
IDS = np.array([3, 0, 1, 2])


@pytest.fixture
def written(tmp_path):
    renumbered = [one.renumbered(IDS) for one in LABELS]
    write_category(tmp_path, "jump", SEQUENCES, renumbered, ".jpg")
    return tmp_path


def test_what_is_written_is_read(written):
    (category,) = load_categories(written)
    assert category.name == "jump"
    assert category.frames.sequences == ("run--a (1)", "-b")
    assert category.frames.number.tolist() == [0, 1, 5, 7]
    assert category.frames.boxes.tolist() == [list(box) for s in SEQUENCES for box in s.boxes]
    labels = category.labels
    assert labels.anchors.tolist() == [3, 0]
    rows = list(zip(labels.exemplar, labels.frame, labels.flip, labels.positive, strict=True))
    assert sorted(map(tuple, np.array(rows, int).tolist())) == sorted(
        [(0, 0, 1, 1), (0, 1, 0, 0), (0, 2, 1, 0), (1, 3, 0, 1), (1, 2, 0, 0)]
    )


def test_files_look_like_the_published_ones(written):
    lines = (written / "image_pathes" / "imagePaths_jump.txt").read_text().splitlines()
    assert lines[2:] == ["./run--a (1)/I00005.jpg", "./-b/I00007.jpg"]
    assert (written / "bboxes" / "jump" / "-b.bb").read_text() == "8 5 6 7 8\n"
    with h5py.File(written / "labels_hdf5" / "labels_jump.hdf5") as file:
        assert file.attrs["category_name"] == "jump"
        assert file["pos_ids"][0].dtype == np.int32
    path = frame_path(written, "jump", "-b", 7, ".jpg")
    assert path == written / "frames" / "jump" / "-b" / "I00007.jpg"


EDGE = st.floats(-50, 150)


@given(st.tuples(EDGE, EDGE), st.tuples(EDGE, EDGE))
def test_boxes_have_an_extent_inside_the_frame(one, other):
    box = (min(one), min(other), max(one), max(other))
    x1, y1, x2, y2 = published_box(box, 100, 60)
    assert 1 <= x1 < x2 <= 100
    assert 1 <= y1 < y2 <= 60
    # Within the frame, every pixel that the box touches is in; x1 counts pixels from 1.
    if box[0] >= 0 and box[2] <= 100 and box[2] - box[0] >= 2:
        assert x1 - 1 <= box[0] < x1
        assert x2 - 1 < box[2] <= x2
