"""Who of the people in a video is counted: the tracks of its main person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.geometry import box_area, box_iou
from stpose.people.tracking import GROWTH, SMALLEST_OVERLAP
from stpose.people.tracks import Track, jumps

_FLASH_FRAMES = 3  # a shot so short between two others is a flash of light
_BEGINNINGS = 10  # tracks that the main person may begin with
_END_BOXES = 9  # the box at an end of a track is the median of so many: one bad box parts nobody


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

    A person begins with a track and is joined, the heaviest first, by all that may be the same
    person lost and found again. Such a track lies in the same shot, but for a flash of light,
    begins and ends after the one before it, and before the one after it. Where it begins after
    the other's end, there must be no jump between them, as the people stage calls it, from the
    last boxes of the one to the first of the other; where it begins earlier, because the detector
    drew one person twice, the two must overlap as boxes do that the stage links. Of the people
    who begin with one of the heaviest tracks, the main one has the greatest weight in all:
    somebody who stands behind and is never lost does not outweigh who moves.

    Args:
        tracks: All tracks of a video; none give none.
    """
    heaviest = sorted(tracks, key=lambda track: (-track.weight, track.number))
    people = [_joined(first, heaviest) for first in heaviest[:_BEGINNINGS]]
    best = max(people, key=lambda person: sum(track.weight for track in person), default=[])
    return sorted(best, key=_first)


def _joined(first: PersonTrack, heaviest: Sequence[PersonTrack]) -> list[PersonTrack]:
    taken, waiting = [first], [one for one in heaviest if one is not first]
    # One that was too far away may be joined by another that lies in between.
    while (found := next((one for one in waiting if _continues(one, taken)), None)) is not None:
        taken.append(found)
        waiting = [one for one in waiting if one is not found]
    return taken


def main_rows(
    frames: NDArray[np.int64], numbers: NDArray[np.int64], person: Sequence[PersonTrack]
) -> NDArray[np.int64]:
    """Return which rows show the main person, one a frame, by rising frame.

    In a frame of two tracks it is the row of the one that began first.

    Args:
        frames: (n,) source frame number of each row.
        numbers: (n,) number of its track.
        person: The main person's tracks in order of time.
    """
    rank = {track.number: place for place, track in enumerate(person)}
    rows = np.flatnonzero(np.isin(numbers, list(rank)))
    place = np.array([rank[int(numbers[row])] for row in rows], dtype=np.int64)
    ordered = rows[np.lexsort((place, frames[rows]))]
    _, first = np.unique(frames[ordered], return_index=True)
    return np.asarray(ordered[first], dtype=np.int64)


def seen_boxes(person: Sequence[PersonTrack]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the frames in which a person is seen, rising, and the box in each.

    In a frame of two tracks it is the box of the one that comes first in order of time.

    Args:
        person: Their tracks in order of time, at least one.

    Returns:
        (n,) source frame numbers, and (n, 4) x1, y1, x2, y2 (source px).
    """
    frames, first = np.unique(np.concatenate([track.frames for track in person]), return_index=True)
    return frames, np.concatenate([track.boxes for track in person])[first]


def _continues(track: PersonTrack, taken: Sequence[PersonTrack]) -> bool:
    before = max((one for one in taken if _first(one) <= _first(track)), key=_first, default=None)
    after = min((one for one in taken if _first(one) > _first(track)), key=_first, default=None)
    return (before is None or _is_next(before, track)) and (after is None or _is_next(track, after))


def _first(track: PersonTrack) -> int:
    return int(track.frames[0])


def _is_next(one: PersonTrack, other: PersonTrack) -> bool:
    """Tell whether a track may go on as another that begins later."""
    if not _is_one_take(one, other):
        return False
    if other.frames[0] > one.frames[-1]:
        ends = (one.boxes[-_END_BOXES:], other.boxes[:_END_BOXES])
        boxes = np.stack([np.median(end, axis=0) for end in ends])
        # Two rows apart: more may change while nobody is seen than from one frame to the next.
        across = Track(np.array([0, 2]), boxes, np.ones(2, np.float32))
        return not len(jumps(across))
    if other.frames[0] == one.frames[0] or other.frames[-1] <= one.frames[-1]:
        return False
    _, mine, others = np.intersect1d(one.frames, other.frames, return_indices=True)
    overlap = box_iou(_grown(one.boxes[mine]), _grown(other.boxes[others]))
    return bool((overlap >= SMALLEST_OVERLAP).all())


def _is_one_take(one: PersonTrack, other: PersonTrack) -> bool:
    """Tell whether no cut lies between: a flash of light, a shot of a frame or two, is none."""
    is_flash = (
        other.shot - one.shot == 2 and 0 < other.frames[0] - one.frames[-1] <= _FLASH_FRAMES + 1
    )
    return one.shot == other.shot or bool(is_flash)


def _grown(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    margin = GROWTH * (boxes[:, 2:] - boxes[:, :2])
    return np.concatenate([boxes[:, :2] - margin, boxes[:, 2:] + margin], axis=1)
