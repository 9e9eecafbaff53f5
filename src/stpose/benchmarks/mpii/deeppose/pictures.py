"""People as the regression sees them: squares about them, and joints in the frame of the square.

The square comes from the annotated scale and centre of the person, at training and at test, never
from the joints that are asked for. In its frame x and y run from -0.5 to 0.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from stpose.benchmarks.cutting import cut_region
from stpose.benchmarks.mpii.data import read_picture
from stpose.benchmarks.mpii.people import MpiiPeople, mirror_order
from stpose.crop_cutting import box_transforms, cut_boxes
from stpose.recipes.augmentation import draw_turns, jitter_boxes
from stpose.settings.deeppose import DeepPoseSettings

Floats = NDArray[np.float64]

_JPEG_QUALITY = 95


@dataclass(frozen=True)
class TrainingPictures:
    """People to train on, N of them, with room around their squares to move these in.

    Attributes:
        encoded: N pictures (JPEG): decoded, all of MPII would take several GB.
        crop_px: Side of the pictures.
        side_px: Side of the person's square in their middle.
        joints: (N, 16, 2) joints in px of these pictures; NaN where missing.
    """

    encoded: tuple[bytes, ...]
    crop_px: int
    side_px: float
    joints: Floats

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.encoded)


@dataclass(frozen=True)
class JointBatch:
    """Pictures and joints of one iteration.

    Attributes:
        images: (B, 3, S, S) float32 in 0 to 1.
        joints: (B, 16, 2) float32 in the frame of the square; 0 where missing.
        present: (B, 16).
    """

    images: Tensor
    joints: Tensor
    present: Tensor


def in_frame(joints: Floats, squares: Floats) -> Floats:
    """Return joints (N, 16, 2) in the frames, -0.5 to 0.5, of squares (N, 4)."""
    middle = (squares[:, None, :2] + squares[:, None, 2:]) / 2
    return np.asarray((joints - middle) / (squares[:, 2:] - squares[:, :2])[:, None])


def from_frame(joints: Floats, squares: Floats) -> Floats:
    """Return joints in the frames of squares (N, 4) in the coordinates of the squares."""
    middle = (squares[:, None, :2] + squares[:, None, 2:]) / 2
    return np.asarray(joints * (squares[:, 2:] - squares[:, :2])[:, None] + middle)


def cut_training_pictures(
    folder: Path, people: MpiiPeople, input_px: int, settings: DeepPoseSettings
) -> TrainingPictures:
    """Cut people out with as much room as shifts and scales need.

    Args:
        folder: The data folder, with `images/`.
        people: Whom to train on; scale and centre are known.
        input_px: Side of the network's pictures.
        settings: Shifts and scales.

    Raises:
        InputError: A picture is missing or unreadable.
    """
    crop_px = int(np.ceil(input_px * (1 + settings.scale + 2 * settings.shift)))
    squares = people.squares()
    half = (squares[:, 2:] - squares[:, :2]) * crop_px / input_px / 2
    middle = (squares[:, 2:] + squares[:, :2]) / 2
    regions = np.concatenate([middle - half, middle + half], axis=1)
    encoded = [
        _encode(cut_region(image, regions[row], crop_px))
        for row, image in enumerate(_pictures(folder, people, "training pictures"))
    ]
    joints = (in_frame(people.joints, regions) + 0.5) * crop_px
    return TrainingPictures(tuple(encoded), crop_px, float(input_px), joints)


def cut_test_pictures(
    folder: Path, people: MpiiPeople, input_px: int, batch: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield people cut out by their squares, as RGB (at most `batch`, S, S, 3) at a time.

    Raises:
        InputError: A picture is missing or unreadable.
    """
    squares = people.squares()
    cut = []
    for row, image in enumerate(_pictures(folder, people, "test pictures")):
        cut.append(cut_region(image, squares[row], input_px))
        if len(cut) == batch or row == len(people) - 1:
            yield np.stack(cut)
            cut = []


def draw_batch(
    pictures: TrainingPictures, input_px: int, step: int, settings: DeepPoseSettings
) -> JointBatch:
    """Draw the batch of an iteration, counted from 0; the same each time it is asked for."""
    bits = np.random.Philox(key=settings.seed, counter=[0, 0, 0, step])
    generator = np.random.Generator(bits)
    rows = generator.integers(len(pictures), size=settings.batch_size)
    corner = (pictures.crop_px - pictures.side_px) / 2
    plain = np.repeat([[corner, corner + pictures.side_px]], len(rows), axis=0)[:, [0, 0, 1, 1]]
    boxes = jitter_boxes(generator, plain, settings.shift, settings.scale)
    mirror, turns = draw_turns(generator, len(rows), settings.mirror, 0.0)
    crops = np.stack([_decode(pictures.encoded[row]) for row in rows.tolist()])
    transforms = box_transforms(boxes, pictures.crop_px, mirror, turns)
    images = cut_boxes(torch.from_numpy(crops).permute(0, 3, 1, 2), transforms, input_px)
    joints = mirrored(in_frame(pictures.joints[rows], boxes), mirror)
    present = np.isfinite(joints).all(axis=2)
    return JointBatch(
        images,
        torch.from_numpy(np.nan_to_num(joints)).float(),
        torch.from_numpy(present),
    )


def mirrored(joints: Floats, mirror: NDArray[np.bool_]) -> Floats:
    """Return joints (N, 16, 2) in their frames, those of the (N,) mirrored pictures mirrored.

    What was a right joint is a left one in the mirrored picture.
    """
    flipped = joints[:, mirror_order()] * [-1.0, 1.0]
    return np.where(mirror[:, None, None], flipped, joints)


def _pictures(folder: Path, people: MpiiPeople, label: str) -> Iterator[NDArray[np.uint8]]:
    """Yield the image of each person; people of one image follow each other and share a reading."""
    name, image = "", np.empty((0, 0, 3), dtype=np.uint8)
    for wanted in tqdm(people.images, desc=label, disable=None):
        if wanted != name:
            name, image = wanted, read_picture(folder, wanted)
        yield image


def _encode(rgb: NDArray[np.uint8]) -> bytes:
    _, encoded = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.tobytes()


def _decode(encoded: bytes) -> NDArray[np.uint8]:
    bgr = cv2.imdecode(np.frombuffer(encoded, dtype=np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(bgr, dtype=np.uint8)[..., ::-1])
