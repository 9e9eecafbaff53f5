"""Examples in rows of small pictures: easy and hard frames, repetitions, neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from stpose.artefacts.schemas import (
    CURRICULUM,
    NEIGHBOURS,
    REPETITION_GROUPS,
    REPETITION_TRACKS,
)
from stpose.artefacts.tables import read_table
from stpose.embedding_rows import spread
from stpose.report.collection import Collection
from stpose.report.sheets import Cell, cell_of
from stpose.report.videos import VideoRow

_BLOCK_EXAMPLES = 12
_TRACKS = 24
_QUERIES = 3
_REPETITIONS = 12


@dataclass(frozen=True)
class Thumb:
    """A crop on a page.

    Attributes:
        video_id: Its video.
        track: Its track.
        frame: Its source frame number.
        cell: Where its picture is.
        caption: Words on it.
        label: What it is, for those who cannot see it.
    """

    video_id: str
    track: int
    frame: int
    cell: Cell
    caption: str
    label: str


@dataclass(frozen=True)
class ExampleRow:
    """A row of small pictures with a title; the first may be a query."""

    title: str
    thumbs: tuple[Thumb, ...]

    @property
    def size(self) -> int:
        """Return the number of pictures."""
        return len(self.thumbs)


@dataclass(frozen=True)
class RepeatingTrack:
    """A track that repeats, with some of its groups: a query and what repeats it."""

    video: VideoRow
    track: int
    count: int
    period: float
    strength: float
    groups: tuple[ExampleRow, ...]


@dataclass(frozen=True)
class Retrieval:
    """A query with its neighbours by learned and by random weights."""

    query: Thumb
    learned: tuple[Thumb, ...]
    random: tuple[Thumb, ...]


@dataclass(frozen=True)
class Examples:
    """Makes the rows; needs all crops, and the videos by id."""

    collection: Collection
    videos: Mapping[str, VideoRow]

    def thumb(self, video_id: str, track: int, frame: int, caption: str) -> Thumb | None:
        """Return a crop's picture; None where the crop was not cut."""
        place = self.collection.place(video_id, track, frame)
        if place is None:
            return None
        start, stop = self.collection.rows[video_id]
        cell = cell_of(video_id, "crops", place, stop - start)
        label = f"{self.videos[video_id].path}, frame {frame}, track {track}: {caption}"
        return Thumb(video_id, track, frame, cell, caption, label)

    def curriculum(self, path: Path) -> list[ExampleRow]:
        """Return some frames of each block.

        Raises:
            ArtefactError: The curriculum is missing or damaged.
        """
        table = read_table(path, CURRICULUM).to_pandas()
        found = []
        for block, rows in table.groupby("block"):
            chosen = rows.iloc[spread(len(rows), _BLOCK_EXAMPLES)]
            thumbs = [
                self.thumb(str(row.video_id), int(row.track), int(row.frame), f"{row.ratio:.1f}")
                for row in chosen.itertuples()
            ]
            title = f"Block {int(str(block)) + 1}"
            found.append(ExampleRow(title, tuple(one for one in thumbs if one)))
        return found

    def repetitions(self, folder: Path) -> list[RepeatingTrack]:
        """Return the clearest repeating tracks, one a video as far as there are several.

        Args:
            folder: Holds `tracks.parquet` and `groups.parquet`.

        Raises:
            ArtefactError: A table is missing or damaged.
        """
        tracks = read_table(folder / "tracks.parquet", REPETITION_TRACKS).to_pandas()
        # Many cycles of some strength say more than a few that are stronger.
        clearness = tracks["strength"] * tracks["count"] ** 0.5
        order = clearness.sort_values(ascending=False, kind="stable").index
        tracks = tracks.loc[order][lambda table: table["repeats"]]
        again = tracks["video_id"].duplicated()
        chosen = pd.concat([tracks[~again], tracks[again]]).head(_TRACKS)
        groups = read_table(folder / "groups.parquet", REPETITION_GROUPS).to_pandas()
        found = []
        for row in chosen.itertuples():
            video_id, track = str(row.video_id), int(row.track)
            mine = groups[(groups["video_id"] == video_id) & (groups["track"] == track)]
            found.append(
                RepeatingTrack(
                    video=self.videos[video_id],
                    track=track,
                    count=int(row.count),
                    period=float(row.period),
                    strength=float(row.strength),
                    groups=tuple(self._groups(video_id, track, mine)),
                )
            )
        return found

    def _groups(self, video_id: str, track: int, groups: pd.DataFrame) -> list[ExampleRow]:
        queries = groups["query"].drop_duplicates().sort_values().to_numpy()
        found = []
        for query in queries[spread(len(queries), _QUERIES)] if len(queries) else []:
            frames = groups.loc[groups["query"] == query, "frame"].sort_values().to_numpy()
            others = frames[spread(len(frames), _REPETITIONS)]
            thumbs = [
                self.thumb(video_id, track, int(frame), str(frame)) for frame in (query, *others)
            ]
            found.append(ExampleRow(f"frame {query}", tuple(one for one in thumbs if one)))
        return found

    def retrieval(self, path: Path) -> list[Retrieval]:
        """Return queries beside their neighbours.

        Raises:
            ArtefactError: The table is missing or damaged.
        """
        table = read_table(path, NEIGHBOURS).to_pandas()
        found = []
        for _, rows in table.groupby("query"):
            sides = {}
            for weights in ("trained", "random"):
                mine = rows[rows["weights"] == weights].sort_values("rank")
                thumbs = [
                    self.thumb(
                        str(row.video_id),
                        int(row.track),
                        int(row.frame),
                        f"{row.distance:.2f}" if row.rank else "query",
                    )
                    for row in mine.itertuples()
                ]
                sides[weights] = [one for one in thumbs if one]
            query = sides["trained"][0]
            found.append(Retrieval(query, tuple(sides["trained"][1:]), tuple(sides["random"][1:])))
        return found
