"""Where an artefact comes from: settings, code, inputs, versions, and a hash over them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from stpose.artefacts.header import Header, read_header
from stpose.artefacts.status import Status
from stpose.errors import ArtefactError
from stpose.settings.base import StageSettings
from stpose.version import VERSION

LIBRARIES = ("h5py", "numpy", "opencv-python-headless", "pyarrow", "torch", "torchvision")


@dataclass(frozen=True)
class Provenance:
    """What an artefact was derived from.

    Attributes:
        stage: The stage that made it.
        settings: Canonical JSON of exactly the settings that the stage used.
        code: Fingerprint of the stage's code (`stpose.fingerprint`), empty outside the workflow.
        inputs: Identities of the artefacts read, by file name; many are folded into one.
        stpose: The version of this package.
        libraries: Versions of the libraries that shape results.
    """

    stage: str
    settings: str
    code: str
    inputs: tuple[tuple[str, str], ...]
    stpose: str
    libraries: tuple[tuple[str, str], ...]

    @property
    def identity(self) -> str:
        """Hash over stage, settings, code and inputs, not over versions of libraries."""
        parts = [self.stage, self.settings, self.code, *(identity for _, identity in self.inputs)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON types."""
        raw = asdict(self)
        return {**raw, "inputs": dict(self.inputs), "libraries": dict(self.libraries)}

    def header(self, kind: str, version: int, status: Status, attributes: dict[str, Any]) -> Header:
        """Return the header of an artefact that is derived so."""
        return Header(kind, version, status, self.as_dict(), self.identity, attributes)


def derive(
    stage: str,
    settings: StageSettings | str,
    code: str = "",
    inputs: Iterable[Path] = (),
    sources: Iterable[tuple[str, str]] = (),
) -> Provenance:
    """Describe what a stage is about to derive an artefact from.

    Args:
        stage: Name of the stage.
        settings: Its settings, or their canonical JSON.
        code: Fingerprint of its code.
        inputs: Artefacts it reads; their identities are taken from their headers.
        sources: Further inputs that are no artefacts: (name, hash of the content).

    Raises:
        ArtefactError: An input is missing or no artefact.
    """
    known = [*sources, *((path.name, read_header(path).identity) for path in map(Path, inputs))]
    if len(known) > 16:
        folded = hashlib.sha256("\n".join(identity for _, identity in known).encode())
        known = [(f"{len(known)} files", folded.hexdigest())]
    text = settings if isinstance(settings, str) else settings.canonical()
    return Provenance(stage, text, code, tuple(known), VERSION, _library_versions())


def input_identity(path: Path) -> str:
    """Return the identity of an artefact, or a hash of the content of any other file."""
    try:
        return read_header(path).identity
    except ArtefactError:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _library_versions() -> tuple[tuple[str, str], ...]:
    found = []
    for name in LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def parse_settings(header: Header) -> dict[str, Any]:
    """Return the settings that an artefact was made with as a dictionary."""
    parsed = json.loads(header.provenance["settings"] or "{}")
    return dict(parsed)
