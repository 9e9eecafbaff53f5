"""A set of the demo's people in the format of Leeds Sports Pose.

The first half of the images, the gallery, shows people of the training videos, the second half,
the queries, other people. Like in LSP, people are scaled to a stature of 150 px, cut out with a
margin of 21 px around their joints; the flag of a joint is 0 where it is visible; coordinates
count the centre of the first pixel as 1.
"""

from pathlib import Path

import cv2
import numpy as np
import scipy.io
from numpy.typing import NDArray

from stpose.demo.plan import DemoVideo, planned_videos
from stpose.demo.rendering import Person, Picture, render_frame
from stpose.demo.scene import stage_scene
from stpose.demo.skeleton import INDEX, LSP_JOINTS, FloatArray
from stpose.settings.demo import DemoSettings

STATURE = 150.0
MARGIN = 21.0


def write_lsp_set(settings: DemoSettings, folder: Path) -> int:
    """Render the set into an empty folder: `images/im0001.jpg` and on, and `joints.mat`.

    Returns:
        The number of images.
    """
    half = settings.lsp_images // 2
    joints: list[FloatArray] = []
    (folder / "images").mkdir(parents=True)
    for part, heldout in enumerate((False, True)):
        rng = np.random.default_rng([settings.seed, 2, part])
        videos = planned_videos(settings, heldout)
        for index, video in enumerate(videos):
            share = len(range(index, half, len(videos)))
            for image, row in _cut_outs(video, settings, share, rng):
                joints.append(row)
                name = f"im{len(joints):04d}.jpg"
                _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 92])
                (folder / "images" / name).write_bytes(encoded.tobytes())
    stacked = np.stack(joints, axis=-1)
    path = folder / "joints.mat"
    scipy.io.savemat(path, {"joints": stacked}, do_compression=True)
    _erase_time(path)
    return len(joints)


def cut_out(picture: Picture, person: Person) -> tuple[NDArray[np.uint8], FloatArray]:
    """Cut a person out of a frame, scaled.

    Returns:
        The picture, and (3, 14): x, y, and 1 for a hidden joint, in the order of LSP.
    """
    chosen = [INDEX[name] for name in LSP_JOINTS]
    scale = STATURE / person.stature
    points = person.points[chosen] * scale
    low = np.floor(points.min(axis=0) - MARGIN)
    width, height = np.ceil(points.max(axis=0) + MARGIN) - low + 1
    affine = np.array([[scale, 0, -low[0]], [0, scale, -low[1]]])
    image = cv2.warpAffine(
        picture.image,
        affine,
        (int(width), int(height)),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    hidden = ~person.visible[chosen]
    rows = np.concatenate([(points - low + 1).T, hidden[None].astype(np.float64)])
    return np.asarray(image, dtype=np.uint8), rows


def _cut_outs(
    video: DemoVideo, settings: DemoSettings, count: int, rng: np.random.Generator
) -> list[tuple[NDArray[np.uint8], FloatArray]]:
    """Cut the main person out of frames spread over a video, one at random in each part of it."""
    edges = np.linspace(0, settings.frames, count + 1)
    moments = np.minimum(rng.uniform(edges[:-1], edges[1:]).astype(int), settings.frames - 1)
    if not count:
        return []
    scene = stage_scene(video, settings)
    found = []
    for frame in moments:
        picture = render_frame(scene, int(frame), settings.width, settings.height)
        found.append(cut_out(picture, picture.people[0]))
    return found


def _erase_time(path: Path) -> None:
    """Overwrite the text at the start of a MATLAB file, which tells when it was written."""
    text = b"MATLAB 5.0 MAT-file, joints in the format of Leeds Sports Pose"
    with path.open("r+b") as file:
        file.write(text.ljust(116))
