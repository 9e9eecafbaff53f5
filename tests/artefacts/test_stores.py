"""HDF5 stores."""

import resource

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.status import Status
from stpose.artefacts.stores import Dataset, StoreSchema, create_store, open_store
from stpose.child_process import value_from_child
from stpose.errors import ArtefactError

SCHEMA = StoreSchema(
    "pictures",
    1,
    (
        Dataset("frame", "int64", (), "", "Number."),
        Dataset("box", "float32", (4,), "px", "Box."),
        Dataset("vector", "float16", (0,), "", "Length settled by the first row."),
        Dataset("image", "encoded", (), "", "Bytes."),
    ),
)
PROVENANCE = derive("stage", "{}")


def fill(path, pictures):
    with create_store(path, SCHEMA, PROVENANCE) as store:
        for number, picture in enumerate(pictures):
            box = [number, 0, number + 1, 2]
            store.append(frame=number, box=box, vector=[1, 2, 3], image=picture)
        store.attributes["fps"] = 30.0


@given(pictures=st.lists(st.binary(max_size=40), max_size=150))
def test_rows_come_back(tmp_path_factory, pictures):
    path = tmp_path_factory.mktemp("stores") / "s.h5"
    fill(path, pictures)
    with open_store(path, SCHEMA) as store:
        assert len(store) == len(pictures)
        assert [store.encoded("image", row) for row in range(len(store))] == pictures
        np.testing.assert_array_equal(store["frame"], np.arange(len(pictures)))
        np.testing.assert_array_equal(store["box"][:, 2], np.arange(len(pictures)) + 1)
        assert store.rows("vector", 0, 2).shape[0] == min(2, len(pictures))
        assert store.attributes == {"fps": 30.0}
        assert store.status.is_ok


def test_many_rows_at_once_equal_one_by_one(tmp_path):
    fill(tmp_path / "a.h5", [b"x", b"yy", b""])
    with create_store(tmp_path / "b.h5", SCHEMA, PROVENANCE) as store:
        boxes = [[number, 0, number + 1, 2] for number in range(3)]
        store.extend(frame=range(3), box=boxes, vector=np.ones((3, 3)), image=[b"x", b"yy", b""])
    with open_store(tmp_path / "a.h5", SCHEMA) as one, open_store(tmp_path / "b.h5", SCHEMA) as two:
        np.testing.assert_array_equal(one["box"], two["box"])
        assert one.encoded("image", 1) == two.encoded("image", 1) == b"yy"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"frame": 1}, "expected"),
        ({"frame": 1, "box": [1, 2], "vector": [1], "image": b""}, "shape"),
        ({"frame": [1], "box": [1, 2, 3, 4], "vector": [1], "image": b""}, "shape"),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_is_left(tmp_path, row, says):
    with (
        pytest.raises(ArtefactError, match=says),
        create_store(tmp_path / "s.h5", SCHEMA, PROVENANCE) as store,
    ):
        store.append(**row)
    assert list(tmp_path.iterdir()) == []


def test_a_row_of_another_length_than_the_first_is_refused(tmp_path):
    with create_store(tmp_path / "s.h5", SCHEMA, PROVENANCE) as store:
        store.append(frame=1, box=[0] * 4, vector=[1, 2], image=b"")
        with pytest.raises(ArtefactError, match="shape"):
            store.append(frame=1, box=[0] * 4, vector=[1, 2, 3], image=b"")


def test_status_is_carried(tmp_path):
    with create_store(tmp_path / "s.h5", SCHEMA, PROVENANCE) as store:
        store.status = Status("too_short", "3 frames")
    assert read_header(tmp_path / "s.h5").status == Status("too_short", "3 frames")


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / "s.h5"
    fill(path, [b"x" * 1000] * 50)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ArtefactError, match="truncated"), open_store(path, SCHEMA):
        pass


def test_a_flipped_byte_is_noticed(tmp_path):
    path = tmp_path / "s.h5"
    fill(path, [b"needle" + b"x" * 1000])
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"needle")] ^= 0xFF
    path.write_bytes(raw)
    with open_store(path, SCHEMA) as store, pytest.raises(ArtefactError, match="image is damaged"):
        store.encoded("image", 0)


def test_a_row_that_is_not_there_is_an_index_error(tmp_path):
    fill(tmp_path / "s.h5", [b"x"])
    with open_store(tmp_path / "s.h5", SCHEMA) as store, pytest.raises(IndexError, match="row 1"):
        store.encoded("image", 1)


def remade(path, change):
    """Write a store, then change its datasets behind its back."""
    fill(path, [b"x", b"yy"])
    with h5py.File(path, "r+") as file:
        change(file)


def other_type(file):
    del file["frame"]
    file["frame"] = np.array([0.5, 1.5])


def other_shape(file):
    del file["box"]
    file["box"] = np.zeros((2, 3), np.float32)


def group(file):
    del file["frame"]
    file.create_group("frame")


def shorter(file):
    file["frame"].resize(1, axis=0)


def no_offsets(file):
    del file["image_offsets"]


def longer_than_the_file(file):
    file["frame"].resize(10**9, axis=0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (other_type, r"frame is float64 \(2,\), expected int64"),
        (other_shape, r"box is float32 \(2, 3\), expected float32"),
        (group, r"lacks the datasets \['frame'\]"),
        (shorter, r"columns of unequal length \[1, 2\]"),
        (no_offsets, r"lacks the datasets \['image_offsets'\]"),
        (longer_than_the_file, r"frame is int64 \(1000000000,\)"),
    ],
)
def test_datasets_that_no_checksum_covers_are_checked(tmp_path, change, says):
    remade(tmp_path / "s.h5", change)
    with pytest.raises(ArtefactError, match=says), open_store(tmp_path / "s.h5", SCHEMA):
        pass


def test_metadata_have_checksums(tmp_path):
    """Without them HDF5 follows what damage made of its pointers, and may do so for ever."""
    fill(tmp_path / "s.h5", [b"x", b"yy"])
    content = bytearray((tmp_path / "s.h5").read_bytes())
    assert content[8] >= 2  # the version of the superblock
    content[content.index(b'"kind"') - 40] ^= 255
    (tmp_path / "s.h5").write_bytes(content)
    with (
        pytest.raises(ArtefactError, match="damaged"),
        open_store(tmp_path / "s.h5", SCHEMA),
    ):
        pass


def write_more_than_fits(path):
    """Write a store where files may not grow beyond 300 kB, as on a disk that is full there."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, most))
    try:
        fill(path, [bytes([number]) * 50_000 for number in range(100)])
    except OSError as error:
        return f"{error} {error.__notes__}"
    return "nothing"


def test_a_full_disk_is_an_error_and_no_crash(tmp_path):
    """HDF5 dies at the end of a file that it could not write."""
    said = value_from_child(lambda: write_more_than_fits(tmp_path / "s.h5"))
    assert "File too large" in said
    assert f"while writing {tmp_path / 's.h5'}" in said
    assert list(tmp_path.iterdir()) == []
