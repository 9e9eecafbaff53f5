"""What `stpose search` is asked for: a picture, or a moment of a video."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS
from stpose.artefacts.stores import open_store
from stpose.cli.detecting import chosen_detector, people_in
from stpose.crops import cut_square
from stpose.errors import InputError
from stpose.frames.decoding import open_video
from stpose.geometry import square_around
from stpose.pose_embedder import PoseEmbedder, read_image
from stpose.search.query import PoseQuery, query_in_video

Image = NDArray[np.uint8]
_PICTURE_PX = 120
_MARGIN = 1.2


@dataclass(frozen=True)
class AskedPose:
    """A query with its picture (side, side, 3) BGR."""

    pose: PoseQuery
    image: Image


def read_query(
    text: str,
    results: Path,
    embeddings_path: Path,
    detector: str,
    weights: Path | None,
    network: str | None,
) -> AskedPose:
    """Return what a command line asks for.

    Args:
        text: A file of a picture, or VIDEO@SECONDS.
        results: The results folder.
        embeddings_path: The vectors of the round that is searched.
        detector: What finds people in pictures from outside the run.
        weights: Its weights.
        network: Its network.

    Raises:
        InputError: There is no such file or moment, or it is no picture.
    """
    name, at, moment = text.rpartition("@")
    if at and not Path(text).is_file():
        seconds = _seconds(moment, text)
        known = query_in_video(results, embeddings_path, name, seconds)
        if known is not None:
            return AskedPose(known, _crop_of(results, known))
        image = _frame_at(Path(name), seconds)
    else:
        image = read_image(Path(text))
    looking = chosen_detector(detector, weights, network)
    boxes = [] if looking is None else people_in(image, looking)
    if looking is not None and not boxes:
        typer.echo(f"{text}: {detector} found nobody; the whole picture is taken", err=True)
    height, width = image.shape[:2]
    box = boxes[0] if boxes else (0.0, 0.0, float(width), float(height))
    training = results / "training" / embeddings_path.parent.relative_to(results / "embeddings")
    embedder = PoseEmbedder.load(training / "weights.safetensors")
    vector = embedder.embed([image], [box])
    seen = cut_square(image, square_around(box, _MARGIN), _PICTURE_PX)
    return AskedPose(PoseQuery(vector), np.ascontiguousarray(seen[..., ::-1]))


def _seconds(text: str, query: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        message = f"{query}: no such file, and {text!r} after @ is no time in seconds"
        raise InputError(message) from error


def _frame_at(path: Path, seconds: float) -> Image:
    """Return the first frame of a video file at or behind a time, RGB."""
    if not path.is_file():
        message = f"{path}: no video of the run, and no such file"
        raise InputError(message)
    with open_video(path) as video:
        for frame in video:
            if frame.time >= seconds:
                return np.ascontiguousarray(frame.image[..., ::-1])
    message = f"{path}: ends before {seconds:g} s"
    raise InputError(message)


def _crop_of(results: Path, pose: PoseQuery) -> Image:
    with open_store(results / "crops" / f"{pose.video_id}.h5", CROPS) as store:
        here = (store["frame"] == pose.frame) & (store["track"] == pose.track)
        row = int(np.flatnonzero(here)[0])
        box = store.rows("box", row, row + 1)[0]
        data = np.frombuffer(store.encoded("image", row), np.uint8)
    picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return cut_square(picture, square_around(box, _MARGIN), _PICTURE_PX)
