"""The table of all videos: how each fared, and what was found in it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stpose.artefacts.header import Header, read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import VIDEOS
from stpose.artefacts.status import Status
from stpose.artefacts.tables import write_table


def write_videos(
    frames_paths: Iterable[Path], people_paths: Iterable[Path], out_path: Path, code: str
) -> None:
    """Gather the headers of every video's frames and people into `videos.parquet`.

    Only headers are read, so this stays quick for many thousand videos.

    Args:
        frames_paths: The frames of each video.
        people_paths: The people of each video, in the same order.
        out_path: Where to write the table; one row a video, sorted by path.
        code: Fingerprint of the stage's code.

    Raises:
        ArtefactError: An input is missing or damaged.
    """
    pairs = list(zip(frames_paths, people_paths, strict=True))
    rows = [_row(read_header(frames), read_header(people)) for frames, people in pairs]
    rows.sort(key=lambda row: str(row["path"]))
    provenance = derive("videos", "{}", code, [path for pair in pairs for path in pair])
    columns = {column.name: [row[column.name] for row in rows] for column in VIDEOS.columns}
    well = sum(row["status"] == "ok" for row in rows)
    write_table(out_path, VIDEOS, columns, provenance, Status.ok(), {"videos_ok": well})


def _row(frames: Header, people: Header) -> dict[str, Any]:
    status = people.status
    source, found = frames.attributes, people.attributes
    return {
        "video_id": source["video_id"],
        "path": source["path"],
        "status": status.code,
        "reason": status.reason,
        "frames": found.get("frames", 0),
        "fps": source.get("fps", 0.0),
        "width": source.get("width", 0),
        "height": source.get("height", 0),
        "sha256": source.get("sha256", ""),
        "frames_with_person": found.get("frames_with_person", 0),
        "tracks": found.get("tracks", 0),
        "warning": source.get("warning", ""),
    }
