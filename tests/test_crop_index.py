"""Keys of crops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store
from stpose.crop_index import CropIndex, read_crop_index
from stpose.errors import InputError


def write_crops(path, video, keys, size=8, **attributes):
    with create_store(path, CROPS, derive("crops", "{}")) as store:
        store.attributes.update(video_id=video, size_px=size, **attributes)
        if not keys:
            store.status = Status("no_person", "nobody in sight")
        for number, (track, frame) in enumerate(keys):
            box = [number, 1, number + 2, 4]
            whole = [0, 0, size, size]
            store.append(frame=frame, track=track, box=box, region=whole, valid=whole, image=b"x")
    return path


def test_rows_are_sorted_by_video_track_and_frame(tmp_path):
    paths = [
        write_crops(tmp_path / "b.h5", "b", [(2, 5), (1, 9), (1, 3)], stride=3),
        write_crops(tmp_path / "none.h5", "none", []),
        write_crops(tmp_path / "a.h5", "a", [(1, 7)]),
    ]
    index, files, size = read_crop_index(paths)
    assert index.videos == ("a", "b")
    assert files == (paths[2], paths[0])
    assert size == 8
    keys = list(zip(index.video, index.track, index.frame, index.row, strict=True))
    assert keys == [(0, 1, 7, 0), (1, 1, 3, 2), (1, 1, 9, 1), (1, 2, 5, 0)]
    assert index.box[:, 0].tolist() == [0, 2, 1, 0]
    assert index.stride.tolist() == [1, 3]


def test_no_crops_at_all(tmp_path):
    index, files, size = read_crop_index([write_crops(tmp_path / "none.h5", "none", [])])
    assert (len(index), files, size) == (0, (), 1)
    one = np.zeros(3, np.int64)
    assert index.find(one, one, one).tolist() == [-1, -1, -1]


def test_crops_of_two_sizes_are_refused(tmp_path):
    paths = [
        write_crops(tmp_path / "a.h5", "a", [(1, 1)], size=8),
        write_crops(tmp_path / "b.h5", "b", [(1, 1)], size=9),
    ]
    with pytest.raises(InputError, match=r"b\.h5: crops of 9 px, expected 8 px"):
        read_crop_index(paths)


key = st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 12))


@given(st.sets(key, min_size=1), st.lists(st.tuples(*[st.integers(-2, 15)] * 3), min_size=1))
def test_find_is_a_dictionary(keys, wanted):
    columns = np.array(sorted(keys), np.int64)
    nothing = np.zeros((len(columns), 4), np.float32)
    index = CropIndex(
        ("a", "b", "c"),
        columns[:, 0].astype(np.int32),
        columns[:, 1].astype(np.int32),
        columns[:, 2],
        np.zeros(len(columns), np.int64),
        nothing,
        nothing,
        np.ones(3, np.int64),
    )
    slow = {tuple(row): place for place, row in enumerate(columns.tolist())}
    asked = np.array(wanted, np.int64)
    found = index.find(asked[:, 0], asked[:, 1], asked[:, 2])
    assert found.tolist() == [slow.get(tuple(row), -1) for row in asked.tolist()]
