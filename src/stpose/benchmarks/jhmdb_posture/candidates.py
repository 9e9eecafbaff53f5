"""The frames that may be labelled: where they stand, how they pose and how they look."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.posture_format import Box, PostureSequence, published_box
from stpose.benchmarks.cutting import cut_region
from stpose.benchmarks.embedders import Hog
from stpose.benchmarks.jhmdb_posture.data import AnnotatedClip
from stpose.benchmarks.jhmdb_posture.rule import Rule
from stpose.benchmarks.jhmdb_posture.skeletons import normalised
from stpose.errors import InputError
from stpose.frames.decoding import Image, open_video

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Frames that may be labelled (n of them).

    Attributes:
        clip: (n,) number of the clip.
        source: (n,) number of its source.
        frame: (n,) id of the frame: its rank among the frames of all sequences.
        number: (n,) its number in the video, from 0.
        postures: (n, 15, 2) normalised skeletons.
        aspect: (n,) log of width over height of the box.
        time: (n,) rank in the sequence, 0 to 1.
        looks: (n, 2, D) HOG of the box, as it is and mirrored.
    """

    clip: Numbers
    source: Numbers
    frame: Numbers
    number: Numbers
    postures: Floats
    aspect: Floats
    time: Floats
    looks: NDArray[np.float32]

    def __len__(self) -> int:
        """Return their number."""
        return len(self.frame)


def sequence_name(clip: AnnotatedClip) -> str:
    """Return what the clip's sequence is called in the files."""
    return clip.name.replace("/", "--")


def read_pictures(clip: AnnotatedClip) -> dict[int, Image]:
    """Return the pictures (BGR) of a clip by frame number.

    Raises:
        InputError: The video cannot be decoded.
    """
    try:
        with open_video(clip.path) as decoder:
            return {frame.number: frame.image for frame in decoder}
    except InputError as error:
        message = f"{clip.path}: {error}"
        raise InputError(message) from error


def find_candidates(
    clips: Sequence[AnnotatedClip], rule: Rule
) -> tuple[Candidates, tuple[PostureSequence, ...]]:
    """Decode all clips, box the person in every frame, and gather what may be labelled.

    Returns:
        The candidates, and a sequence for each clip, of all frames that have joints.

    Raises:
        InputError: A video cannot be decoded, or no frame may be labelled.
    """
    source_number = {name: i for i, name in enumerate(sorted({clip.source for clip in clips}))}
    sequences, columns = [], []
    first = 0
    for number, clip in enumerate(tqdm(clips, unit="clip", disable=None)):
        pictures = read_pictures(clip)
        listed = _with_joints(clip, pictures)
        size = _size(pictures)
        boxes = [_box(clip.image[frame], size, rule) for frame in listed]
        sequences.append(PostureSequence(sequence_name(clip), listed, boxes))
        ranks = [
            rank
            for rank, frame in enumerate(listed)
            if frame % rule.stride == 0 and _is_inside(clip.image[frame], size)
        ]
        if ranks:
            frames = [listed[rank] for rank in ranks]
            chosen = [boxes[rank] for rank in ranks]
            columns.append(
                Candidates(
                    clip=np.full(len(ranks), number),
                    source=np.full(len(ranks), source_number[clip.source]),
                    frame=first + np.array(ranks),
                    number=np.array(frames),
                    postures=normalised(clip.world[frames]),
                    aspect=_aspect(chosen),
                    time=np.array(ranks) / max(len(listed) - 1, 1),
                    looks=_looks([pictures[frame] for frame in frames], chosen),
                )
            )
        first += len(listed)
    if not columns:
        message = f"{len(clips)} clips: no frame has all joints in the picture"
        raise InputError(message)
    fields = Candidates.__dataclass_fields__
    joined = {name: np.concatenate([getattr(one, name) for one in columns]) for name in fields}
    return Candidates(**joined), tuple(sequences)


def _with_joints(clip: AnnotatedClip, pictures: dict[int, Image]) -> list[int]:
    """Return the numbers of the frames that were decoded and have a skeleton with an extent."""
    known = np.isfinite(clip.image).all(axis=(1, 2)) & (np.ptp(clip.world, axis=1) > 0).any(axis=1)
    return [frame for frame in np.flatnonzero(known).tolist() if frame in pictures]


def _size(pictures: dict[int, Image]) -> tuple[int, int]:
    """Return width and height, the same for all pictures of a video."""
    height, width = next(iter(pictures.values())).shape[:2] if pictures else (0, 0)
    return width, height


def _box(joints: Floats, size: tuple[int, int], rule: Rule) -> Box:
    low, high = joints.min(axis=0), joints.max(axis=0)
    margin = rule.margin * float((high - low).max())
    return published_box([*(low - margin), *(high + margin)], *size)


def _is_inside(joints: Floats, size: tuple[int, int]) -> bool:
    return bool(((joints >= 0) & (joints < size)).all())


def _aspect(boxes: Sequence[Box]) -> Floats:
    corners = np.array(boxes, dtype=np.float64).reshape(-1, 4)
    return np.asarray(np.log((corners[:, 2] - corners[:, 0]) / (corners[:, 3] - corners[:, 1])))


def _looks(pictures: Sequence[Image], boxes: Sequence[Box]) -> NDArray[np.float32]:
    hog = Hog()
    crops = [
        cut_region(picture, (box[0] - 1, box[1] - 1, box[2], box[3]), hog.input_px, mirror)
        for picture, box in zip(pictures, boxes, strict=True)
        for mirror in (False, True)
    ]
    return hog(np.stack(crops)).reshape(len(boxes), 2, -1)
