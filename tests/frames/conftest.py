"""Videos for the tests of decoding, made on the spot."""

from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

Image = NDArray[np.uint8]
MakeVideo = Callable[..., Path]


@pytest.fixture
def picture() -> Callable[..., Image]:
    """Return a function that paints frame `number`: a disc that moves, a red upper left corner."""

    def paint(number: int, width: int = 160, height: int = 120) -> Image:
        image = np.full((height, width, 3), (60, 90, 40), np.uint8)
        cv2.circle(image, (20 + 2 * number, height // 2), height // 8, (230, 230, 230), -1)
        image[: height // 8, : width // 2] = (0, 0, 255)
        return image

    return paint


@pytest.fixture
def make_video(tmp_path: Path, picture: Callable[..., Image]) -> MakeVideo:
    """Return a function that writes images (or a number of painted frames) as a video file."""

    def make(name: str, images: int | Iterable[Image], codec: str = "mp4v") -> Path:
        path = tmp_path / name
        frames = [picture(n) for n in range(images)] if isinstance(images, int) else list(images)
        height, width = frames[0].shape[:2] if frames else (120, 160)
        code = cv2.VideoWriter.fourcc(*codec)
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, 25.0, (width, height))
        assert writer.isOpened()
        for image in frames:
            writer.write(image)
        writer.release()
        return path

    return make


@pytest.fixture
def jpeg_stream(tmp_path: Path) -> MakeVideo:
    """Return a function that writes pictures as one JPEG after the other, which FFmpeg plays."""

    def make(name: str, images: Iterable[Image | bytes]) -> Path:
        path = tmp_path / name
        parts = [
            image if isinstance(image, bytes) else cv2.imencode(".jpg", image)[1].tobytes()
            for image in images
        ]
        path.write_bytes(b"".join(parts))
        return path

    return make
