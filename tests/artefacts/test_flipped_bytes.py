"""One byte of an artefact is another: its reader and `verify` refuse it, or nothing has changed."""

import random
from functools import partial

import h5py
import pytest
import torch
from safetensors.torch import save_file

from stpose.artefacts.documents import read_document, write_document
from stpose.artefacts.header import KEY
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CURRICULUM, MOTION
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store, open_store
from stpose.artefacts.tables import read_table, write_table
from stpose.artefacts.tensors import read_tensors, write_tensors
from stpose.artefacts.verification import verify_file
from stpose.errors import ArtefactError

PROVENANCE = derive("stage", "{}", "c0de")
HEADER = PROVENANCE.header("heads", 1, Status.ok(), {})


def write_curriculum(path):
    rows = {"video_id": ["a", "b"], "track": [1, 2], "frame": [3, 4], "ratio": [0.5, 1.5]}
    write_table(path, CURRICULUM, {**rows, "block": [0, 1]}, PROVENANCE)


def write_motion(path):
    with create_store(path, MOTION, PROVENANCE) as store:
        for number in range(5):
            store.append(frame=number, map=b"some bytes")


def read_motion(path):
    with open_store(path, MOTION) as store:
        return store["frame"].tolist(), [store.encoded("map", row) for row in range(len(store))]


def write_weights(path):
    tensors = {"a.weight": torch.arange(6.0).reshape(2, 3), "a.count": torch.tensor(3)}
    write_tensors(path, {**tensors, "half": torch.ones(5, dtype=torch.float16)}, HEADER)


def read_weights(path):
    return {name: (str(one.dtype), one.tolist()) for name, one in read_tensors(path).items()}


def write_figures(path):
    write_document(path, "card", 1, {"rows": [{"name": "ü", "value": 0.25}]}, PROVENANCE)


KINDS = {
    "a.parquet": (write_curriculum, lambda path: read_table(path, CURRICULUM).to_pydict()),
    "a.h5": (write_motion, read_motion),
    "a.safetensors": (write_weights, read_weights),
    "a.json": (write_figures, partial(read_document, kind="card")),
}


@pytest.mark.parametrize("name", KINDS)
def test_no_flipped_byte_changes_what_is_read(tmp_path, name):
    write, read = KINDS[name]
    path = tmp_path / name
    write(path)
    whole, expected = path.read_bytes(), read(path)
    places = random.Random(0).sample(range(len(whole)), min(len(whole), 250))
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        try:
            found = read(path)
        except ArtefactError:
            with pytest.raises(ArtefactError, match=name):
                verify_file(path)
        else:
            assert found == expected, place


@pytest.mark.parametrize("name", KINDS)
def test_no_truncated_file_is_read(tmp_path, name):
    write, read = KINDS[name]
    path = tmp_path / name
    write(path)
    whole = path.read_bytes()
    for kept in (0, 1, len(whole) // 2, len(whole) - 4):
        path.write_bytes(whole[:kept])
        for reading in (read, verify_file):
            with pytest.raises(ArtefactError, match=name):
                reading(path)


@pytest.mark.parametrize("attribute", [KEY, "unit", "description"])
def test_texts_of_a_store_are_where_they_have_a_checksum(tmp_path, attribute):
    """Texts of any length lie in a heap without one; damage there lets HDF5 loop for ever."""
    write_motion(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        owner = file if attribute == KEY else file["frame"]
        assert h5py.check_string_dtype(owner.attrs.get_id(attribute).dtype).length is not None


def test_a_header_of_any_length_comes_back(tmp_path):
    with create_store(tmp_path / "a.h5", MOTION, PROVENANCE) as store:
        store.attributes["videos"] = ["naïve"] * 20_000
    with open_store(tmp_path / "a.h5", MOTION) as store:
        assert store.attributes["videos"] == ["naïve"] * 20_000


def test_files_of_earlier_versions_have_no_checksums_and_are_read(tmp_path):
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.ones(2)}, path, metadata={KEY: HEADER.to_json()})
    verify_file(path)
    assert read_tensors(path)["a"].tolist() == [1, 1]
