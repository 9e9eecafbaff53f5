"""A world that is easy to learn from: a clock hand on a body, turning at a steady pace."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from stpose.artefacts.motion_maps import encode_motion
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, CURRICULUM, MOTION
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import write_table

SIZE = 72
PERIOD = 40


@dataclass(frozen=True)
class World:
    curriculum: Path
    crops: tuple[Path, ...]
    motion: tuple[Path, ...]


def clock_picture(time, phase, generator):
    """A dark body with a light hand, on a noisy background."""
    shade = generator.integers(90, 140)
    picture = generator.integers(shade - 30, shade + 30, (SIZE, SIZE, 3), dtype=np.uint8)
    cv2.rectangle(picture, (16, 16), (55, 55), (40, 20, 20), -1)
    draw_hand(picture, time, phase, (220, 230, 240))
    return picture


def draw_hand(picture, time, phase, colour):
    angle = 2 * np.pi * (time / PERIOD + phase)
    tip = 35.5 + 17 * np.array([np.cos(angle), np.sin(angle)])
    cv2.line(picture, (35, 35), tuple(np.rint(tip).astype(int).tolist()), colour, 7)


def write_motion(path, video, frames, phase, stride):
    """Where the hand is, it moves."""
    with create_store(path, MOTION, derive("flow", "{}", sources=[(video, video)])) as store:
        store.attributes.update(video_id=video, width=SIZE, height=SIZE, largest=1.0)
        for time in range(frames):
            lengths = np.zeros((SIZE, SIZE), np.float32)
            draw_hand(lengths, time, phase, 1.0)
            store.append(frame=time * stride, map=encode_motion(lengths, SIZE // 2, 1.0))


def write_world(folder, videos, frames, blocks=2, stride=1):
    generator = np.random.default_rng(0)
    paths, maps, rows = [], [], []
    (folder / "motion").mkdir()
    for number in range(videos):
        video = f"video-{number}"
        paths.append(folder / f"{video}.h5")
        phase = generator.random()
        maps.append(folder / "motion" / f"{video}.h5")
        write_motion(maps[-1], video, frames, phase, stride)
        with create_store(
            paths[-1], CROPS, derive("crops", "{}", sources=[(video, video)])
        ) as store:
            store.attributes.update(video_id=video, size_px=SIZE, stride=stride)
            for time in range(frames):
                picture = clock_picture(time, phase, generator)
                store.append(
                    frame=time * stride,
                    track=1,
                    box=[16, 16, 56, 56],
                    region=[0, 0, SIZE, SIZE],
                    valid=[0, 0, SIZE, SIZE],
                    image=cv2.imencode(".png", picture)[1].tobytes(),
                )
                rows.append((video, 1, time * stride, 2.0, number * blocks // videos))
    curriculum = folder / "curriculum.parquet"
    names = [column.name for column in CURRICULUM.columns]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    write_table(curriculum, CURRICULUM, columns, derive("curriculum", "{}", inputs=paths))
    return World(curriculum, tuple(paths), tuple(maps))


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("world"), videos=8, frames=60)


@pytest.fixture(scope="session")
def make_world():
    return write_world
