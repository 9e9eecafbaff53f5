"""The pictures stage: a video's frames, flow and crops as sheets of small pictures."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.frame_reader import FrameReader, open_frames
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, PICTURES
from stpose.artefacts.stores import StoreReader, StoreWriter, create_store, open_store
from stpose.crops import cut_square
from stpose.errors import ArtefactError
from stpose.flow.picture import flow_picture
from stpose.flow.presets import find_preset
from stpose.flow.solve import optical_flow
from stpose.geometry import square_around
from stpose.settings.pictures import PicturesSettings

SHOWS = ("frames", "flow", "crops")
COLUMNS = {"frames": 4, "flow": 4, "crops": 16}
CELLS = {"frames": 16, "flow": 16, "crops": 256}  # on a sheet; the last one may have fewer
_MARGIN = 1.2  # side of a crop's picture as a multiple of the person's longer side

Image = NDArray[np.uint8]


def shown_rows(count: int, wanted: int) -> list[int]:
    """Return at most `wanted` rows spread evenly over `count`, the first and the last included."""
    places = np.linspace(0, max(count - 1, 0), min(count, wanted))
    return [int(place) for place in np.unique(np.rint(places))]


def write_pictures(
    frames_path: Path,
    crops_path: Path,
    out_path: Path,
    settings: PicturesSettings,
    code: str = "",
) -> None:
    """Lay out a video's frames, their flow and all its crops on sheets.

    Crops come sorted by track, then frame, as in the embeddings. The flow is that of the frame
    back to the stored one before it; where there is none it is white.

    Attributes of the artefact: video_id, frame (source numbers shown), time (s), shot,
    frame_size, flow_size and crop_size (width and height of a cell, px). A video with a bad
    status has no sheets.

    Args:
        frames_path: Frames of the video.
        crops_path: Crops of the video.
        out_path: The store to write.
        settings: How many and how large.
        code: Fingerprint of the code.

    Raises:
        ArtefactError: An input is damaged.
    """
    cv2.setNumThreads(1)
    provenance = derive("pictures", settings, code, [frames_path, crops_path])
    with (
        open_frames(frames_path) as frames,
        open_store(crops_path, CROPS) as crops,
        create_store(out_path, PICTURES, provenance) as store,
    ):
        shown = shown_rows(len(frames), settings.frames)
        store.status = crops.status
        store.attributes |= _attributes(frames, shown, settings)
        if shown:
            pairs = list(_frames_and_flow(frames, shown, settings))
            _append(store, "frames", [frame for frame, _ in pairs], settings.quality)
            _append(store, "flow", [flow for _, flow in pairs], settings.quality)
        _append(store, "crops", list(_people(crops, settings.crop_px)), settings.quality)


def _attributes(
    frames: FrameReader, shown: list[int], settings: PicturesSettings
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "video_id": frames.attributes["video_id"],
        "frame": frames.numbers[shown].tolist(),
        "time": frames.times[shown].tolist(),
        "shot": frames.shots[shown].tolist(),
        "crop_size": [settings.crop_px, settings.crop_px],
    }
    if shown:
        size = (frames.attributes["stored_width"], frames.attributes["stored_height"])
        found["frame_size"] = _fitted(size, settings.frame_px)
        found["flow_size"] = _fitted(size, settings.flow_px)
    return found


def _fitted(size: tuple[int, int], longest: int) -> list[int]:
    """Return width and height with the longer side as given (px)."""
    return [max(1, round(side * longest / max(size))) for side in size]


def _frames_and_flow(
    frames: FrameReader, shown: list[int], settings: PicturesSettings
) -> Iterator[tuple[Image, Image]]:
    size = (frames.attributes["stored_width"], frames.attributes["stored_height"])
    frame_size, flow_size = _fitted(size, settings.frame_px), _fitted(size, settings.flow_px)
    parameters = find_preset("dis", "default")
    name = frames.attributes["video_id"]
    for row in tqdm(shown, desc=name, unit="frame", disable=None):
        image = frames.at(int(frames.numbers[row])).image
        flow = np.full((flow_size[1], flow_size[0], 3), 255, np.uint8)
        if row and frames.shots[row] == frames.shots[row - 1]:
            before = frames.at(int(frames.numbers[row - 1])).image
            pair = [_resized(one, flow_size) for one in (image, before)]
            flow = flow_picture(optical_flow(pair[0], pair[1], parameters))
        yield _resized(image, frame_size), flow


def _resized(image: Image, size: Sequence[int]) -> Image:
    method = cv2.INTER_AREA if size[0] < image.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (size[0], size[1]), interpolation=method), np.uint8)


def _people(crops: StoreReader, side: int) -> Iterator[Image]:
    if not len(crops):
        return
    boxes = crops["box"]
    for row in np.lexsort((crops["frame"], crops["track"])).tolist():
        encoded = np.frombuffer(crops.encoded("image", row), np.uint8)
        picture = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
        if picture is None:
            message = f"{crops.path}: crop {row} cannot be decoded"
            raise ArtefactError(message)
        yield cut_square(np.asarray(picture, np.uint8), square_around(boxes[row], _MARGIN), side)


def _append(store: StoreWriter, shows: str, pictures: Sequence[Image], quality: int) -> None:
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    for start in range(0, len(pictures), CELLS[shows]):
        cells = pictures[start : start + CELLS[shows]]
        _, encoded = cv2.imencode(".jpg", sheet_of(cells, COLUMNS[shows]), options)
        store.append(shows=SHOWS.index(shows), cells=len(cells), image=encoded.tobytes())


def sheet_of(pictures: Sequence[Image], columns: int) -> Image:
    """Lay pictures of one size out row by row, without gaps.

    Args:
        pictures: (height, width, 3) BGR, at least one.
        columns: Pictures in a row; a sheet of one row is as wide as its pictures.
    """
    height, width = pictures[0].shape[:2]
    across = min(columns, len(pictures))
    down = -(-len(pictures) // columns)
    page = np.full((down * height, across * width, 3), 255, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = number // columns * height, number % columns * width
        page[top : top + height, left : left + width] = picture
    return page
