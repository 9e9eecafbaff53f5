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
    temporary = _temporary_name(path)
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
        _flush(path.parent)
    except Exception as error:
        # Libraries name the temporary file, or none.
        error.add_note(f"while writing {path}")
        raise
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def temporary_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder beside `path`, on the same disk, to make its content in.

    It is removed in the end, if it has not been renamed; so are those of processes that were
    killed.
    """
    temporary = _temporary_name(path)
    temporary.mkdir()
    try:
        yield temporary
    finally:
        _remove(temporary)


@contextmanager
def replace_folder_atomically(path: Path) -> Iterator[Path]:
    """Give a new folder beside `path`; on a clean exit flush its files and rename it into place.

    After an error it is removed and whatever stood at `path` stays as it was; what a killed
    process left is removed first. A folder cannot take the place of another in one step: where
    one is replaced, there is none for the moment between two renames.

    Args:
        path: The folder to make, in a folder that is made if need be.

    Yields:
        The temporary folder, empty.
    """
    old = _temporary_name(path)
    with temporary_folder(path) as temporary:
        try:
            yield temporary
            for file in temporary.rglob("*"):
                _flush(file)
            if path.exists():
                path.replace(old)
            temporary.replace(path)
            _flush(path.parent)
        finally:
            _remove(old)


def _temporary_name(path: Path) -> Path:
    """Return a new name beside `path`, in a folder without leftovers of dead processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    return path.with_name(f".{path.stem}~{owner}{PART}{path.suffix}")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files and folders of `path` whose process on this machine is gone."""
    prefix, suffix = f".{path.stem}~", f"{PART}{path.suffix}"
    for other in path.parent.iterdir():
        if not (other.name.startswith(prefix) and other.name.endswith(suffix)):
            continue
        host, process = other.name[len(prefix) :].removesuffix(suffix).rsplit("-", 2)[:2]
        if host == socket.gethostname() and not _is_alive(int(process)):
            _remove(other)


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
