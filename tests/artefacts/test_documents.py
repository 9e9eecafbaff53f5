"""JSON documents."""

import pytest

from stpose.artefacts.documents import read_document, write_document
from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.errors import ArtefactError


def test_content_and_header_come_back(tmp_path):
    path = tmp_path / "d.json"
    write_document(path, "card", 1, {"rows": [1, None, "ü"]}, derive("stage", "{}", "c0de"))
    assert read_document(path, "card") == {"rows": [1, None, "ü"]}
    assert read_header(path).provenance["code"] == "c0de"


def test_not_a_number_is_refused(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_document(tmp_path / "d.json", "card", 1, {"x": float("nan")}, derive("stage", "{}"))


@pytest.mark.parametrize("text", ["", "[1]", '{"x": 1}', '{"stpose": {}}'])
def test_other_files_are_refused(tmp_path, text):
    path = tmp_path / "d.json"
    path.write_text(text)
    with pytest.raises(ArtefactError, match=r"d\.json"):
        read_document(path, "card")
