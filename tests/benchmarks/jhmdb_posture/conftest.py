"""A tiny folder of J-HMDB: stick figures of known postures."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from stpose.benchmarks.jhmdb_posture.skeletons import JOINTS, mirrored

WIDTH, HEIGHT, FRAMES = 96, 72, 14

# x to the right, y down, in statures; the figure faces the camera, so right is left in the picture.
STANDING = {
    "neck": (0.0, -0.35),
    "belly": (0.0, -0.1),
    "face": (0.0, -0.45),
    "right_shoulder": (-0.1, -0.32),
    "left_shoulder": (0.1, -0.32),
    "right_hip": (-0.06, 0.05),
    "left_hip": (0.06, 0.05),
    "right_elbow": (-0.15, -0.15),
    "left_elbow": (0.15, -0.15),
    "right_knee": (-0.07, 0.28),
    "left_knee": (0.07, 0.28),
    "right_wrist": (-0.17, 0.02),
    "left_wrist": (0.17, 0.02),
    "right_ankle": (-0.07, 0.5),
    "left_ankle": (0.07, 0.5),
}
# One arm up and one leg out, so that its mirror image is another posture.
REACHING = STANDING | {
    "left_elbow": (0.25, -0.45),
    "left_wrist": (0.35, -0.55),
    "left_knee": (0.25, 0.2),
    "left_ankle": (0.35, 0.45),
}
CROUCHING = STANDING | {
    "right_knee": (-0.3, 0.05),
    "left_knee": (0.3, 0.05),
    "right_ankle": (-0.1, 0.15),
    "left_ankle": (0.1, 0.15),
    "right_elbow": (-0.3, -0.3),
    "left_elbow": (0.3, -0.3),
    "right_wrist": (-0.3, -0.5),
    "left_wrist": (0.3, -0.5),
}
POSTURES = {
    name: np.array([joints[joint] for joint in JOINTS])
    for name, joints in (("reach", REACHING), ("crouch", CROUCHING))
}


@dataclass(frozen=True)
class Clip:
    """A clip to make: its posture, mirrored or not, of a source, and where the person stands."""

    name: str
    source: str
    posture: str
    mirror: bool = False
    shift: float = 0.0


def make_jhmdb(folder: Path, clips: Iterable[Clip], parts: bool = True) -> dict[str, np.ndarray]:
    """Write videos, joints and sources; return the arrays of joints."""
    arrays, sources = {}, {}
    for number, clip in enumerate(clips):
        rng = np.random.default_rng(number)
        shape = POSTURES[clip.posture]
        shape = mirrored(shape) if clip.mirror else shape
        world = shape + rng.normal(0, 0.004, (FRAMES, 15, 2))
        # Every clip has a unit of its own.
        arrays[f"{clip.name}/pos_world"] = world * (1 + 0.1 * number)
        image = world * 55 + np.array([WIDTH / 2 + clip.shift, HEIGHT / 2])
        arrays[f"{clip.name}/pos_img"] = image.astype(np.float32)
        sources.setdefault(clip.source, []).append(clip.name)
        _write_video(folder / "videos" / f"{clip.name}.avi", image, rng)
    np.savez(folder / "joints.npz", **arrays)
    content = {"part": sources} if parts else sources
    (folder / "sources.json").write_text(json.dumps(content))
    return arrays


def _write_video(path: Path, joints: np.ndarray, rng: np.random.Generator) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, 25.0, (WIDTH, HEIGHT))
    colour = rng.integers(0, 120, 3).tolist()
    for places in joints:
        picture = np.full((HEIGHT, WIDTH, 3), colour, np.uint8)
        for x, y in places:
            cv2.circle(picture, (round(float(x)), round(float(y))), 3, (240, 240, 240), -1)
        writer.write(picture)
    writer.release()


def usual_clips(sources: int = 7) -> list[Clip]:
    """One clip of each posture a source; the reaching one of source 0 is mirrored."""
    return [
        Clip(f"{posture}/s{source}_clip (1)", f"source{source}", posture, source == 0)
        for source in range(sources)
        for posture in POSTURES
    ]


@pytest.fixture(scope="session")
def clips():
    """What makes tiny folders of J-HMDB."""
    return make_jhmdb, usual_clips, Clip


@pytest.fixture(scope="session")
def jhmdb(tmp_path_factory):
    """A folder of seven sources with two clips each, and its joints."""
    folder = tmp_path_factory.mktemp("jhmdb")
    return folder, make_jhmdb(folder, usual_clips())
