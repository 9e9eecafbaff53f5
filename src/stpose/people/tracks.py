"""Tracks of people: where they jump, the gaps in them, their smoothing and their numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stpose.geometry import box_area, box_iou

Floats = NDArray[np.float64]

# A box whose centre moves by more than the square root of its area from one frame to the next
# (twice that over a longer gap), or whose area changes by more than this factor, is
# taken for another person: people do neither at the frame rates of video.
JUMP_SIZES = 1.0
JUMP_SIZES_OVER_GAP = 2.0
JUMP_AREA = 3.0
# Two tracks that overlap by more than this may have swapped who is who.
MEETING_OVERLAP = 0.5


@dataclass(frozen=True)
class Track:
    """One person over time, within one shot.

    Attributes:
        rows: (n,) int64, numbers of the stored frames (0, 1, 2, ... in the video), rising.
        boxes: (n, 4) float64, x1, y1, x2, y2 (source px).
        scores: (n,) float32 in [0, 1]; NaN where the box was filled in.
    """

    rows: NDArray[np.int64]
    boxes: Floats
    scores: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of frames with a box."""
        return len(self.rows)

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Which boxes were filled in (n,)."""
        return np.isnan(self.scores)

    def parts(self, starts: Iterable[int]) -> list["Track"]:
        """Return the track cut in front of each of the given places."""
        edges = [0, *starts, len(self)]
        return [self.part(slice(*pair)) for pair in pairwise(edges) if pair[1] > pair[0]]

    def part(self, where: slice) -> "Track":
        """Return a part of the track."""
        return Track(self.rows[where], self.boxes[where], self.scores[where])


def jumps(track: Track) -> NDArray[np.int64]:
    """Return the places in a track whose box can hardly be the person of the box before.

    Returns:
        Rising places in 1 to len(track) - 1.
    """
    if len(track) < 2:
        return np.zeros(0, np.int64)
    centre = (track.boxes[:, :2] + track.boxes[:, 2:]) / 2
    area = np.maximum(box_area(track.boxes), 1e-6)
    moved = np.linalg.norm(np.diff(centre, axis=0), axis=1)
    size = np.sqrt(np.maximum(area[1:], area[:-1]))
    allowed = np.where(np.diff(track.rows) > 1, JUMP_SIZES_OVER_GAP, JUMP_SIZES) * size
    grown = np.abs(np.diff(np.log(area)))
    return np.flatnonzero((moved > allowed) | (grown > np.log(JUMP_AREA))) + 1


def gaps(track: Track, longest: int) -> NDArray[np.int64]:
    """Return the places in a track before which more than `longest` frames are missing."""
    return np.flatnonzero(np.diff(track.rows) - 1 > longest) + 1


def fill(track: Track, numbers: NDArray[np.int64]) -> Track:
    """Fill in every frame that is missing between the first and the last of a track.

    Boxes are interpolated linearly in source frame numbers; their score is NaN.

    Args:
        track: The track.
        numbers: Source frame number of every stored frame.
    """
    rows = np.arange(track.rows[0], track.rows[-1] + 1)
    where = numbers[rows].astype(np.float64)
    known = numbers[track.rows].astype(np.float64)
    boxes = np.stack([np.interp(where, known, track.boxes[:, side]) for side in range(4)], axis=1)
    scores = np.full(len(rows), np.nan, np.float32)
    scores[track.rows - rows[0]] = track.scores
    return Track(rows, boxes, scores)


def smooth(track: Track, window: int) -> Track:
    """Smooth the boxes of a track without gaps over time.

    Weights fall linearly to both sides of a frame. Even motion stays as it is, up to and
    including the ends, where the track is continued point-symmetrically.

    Args:
        track: The track.
        window: Frames that count, an odd number; 1 changes nothing.
    """
    half = min(window // 2, len(track) - 1)
    if half < 1:
        return track
    weights = half + 1 - np.abs(np.arange(-half, half + 1))
    wide = np.pad(track.boxes, ((half, half), (0, 0)), mode="reflect", reflect_type="odd")
    views = np.lib.stride_tricks.sliding_window_view(wide, 2 * half + 1, axis=0)
    return replace(track, boxes=views @ (weights / weights.sum()))


def in_order(tracks: Sequence[Track]) -> list[Track]:
    """Sort tracks by first appearance; of those that begin together, from left to right."""
    return sorted(tracks, key=lambda track: (int(track.rows[0]), *track.boxes[0].tolist()))


def meetings(tracks: Sequence[Track]) -> int:
    """Count how often two people come to overlap so much that they may have been swapped.

    Two that stay together for many frames in a row meet once.
    """
    count = 0
    for index, one in enumerate(tracks):
        for other in tracks[index + 1 :]:
            if one.rows[-1] < other.rows[0] or other.rows[-1] < one.rows[0]:
                continue
            _, first, second = np.intersect1d(one.rows, other.rows, return_indices=True)
            close = box_iou(one.boxes[first], other.boxes[second]) > MEETING_OVERLAP
            count += int(np.count_nonzero(np.diff(close.astype(np.int8), prepend=0) == 1))
    return count
