"""JSON documents with a header and a checksum."""

import hashlib
import json
from pathlib import Path
from typing import Any

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.header import KEY, Header, expect, parse_header
from stpose.artefacts.json_text import parse_json
from stpose.artefacts.provenance import Provenance
from stpose.artefacts.status import Status
from stpose.errors import ArtefactError

CHECKSUM = "content_sha256"


def write_document(
    path: Path, kind: str, version: int, content: dict[str, Any], provenance: Provenance
) -> None:
    """Write a document of JSON values: whole, or not at all.

    Raises:
        ValueError: The content holds NaN or infinity, which JSON cannot say.
    """
    attributes = {CHECKSUM: _checksum(content)}
    header = json.loads(provenance.header(kind, version, Status.ok(), attributes).to_json())
    text = json.dumps({KEY: header, **content}, indent=2, ensure_ascii=False, allow_nan=False)
    with replace_atomically(Path(path)) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_document(path: Path, kind: str, version: int = 1) -> dict[str, Any]:
    """Read a document without its header.

    Raises:
        ArtefactError: It is missing, damaged, or of another kind or version.
    """
    path = Path(path)
    if not path.is_file():
        message = f"{path}: no such file, expected a {kind} document"
        raise ArtefactError(message)
    header, content = _parse(path)
    expect(header, path, kind, version)
    return content


def verify_document(path: Path) -> None:
    """Compare a document with its checksum; those of earlier versions have none.

    Raises:
        ArtefactError: It is damaged or truncated, or has no header.
    """
    _parse(path)


def _parse(path: Path) -> tuple[Header, dict[str, Any]]:
    try:
        raw = parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{path}: damaged or truncated JSON file ({error})"
        raise ArtefactError(message) from error
    content: dict[str, Any] = dict(raw) if isinstance(raw, dict) else {}
    text = content.pop(KEY, None)
    header = parse_header(None if text is None else json.dumps(text), path)
    if header.attributes.get(CHECKSUM, _checksum(content)) != _checksum(content):
        message = f"{path}: damaged or changed by hand (the checksum of its content is another)"
        raise ArtefactError(message)
    return header, content


def _checksum(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
