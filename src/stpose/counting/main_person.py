"""Who of the people in a video is counted: the tracks of its main person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.geometry import box_area
from stpose.people.tracks import Track, jumps


@dataclass(frozen=True)
class PersonTrack:
    """A track as the people stage left it.

    Attributes:
        number: Its number in the video.
        shot: Number of the shot it lies in.
        frames: (n,) source frame numbers, rising; n >= 1.
        boxes: (n, 4) x1, y1, x2, y2 (source px).
    """

    number: int
    shot: int
    frames: NDArray[np.int64]
    boxes: NDArray[np.float64]

    @property
    def weight(self) -> float:
        """How long and how large the person is seen: sizes in px, summed over frames."""
        return float(np.sqrt(box_area(self.boxes)).sum())


def main_person(tracks: Sequence[PersonTrack]) -> list[PersonTrack]:
    """Return the tracks of the person who is seen longest and largest, in order of time.

    It is the track of the greatest weight, and in order of weight all others that may be the same
    person lost and found again: in the same shot, never at the same time as one already taken,
    and beside it in time without a jump, as the people stage calls it.

    Args:
        tracks: All tracks of a video; none give none.
    """
    ranked = sorted(tracks, key=lambda track: (-track.weight, track.number))
    taken = ranked[:1]
    for track in ranked[1:]:
        if _continues(track, taken):
            taken.append(track)
    return sorted(taken, key=lambda track: int(track.frames[0]))


def _continues(track: PersonTrack, taken: Sequence[PersonTrack]) -> bool:
    if track.shot != taken[0].shot:
        return False
    before = [one for one in taken if one.frames[0] <= track.frames[0]]
    after = [one for one in taken if one.frames[0] > track.frames[0]]
    previous = max(before, key=lambda one: int(one.frames[0]), default=None)
    following = min(after, key=lambda one: int(one.frames[0]), default=None)
    return (previous is None or _is_next(previous, track)) and (
        following is None or _is_next(track, following)
    )


def _is_next(one: PersonTrack, other: PersonTrack) -> bool:
    """Tell whether a track may go on as another that begins after its end."""
    if other.frames[0] <= one.frames[-1]:
        return False
    boxes = np.stack([one.boxes[-1], other.boxes[0]])
    # Two rows apart: more may change while nobody is seen than from one frame to the next.
    across = Track(np.array([0, 2]), boxes, np.ones(2, np.float32))
    return not len(jumps(across))
