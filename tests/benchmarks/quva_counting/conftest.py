"""A tiny folder in the layout of QUVA Repetition."""

import cv2
import numpy as np
import pytest

WIDTH, HEIGHT = 80, 60
# The name, the frames and the period of each video.
VIDEOS = {"000_wave": (90, 15), "001_slow_wave": (80, 20), "002_still": (40, None)}


def draw(phase):
    """A bar that goes up and down in front of a fixed background."""
    image = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    image[:, : WIDTH // 3] = (30, 160, 90)
    height = round(30 - 20 * np.cos(2 * np.pi * phase))
    cv2.rectangle(image, (35, height - 6), (70, height + 6), (240, 240, 240), -1)
    return image


@pytest.fixture(scope="session")
def counted(tmp_path_factory):
    """A folder of three videos with labels and boxes, and a name without each of them."""
    folder = tmp_path_factory.mktemp("counted")
    for part in ("videos", "annotations", "boxes"):
        (folder / part).mkdir()
    for name, (frames, period) in VIDEOS.items():
        path = str(folder / "videos" / f"{name}.mp4")
        code = cv2.VideoWriter.fourcc(*"mp4v")
        writer = cv2.VideoWriter(path, cv2.CAP_FFMPEG, code, 25.0, (WIDTH, HEIGHT))
        for frame in range(frames):
            writer.write(draw(frame / period if period else 0))
        writer.release()
        ends = np.arange(period - 1, frames, period) if period else np.array([10, 20, 30])
        np.save(folder / "annotations" / f"{name}.npy", ends)
        if period:
            lines = [f"{frame + 1} 31 1 76 60\n" for frame in range(frames)]
            (folder / "boxes" / f"{name}.bb").write_text("".join(lines))
    (folder / "videos" / "003_unlabelled.mp4").write_bytes(b"")
    np.save(folder / "annotations" / "004_unseen.npy", np.array([3, 9]))
    return folder
