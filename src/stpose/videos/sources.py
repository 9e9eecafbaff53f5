"""Which videos were cut from one recording, so that they are held out together or not at all."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from stpose.artefacts.json_text import parse_json
from stpose.errors import InputError
from stpose.videos.discovery import VideoSource


def read_recordings(path: Path) -> Mapping[str, str]:
    """Return the recording of each video that a file names.

    Args:
        path: JSON: for each recording the videos cut from it, by their paths below the videos
            folder or the last parts of these, without endings.

    Raises:
        InputError: The file is missing or of another form, or a video is in two recordings.
    """
    try:
        content = parse_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"sources: {path}: expected JSON of lists of videos by recording ({error})"
        raise InputError(message) from error
    found: dict[str, str] = {}
    for recording, video in _named(content, path):
        if found.setdefault(video, recording) != recording:
            message = f"sources: {path}: {video} is in {found[video]!r} and in {recording!r}"
            raise InputError(message)
    return found


def _named(content: Any, path: Path) -> Iterator[tuple[str, str]]:
    """Yield each recording with each of its videos."""
    if not isinstance(content, dict):
        found = type(content).__name__
        message = f"sources: {path}: {found}, expected JSON of lists of videos by recording"
        raise InputError(message)
    for recording, videos in content.items():
        if not isinstance(videos, list) or not all(isinstance(one, str) for one in videos):
            message = f"sources: {path}: {recording}: {videos!r}, expected JSON of lists of videos"
            raise InputError(message)
        for video in videos:
            yield recording, video


def held_out(
    videos: Iterable[VideoSource], recordings: Mapping[str, str], share: float
) -> tuple[str, ...]:
    """Return the ids of about a share of the videos, whole recordings each, sorted.

    Whether a recording is among them follows from its name alone: more videos change nothing for
    those that were there.

    Args:
        videos: All of them; one that `recordings` does not name is a recording by itself.
        recordings: The recording of each video, of `read_recordings`.
        share: Of the recordings, 0 to 1.
    """
    return tuple(
        sorted(video.video_id for video in videos if _draw(_recording(video, recordings)) < share)
    )


def _recording(video: VideoSource, recordings: Mapping[str, str]) -> str:
    parts = PurePosixPath(video.relative).with_suffix("").parts
    names = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((recordings[name] for name in names if name in recordings), video.relative)


def _draw(recording: str) -> float:
    """Return a number in [0, 1) that looks drawn at random but follows from the name."""
    digest = hashlib.sha256(recording.encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:8]) / 2**64
