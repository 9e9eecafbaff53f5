"""What the page of one video holds: everything that its script draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stpose.artefacts.schemas import (
    CURRICULUM,
    FLOW,
    PEOPLE,
    REPETITION_GROUPS,
    REPETITION_TRACKS,
)
from stpose.artefacts.tables import read_table
from stpose.report.collection import Collection
from stpose.report.opening import opening_frame
from stpose.report.packs import Pack, base64_of
from stpose.report.videos import VideoRow

Grouped = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class LearnedTables:
    """Rows of the tables of all videos, by video.

    Attributes:
        curriculum: Training frames with their blocks.
        tracks: Tracks with their counts and periods.
        groups: Mined repetitions.
    """

    curriculum: Grouped
    tracks: Grouped
    groups: Grouped


def read_learned_tables(curriculum_path: Path, repetitions: Path) -> LearnedTables:
    """Read the tables that hold rows of all videos.

    Args:
        curriculum_path: The curriculum.
        repetitions: Folder with `tracks.parquet` and `groups.parquet`.

    Raises:
        ArtefactError: A table is missing or damaged.
    """
    return LearnedTables(
        _by_video(read_table(curriculum_path, CURRICULUM).to_pandas()),
        _by_video(read_table(repetitions / "tracks.parquet", REPETITION_TRACKS).to_pandas()),
        _by_video(read_table(repetitions / "groups.parquet", REPETITION_GROUPS).to_pandas()),
    )


def _by_video(table: pd.DataFrame) -> Grouped:
    return {str(video): rows for video, rows in table.groupby("video_id")}


def video_content(
    results: Path,
    video: VideoRow,
    pictures: Mapping[str, Any],
    tables: LearnedTables,
    collection: Collection,
    packs: Mapping[str, Pack],
) -> dict[str, Any]:
    """Return the content of a video's page as JSON types.

    Args:
        results: The results folder.
        video: Its row.
        pictures: The attributes of its pictures.
        tables: Curriculum and repetitions of all videos.
        collection: All crops.
        packs: In which pack the codes of a video lie, by its id.

    Raises:
        ArtefactError: A table of the video is missing or damaged.
    """
    start, stop = collection.rows.get(video.video_id, (0, 0))
    pack = packs.get(video.video_id)
    flow = read_table(results / "flow" / f"{video.video_id}.parquet", FLOW).to_pandas()
    return {
        "id": video.video_id,
        "path": video.path,
        "fps": video.fps,
        "frames": pictures["frame"],
        "opening": opening_frame(flow, pictures["frame"]) if pictures["frame"] else 0,
        "times": [round(time, 3) for time in pictures["time"]],
        "size": pictures.get("frame_size", [1, 1]),
        "boxes": _boxes(results, video, pictures["frame"]),
        "ratios": _ratios(flow),
        "blocks": _blocks(tables.curriculum.get(video.video_id)),
        "tracks": _tracks(tables, video.video_id, collection, start, stop),
        "crops": stop - start,
        "first": start,
        "crop_frames": collection.frame[start:stop].tolist(),
        "crop_tracks": collection.track[start:stop].tolist(),
        "pack": None if pack is None else pack.number,
        "axis": base64_of(collection.axis, "<i4"),
        "scale": base64_of(collection.scale, "<f4"),
        "energy": base64_of(collection.energy[start:stop], "<f4"),
    }


def _boxes(results: Path, video: VideoRow, frames: list[int]) -> list[list[list[float]]]:
    """Return for each shown frame its people: track, box in parts of the frame, filled or not."""
    table = read_table(results / "people" / f"{video.video_id}.parquet", PEOPLE).to_pandas()
    place = {frame: number for number, frame in enumerate(frames)}
    found: list[list[list[float]]] = [[] for _ in frames]
    size = (max(video.width, 1), max(video.height, 1)) * 2
    for row in table[table["frame"].isin(frames)].itertuples():
        sides = (row.x1, row.y1, row.x2, row.y2)
        box = [round(float(side) / length, 4) for side, length in zip(sides, size, strict=True)]
        found[place[int(row.frame)]].append([int(row.track), *box, int(row.filled)])
    return found


def _ratios(flow: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the flow ratio over time of each track."""
    known = flow.dropna(subset=["ratio"])
    return [
        {
            "track": int(str(track)),
            "frame": rows["frame"].tolist(),
            "ratio": np.round(rows["ratio"].astype(float), 3).tolist(),
        }
        for track, rows in known.groupby("track")
    ]


def _blocks(rows: pd.DataFrame | None) -> dict[str, int]:
    """Return the curriculum block, from 1, of each training frame: "TRACK:FRAME"."""
    if rows is None:
        return {}
    keys = zip(rows["track"], rows["frame"], rows["block"], strict=True)
    return {f"{track}:{frame}": int(block) + 1 for track, frame, block in keys}


def _tracks(
    tables: LearnedTables, video_id: str, collection: Collection, start: int, stop: int
) -> list[dict[str, Any]]:
    """Return each track: its crops, what repeats, and the mined groups; the clearest first."""
    rows = tables.tracks.get(video_id)
    if rows is None:
        return []
    groups = tables.groups.get(video_id)
    found = []
    for row in rows.sort_values(["repeats", "strength"], ascending=False).itertuples():
        places = np.flatnonzero(collection.track[start:stop] == row.track)
        mined: list[list[float]] = []
        if groups is not None:
            mine = groups[groups["track"] == row.track]
            columns = zip(mine["query"], mine["frame"], mine["similarity"], strict=True)
            mined = [[int(q), int(frame), round(float(alike), 3)] for q, frame, alike in columns]
        found.append(
            {
                "track": int(str(row.track)),
                "first": int(places[0]),
                "crops": len(places),
                "repeats": bool(row.repeats),
                "count": int(float(str(row.count))) if row.repeats else 0,
                "period": round(float(str(row.period)), 4) if row.repeats else 0.0,
                "strength": round(float(str(row.strength)), 3),
                "groups": mined,
            }
        )
    return found
