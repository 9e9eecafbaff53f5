"""Writing files so that no one ever meets half of one."""

import os
import shutil
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
    temporary = _temporary(path)
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
        _flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def temporary_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder beside `path`, on the same disk, to make its content in.

    It is removed in the end, if it has not been renamed; so are those of processes that were
    killed.
    """
    temporary = _temporary(path)
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _temporary(path: Path) -> Path:
    """Return an unused temporary name beside `path`, whose folder is made and tidied up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    return path.with_name(f".{path.stem}~{owner}{PART}{path.suffix}")


def remove_leftovers(path: Path) -> None:
    """Remove what writers of `path` left whose process on this machine no longer lives."""
    prefix, suffix = f".{path.stem}~", f"{PART}{path.suffix}"
    for other in path.parent.iterdir():
        if not (other.name.startswith(prefix) and other.name.endswith(suffix)):
            continue
        host, process = other.name[len(prefix) :].removesuffix(suffix).rsplit("-", 2)[:2]
        if host != socket.gethostname() or _is_alive(int(process)):
            continue
        if other.is_dir():
            shutil.rmtree(other, ignore_errors=True)
        else:
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
