"""Made crops with motion maps and a curriculum: footage to train on where only speed counts."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from stpose.artefacts.motion_maps import encode_motion
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, CURRICULUM, MOTION
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import write_table

FRAMES = 100  # of a video
_DISTINCT = 16  # pictures; decoding takes as long for equal ones
_MAP_PX = 48


@dataclass(frozen=True)
class MadeCrops:
    """Files of the stages before training."""

    curriculum: Path
    crops: tuple[Path, ...]
    motion: tuple[Path, ...]


def make_crops(folder: Path, count: int, size_px: int) -> MadeCrops:
    """Write crops of one person a video, in one block of a curriculum.

    Args:
        folder: Where to.
        count: How many, 100 a video.
        size_px: Their side.
    """
    generator = np.random.default_rng(0)
    pictures = [_encoded_picture(generator, size_px) for _ in range(_DISTINCT)]
    moving = np.zeros((_MAP_PX, _MAP_PX), np.float32)
    moving[16:30, 20:40] = 1
    encoded_map = encode_motion(moving, _MAP_PX, 1.0)
    box = np.array([0.25, 0.25, 0.75, 0.75]) * size_px
    whole = [0, 0, size_px, size_px]
    (folder / "motion").mkdir()
    crops, motion = [], []
    table: dict[str, list[object]] = {column.name: [] for column in CURRICULUM.columns}
    for video in range(-(-count // FRAMES)):
        name = f"made-{video:05d}"
        crops.append(folder / f"{name}.h5")
        motion.append(folder / "motion" / f"{name}.h5")
        made = derive("crops", "{}", sources=[(name, name)])
        with (
            create_store(crops[-1], CROPS, made) as pictures_of,
            create_store(motion[-1], MOTION, made) as maps_of,
        ):
            pictures_of.attributes.update(video_id=name, size_px=size_px, stride=1)
            maps_of.attributes.update(video_id=name, width=size_px, height=size_px, largest=1.0)
            for frame in range(min(FRAMES, count - video * FRAMES)):
                image = pictures[(video + frame) % _DISTINCT]
                pictures_of.append(
                    frame=frame, track=0, box=box, region=whole, valid=whole, image=image
                )
                maps_of.append(frame=frame, map=encoded_map)
                for key, value in zip(table, (name, 0, frame, 2.0, 0), strict=True):
                    table[key].append(value)
    curriculum = folder / "curriculum.parquet"
    write_table(curriculum, CURRICULUM, table, derive("curriculum", "{}", inputs=crops))
    return MadeCrops(curriculum, tuple(crops), tuple(motion))


def _encoded_picture(generator: np.random.Generator, size_px: int) -> bytes:
    noise = generator.integers(0, 256, (size_px, size_px, 3), dtype=np.uint8)
    soft = cv2.GaussianBlur(noise, (0, 0), 3)
    return cv2.imencode(".jpg", cv2.normalize(soft, soft, 0, 255, cv2.NORM_MINMAX))[1].tobytes()
