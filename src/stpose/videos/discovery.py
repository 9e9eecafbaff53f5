"""Which videos there are: their ids, and an identity that changes when their content does."""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stpose.artefacts.files import replace_atomically
from stpose.errors import InputError

ID_PATTERN = r"[a-z0-9][a-z0-9_-]*-[0-9a-f]{8}"

# Containers and raw streams that OpenCV's FFmpeg reads, by the endings in use.
ENDINGS = frozenset(
    {".3g2", ".3gp", ".asf", ".avi", ".divx", ".dv", ".f4v", ".flv", ".gif", ".h264", ".hevc"}
    | {".m1v", ".m2ts", ".m2v", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpeg"}
    | {".mpg", ".mts", ".mxf", ".nut", ".ogm", ".ogv", ".qt", ".rm", ".rmvb", ".ts", ".vob"}
    | {".webm", ".wmv", ".y4m"}
)

_SAMPLES = 16
_SAMPLE_BYTES = 1 << 16


@dataclass(frozen=True)
class VideoSource:
    """A video that the pipeline is to work on.

    Attributes:
        video_id: Safe name: the path below the videos folder and a short hash of that path.
        path: Where the file is.
        relative: Its path below the videos folder, with forward slashes.
        identity: Hash that stands for its content; a sentence when it cannot be read.
    """

    video_id: str
    path: Path
    relative: str
    identity: str


def video_id(relative: str) -> str:
    """Return the id of a video: its path made safe for file names, plus a hash of the path.

    The hash keeps equal names in two folders, and names that differ only in characters that are
    not safe, apart. The readable part is at most 80 characters long.

    Args:
        relative: Path below the videos folder, with forward slashes.
    """
    stem = re.sub(r"\.[^./]*$", "", relative)
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    parts = [re.sub(r"[^a-z0-9]+", "_", part).strip("_") for part in plain.split("/")]
    safe = "--".join(part for part in parts if part)[:80].strip("_-") or "video"
    name = unicodedata.normalize("NFC", relative)
    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def find_videos(folder: Path, memory: Path) -> tuple[VideoSource, ...]:
    """Find all videos below a folder, sorted by path.

    Hidden files and folders are passed over. Identities are remembered in `memory`, so that a
    file whose size and times have not changed is not opened again.

    Args:
        folder: The videos folder, searched with all folders below it.
        memory: A JSON file for the identities known so far; made if missing.

    Raises:
        InputError: The folder does not exist, or holds no video.
    """
    folder = Path(folder)
    if not folder.is_dir():
        kind = "is a file" if folder.exists() else "does not exist"
        message = f"videos: {folder} {kind}, expected a folder of videos"
        raise InputError(message)
    paths = sorted(_video_files(folder))
    if not paths:
        endings = " ".join(sorted(ENDINGS))
        message = f"videos: {folder} holds no video file (endings looked for: {endings})"
        raise InputError(message)
    known = _remembered(memory)
    now: dict[str, tuple[str, str]] = {}
    sources = []
    for path in paths:
        relative = path.relative_to(folder).as_posix()
        stamp, identity = _identity(path, known.get(str(path)))
        now[str(path)] = (stamp, identity)
        sources.append(VideoSource(video_id(relative), path, relative, identity))
    if now != known:
        with replace_atomically(memory) as temporary:
            temporary.write_text(json.dumps(now), encoding="utf-8", errors="surrogateescape")
    return tuple(sources)


def walk_once(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Walk a folder and what links in it lead to, each folder once, whatever leads there.

    So links in a circle come to an end. A folder that is there by itself and by a link is walked
    as itself. As with `os.walk`, folders taken out of the list that is given are not walked.

    Yields:
        The path of a folder, the names of the folders in it, and those of its files.
    """
    seen: set[tuple[int, int]] = set()
    links = [folder]
    while links:
        begun = links.pop(0)
        for parent, folders, files in os.walk(begun):
            path = Path(parent)
            try:
                state = path.stat()
            except OSError:
                folders.clear()
                continue
            if (state.st_dev, state.st_ino) in seen:
                folders.clear()
                continue
            seen.add((state.st_dev, state.st_ino))
            yield path, folders, files
            links += sorted(path / name for name in folders if (path / name).is_symlink())


def _video_files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, folders, files in walk_once(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        videos = [name for name in folders if Path(name).suffix.lower() in ENDINGS]
        folders[:] = [name for name in folders if name not in videos]
        visible = [name for name in files if not name.startswith(".")]
        matching = [name for name in visible if Path(name).suffix.lower() in ENDINGS]
        found.extend(parent / name for name in [*matching, *videos])
    return found


def _identity(path: Path, known: tuple[str, str] | None) -> tuple[str, str]:
    """Return (stamp, identity): the stamp tells cheaply whether the identity still holds."""
    try:
        state = path.stat()
        stamp = f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"
        if known is not None and known[0] == stamp:
            return known
        return stamp, content_identity(path)
    except OSError as error:
        return "", f"cannot be read: {error.strerror}"


def content_identity(path: Path) -> str:
    """Return a hash over the size and up to 16 samples of 64 KiB, spread over the file.

    Compressed video differs throughout when it differs at all, so this tells videos apart
    without reading a large file whole; a file up to 1 MiB is read whole.

    Raises:
        OSError: The file cannot be read.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        if size <= _SAMPLES * _SAMPLE_BYTES:
            digest.update(file.read())
        else:
            for number in range(_SAMPLES):
                file.seek((size - _SAMPLE_BYTES) * number // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def _remembered(memory: Path) -> dict[str, tuple[str, str]]:
    try:
        raw = json.loads(memory.read_text(encoding="utf-8", errors="surrogateescape"))
        return {path: (str(stamp), str(identity)) for path, (stamp, identity) in raw.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
