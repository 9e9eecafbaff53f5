"""Headers: what was changed in them is not taken."""

import json
from pathlib import Path

import pytest

from stpose.artefacts.header import parse_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.status import Status
from stpose.errors import ArtefactError

PATH = Path("a.h5")


@pytest.fixture
def header():
    return derive("stage", "{}").header("frames", 1, Status("too_short", "3 frames"), {"fps": 25.0})


def changed(header, **values):
    content = json.loads(header.to_json())
    del content["checksum"]
    return json.dumps({**content, **values})


def test_a_header_comes_back(header):
    assert parse_header(header.to_json(), PATH) == header


def test_one_without_a_checksum_is_read(header):
    assert parse_header(changed(header), PATH) == header


def test_a_changed_figure_is_noticed(header):
    text = header.to_json().replace("25.0", "26.0")
    with pytest.raises(ArtefactError, match=r"a\.h5: damaged stpose header \(its checksum"):
        parse_header(text, PATH)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("kind", ["frames"]), ("version", "1"), ("provenance", None), ("identity", 3)),
        *(("attributes", []), ("attributes", "x"), ("status", "odd"), ("reason", None)),
    ],
)
def test_values_of_another_type_are_refused(header, name, value):
    with pytest.raises(ArtefactError, match=r"a\.h5: damaged stpose header"):
        parse_header(changed(header, **{name: value}), PATH)


@pytest.mark.parametrize("text", ["[]", "3", "null", "{}", "[" * 100_000, "{"])
def test_other_json_is_refused(text):
    with pytest.raises(ArtefactError, match=r"a\.h5: damaged stpose header"):
        parse_header(text, PATH)
