"""Tensors in safetensors files with a header and a checksum, which the format itself lacks."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from safetensors import SafetensorError
from safetensors.torch import load_file, save, save_file
from torch import Tensor

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.header import KEY, Header, read_header
from stpose.errors import ArtefactError

CHECKSUM = "tensors_sha256"
_LENGTH_BYTES = 8
_BLOCK_BYTES = 1 << 20


def write_tensors(path: Path, tensors: Mapping[str, Tensor], header: Header) -> None:
    """Write tensors by name: whole, or not at all."""
    plain = {name: tensor.detach().to("cpu").contiguous() for name, tensor in tensors.items()}
    digest = hashlib.sha256()
    content = save(plain)
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "little")
    _add_table(digest, content[_LENGTH_BYTES:start])
    digest.update(memoryview(content)[start:])
    attributes = {**header.attributes, CHECKSUM: digest.hexdigest()}
    text = replace(header, attributes=attributes).to_json()
    # One text alone: in which order safetensors writes several is left to chance.
    with replace_atomically(path) as temporary:
        save_file(plain, temporary, metadata={KEY: text})


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Read tensors by name, on the CPU.

    Raises:
        ArtefactError: The file is missing, truncated or damaged.
    """
    verify_tensors(path)
    try:
        return dict(load_file(path))
    except (SafetensorError, OSError, ValueError) as error:
        message = f"{path}: damaged or truncated safetensors file ({error})"
        raise ArtefactError(message) from error


def verify_tensors(path: Path) -> None:
    """Compare the tensors of a file with their checksum; files of earlier versions have none.

    Raises:
        ArtefactError: They are not what was written, or the file cannot be read.
    """
    wanted = read_header(path).attributes.get(CHECKSUM)
    if wanted is None:
        return
    try:
        with path.open("rb") as file:
            found = _checksum(file)
    except (OSError, ValueError) as error:
        message = f"{path}: damaged or truncated safetensors file ({error})"
        raise ArtefactError(message) from error
    if found != wanted:
        message = f"{path}: damaged tensors (their checksum is another)"
        raise ArtefactError(message)


def _checksum(file: BinaryIO) -> str:
    """Return a hash over names, types and shapes of tensors, and all their bytes."""
    digest = hashlib.sha256()
    length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    _add_table(digest, file.read(length))
    while block := file.read(_BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()


def _add_table(digest: "hashlib._Hash", text: bytes) -> None:
    table = json.loads(text)
    table.pop("__metadata__", None)
    digest.update(json.dumps(table, sort_keys=True).encode())
