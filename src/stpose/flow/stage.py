"""The flow of a video: how much its people move against the background, frame by frame.

Two things come of it: a table of numbers, by which the curriculum is sorted, and a store of motion
maps, which say where in a frame it moves once the camera's own motion is taken off.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.header import read_header
from stpose.artefacts.motion_maps import LARGEST_SHARE, encode_motion
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import FLOW, FRAMES, MOTION, PEOPLE
from stpose.artefacts.stores import StoreWriter, create_store, open_store
from stpose.artefacts.tables import read_table, write_table
from stpose.flow.camera import take_off_camera
from stpose.flow.motion import Motion, motions
from stpose.flow.parameters import TorchParameters
from stpose.flow.presets import find_preset
from stpose.flow.ratio import (
    MotionRatio,
    background_pixels,
    foreground_background_ratio,
    mean_outside,
)
from stpose.settings.flow import FlowSettings

NO_PERSON = "no person"

_log = logging.getLogger(__name__)


def write_flow(
    frames_path: Path,
    people_path: Path,
    out_path: Path,
    maps_path: Path,
    settings: FlowSettings,
    code: str,
) -> None:
    """Measure the motion of every person in every stored frame of a video.

    The flow of a frame goes back to the stored frame before it, so that it lies on the frame's
    own boxes. The table has a row for every person and frame, and one of track -1 for a frame
    without a person; sorted by frame, then track. Frames are read one at a time, or as many at
    once as are solved together.

    Args:
        frames_path: The video's frames.
        people_path: The people in them.
        out_path: Where to write the table.
        maps_path: Where to write the motion maps, one a frame with a person and a flow.
        settings: Of this stage.
        code: Fingerprint of the stage's code.

    Raises:
        InputError: The preset does not exist for the backend.
        ArtefactError: An input is missing or damaged.
    """
    cv2.setNumThreads(1)
    parameters = find_preset(settings.backend, settings.preset)
    if isinstance(parameters, TorchParameters):
        import torch

        torch.set_num_threads(1)
    provenance = derive("flow", settings, code, [frames_path, people_path])
    status = read_header(people_path).status
    people = _People.read(people_path)
    columns: dict[str, list[Any]] = {column.name: [] for column in FLOW.columns}
    with (
        open_store(frames_path, FRAMES) as frames,
        create_store(maps_path, MOTION, provenance) as maps,
    ):
        attributes = {"video_id": frames.attributes["video_id"]}
        source = [frames.attributes.get(side, 0) for side in ("width", "height")]
        maps.status = status
        maps.attributes |= attributes | {
            "width": source[0],
            "height": source[1],
            "largest": LARGEST_SHARE * max(source),
        }
        if status.is_ok:
            for motion in motions(frames, parameters, settings):
                tracks, boxes = people.at(motion.frame)
                boxes = boxes * motion.scale
                _append(columns, motion, tracks, boxes, settings.epsilon)
                if len(tracks) and motion.flow is not None:
                    _append_map(maps, motion.frame, motion.flow, boxes, settings.map_side)
    write_table(out_path, FLOW, columns, provenance, status, attributes)
    _log.info("%s: %d rows", out_path.name, len(columns["frame"]))


@dataclass(frozen=True)
class _People:
    """Boxes of all people of a video, sorted by frame, then track."""

    frame: NDArray[np.int64]
    track: NDArray[np.int32]
    box: NDArray[np.float64]

    @classmethod
    def read(cls, path: Path) -> "_People":
        table = read_table(path, PEOPLE)
        frame, track = table["frame"].to_numpy(), table["track"].to_numpy()
        corners = [table[name].to_numpy() for name in ("x1", "y1", "x2", "y2")]
        box = np.stack(corners, axis=-1).astype(np.float64)
        order = np.lexsort((track, frame))
        return cls(frame[order], track[order], box[order])

    def at(self, frame: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the tracks (n,) and boxes (n, 4) in a frame, source px."""
        first, last = np.searchsorted(self.frame, [frame, frame + 1])
        return self.track[first:last], self.box[first:last]


def _append(
    columns: dict[str, list[Any]],
    motion: Motion,
    tracks: NDArray[np.int32],
    boxes: NDArray[np.float64],
    epsilon: float,
) -> None:
    """Add the rows of one frame; `boxes` are in pixels of the flow."""
    results: list[MotionRatio]
    magnitude = None if motion.flow is None else _length(motion.flow)
    if not len(tracks):
        outside = None if magnitude is None else mean_outside(magnitude, boxes)
        results = [MotionRatio(None, outside, None, NO_PERSON)]
    elif magnitude is None:
        results = [MotionRatio(None, None, None, motion.note)] * len(tracks)
    else:
        results = foreground_background_ratio(magnitude, boxes, epsilon)
    for track, result in zip(tracks.tolist() or [-1], results, strict=True):
        columns["frame"].append(motion.frame)
        columns["track"].append(track)
        columns["inside"].append(result.inside)
        columns["outside"].append(result.outside)
        columns["ratio"].append(result.ratio)
        columns["note"].append(result.note)


def _append_map(
    maps: StoreWriter,
    frame: int,
    flow: NDArray[np.float32],
    boxes: NDArray[np.float64],
    side: int,
) -> None:
    """Add a frame's motion map; `boxes` are in pixels of the flow."""
    height, width, _ = flow.shape
    own = take_off_camera(flow, background_pixels((height, width), boxes))
    maps.append(frame=frame, map=encode_motion(_length(own), side, maps.attributes["largest"]))


def _length(flow: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.hypot(flow[..., 0], flow[..., 1])
