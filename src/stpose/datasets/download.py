"""Downloading one file: patiently, verified, whole or not at all."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path

from stpose.datasets.checksum import read_content, what_is_wrong
from stpose.datasets.dataset import File
from stpose.datasets.transfer import (
    TransferInterruptedError,
    TransferRefusedError,
    forget,
    transfer,
)
from stpose.errors import InputError

_LONGEST_WAIT_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long to bear with a server.

    Attributes:
        timeout_s: Longest silence, s.
        attempts: Attempts in a row that may bring nothing new.
        wait_s: Pause before the second attempt, s; it doubles with each.
    """

    timeout_s: float = 60.0
    attempts: int = 5
    wait_s: float = 2.0


PATIENCE = Patience()


@dataclass(frozen=True)
class Fetched:
    """A file that is there and verified.

    Attributes:
        path: Where it is.
        url: Where it was downloaded from; None if it was there already.
        size: Bytes.
        sha256: Its checksum, hexadecimal.
        verified: By what: "published" checksum, "recorded" one of an earlier download, or None.
    """

    path: Path
    url: str | None
    size: int
    sha256: str
    verified: str | None


def download(
    file: File,
    folder: Path,
    by_hand: str,
    record: Path,
    recorded: str | None = None,
    mirror: str | None = None,
    patience: Patience = PATIENCE,
) -> Fetched:
    """Download a file, or take the one that is there already.

    What an interrupted download left is used. A file is given its name when it is whole and
    verified, not before. One that someone has put there is verified in the same way.

    Args:
        file: The file and what is published about it.
        folder: Where it goes, under its name.
        by_hand: What to do where this fails.
        record: The file that holds the checksums of the first download.
        recorded: What it says of this file: sha256, hexadecimal.
        mirror: Address that stands in for the official one up to the file's name.
        patience: How long to bear with the server.

    Raises:
        InputError: The server refuses or stays silent, or the content is not what it should be;
            the message says what was found, what was expected, and what to do by hand.
    """
    path = folder / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    url = file.url if mirror is None else f"{mirror.rstrip('/')}/{file.name}"
    advice = f"\n{by_hand}\nWhoever has the file puts it at {path} and runs this again."
    if path.is_file():
        _log.info("%s: is there already", path)
        return _verify(path, file, None, recorded, record, f"; remove it{advice}")
    part = path.with_name(f"{path.name}.part")
    try:
        _persist(url, part, patience)
    except (TransferRefusedError, TransferInterruptedError) as error:
        message = f"{url}: {error}, expected {file.name}{advice}"
        raise InputError(message) from error
    try:
        fetched = _verify(part, file, url, recorded, record, advice)
    except InputError:
        forget(part)
        raise
    part.replace(path)
    forget(part)
    return Fetched(path, url, fetched.size, fetched.sha256, fetched.verified)


def _persist(url: str, part: Path, patience: Patience) -> None:
    """Transfer until the file is whole, or nothing new comes any more."""
    furthest, failures = 0, 0
    while True:
        try:
            transfer(url, part, patience.timeout_s)
        except TransferInterruptedError as error:
            reached = part.stat().st_size if part.is_file() else 0
            failures = 1 if reached > furthest else failures + 1
            furthest = max(furthest, reached)
            if failures >= patience.attempts:
                raise
            wait = min(patience.wait_s * 2 ** (failures - 1), _LONGEST_WAIT_S)
            _log.warning("%s: %s; trying again in %g s", url, error, wait)
            time.sleep(wait)
        else:
            return


def _verify(
    path: Path, file: File, url: str | None, recorded: str | None, record: Path, advice: str
) -> Fetched:
    content = read_content(path)
    wrong = what_is_wrong(path, content, file, recorded, record)
    if wrong is not None:
        message = f"{url or path}: {wrong}{advice}"
        raise InputError(message)
    verified = "published" if file.checksum else "recorded" if recorded else None
    if verified is None:
        _log.warning(
            "%s: no checksum is published; sha256 %s is trusted and recorded in %s",
            file.name,
            content.sha256,
            record,
        )
    return Fetched(path, url, content.size, content.sha256, verified)
