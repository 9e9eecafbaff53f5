"""The header that every artefact carries: what it is, how it went, where it came from."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stpose.artefacts.json_text import parse_json
from stpose.artefacts.status import Status
from stpose.errors import ArtefactError

KEY = "stpose"
_TYPES = {"kind": str, "version": int, "provenance": dict, "identity": str, "attributes": dict}


@dataclass(frozen=True)
class Header:
    """What an artefact says of itself.

    Attributes:
        kind: The kind of artefact, for example "flow".
        version: The version of that kind's schema.
        status: How the video fared (tables of many videos are always ok).
        provenance: stage, settings, code, inputs, version and libraries, as written.
        identity: A hash over everything the artefact was derived from.
        attributes: Further values of the artefact, JSON types.
    """

    kind: str
    version: int
    status: Status
    provenance: dict[str, Any]
    identity: str
    attributes: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the header as the JSON text that is stored in the file."""
        content = {
            "kind": self.kind,
            "version": self.version,
            "status": self.status.code,
            "reason": self.status.reason,
            "provenance": self.provenance,
            "identity": self.identity,
            "attributes": self.attributes,
        }
        return json.dumps({**content, "checksum": _checksum(content)}, sort_keys=True)


def _checksum(content: dict[str, Any]) -> str:
    """Return a hash of a header: neither Parquet nor HDF5 protects these bytes."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def parse_header(text: str | bytes | None, path: Path) -> Header:
    """Return the header held in `text`.

    Raises:
        ArtefactError: `path` holds no header, or one that cannot be read.
    """
    if text is None:
        message = f"{path}: has no stpose header, so it was not written by this pipeline"
        raise ArtefactError(message)
    try:
        raw = parse_json(text)
        # Files of earlier versions have none.
        checksum = raw.pop("checksum", None)
        if checksum is not None and checksum != _checksum(raw):
            message = f"{path}: damaged stpose header (its checksum is another)"
            raise ArtefactError(message)
        status = Status(raw["status"], raw["reason"])
        header = Header(
            kind=raw["kind"],
            version=raw["version"],
            status=status,
            provenance=raw["provenance"],
            identity=raw["identity"],
            attributes=raw["attributes"],
        )
    except ArtefactError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}: damaged stpose header ({error})"
        raise ArtefactError(message) from error
    for name, kind in _TYPES.items():
        if not isinstance(getattr(header, name), kind):
            found = type(getattr(header, name)).__name__
            message = f"{path}: damaged stpose header ({name}: {found}, expected {kind.__name__})"
            raise ArtefactError(message)
    return header


def expect(header: Header, path: Path, kind: str, version: int) -> None:
    """Check that a file is of the kind and version that its reader understands.

    Raises:
        ArtefactError: It is not; the message says what was found and expected.
    """
    if header.kind != kind:
        message = f"{path}: holds {header.kind!r}, expected {kind!r}"
        raise ArtefactError(message)
    if header.version != version:
        message = (
            f"{path}: {kind} schema version {header.version}, expected {version}: another version "
            f"of stpose wrote it; `snakemake --forcerun {path}` makes it anew"
        )
        raise ArtefactError(message)


def read_header(path: Path) -> Header:
    """Read the header of any artefact, by the ending of its name.

    Raises:
        ArtefactError: The file is missing, truncated, or not an artefact.
    """
    path = Path(path)
    if not path.is_file():
        message = f"{path}: no such file"
        raise ArtefactError(message)
    text: str | bytes | None
    match path.suffix:
        case ".parquet":
            text = _parquet_header(path)
        case ".h5":
            text = _store_header(path)
        case ".json":
            text = _document_header(path)
        case ".safetensors":
            text = _weights_header(path)
        case other:
            message = f"{path}: files ending in {other!r} are not artefacts of this pipeline"
            raise ArtefactError(message)
    return parse_header(text, path)


def _parquet_header(path: Path) -> bytes | None:
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(path).metadata or {}
    # pyarrow raises about anything at damaged files.
    except Exception as error:
        message = f"{path}: damaged or truncated Parquet file ({error})"
        raise ArtefactError(message) from error
    return metadata.get(KEY.encode())


def _store_header(path: Path) -> str | None:
    import h5py

    from stpose.artefacts.store_texts import read_text

    try:
        with h5py.File(path, "r") as file:
            return read_text(file, KEY)
    # h5py raises about anything at damaged files.
    except Exception as error:
        message = f"{path}: damaged or truncated HDF5 file ({error})"
        raise ArtefactError(message) from error


def _document_header(path: Path) -> str | None:
    try:
        raw = parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{path}: damaged or truncated JSON file ({error})"
        raise ArtefactError(message) from error
    if not isinstance(raw, dict) or KEY not in raw:
        return None
    return json.dumps(raw[KEY])


def _weights_header(path: Path) -> str | None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        message = f"{path}: damaged or truncated safetensors file ({error})"
        raise ArtefactError(message) from error
    return metadata.get(KEY)
