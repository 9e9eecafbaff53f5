"""Linking of boxes over time into tracks, with the tracking library `trackers`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stpose.people.detections import Detections
from stpose.people.tracks import Track

# Overlap of a box with where its track was expected, both grown by `GROWTH` of their sides on
# each side: fast people overlap little with where they were.
GROWTH = 0.3
SMALLEST_OVERLAP = 0.2


@dataclass
class Linker:
    """Links the people of one video, frame by frame; a track never crosses a cut.

    ByteTrack (Zhang et al., ECCV 2022) with a buffered overlap (Yang et al., WACV 2023): sure
    boxes are linked first, faint ones carry on what is left over and begin nothing. The same
    boxes always give the same tracks.

    Attributes:
        threshold: Score from which on a box begins a track.
        max_gap: Frames in a row, of those looked at, that a track may be missed for.
    """

    threshold: float
    max_gap: int
    _shot: int | None = None
    _tracker: Any = None
    _begun: list["_Begun"] = field(default_factory=list)

    def add(self, row: int, shot: int, found: Detections) -> None:
        """Take the people of the next frame.

        Args:
            row: Number of the frame, in order.
            shot: Number of its shot; when it changes, all tracks end.
            found: The people in it.
        """
        # The library takes a second to import and is only needed here.
        from supervision import Detections as Boxes

        if shot != self._shot:
            self._shot, self._tracker = shot, _new_tracker(self.threshold, self.max_gap)
        boxes = found.boxes.astype(np.float64)
        marks: dict[str, Any] = {"index": np.arange(len(found))}
        linked = self._tracker.update(Boxes(boxes, confidence=found.scores, data=marks))
        # Which of the boxes began a track is only to be seen from the tracks that are new. They
        # get their number at once: by itself the library would wait for a second box.
        numbers = np.full(len(found), -1)
        numbers[np.asarray(linked.data.get("index", []), dtype=np.int64)] = linked.tracker_id
        for tracklet in self._tracker.tracks:
            if tracklet.tracker_id < 0:
                distance = np.abs(boxes - tracklet.get_state_bbox()).max(axis=1)
                index = int(np.argmin(np.where(numbers < 0, distance, np.inf)))
                tracklet.tracker_id = len(self._begun)
                numbers[index] = tracklet.tracker_id
                self._begun.append(_Begun())
        for place in np.flatnonzero(numbers >= 0):
            begun = self._begun[numbers[place]]
            begun.rows.append(row)
            begun.boxes.append(boxes[place])
            begun.scores.append(float(found.scores[place]))

    def tracks(self) -> list[Track]:
        """Return all tracks so far, in order of their first frame."""
        return [begun.track() for begun in self._begun]


@dataclass
class _Begun:
    rows: list[int] = field(default_factory=list)
    boxes: list[Sequence[float]] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def track(self) -> Track:
        return Track(
            np.array(self.rows, dtype=np.int64),
            np.array(self.boxes, dtype=np.float64).reshape(-1, 4),
            np.array(self.scores, dtype=np.float32),
        )


def _new_tracker(threshold: float, max_gap: int) -> Any:
    from trackers import BIoU, ByteTrackTracker

    return ByteTrackTracker(
        lost_track_buffer=max_gap,
        frame_rate=30.0,  # the library's reference rate: the buffer then counts frames
        track_activation_threshold=threshold,
        high_conf_det_threshold=threshold,
        minimum_consecutive_frames=1,
        minimum_iou_threshold=SMALLEST_OVERLAP,
        iou=BIoU(buffer_ratio=GROWTH),
    )
