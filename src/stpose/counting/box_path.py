"""A third look at the main person, for whom pictures do not repeat: the way that their box goes.

A gymnast on a pommel horse looks another way at each moment of a circle and the pictures of two
circles hardly correlate; their box goes to and fro all the same. No pixel is looked at.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stpose.counting.main_person import PersonTrack, seen_boxes
from stpose.geometry import Floats


def box_path(person: Sequence[PersonTrack], frames: NDArray[np.int64]) -> Floats:
    """Return where the box of a person is and how large, frame by frame.

    Between two boxes it is in between; before the first and after the last it stays.

    Args:
        person: Their tracks, at least one.
        frames: (n,) source frame numbers, rising.

    Returns:
        (n, 4) centre x, centre y, width and height, in units of the median longer side.
    """
    known, seen = seen_boxes(person)
    boxes = np.stack([np.interp(frames, known, side) for side in seen.T], axis=1)
    extent = boxes[:, 2:] - boxes[:, :2]
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    longest = np.median(extent.max(axis=1))
    return np.asarray(np.concatenate([middle, extent], axis=1) / longest, dtype=np.float64)
