"""A video of a figure whose arms go up and down, and its boxes."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from stpose.settings.counting import CountingSettings

WIDTH, HEIGHT = 160, 120
BOX = (50, 20, 110, 110)  # x1, y1, x2, y2


@dataclass
class Flat:
    """The grey values of small pictures; keeps the pictures of the last call."""

    input_px: int = 16
    seen: np.ndarray | None = None

    def __call__(self, crops):
        self.seen = crops
        return crops.mean(axis=3).reshape(len(crops), -1).astype(np.float32)


def draw(phase):
    """A figure, red on its left and blue on its right, whose arms are up at phase 0."""
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    cv2.rectangle(image, (70, 40), (80, 109), (20, 20, 230), -1)
    cv2.rectangle(image, (81, 40), (90, 109), (230, 20, 20), -1)
    height = round(50 - 28 * np.cos(2 * np.pi * phase))
    for side in (55, 105):
        cv2.line(image, (80, 50), (side, height), (240, 240, 240), 5)
    return image


@dataclass(frozen=True)
class Footage:
    folder: Path

    @property
    def boxes(self) -> Path:
        return self.folder / "boxes"

    def write(self, name, frames, period, boxes=True, cut=0):
        """Write a video of a figure and, if wanted, its boxes; until `cut` it is a negative."""
        path = self.folder / f"{name}.mp4"
        code = cv2.VideoWriter.fourcc(*"mp4v")
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, 25.0, (WIDTH, HEIGHT))
        for frame in range(frames):
            image = draw(frame / period)
            writer.write(255 - image if frame < cut else image)
        writer.release()
        self.boxes.mkdir(exist_ok=True)
        # Some file must be there, or the detector has nothing to look in.
        (self.boxes / "other.bb").write_text("1 1 1 9 9\n")
        if boxes:
            x1, y1, x2, y2 = BOX
            lines = [f"{frame + 1} {x1 + 1} {y1 + 1} {x2} {y2}\n" for frame in range(frames)]
            (self.boxes / f"{name}.bb").write_text("".join(lines))
        return path

    def settings(self, **others):
        people = {"detector": "precomputed", "boxes": str(self.boxes)}
        return CountingSettings.model_validate({"people": people} | others)


@pytest.fixture
def footage(tmp_path):
    return Footage(tmp_path)


@pytest.fixture
def flat():
    return Flat()
