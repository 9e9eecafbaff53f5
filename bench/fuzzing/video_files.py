"""The reader of videos: whatever the file, the frames stage ends with an artefact."""

import tempfile
from pathlib import Path

import cv2
import numpy as np
from hypothesis import strategies as st

from fuzzing.mutations import damaged
from fuzzing.reader import Reader
from stpose.artefacts.frame_reader import open_frames
from stpose.frames.guarded import write_frames_guarded
from stpose.settings.frames import FramesSettings

_CONTAINERS = {".mp4": "mp4v", ".avi": "MJPG", ".mkv": "mp4v", ".webm": "VP80", ".mov": "mp4v"}


def _whole(folder: Path, ending: str, codec: str) -> bytes:
    path = folder / f"whole{ending}"
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*codec), 25.0, (64, 48)
    )
    for number in range(12):
        image = np.full((48, 64, 3), 10 * number, np.uint8)
        cv2.circle(image, (5 * number, 24), 6, (0, 200, 255), -1)
        writer.write(image)
    writer.release()
    return path.read_bytes()


def _videos(_: Path) -> st.SearchStrategy[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return damaged([_whole(Path(folder), *one) for one in _CONTAINERS.items()])


def _read(folder: Path) -> None:
    out = folder / "a.h5"
    write_frames_guarded(folder / "a.mp4", "a-00000000", out, FramesSettings(), patience=20)
    with open_frames(out) as frames:
        assert frames.status.is_ok or frames.status.reason
        assert sum(1 for _ in frames) == len(frames)


READERS = [Reader("videos (.mp4 .avi .mkv .webm .mov)", "a.mp4", _read, _videos, weight=0.3)]
