"""The repetitions stage: three tables of what repeats in every track."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import (
    EMBEDDINGS,
    REPETITION_GROUPS,
    REPETITION_PAIRS,
    REPETITION_TRACKS,
)
from stpose.artefacts.stores import StoreReader, open_store
from stpose.artefacts.tables import TableSchema, write_table
from stpose.repetitions.counting import Repetition, find_repetition
from stpose.repetitions.mining import Mined, mine
from stpose.repetitions.similarity import Matrix, normalise
from stpose.settings.repetitions import RepetitionsSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EvenTrack:
    """A track at equal steps in time.

    Attributes:
        frames: (n,) source frame number of each row, of the nearest crop where one is missing.
        vectors: (n, D) normalised features.
        step: Source frames from a row to the next.
    """

    frames: NDArray[np.int64]
    vectors: Matrix
    step: float


@dataclass
class _Tables:
    """The rows of the three tables, gathered track by track."""

    tracks: list[dict[str, Any]] = field(default_factory=list)
    groups: list[pa.Table] = field(default_factory=list)
    pairs: list[pa.Table] = field(default_factory=list)


def track_rows(store: StoreReader) -> Iterator[tuple[int, int, slice]]:
    """Yield the video number, the track and the rows of every track in an embeddings store."""
    video, track = store["video"], store["track"]
    if not len(video):
        return
    changes = np.flatnonzero((np.diff(video) != 0) | (np.diff(track) != 0)) + 1
    limits = [0, *changes.tolist(), len(video)]
    for start, stop in pairwise(limits):
        yield int(video[start]), int(track[start]), slice(start, stop)


def even_track(frames: NDArray[np.int64], vectors: NDArray[np.floating]) -> EvenTrack:
    """Bring the crops of a track to equal steps in time.

    Args:
        frames: (n,) rising source frame numbers, at least one.
        vectors: (n, D) features.
    """
    step = float(np.median(np.diff(frames))) if len(frames) > 1 else 1.0
    if len(frames) > 1 and (np.diff(frames) == step).all():
        return EvenTrack(frames, normalise(vectors), step)
    wanted = np.arange(frames[0], frames[-1] + 0.5, step)
    after = np.clip(np.searchsorted(frames, wanted), 1, max(len(frames) - 1, 1))
    after = np.minimum(after, len(frames) - 1)
    before = np.maximum(after - 1, 0)
    is_nearer = wanted - frames[before] <= frames[after] - wanted
    nearest = np.where(is_nearer, before, after)
    return EvenTrack(frames[nearest], normalise(vectors[nearest]), step)


def write_repetitions(
    embeddings_path: Path, out_folder: Path, settings: RepetitionsSettings, code: str = ""
) -> None:
    """Find what repeats in every track and write tracks, groups and pairs.

    The features of one track are held in memory at a time.

    Args:
        embeddings_path: The embeddings of all crops.
        out_folder: Where `tracks.parquet`, `groups.parquet` and `pairs.parquet` are written.
        settings: Settings of the stage.
        code: Fingerprint of the stage's code.

    Raises:
        ArtefactError: The embeddings are missing, damaged or something else.
    """
    tables = _Tables()
    with open_store(embeddings_path, EMBEDDINGS) as store:
        video_ids = store.attributes["videos"]
        for video, track, rows in tqdm(list(track_rows(store)), unit="track", disable=None):
            frames = store.rows("frame", rows.start, rows.stop)
            even = even_track(frames, store.rows("vector", rows.start, rows.stop))
            found = find_repetition(even.vectors, settings, even.step)
            tables.tracks.append(_track_row(video_ids[video], track, frames, even, found))
            if found.repeats:
                mined = mine(even.vectors, found.local_period, settings)
                tables.groups.append(_group_rows(video_ids[video], track, even, mined))
                tables.pairs.append(_pair_rows(video_ids[video], track, even, mined))
    repeating = sum(row["repeats"] for row in tables.tracks)
    _log.info("%d of %d tracks repeat", repeating, len(tables.tracks))
    provenance = derive("repetitions", settings, code, [embeddings_path])
    columns = [column.name for column in REPETITION_TRACKS.columns]
    write_table(
        out_folder / "tracks.parquet",
        REPETITION_TRACKS,
        {name: [row[name] for row in tables.tracks] for name in columns},
        provenance,
    )
    for name, schema, parts in (
        ("groups", REPETITION_GROUPS, tables.groups),
        ("pairs", REPETITION_PAIRS, tables.pairs),
    ):
        write_table(out_folder / f"{name}.parquet", schema, _stacked(schema, parts), provenance)


def _track_row(
    video: str, track: int, frames: NDArray[np.int64], even: EvenTrack, found: Repetition
) -> dict[str, Any]:
    return {
        "video_id": video,
        "track": track,
        "first_frame": int(frames[0]),
        "last_frame": int(frames[-1]),
        "frames": len(frames),
        "repeats": found.repeats,
        "count": found.count if found.repeats else None,
        "period": found.period * even.step if found.repeats else None,
        "strength": found.strength,
    }


def _group_rows(video: str, track: int, even: EvenTrack, mined: Mined) -> pa.Table:
    _, group = np.unique(mined.query, return_inverse=True)
    values = {
        "group": group,
        "query": even.frames[mined.query],
        "frame": even.frames[mined.repetition],
        "similarity": mined.similarity,
    }
    return _keyed(REPETITION_GROUPS, video, track, values)


def _pair_rows(video: str, track: int, even: EvenTrack, mined: Mined) -> pa.Table:
    values = {
        "anchor": even.frames[mined.anchor],
        "candidate": even.frames[mined.candidate],
        "similar": mined.similar,
        "similarity": mined.pair_similarity,
    }
    return _keyed(REPETITION_PAIRS, video, track, values)


def _keyed(schema: TableSchema, video: str, track: int, values: dict[str, Any]) -> pa.Table:
    rows = len(values["similarity"])
    columns = {"video_id": [video] * rows, "track": np.full(rows, track), **values}
    arrow = schema.arrow()
    arrays = [pa.array(columns[name]).cast(arrow.field(name).type) for name in arrow.names]
    return pa.table(arrays, schema=arrow)


def _stacked(schema: TableSchema, parts: list[pa.Table]) -> pa.Table:
    return pa.concat_tables([schema.arrow().empty_table(), *parts])
