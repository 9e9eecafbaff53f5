"""Pictures of self-similarity and of what repeats in it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS, EMBEDDINGS, REPETITION_GROUPS, REPETITION_TRACKS
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.geometry import clip_boxes, square_around
from stpose.inspect.canvas import Image, beside, draw, evenly, fit, label, new_figure, sheet
from stpose.inspect.footage import decode

_LONGEST = 1500
_CELL = 68


@dataclass(frozen=True)
class TrackVectors:
    """The vectors of one track: frames (n,), and vectors (n, d) of length 1."""

    video_id: str
    track: int
    frames: NDArray[np.int64]
    vectors: NDArray[np.float32]


def track_vectors(embeddings_path: Path, video_id: str, track: int) -> TrackVectors:
    """Read one track's vectors, at most 1,500 frames of it.

    Raises:
        ArtefactError: The embeddings are missing or damaged.
        KeyError: There is no such track.
    """
    with open_store(embeddings_path, EMBEDDINGS) as store:
        video = store.attributes["videos"].index(video_id)
        rows = np.flatnonzero((store["video"] == video) & (store["track"] == track))[:_LONGEST]
        if len(rows) == 0:
            message = f"{embeddings_path}: {video_id} has no track {track}"
            raise KeyError(message)
        start, stop = int(rows[0]), int(rows[-1]) + 1
        frames = store.rows("frame", start, stop)
        vectors = store.rows("vector", start, stop).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return TrackVectors(video_id, track, frames, vectors)


def similarity_picture(
    found: TrackVectors, pairs: "pd.DataFrame | None" = None, said: str = ""
) -> Image:
    """Return a track's self-similarity matrix, with its mined repetitions marked.

    Args:
        found: The track's vectors.
        pairs: Rows of the repetition groups of this track (query, frame), if any.
        said: A line below the title.
    """
    title = f"{found.video_id}, track {found.track}\n{said}"
    return draw(matrix_figure(found.frames, found.vectors, title, pairs))


def matrix_figure(
    frames: NDArray[np.int64],
    vectors: NDArray[np.float32],
    title: str,
    pairs: "pd.DataFrame | None" = None,
) -> Figure:
    """Return a figure of the self-similarity of somebody over time; its first axes hold it.

    Args:
        frames: (n,) source frame numbers, at equal steps.
        vectors: (n, d) vectors of length 1.
        title: What to write above.
        pairs: Frames that repeat each other (query, frame), which are marked, if any.
    """
    similarity = 1 - np.sqrt(np.clip(2 - 2 * vectors @ vectors.T, 0, None)) / 2
    figure = new_figure(6.4, 5.6)
    axes = figure.subplots()
    first, last = int(frames[0]), int(frames[-1])
    # Each frame is like itself; without those cells the colours would have to reach up to 1.
    others = similarity[~np.eye(len(frames), dtype=bool)] if len(frames) > 1 else similarity
    low, high = (float(limit) for limit in np.quantile(others, (0.02, 0.99)))
    shown = axes.imshow(
        similarity, cmap="viridis", vmin=low, vmax=high, extent=(first, last + 1, last + 1, first)
    )
    figure.colorbar(shown, ax=axes, label="similarity", extend="both")
    if pairs is not None and len(pairs):
        # Many pairs get small dots, so that the matrix is seen between them.
        size = float(np.clip(80 / np.sqrt(len(pairs)), 1, 4))
        places = pairs["frame"] + 0.5, pairs["query"] + 0.5
        axes.plot(*places, ".", color="#ff4020", markersize=size)
    axes.set(xlabel="frame", ylabel="frame", title=title)
    return figure


def repetitions_picture(path: Path, video_id: str = "", track: int = 0) -> Image:
    """Return the self-similarity of a track with its repetitions, above its groups of pictures.

    Args:
        path: Any table of a repetitions folder, results/repetitions/EXPERIMENT/ROUND/.
        video_id: The video; empty takes that of the track which repeats most clearly.
        track: The track in it.
    """
    folder = path.parent
    tracks = read_table(folder / "tracks.parquet", REPETITION_TRACKS).to_pandas()
    if not video_id:
        if tracks.empty:
            return sheet([], 1)
        best = tracks.sort_values(["repeats", "strength"]).iloc[-1]
        video_id, track = str(best["video_id"]), int(best["track"])
    groups = read_table(folder / "groups.parquet", REPETITION_GROUPS).to_pandas()
    groups = groups[(groups["video_id"] == video_id) & (groups["track"] == track)]
    results = folder.parent.parent.parent
    embeddings = results / "embeddings" / folder.parent.name / folder.name / "embeddings.h5"
    row = tracks[(tracks["video_id"] == video_id) & (tracks["track"] == track)].iloc[0]
    said = "no repetition found"
    if row["repeats"]:
        said = f"{int(row['count'])} cycles of {row['period']:.1f} frames"
    matrix = similarity_picture(track_vectors(embeddings, video_id, track), groups, said)
    rows = group_rows(results / "crops" / f"{video_id}.h5", groups, track)
    return matrix if rows is None else beside(matrix, rows)


def group_rows(crops_path: Path, groups: "pd.DataFrame", track: int, most: int = 7) -> Image | None:
    """Return a row of pictures for some groups: the query, then its repetitions by time.

    These are figure 2 of the paper and the supplement's figures 2 to 4.

    Args:
        crops_path: Crops of the video.
        groups: Rows of the repetition groups of one track.
        track: The track.
        most: Rows of pictures at most; as many columns follow a query.
    """
    if groups.empty or not crops_path.is_file():
        return None
    queries = np.sort(groups["query"].unique())
    cells = []
    with open_store(crops_path, CROPS) as store:
        place = {
            int(frame): row
            for row, (frame, owner) in enumerate(zip(store["frame"], store["track"], strict=True))
            if owner == track
        }
        for query in queries[evenly(len(queries), most)]:
            others = np.sort(groups.loc[groups["query"] == query, "frame"].to_numpy())
            others = others[others != query]
            chosen = [int(query), *(int(others[index]) for index in evenly(len(others), most))]
            for frame in chosen:
                picture = decode(store.encoded("image", place[frame]))
                box = store.rows("box", place[frame], place[frame] + 1)[0]
                cells.append(label(person_cell(picture, box), str(frame)))
            blank = np.full((_CELL, _CELL, 3), 255, dtype=np.uint8)
            cells += [blank] * (most + 1 - len(chosen))
    return sheet(cells, most + 1)


def person_cell(picture: Image, box: NDArray[np.float32], side_px: int = _CELL) -> Image:
    """Return the square around a person, as far as the crop shows it, as a cell of a sheet."""
    square = clip_boxes(square_around(box, 1.2), picture.shape[1], picture.shape[0])
    x1, y1, x2, y2 = (round(float(side)) for side in square)
    side = min(x2 - x1, y2 - y1)
    return fit(picture[y1 : y1 + side, x1 : x1 + side], side_px)


def embeddings_picture(path: Path) -> Image:
    """Return the self-similarity matrix of the longest track."""
    with open_store(path, EMBEDDINGS) as store:
        videos, owners = store.attributes["videos"], store["video"]
        keys = np.stack([owners, store["track"]], axis=1)
    if len(keys) == 0:
        return sheet([], 1)
    names, counts = np.unique(keys, axis=0, return_counts=True)
    video, track = names[np.argmax(counts)]
    return similarity_picture(track_vectors(path, str(videos[video]), int(track)))
