"""Motion maps of crops: the part of a frame's map that a crop shows."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.motion_maps import decode_motion
from stpose.artefacts.schemas import CROPS, MOTION
from stpose.artefacts.stores import open_store
from stpose.crop_index import CropIndex, Rows
from stpose.errors import ArtefactError

SIDE = 48  # of a crop's map; a person in it is some 27 high, more than any head predicts
_LEVELS = 255


def motion_crops(
    index: CropIndex,
    crops: Rows,
    crops_paths: Sequence[Path],
    motion_paths: Sequence[Path],
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Cut the motion maps of crops out of those of their frames.

    A crop's map is scaled to its own largest value, as roots in bytes: what counts is where in a
    crop it moves, not how fast.

    Args:
        index: All crops.
        crops: (C,) numbers of the crops wanted.
        crops_paths: Crops of all videos.
        motion_paths: Motion maps of the same videos.

    Returns:
        (C, SIDE, SIDE) maps in the geometry of the crops, and (C,) whether there is one.

    Raises:
        ArtefactError: A store is missing or damaged, or a video with crops has no maps.
    """
    maps = np.zeros((len(crops), SIDE, SIDE), np.uint8)
    known = np.zeros(len(crops), bool)
    stores = _by_video(motion_paths, crops_paths)
    for number in np.unique(index.video[crops]):
        video = index.videos[number]
        if video not in stores:
            message = f"{video}: it has crops, but no motion maps were given"
            raise ArtefactError(message)
        motion_path, crops_path = stores[video]
        places = np.flatnonzero(index.video[crops] == number)
        with open_store(crops_path, CROPS) as store:
            regions = store["region"][index.row[crops[places]]]
        with open_store(motion_path, MOTION) as store:
            size = (store.attributes["width"], store.attributes["height"])
            rows = {int(frame): row for row, frame in enumerate(store["frame"])}
            for place, region in zip(places, regions, strict=True):
                row = rows.get(int(index.frame[crops[place]]))
                if row is not None:
                    source = f"{motion_path}: map {row}"
                    found = decode_motion(store.encoded("map", row), 1.0, source)
                    maps[place], known[place] = _cut(found, region, size)
    return maps, known


def _by_video(
    motion_paths: Sequence[Path], crops_paths: Sequence[Path]
) -> dict[str, tuple[Path, Path]]:
    """Return the maps and crops of each video by its id, by which their files are named."""
    crops = {path.stem: path for path in crops_paths}
    return {path.stem: (path, crops[path.stem]) for path in motion_paths if path.stem in crops}


def _cut(
    found: NDArray[np.float32], region: NDArray[np.float32], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], bool]:
    """Return a crop's map, and whether anything moves in it.

    Args:
        found: The frame's map.
        region: x1, y1, x2, y2 of the crop (source px).
        size: Width and height of the source (px).
    """
    height, width = found.shape
    scale = np.array([width / size[0], height / size[1]])
    corner, step = region[:2] * scale, (region[2:] - region[:2]) * scale / SIDE
    # From pixel numbers of the crop's map to those of the frame's; pixel i is centred at i + 0.5.
    first = corner + 0.5 * step - 0.5
    matrix = np.array([[step[0], 0, first[0]], [0, step[1], first[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(found, matrix, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_CONSTANT)
    most = float(cut.max())
    if most <= 0:
        return np.zeros((SIDE, SIDE), np.uint8), False
    return np.rint(np.sqrt(np.maximum(cut, 0) / most) * _LEVELS).astype(np.uint8), True
