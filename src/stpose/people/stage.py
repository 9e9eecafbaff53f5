"""The people stage: from frames to a table of boxes that are linked over time."""

import logging
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.frame_reader import FrameReader, open_frames
from stpose.artefacts.provenance import Provenance, derive, input_identity
from stpose.artefacts.schemas import PEOPLE
from stpose.artefacts.status import Status
from stpose.artefacts.tables import write_table
from stpose.people.choose import check, needed_files, open_detector
from stpose.people.detections import Detections
from stpose.people.precomputed import GivenBoxes, find_boxes, read_boxes
from stpose.people.tracking import Linker
from stpose.people.tracks import Track, fill, gaps, in_order, jumps, meetings, smooth
from stpose.settings.people import PeopleSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Followed:
    """The people of a video.

    Attributes:
        tracks: Those that are kept, without gaps, in order of first appearance.
        splits: Places where a box jumped so that a track was split, next to a track that is kept.
    """

    tracks: list[Track]
    splits: int


def write_people(
    frames_path: Path, out_path: Path, settings: PeopleSettings, code: str = ""
) -> None:
    """Find the people in a video's frames, follow them, and write their boxes.

    A video that already has a bad status keeps it, with no rows; one in which nobody can be
    followed gets "no_person". Frames are read one at a time.

    Attributes of the artefact: video_id, fps, width and height (px, source), frames,
    frames_with_person, tracks, splits (jumps at which a track was split), meetings (times that
    two people overlapped so much that they may have been swapped).

    Args:
        frames_path: The frames of the video.
        out_path: The table to write.
        settings: Which detector, and how tracks are made.
        code: Fingerprint of the code.

    Raises:
        InputError: A file of weights or boxes is missing, or not what it should be.
        ArtefactError: The frames are missing or damaged.
    """
    check(settings)
    cv2.setNumThreads(1)
    with open_frames(Path(frames_path)) as frames:
        given = settings.detector == "precomputed"
        file = _file_of(frames, settings) if given else None
        used = [file] if file else [] if given else needed_files(settings)
        sources = [(path.name, input_identity(path)) for path in used]
        provenance = derive("people", settings, code, [Path(frames_path)], sources)
        if not frames.status.is_ok:
            _write(out_path, frames, Followed([], 0), frames.status, provenance)
            return
        if not given:
            linked = _linked(frames, settings)
        elif file is not None:
            linked = _given(frames, read_boxes(file), settings)
        else:
            linked = []
        followed = follow(linked, frames.numbers, settings)
        status = Status.ok()
        if not followed.tracks:
            status = Status("no_person", _why(linked, len(frames), file, settings))
            log.warning("%s: %s", frames.attributes["video_id"], status.reason)
        _write(out_path, frames, followed, status, provenance)


def follow(linked: list[Track], numbers: NDArray[np.int64], settings: PeopleSettings) -> Followed:
    """Turn linked boxes into tracks: split at jumps and long gaps, fill, drop, smooth, sort.

    Args:
        linked: Boxes that were linked, each within one shot, possibly with gaps.
        numbers: Source frame number of every stored frame.
        settings: How tracks are made.
    """
    longest = max(settings.max_gap, settings.every - 1)
    tracks, splits = [], 0
    for track in linked:
        kept = []
        for part in track.parts(jumps(track)):
            filled = [fill(piece, numbers) for piece in part.parts(gaps(part, longest))]
            kept.append([piece for piece in filled if _is_kept(piece, settings)])
        splits += sum(bool(one or other) for one, other in pairwise(kept))
        tracks += [piece for pieces in kept for piece in pieces]
    if settings.detector != "precomputed":
        tracks = [smooth(track, settings.smoothing) for track in tracks]
    return Followed(in_order(tracks), splits)


def _is_kept(track: Track, settings: PeopleSettings) -> bool:
    looked_at = -(-len(track) // settings.every)
    found = int(np.count_nonzero(~track.filled))
    return len(track) >= settings.minimum_track and found >= settings.minimum_share * looked_at


def _linked(frames: FrameReader, settings: PeopleSettings) -> list[Track]:
    detector = open_detector(settings)
    linker = Linker(detector.threshold, settings.max_gap // settings.every)
    scale_x, scale_y = frames.scale
    shots = frames.shots
    first = 0
    name = frames.attributes["video_id"]
    for row in tqdm(range(len(frames)), desc=name, unit="frame", disable=None):
        first = row if shots[row] != shots[first] else first
        if (row - first) % settings.every:
            continue
        found = detector.detect(frames.at(int(frames.numbers[row])).image)
        best = Detections(found.boxes[: settings.max_people], found.scores[: settings.max_people])
        linker.add(row, int(shots[row]), best.scaled(1 / scale_x, 1 / scale_y))
    return linker.tracks()


def _file_of(frames: FrameReader, settings: PeopleSettings) -> Path | None:
    has = frames.attributes
    return find_boxes(Path(settings.boxes or ""), has["path"], has["video_id"])


def _given(frames: FrameReader, given: GivenBoxes, settings: PeopleSettings) -> list[Track]:
    """Return the tracks of given boxes, linked if the file does not say who is who."""
    places = np.searchsorted(frames.numbers, given.frames)
    stored = frames.numbers[np.minimum(places, len(frames) - 1)] == given.frames
    if not stored.all():
        left_out = np.count_nonzero(~stored)
        log.info("%s: %d boxes in frames not stored", frames.attributes["video_id"], left_out)
    rows, boxes, scores = places[stored], given.boxes[stored], given.scores[stored]
    if given.tracks is None:
        linker = Linker(0.0, settings.max_gap)
        scores = np.nan_to_num(scores, nan=0.0)
        edges = np.searchsorted(rows, np.arange(len(frames) + 1))
        for row, (start, stop) in enumerate(pairwise(edges)):
            found = Detections(boxes[start:stop].astype(np.float32), scores[start:stop])
            linker.add(row, int(frames.shots[row]), found)
        return linker.tracks()
    linked = []
    names = given.tracks[stored]
    for name in np.unique(names):
        chosen = np.flatnonzero(names == name)
        whole = Track(rows[chosen], boxes[chosen], scores[chosen])
        cuts = np.flatnonzero(np.diff(frames.shots[whole.rows])) + 1
        linked += whole.parts(cuts)
    return linked


def _why(linked: list[Track], frames: int, file: Path | None, settings: PeopleSettings) -> str:
    if settings.detector == "precomputed" and file is None:
        return f"{settings.boxes} holds no boxes for this video"
    found = len(np.unique(np.concatenate([track.rows for track in linked]))) if linked else 0
    return f"boxes in {found} of {frames} frames, no track of {settings.minimum_track} frames"


def _write(
    out_path: Path, frames: FrameReader, followed: Followed, status: Status, provenance: Provenance
) -> None:
    tracks = followed.tracks
    blank = Track(np.zeros(0, np.int64), np.zeros((0, 4)), np.zeros(0, np.float32))
    rows = np.concatenate([track.rows for track in (*tracks, blank)])
    boxes = np.concatenate([track.boxes for track in (*tracks, blank)]).astype(np.float32)
    scores = np.concatenate([track.scores for track in (*tracks, blank)])
    filled = np.isnan(scores)
    names = np.repeat(np.arange(1, len(tracks) + 1), [len(track) for track in tracks])
    columns: dict[str, Any] = {
        "frame": frames.numbers[rows],
        "track": names.astype(np.int32),
        **{side: boxes[:, index] for index, side in enumerate(("x1", "y1", "x2", "y2"))},
        "score": [
            None if missing else float(score) for score, missing in zip(scores, filled, strict=True)
        ],
        "filled": filled,
        "shot": frames.shots[rows],
    }
    has = frames.attributes
    attributes = {
        **{name: has.get(name, 0) for name in ("video_id", "fps", "width", "height")},
        "frames": len(frames),
        "frames_with_person": len(np.unique(rows)),
        "tracks": len(tracks),
        "splits": followed.splits,
        "meetings": meetings(tracks),
    }
    write_table(out_path, PEOPLE, columns, provenance, status, attributes)
