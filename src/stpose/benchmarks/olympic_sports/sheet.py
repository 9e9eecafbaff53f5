"""A sheet of exemplars with their positives and negatives, for people to look at."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.files import replace_atomically
from stpose.benchmarks.cutting import cut_region
from stpose.benchmarks.olympic_sports.frames import read_frame
from stpose.benchmarks.olympic_sports.protocol import PostureCategory
from stpose.geometry import square_around

Picture = NDArray[np.uint8]

_SIDE_PX, _GAP_PX, _CAPTION_PX = 96, 3, 12
_LETTERS = 14
_POSITIVE, _NEGATIVE = (60, 160, 60), (40, 40, 220)  # BGR: green and red


def write_posture_sheet(
    path: Path, folder: Path, categories: Sequence[PostureCategory], exemplars: int = 20
) -> None:
    """Write a sheet of exemplars, evenly spaced over all of them, one a line.

    The exemplar comes first, then its positives, framed in green, and its negatives, in red,
    mirrored where the labels say so. Captions are the beginnings of the sequences' names.

    Args:
        path: A PNG or JPEG file.
        folder: The data folder, with frames.
        categories: Its categories, at least one.
        exemplars: How many to show at most.

    Raises:
        InputError: A labelled frame is missing or unreadable.
    """
    every = [(one, row) for one in categories for row in range(len(one.labels.anchors))]
    shown = np.unique(np.linspace(0, len(every) - 1, min(len(every), exemplars)).round())
    lines = [_line(folder, *every[int(place)]) for place in shown]
    width = max(line.shape[1] for line in lines)
    sheet = np.vstack([_padded(line, width) for line in lines])
    with replace_atomically(path) as temporary:
        cv2.imwrite(str(temporary), sheet)


def _line(folder: Path, category: PostureCategory, exemplar: int) -> Picture:
    labels = category.labels
    tiles = [_tile(folder, category, int(labels.anchors[exemplar]), False, (255, 255, 255))]
    for positive, colour in ((True, _POSITIVE), (False, _NEGATIVE)):
        rows = np.flatnonzero((labels.exemplar == exemplar) & (labels.positive == positive))
        for row in rows:
            frame, mirror = int(labels.frame[row]), bool(labels.flip[row])
            tiles.append(_tile(folder, category, frame, mirror, colour))
    return np.hstack(tiles)


def _tile(
    folder: Path,
    category: PostureCategory,
    frame: int,
    mirror: bool,
    colour: tuple[int, int, int],
) -> Picture:
    region = square_around(category.frames.regions()[frame])
    image = read_frame(folder, category.frames, frame)
    side = _SIDE_PX + 2 * _GAP_PX
    tile = np.full((side + _CAPTION_PX, side, 3), 255, dtype=np.uint8)
    tile[:side] = colour
    inner = slice(_GAP_PX, _GAP_PX + _SIDE_PX)
    tile[inner, inner] = cut_region(image, region, _SIDE_PX, mirror)[..., ::-1]
    text = category.frames.sequences[category.frames.sequence[frame]][:_LETTERS]
    cv2.putText(
        tile, text, (1, side + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.33, (60, 60, 60), 1, cv2.LINE_AA
    )
    return tile


def _padded(line: Picture, width: int) -> Picture:
    right = width - line.shape[1]
    return np.pad(line, ((0, 0), (0, right), (0, 0)), constant_values=255)
