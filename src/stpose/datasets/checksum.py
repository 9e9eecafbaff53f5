"""Whether a file is the one that was wanted."""

import hashlib
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from stpose.datasets.dataset import File

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Content:
    """What a file on the disk holds.

    Attributes:
        size: Bytes.
        sha256: Hexadecimal.
        md5: Hexadecimal; some publishers state no other.
    """

    size: int
    sha256: str
    md5: str

    def matches(self, checksum: str) -> bool:
        """Tell whether "sha256:..." or "md5:..." is this content's."""
        kind, _, value = checksum.partition(":")
        return value.lower() == {"sha256": self.sha256, "md5": self.md5}[kind]

    def as_text(self, kind: str) -> str:
        """Return "sha256:..." or "md5:...", by the kind."""
        return f"{kind}:{getattr(self, kind)}"


def read_content(path: Path) -> Content:
    """Read a file to its end and return its checksums."""
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha256.update(block)
            md5.update(block)
            size += len(block)
    return Content(size, sha256.hexdigest(), md5.hexdigest())


def what_is_wrong(
    path: Path, content: Content, wanted: File, recorded: str | None, record: Path
) -> str | None:
    """Compare a file with what was published of it, or with what was recorded earlier.

    Args:
        path: The file.
        content: What it holds.
        wanted: What was published: size and checksum, if any.
        recorded: sha256 of the first download, if there was one.
        record: The file that says so.

    Returns:
        What was found and what was expected, or None if nothing is wrong.
    """
    if wanted.size is not None and content.size != wanted.size:
        return f"{content.size} bytes{_nature(path)}, expected {wanted.size}"
    if wanted.checksum is not None and not content.matches(wanted.checksum):
        found = content.as_text(wanted.checksum.partition(":")[0])
        return f"checksum {found}{_nature(path)}, expected {wanted.checksum} as published"
    if wanted.archive == "zip" and not zipfile.is_zipfile(path):
        return f"{content.size} bytes that are no whole zip archive{_nature(path)}"
    if wanted.archive == "tar" and not tarfile.is_tarfile(path):
        return f"{content.size} bytes that are no tar archive{_nature(path)}"
    if wanted.checksum is None and recorded is not None and recorded != content.sha256:
        return (
            f"checksum sha256:{content.sha256}, expected sha256:{recorded} as at the first "
            f"download ({record}; remove that file to trust the new one)"
        )
    return None


def _nature(path: Path) -> str:
    """Say if the file is a web page: what servers like to send in place of files."""
    with path.open("rb") as file:
        start = file.read(512).lstrip().lower()
    return " (a web page)" if start.startswith((b"<!doctype html", b"<html")) else ""
