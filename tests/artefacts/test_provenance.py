"""Identities follow everything an artefact is derived from."""

import pyarrow as pa
import pytest

from stpose.artefacts.provenance import derive, input_identity
from stpose.artefacts.tables import Column, TableSchema, write_table
from stpose.errors import ArtefactError

SCHEMA = TableSchema("things", 1, (Column("x", pa.int64()),))


def made(path, settings="{}"):
    write_table(path, SCHEMA, {"x": [1]}, derive("first", settings))
    return path


def test_equal_derivations_have_equal_identities(tmp_path):
    one, two = made(tmp_path / "a.parquet"), made(tmp_path / "b.parquet")
    first = derive("second", "{}", "c", [one]).identity
    assert first == derive("second", "{}", "c", [two]).identity


@pytest.mark.parametrize("change", ["stage", "settings", "code", "input"])
def test_any_change_makes_another_identity(tmp_path, change):
    one = made(tmp_path / "a.parquet")
    two = made(tmp_path / "b.parquet", '{"a":1}' if change == "input" else "{}")
    before = derive("second", "{}", "c", [one]).identity
    after = derive(
        "third" if change == "stage" else "second",
        '{"a":1}' if change == "settings" else "{}",
        "d" if change == "code" else "c",
        [two],
    ).identity
    assert before != after


def test_many_inputs_are_folded_into_one(tmp_path):
    paths = [made(tmp_path / f"{number}.parquet") for number in range(20)]
    inputs = derive("second", "{}", "", paths).inputs
    assert [name for name, _ in inputs] == ["20 files"]
    assert inputs != derive("second", "{}", "", paths[::-1][:19]).inputs


def test_a_missing_input_is_an_error(tmp_path):
    with pytest.raises(ArtefactError, match="no such file"):
        derive("second", "{}", "", [tmp_path / "none.parquet"])


def test_other_files_are_identified_by_their_content(tmp_path):
    (tmp_path / "w.weights").write_bytes(b"1")
    before = input_identity(tmp_path / "w.weights")
    (tmp_path / "w.weights").write_bytes(b"2")
    assert input_identity(tmp_path / "w.weights") != before
