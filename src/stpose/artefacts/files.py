"""Writing files so that no one ever meets half of one."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part"


@contextmanager
def replace_atomically(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path`; on a clean exit flush it and rename it into place.

    After an error the temporary file is removed and whatever stood at `path` stays as it was.
    Leftovers of processes that were killed while they wrote the same file are removed first.

    Args:
        path: The file to write. Its folder is made if need be.

    Yields:
        The temporary path, with the same ending as `path`; it does not exist yet.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    temporary = path.with_name(f".{path.stem}~{owner}{PART}{path.suffix}")
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
        _flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files of `path` whose writing process on this machine no longer lives."""
    prefix, suffix = f".{path.stem}~", f"{PART}{path.suffix}"
    for other in path.parent.iterdir():
        if not (other.name.startswith(prefix) and other.name.endswith(suffix)):
            continue
        host, process = other.name[len(prefix) :].removesuffix(suffix).rsplit("-", 2)[:2]
        if host == socket.gethostname() and not _is_alive(int(process)):
            other.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
