"""Parquet tables."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.status import Status
from stpose.artefacts.tables import Column, TableSchema, read_table, write_table
from stpose.errors import ArtefactError

SCHEMA = TableSchema(
    "things",
    2,
    (Column("frame", pa.int64(), "frames", "Number."), Column("note", pa.string(), nullable=True)),
)
ROWS = {"frame": list(range(5000)), "note": [None, "x"] * 2500}


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.parquet"
    provenance = derive("stage", '{"a":1}', "c0de")
    write_table(path, SCHEMA, ROWS, provenance, Status("no_person", "none seen"), {"fps": 25.0})
    return path


def test_rows_and_header_come_back(table):
    assert read_table(table, SCHEMA).to_pydict() == ROWS
    header = read_header(table)
    assert (header.kind, header.version) == ("things", 2)
    assert header.status == Status("no_person", "none seen")
    assert header.attributes == {"fps": 25.0}
    assert header.provenance["settings"] == '{"a":1}'


def test_units_are_stored_beside_the_columns(table):
    field = pq.read_schema(table).field("frame")
    assert field.metadata == {b"unit": b"frames", b"description": b"Number."}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"frame": [1]}, "columns"),
        ({"frame": [1], "note": ["a"], "more": [1]}, "columns"),
        ({"frame": ["a"], "note": ["a"]}, "do not fit"),
        ({"frame": [1, 2], "note": ["a"]}, "do not fit"),
        ({"frame": [None], "note": ["a"]}, "missing values"),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path, rows, says):
    with pytest.raises(ArtefactError, match=says):
        write_table(tmp_path / "t.parquet", SCHEMA, rows, derive("stage", "{}"))
    assert not (tmp_path / "t.parquet").exists()


def test_another_kind_or_version_is_refused(table):
    with pytest.raises(ArtefactError, match="holds 'things', expected 'others'"):
        read_table(table, TableSchema("others", 2, SCHEMA.columns))
    with pytest.raises(
        ArtefactError,
        match=r"t\.parquet: .* 2, expected 3: .*; `snakemake --forcerun .*",
    ):
        read_table(table, TableSchema("things", 3, SCHEMA.columns))


def test_a_foreign_file_is_refused(tmp_path):
    pq.write_table(pa.table({"frame": [1]}), tmp_path / "t.parquet")
    with pytest.raises(ArtefactError, match="no stpose header"):
        read_table(tmp_path / "t.parquet", SCHEMA)


def test_a_truncated_file_is_refused(table):
    table.write_bytes(table.read_bytes()[:-100])
    with pytest.raises(ArtefactError, match="damaged or truncated"):
        read_table(table, SCHEMA)
    with pytest.raises(ArtefactError, match="damaged or truncated"):
        read_header(table)


def test_a_flipped_byte_in_the_data_is_noticed(table):
    raw = bytearray(table.read_bytes())
    raw[200] ^= 0xFF
    table.write_bytes(raw)
    with pytest.raises(ArtefactError, match="damaged"):
        read_table(table, SCHEMA)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ArtefactError, match=r"none\.parquet: no such file"):
        read_table(tmp_path / "none.parquet", SCHEMA)
