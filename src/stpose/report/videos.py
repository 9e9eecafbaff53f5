"""The report's table of videos."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stpose.artefacts.schemas import FLOW, REPETITION_TRACKS, VIDEOS
from stpose.artefacts.tables import read_table


@dataclass(frozen=True)
class VideoRow:
    """What the report says of a video.

    Attributes:
        video_id: Its id.
        path: Its path below the videos folder.
        status: "ok", or why it was left out.
        reason: A sentence; the reason or a warning.
        frames: Frames kept.
        person_share: Share of frames with a person, 0 to 1.
        tracks: Tracks of people.
        median_ratio: Median foreground to background flow ratio; None without any.
        count: Cycles of its clearest repetition; None if nothing repeats.
        period: Their median length, frames; likewise.
        fps: Nominal frame rate, 1/s; 0 when unknown.
        width: Width of the source, px.
        height: Height of the source, px.
    """

    video_id: str
    path: str
    status: str
    reason: str
    frames: int
    person_share: float
    tracks: int
    median_ratio: float | None
    count: int | None
    period: float | None
    fps: float
    width: int
    height: int

    @property
    def repetitions(self) -> str:
        """Return its clearest repetition in words; empty if there is none."""
        return "" if self.count is None else f"{self.count} x {self.period:.1f} frames"


def video_rows(results: Path, repetitions: Path | None) -> list[VideoRow]:
    """Return a row for every video, sorted by path.

    Args:
        results: The results folder, with `videos.parquet` and `flow/`.
        repetitions: The `tracks.parquet` to count from, if there is one.

    Raises:
        ArtefactError: A table is missing or damaged.
    """
    videos = read_table(results / "videos.parquet", VIDEOS).to_pandas()
    repeating = _clearest(repetitions)
    rows = []
    for video in videos.itertuples():
        flow = read_table(results / "flow" / f"{video.video_id}.parquet", FLOW)
        ratios = flow["ratio"].drop_null().to_numpy()
        rows.append(
            VideoRow(
                video_id=str(video.video_id),
                path=str(video.path),
                status=str(video.status),
                reason=str(video.reason or video.warning),
                frames=int(video.frames),
                person_share=video.frames_with_person / video.frames if video.frames else 0.0,
                tracks=int(video.tracks),
                median_ratio=float(np.median(ratios)) if len(ratios) else None,
                count=repeating.get(str(video.video_id), (None, None))[0],
                period=repeating.get(str(video.video_id), (None, None))[1],
                fps=float(video.fps),
                width=int(video.width),
                height=int(video.height),
            )
        )
    return rows


def _clearest(path: Path | None) -> dict[str, tuple[int, float]]:
    """Return for every video with repetitions count and period of its clearest track."""
    if path is None:
        return {}
    tracks = read_table(path, REPETITION_TRACKS).to_pandas()
    tracks = tracks[tracks["repeats"]].sort_values("strength")
    columns = zip(tracks["video_id"], tracks["count"], tracks["period"], strict=True)
    return {str(video): (int(count), float(period)) for video, count, period in columns}
