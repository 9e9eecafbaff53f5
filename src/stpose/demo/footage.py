"""Demo videos as files: the pictures as MP4, the true joints beside them as Parquet."""

from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
from tqdm import tqdm

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.provenance import Provenance, derive
from stpose.artefacts.tables import Column, TableSchema, write_table
from stpose.demo.plan import DemoVideo
from stpose.demo.rendering import Person, render_frame
from stpose.demo.scene import stage_scene
from stpose.demo.skeleton import JOINTS
from stpose.errors import InputError
from stpose.settings.demo import DemoSettings

DEMO_JOINTS = TableSchema(
    "demo_joints",
    1,
    (
        Column("frame", pa.int64(), "", "Frame number, 0-based."),
        Column("person", pa.int32(), "", "0 for the main person, 1 for a second one."),
        Column("joint", pa.string(), "", "Name of the joint; left and right are the person's."),
        Column("x", pa.float32(), "px", "Column, 0-based, whole at the centre of a pixel."),
        Column("y", pa.float32(), "px", "Row."),
        Column("x3", pa.float32(), "m", "To the right of the picture, from the start."),
        Column("y3", pa.float32(), "m", "Above the ground."),
        Column("z3", pa.float32(), "m", "Towards the camera."),
        Column("visible", pa.bool_(), "", "In the frame, with nothing else in front of it."),
    ),
)


def write_demo_video(
    video: DemoVideo, settings: DemoSettings, video_path: Path, joints_path: Path, code: str = ""
) -> None:
    """Render a demo video.

    Args:
        video: Which one, from `stpose.demo.plan.planned_videos`.
        settings: Size, length, seed.
        video_path: Where the MP4 goes; its folder is made.
        joints_path: Where the table of joints goes, see `DEMO_JOINTS`.
        code: Fingerprint of the code, for the table's provenance.

    Raises:
        InputError: OpenCV cannot write MP4 files here.
    """
    video_path, joints_path = Path(video_path), Path(joints_path)
    scene = stage_scene(video, settings)
    size = (settings.width, settings.height)
    people: list[tuple[Person, ...]] = []
    with replace_atomically(video_path) as temporary:
        fourcc = cv2.VideoWriter.fourcc(*"mp4v")
        writer = cv2.VideoWriter(str(temporary), fourcc, settings.fps, size)
        if not writer.isOpened():
            message = f"{video_path}: OpenCV cannot open it to write MPEG-4 video"
            raise InputError(message)
        try:
            for frame in tqdm(range(settings.frames), desc=video.name, disable=None, leave=False):
                picture = render_frame(scene, frame, *size)
                writer.write(picture.image)
                people.append(picture.people)
        finally:
            writer.release()
    provenance = derive("demo", settings, code, sources=[("video", repr(video))])
    write_joints(joints_path, people, provenance, video, settings)


def write_joints(
    path: Path,
    people: list[tuple[Person, ...]],
    provenance: Provenance,
    video: DemoVideo,
    settings: DemoSettings,
) -> None:
    """Write the joints of all people in all frames, sorted by frame, person and joint."""
    count, each = len(people[0]), len(JOINTS)
    everybody = [person for here in people for person in here]
    points = np.concatenate([person.points for person in everybody])
    spatial = np.concatenate([person.spatial for person in everybody])
    rows = {
        "frame": np.repeat(np.arange(len(people)), count * each),
        "person": np.tile(np.repeat(np.arange(count, dtype=np.int32), each), len(people)),
        "joint": list(JOINTS) * len(everybody),
        "x": points[:, 0].astype(np.float32),
        "y": points[:, 1].astype(np.float32),
        "x3": spatial[:, 0].astype(np.float32),
        "y3": spatial[:, 1].astype(np.float32),
        "z3": spatial[:, 2].astype(np.float32),
        "visible": np.concatenate([person.visible for person in everybody]),
    }
    attributes = {
        "video": video.name,
        "motion": video.motion,
        "fps": settings.fps,
        "width": settings.width,
        "height": settings.height,
    }
    write_table(path, DEMO_JOINTS, rows, provenance, attributes=attributes)
