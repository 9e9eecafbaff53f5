"""A second look at the main person: through a window that does not follow every move.

A box drawn around a person goes along with what they do: of a squat it keeps the bent knees and
loses the way down. In a window that stays where it is for seconds both are seen. It also looks
at frames in which the detector lost them, has not found them yet or does not find them any more.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stpose.artefacts.frame_reader import open_frames
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import PEOPLE
from stpose.artefacts.status import Status
from stpose.artefacts.tables import read_table, write_table
from stpose.counting.main_person import PersonTrack, main_person, seen_boxes
from stpose.geometry import Floats
from stpose.settings.counting import CountingSettings

_SECONDS = 2.0  # before and after a frame, over which its window is the same as others'
_LARGE = 0.8  # share of the boxes around then that are no larger than the window
_USUAL_FPS = 25.0  # of videos that do not say


def people_of(path: Path) -> list[PersonTrack]:
    """Return the tracks of a people artefact.

    Raises:
        ArtefactError: It is missing or damaged.
    """
    table = read_table(path, PEOPLE)
    numbers, frames = table["track"].to_numpy(), table["frame"].to_numpy()
    shots = table["shot"].to_numpy()
    boxes = np.stack([table[side].to_numpy() for side in ("x1", "y1", "x2", "y2")], axis=1)
    found = []
    for number in np.unique(numbers):
        rows = np.flatnonzero(numbers == number)
        shot = int(shots[rows[0]])
        found.append(PersonTrack(int(number), shot, frames[rows], boxes[rows].astype(np.float64)))
    return found


def steady_squares(
    frames: NDArray[np.int64], boxes: Floats, wanted: NDArray[np.int64], reach: int
) -> Floats:
    """Return a square for each wanted frame: where the person is about then, large enough.

    Its centre is the median of those of the boxes around then, its side larger than most of theirs;
    in frames without a box there is one between the neighbouring ones.

    Args:
        frames: (n,) numbers of frames with a box, rising; n >= 1.
        boxes: (n, 4) x1, y1, x2, y2.
        wanted: (m,) numbers of frames, rising.
        reach: Wanted frames before and after one that are looked at.

    Returns:
        (m, 4) x1, y1, x2, y2.
    """
    sides = np.stack([np.interp(wanted, frames, boxes[:, side]) for side in range(4)], axis=1)
    low, high = sides[:, :2], sides[:, 2:]
    middle, longest = pd.DataFrame((low + high) / 2), pd.Series((high - low).max(axis=1))
    window = 2 * reach + 1
    centre = middle.rolling(window, min_periods=1, center=True).median().to_numpy()
    side = longest.rolling(window, min_periods=1, center=True).quantile(_LARGE).to_numpy()
    half = side[:, None] / 2
    return np.asarray(np.concatenate([centre - half, centre + half], axis=1), dtype=np.float64)


def write_steady(
    frames_path: Path, people_path: Path, out_path: Path, settings: CountingSettings
) -> None:
    """Write the windows of a video's main person as a people artefact of one track.

    There is a row for each frame from the first in which they were seen to the last, and for as
    long before and after as that lasted, as far as their shot goes.

    Args:
        frames_path: Frames of the video.
        people_path: Its people.
        out_path: The table to write.
        settings: Of counting.

    Raises:
        ArtefactError: An input is damaged.
    """
    with open_frames(frames_path) as store:
        numbers = np.asarray(store.numbers, dtype=np.int64)
        fps = float(store.attributes["fps"]) or _USUAL_FPS
        shots, status = np.asarray(store.shots), store.status
    person = main_person(people_of(people_path)) if status.is_ok else []
    if status.is_ok and not person:
        status = Status("no_person", "nobody could be followed")
    squares, wanted, shot = np.empty((0, 4)), np.empty(0, np.int64), np.empty(0, np.int32)
    if person:
        frames, boxes = seen_boxes(person)
        longer = frames[-1] - frames[0]
        inside = (numbers >= frames[0] - longer) & (numbers <= frames[-1] + longer)
        inside &= (shots >= person[0].shot) & (shots <= person[-1].shot)
        wanted, shot = numbers[inside], shots[inside]
        step = float(np.median(np.diff(numbers))) if len(numbers) > 1 else 1.0
        reach = max(1, round(_SECONDS * fps / step))
        squares = steady_squares(frames, boxes, wanted, reach)
    rows = {
        "frame": wanted,
        "track": np.ones(len(wanted), np.int32),
        **{name: squares[:, place] for place, name in enumerate(("x1", "y1", "x2", "y2"))},
        "score": [None] * len(wanted),
        "filled": np.ones(len(wanted), bool),
        "shot": shot,
    }
    provenance = derive("people", settings, "", [frames_path, people_path])
    write_table(out_path, PEOPLE, rows, provenance, status)
