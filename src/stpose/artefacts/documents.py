"""JSON documents with a header."""

import json
from pathlib import Path
from typing import Any

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.header import KEY, expect, parse_header
from stpose.artefacts.json_text import parse_json
from stpose.artefacts.provenance import Provenance
from stpose.artefacts.status import Status
from stpose.errors import ArtefactError


def write_document(
    path: Path, kind: str, version: int, content: dict[str, Any], provenance: Provenance
) -> None:
    """Write a document of JSON values: whole, or not at all.

    Raises:
        ValueError: The content holds NaN or infinity, which JSON cannot say.
    """
    header = json.loads(provenance.header(kind, version, Status.ok(), {}).to_json())
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
    try:
        raw = parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{path}: damaged or truncated JSON file ({error})"
        raise ArtefactError(message) from error
    header = raw.pop(KEY, None) if isinstance(raw, dict) else None
    expect(parse_header(None if header is None else json.dumps(header), path), path, kind, version)
    return dict(raw)
