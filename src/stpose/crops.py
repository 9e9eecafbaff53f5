"""The crops stage: people cut out of frames with enough around them to draw boxes there."""

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from stpose.artefacts.frame_reader import FrameReader, open_frames
from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, PEOPLE
from stpose.artefacts.status import Status
from stpose.artefacts.stores import StoreWriter, create_store
from stpose.artefacts.tables import read_table
from stpose.errors import ArtefactError
from stpose.geometry import Floats, clip_boxes, square_around
from stpose.settings.crops import CropsSettings


def source_to_crop(coordinates: ArrayLike, region: ArrayLike, size_px: int) -> Floats:
    """Return where points or boxes of the source lie in a crop.

    Args:
        coordinates: Points (..., 2) or boxes (..., 4) in source pixels.
        region: The squares of the source that the crops show (..., 4), source pixels.
        size_px: Side of the crops (px).
    """
    square = np.asarray(region, dtype=np.float64)
    places = np.asarray(coordinates, dtype=np.float64)
    moved = places - _corner(square, places.shape[-1])
    return np.asarray(moved * (size_px / _side(square)), dtype=np.float64)


def crop_to_source(coordinates: ArrayLike, region: ArrayLike, size_px: int) -> Floats:
    """Return where points or boxes of a crop lie in the source: undoes `source_to_crop`."""
    square = np.asarray(region, dtype=np.float64)
    places = np.asarray(coordinates, dtype=np.float64)
    enlarged = places * (_side(square) / size_px)
    return np.asarray(enlarged + _corner(square, places.shape[-1]), dtype=np.float64)


def valid_part(region: ArrayLike, width: float, height: float, size_px: int) -> Floats:
    """Return the part of crops (..., 4) with real pixels (crop px); no area if there are none.

    Args:
        region: The squares of the source that the crops show (..., 4), source pixels.
        width: Width of the source (px).
        height: Height of the source (px).
        size_px: Side of the crops (px).
    """
    seen = clip_boxes(region, width, height)
    return clip_boxes(source_to_crop(seen, region, size_px), size_px, size_px)


def cut_square(image: NDArray[np.uint8], square: ArrayLike, size_px: int) -> NDArray[np.uint8]:
    """Return a square of a picture, resampled; pixels beyond the picture repeat its border.

    The position is kept to a fraction of a pixel. Where the square shrinks, it is first sampled
    at a whole multiple of its size and then averaged, so that fine patterns do not turn into
    coarse ones.

    Args:
        image: Picture (height, width, 3).
        square: x1, y1, x2, y2 in pixels of the picture; may exceed it. The sides may differ a
            little, where a picture was shrunk to whole pixels.
        size_px: Side of the result (px).
    """
    x1, y1, x2, y2 = np.asarray(square, dtype=np.float64)
    samples = max(1, math.ceil(max(x2 - x1, y2 - y1) / size_px))
    fine_px = size_px * samples
    x_step, y_step = (x2 - x1) / fine_px, (y2 - y1) / fine_px
    # From pixel numbers of the crop to those of the picture; pixel i is centred at i + 0.5.
    matrix = np.array([[x_step, 0, x1 + 0.5 * x_step - 0.5], [0, y_step, y1 + 0.5 * y_step - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(
        image, matrix, (fine_px, fine_px), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    if samples > 1:
        crop = cv2.resize(crop, (size_px, size_px), interpolation=cv2.INTER_AREA)
    return np.asarray(crop, dtype=np.uint8)


def _corner(square: Floats, axes: int) -> Floats:
    return np.tile(square[..., :2], axes // 2)


def _side(square: Floats) -> Floats:
    return np.asarray(square[..., 2:3] - square[..., 0:1], dtype=np.float64)


def write_crops(
    frames_path: Path, people_path: Path, out_path: Path, settings: CropsSettings, code: str = ""
) -> None:
    """Cut every person out of every frame and write the crops, sorted by (frame, track).

    Attributes of the artefact: video_id, size_px, person_px, context, fps, stride, left_out
    (people left out because they are too small). A bad status is carried on with no rows.

    Args:
        frames_path: Frames of the video.
        people_path: People of the video.
        out_path: The store to write.
        settings: How to cut.
        code: Fingerprint of the code.

    Raises:
        ArtefactError: An input is damaged, or there is a person in a frame that is not stored.
    """
    provenance = derive("crops", settings, code, inputs=[frames_path, people_path])
    with (
        open_frames(frames_path) as frames,
        create_store(out_path, CROPS, provenance) as store,
    ):
        store.attributes |= {
            "video_id": frames.attributes["video_id"],
            "size_px": settings.size_px,
            "person_px": settings.person_px,
            "context": settings.context,
            "fps": frames.attributes["fps"],
            "stride": frames.attributes["stride"],
            "left_out": 0,
        }
        store.status = frames.status
        if store.status.is_ok:
            store.status = read_header(people_path).status
        if store.status.is_ok:
            store.status = _cut_all(frames, people_path, settings, store)


def _cut_all(
    frames: FrameReader, people_path: Path, settings: CropsSettings, store: StoreWriter
) -> Status:
    table = read_table(people_path, PEOPLE)
    numbers, tracks = table["frame"].to_numpy(), table["track"].to_numpy()
    boxes = np.stack([table[name].to_numpy() for name in ("x1", "y1", "x2", "y2")], axis=-1)
    large = (boxes[:, 2:] - boxes[:, :2]).max(axis=-1) >= settings.smallest_side
    store.attributes["left_out"] = int((~large).sum())
    if not large.any():
        reason = f"none of {len(boxes)} boxes has a side of {settings.smallest_side:g} px or more"
        return Status("no_person", reason)
    rows = np.lexsort((tracks, numbers))
    rows = rows[large[rows]]
    groups = np.split(rows, np.flatnonzero(np.diff(numbers[rows])) + 1)
    for group in tqdm(groups, desc=people_path.stem, unit="frame", disable=None):
        image = _image(frames, int(numbers[group[0]]), people_path)
        columns = _cut_people(image, boxes[group], frames, settings)
        store.extend(frame=numbers[group], track=tracks[group], **columns)
    return Status.ok()


def _image(frames: FrameReader, number: int, people_path: Path) -> NDArray[np.uint8]:
    try:
        return frames.at(number).image
    except KeyError as error:
        message = f"{people_path}: a person in frame {number}, which is not among the frames"
        raise ArtefactError(message) from error


def _cut_people(
    image: NDArray[np.uint8],
    boxes: NDArray[np.float32],
    frames: FrameReader,
    settings: CropsSettings,
) -> dict[str, Any]:
    size_px = settings.size_px
    has = frames.attributes
    regions = square_around(boxes, settings.context)
    stored = regions * np.tile(frames.scale, 2)
    quality = [cv2.IMWRITE_JPEG_QUALITY, settings.quality]
    crops = [cut_square(image, square, size_px) for square in stored]
    return {
        "box": source_to_crop(boxes, regions, size_px),
        "region": regions,
        "valid": valid_part(regions, has["width"], has["height"], size_px),
        "image": [cv2.imencode(".jpg", crop, quality)[1].tobytes() for crop in crops],
    }
