"""Unpacking archives so that nothing lands outside the folder meant for it."""

import struct
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from errno import EEXIST, EINVAL, EISDIR, ENAMETOOLONG, ENOTDIR
from gzip import BadGzipFile
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import Literal

from tqdm import tqdm

from stpose.errors import InputError

# What macOS adds to archives and no one wants.
_JUNK_FOLDERS = frozenset({"__MACOSX", ".AppleDouble"})
_DAMAGED = (
    *(zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, LZMAError),
    # RuntimeError: encrypted, or a compression that Python does not know;
    # the others: sizes, offsets and names that damage has made senseless.
    *(RuntimeError, ValueError, ArithmeticError, LookupError, struct.error),
)
# Names that no file can have, or that another member of the archive has.
_BAD_NAMES = (EINVAL, ENAMETOOLONG, EISDIR, ENOTDIR, EEXIST)


def unpack(archive: Path, kind: Literal["zip", "tar"], folder: Path, holds: Sequence[str]) -> Path:
    """Unpack an archive and find the one folder in it that is wanted.

    Archives of the same data differ in the folders around it; so it is looked for by what it
    holds.

    Args:
        archive: The archive.
        kind: Its kind.
        folder: An empty folder to unpack into.
        holds: Patterns, such as "images/im*", that each match something below the wanted folder.

    Returns:
        The wanted folder, `folder` itself or one below it: the first, the shallowest.

    Raises:
        InputError: The archive is damaged, names a path outside, or holds no such folder.
    """
    try:
        if kind == "zip":
            _unpack_zip(archive, folder)
        else:
            _unpack_tar(archive, folder)
    except InputError:
        raise
    except OSError as error:
        # A full disk, for one, is not the archive's fault.
        if error.errno not in _BAD_NAMES and not isinstance(error, BadGzipFile):
            raise
        raise _damaged(archive, error) from error
    except _DAMAGED as error:
        raise _damaged(archive, error) from error
    inner = (path for path in folder.rglob("*") if path.is_dir())
    by_depth = sorted(inner, key=lambda path: (len(path.parts), path.as_posix()))
    for candidate in (folder, *by_depth):
        if all(any(candidate.glob(pattern)) for pattern in holds):
            return candidate
    found = ", ".join(sorted(path.name for path in folder.iterdir())[:5]) or "nothing"
    message = f"{archive}: holds {found}, expected a folder with {' and '.join(holds)}"
    raise InputError(message)


def merge(source: Path, target: Path) -> None:
    """Move all that is in a folder into another one, which may hold folders of the same names.

    Raises:
        InputError: Both hold a file of the same name.
    """
    target.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir()):
        goal = target / entry.name
        if entry.is_dir() and goal.is_dir():
            merge(entry, goal)
        elif goal.exists():
            message = f"{goal.name}: is in two archives of the same dataset"
            raise InputError(message)
        else:
            entry.rename(goal)


def _unpack_zip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        members = [member for member in file.infolist() if not _is_junk(member.filename)]
        for member in members:
            # zipfile would quietly put such a file elsewhere; an archive that has one is not right.
            path = PurePosixPath(member.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts:
                _refuse(archive, member.filename)
        for member in tqdm(members, desc=archive.name, unit="file", disable=None):
            file.extract(member, folder)


def _unpack_tar(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as file:
        for member in tqdm(file, desc=archive.name, unit="file", disable=None):
            if _is_junk(member.name):
                continue
            try:
                file.extract(member, folder, filter="data")
            except tarfile.FilterError:
                _refuse(archive, member.name)


def _damaged(archive: Path, error: Exception) -> InputError:
    return InputError(f"{archive}: damaged ({error})")


def _refuse(archive: Path, member: str) -> None:
    message = f"{archive}: holds {member!r}, which leads outside its folder; nothing is taken"
    raise InputError(message)


def _is_junk(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        bool(_JUNK_FOLDERS.intersection(path.parts))
        or path.name.startswith("._")
        or path.name == ".DS_Store"
    )
