"""Questions to the vectors of a run: which of its crops are nearest."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS, EMBEDDINGS, VIDEOS
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.embedding_rows import Vectors, read_vectors, vector_blocks
from stpose.errors import InputError
from stpose.geometry import box_area
from stpose.search.neighbours import nearest

_STORE = "embeddings.h5"


@dataclass(frozen=True)
class FoundPose:
    """A crop that was found.

    Attributes:
        video_id: Its video.
        path: Path of the video below the videos folder.
        track: Its track.
        frame: Source frame number.
        seconds: Time in the video by its nominal frame rate; None where that is unknown.
        distance: Euclidean distance to the query, between vectors of length 1; 0 to 2.
    """

    video_id: str
    path: str
    track: int
    frame: int
    seconds: float | None
    distance: float


@dataclass(frozen=True)
class PoseQuery:
    """What is searched for.

    Attributes:
        vector: (1, D) of length 1.
        video_id: The video it comes from; None if it comes from outside the run.
        frame: Its source frame number there.
        track: Its track there.
    """

    vector: Vectors
    video_id: str | None = None
    frame: int | None = None
    track: int | None = None


def find_round(results: Path, experiment: str | None) -> Path:
    """Return the embeddings of a round, `results/embeddings/EXPERIMENT/ROUND/embeddings.h5`.

    Args:
        results: A results folder.
        experiment: An experiment ("st", its last round), one of its rounds ("st/1"), or None for
            the one that the report shows.

    Raises:
        InputError: There is none such, or several.
    """
    folder = results / "embeddings"
    known = sorted(
        (path.parent for path in folder.glob(f"*/*/{_STORE}") if path.parent.name.isdecimal()),
        key=lambda path: (path.parent.name, int(path.name)),
    )
    names = [f"{path.parent.name}/{path.name}" for path in known]
    if experiment is None:
        shown = {
            path.parent.relative_to(results / "search")
            for path in results.glob("search/*/*/codes.h5")
        }
        fitting = [path for path in known if path.relative_to(folder) in shown] or known
    else:
        fitting = [
            path
            for path in known
            if experiment in (path.parent.name, f"{path.parent.name}/{path.name}")
        ]
    if not fitting or len({path.parent for path in fitting}) > 1:
        found = "several experiments" if fitting else "no vectors"
        wanted = "one of" if names else "those of a finished run, found"
        message = f"{folder}: {found} for {experiment or 'a search'}, expected {wanted} "
        raise InputError(message + (", ".join(names) or "none"))
    return fitting[-1] / _STORE


def query_in_video(
    results: Path, embeddings_path: Path, name: str, seconds: float
) -> PoseQuery | None:
    """Return the pose of the largest person at a moment of a video of the run.

    Args:
        results: The results folder.
        embeddings_path: The vectors of all crops.
        name: The video's id, its path below the videos folder, or the name of its file.
        seconds: Time in the video, by its nominal frame rate; the nearest frame with a person
            within half a second is taken.

    Returns:
        None if the run has no such video.

    Raises:
        InputError: Several videos have that name, or nobody is there at that time.
        ArtefactError: An artefact is missing or damaged.
    """
    videos = read_table(results / "videos.parquet", VIDEOS).to_pylist()
    fitting = [row for row in videos if name in (row["video_id"], row["path"])]
    fitting = fitting or [row for row in videos if row["path"].rsplit("/", 1)[-1] == name]
    if not fitting:
        return None
    if len(fitting) > 1:
        paths = ", ".join(row["path"] for row in fitting)
        message = f"{name}: several videos have that name, expected one of {paths}"
        raise InputError(message)
    video, fps = fitting[0]["video_id"], fitting[0]["fps"] or 25.0
    with open_store(results / "crops" / f"{video}.h5", CROPS) as crops:
        frames, tracks, regions = crops["frame"], crops["track"], crops["region"]
    away = np.abs(frames / fps - seconds)
    if not len(frames) or away.min() > 0.5:
        message = f"{name}@{seconds:g}: nobody was found within half a second of that time"
        raise InputError(message)
    there = np.flatnonzero(away == away.min())
    largest = there[int(np.argmax(box_area(regions[there])))]
    frame, track = int(frames[largest]), int(tracks[largest])
    with open_store(embeddings_path, EMBEDDINGS) as store:
        number = store.attributes["videos"].index(video)
        here = (store["video"] == number) & (store["frame"] == frame) & (store["track"] == track)
        vector = read_vectors(store, np.flatnonzero(here).astype(np.int64))
    return PoseQuery(vector, video, frame, track)


def search(results: Path, embeddings_path: Path, query: PoseQuery, count: int) -> list[FoundPose]:
    """Return the nearest poses of other videos, nearest first; of each second only the best.

    Args:
        results: The results folder.
        embeddings_path: The vectors of all crops.
        query: What is searched for.
        count: How many are wanted.

    Raises:
        ArtefactError: An artefact is missing or damaged.
    """
    about = {
        row["video_id"]: row for row in read_table(results / "videos.parquet", VIDEOS).to_pylist()
    }
    with open_store(embeddings_path, EMBEDDINGS) as store:
        names = [str(name) for name in store.attributes["videos"]]
        video, track, frame = store["video"], store["track"], store["frame"]
        excluded = names.index(query.video_id) if query.video_id is not None else -1
        allowed = (video != excluded)[None]
        found = nearest(query.vector, vector_blocks(store), len(video), allowed)
    rates = np.array([about[name]["fps"] for name in names], np.float64)
    poses: list[FoundPose] = []
    kept: list[int] = []
    for row, distance in zip(found.rows[0].tolist(), found.distances[0].tolist(), strict=True):
        if row < 0 or len(kept) == count:
            break
        if _is_repeated(row, kept, video, frame, rates):
            continue
        kept.append(row)
        name, fps = names[video[row]], float(rates[video[row]])
        seconds = int(frame[row]) / fps if fps > 0 else None
        poses.append(
            FoundPose(
                name, about[name]["path"], int(track[row]), int(frame[row]), seconds, distance
            )
        )
    return poses


def _is_repeated(
    row: int,
    kept: list[int],
    video: NDArray[np.int32],
    frame: NDArray[np.int64],
    rates: NDArray[np.float64],
) -> bool:
    """Tell whether a better pose of the same second of the same video is kept already."""
    reach = rates[video[row]] or 25.0
    return any(
        video[other] == video[row] and abs(frame[other] - frame[row]) <= reach for other in kept
    )
