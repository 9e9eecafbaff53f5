"""What is said of an artefact equals what is in it."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from stpose.artefacts.header import KEY
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, EMBEDDINGS, FLOW
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import write_table
from stpose.errors import ArtefactError
from stpose.inspect.description import describe

PROVENANCE = derive("stage", '{"a":1}')


def test_a_table(tmp_path):
    path = tmp_path / "f.parquet"
    rows = {
        "frame": [3, 9, 5],
        "track": [1, 1, -1],
        "inside": [0.5, 2.5, None],
        "outside": [1.0, 1.0, 1.0],
        "ratio": [None, None, None],
        "note": ["x", "y", None],
    }
    write_table(path, FLOW, rows, PROVENANCE, Status("too_short", "3 frames"))
    found = describe(path)
    assert (found.header.kind, found.rows) == ("flow", 3)
    assert found.header.status.reason == "3 frames"
    by_name = {column.name: column for column in found.columns}
    assert by_name["frame"].values == "3 to 9"
    assert by_name["inside"].values == "0.5 to 2.5, 1 missing"
    assert by_name["inside"].unit == "px/frame"
    assert by_name["ratio"].values == "3 missing"
    assert by_name["note"].values == "2 different, 1 missing"


def test_an_empty_table(tmp_path):
    path = tmp_path / "f.parquet"
    write_table(path, FLOW, {column.name: [] for column in FLOW.columns}, PROVENANCE)
    assert {column.values for column in describe(path).columns} == {"none"}


def test_a_store_larger_than_a_chunk(tmp_path):
    path = tmp_path / "e.h5"
    vectors = np.random.default_rng(0).normal(size=(3000, 64)).astype(np.float16)
    with create_store(path, EMBEDDINGS, PROVENANCE) as store:
        store.extend(
            video=np.zeros(3000), track=np.ones(3000), frame=np.arange(3000), vector=vectors
        )
    by_name = {column.name: column for column in describe(path).columns}
    assert by_name["frame"].values == "0 to 2999"
    assert by_name["vector"].shape == "(3000, 64)"
    limits = f"{float(vectors.min()):.5g} to {float(vectors.max()):.5g}"
    assert by_name["vector"].values == limits


def test_encoded_pictures(tmp_path):
    path = tmp_path / "c.h5"
    box = np.zeros((2, 4))
    with create_store(path, CROPS, PROVENANCE) as store:
        images = [b"x" * 1000, b"y" * 3000]
        store.extend(frame=[1, 2], track=[1, 1], box=box, region=box, valid=box, image=images)
    by_name = {column.name: column for column in describe(path).columns}
    assert by_name["image"].dtype == "encoded"
    assert by_name["image"].shape == "(2,)"
    assert by_name["image"].values == "2.0 kB each"
    assert "image_offsets" not in by_name


def test_weights(tmp_path):
    path = tmp_path / "w.safetensors"
    header = PROVENANCE.header("weights", 1, Status.ok(), {})
    save_file({"conv": np.array([[-1.5, 2.0]], np.float32)}, path, {KEY: header.to_json()})
    (column,) = describe(path).columns
    assert (column.name, column.shape, column.values) == ("conv", "(1, 2)", "-1.5 to 2")


def test_other_files_are_refused(tmp_path):
    (tmp_path / "x.csv").write_text("a")
    with pytest.raises(ArtefactError, match="not artefacts"):
        describe(tmp_path / "x.csv")
