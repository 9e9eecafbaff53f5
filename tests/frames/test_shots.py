"""Cuts are found, motion is not taken for one."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.frames.decoding import open_video
from stpose.frames.shots import ShotCounter
from stpose.settings.frames import FramesSettings

THRESHOLD = FramesSettings().cut_threshold


def scene(seed: int, side: int = 400) -> NDArray[np.uint8]:
    """Return a random landscape of coarse blobs (side, side, 3)."""
    coarse = np.random.default_rng(seed).integers(0, 256, (side // 40, side // 40, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def shots(images: list[NDArray[np.uint8]]) -> list[int]:
    counter = ShotCounter(THRESHOLD)
    return [counter.shot_of(image) for image in images]


def views(seed: int, count: int, speed: int) -> list[NDArray[np.uint8]]:
    """Return views of a scene past which the camera pans."""
    picture = scene(seed)
    return [picture[20:140, speed * n : speed * n + 160] for n in range(count)]


def test_no_cut_in_a_pan() -> None:
    assert shots(views(0, 20, speed=10)) == [0] * 20


def test_a_cut_begins_with_the_first_frame_of_the_new_shot() -> None:
    assert shots(views(0, 6, 4) + views(1, 5, 4)) == [0] * 6 + [1] * 5


def test_cuts_may_follow_each_other_at_once() -> None:
    assert shots(views(0, 2, 4) + views(1, 1, 4) + views(2, 2, 4)) == [0, 0, 1, 2, 2]


def test_a_threshold_of_255_finds_none() -> None:
    counter = ShotCounter(255.0)
    assert [counter.shot_of(image) for image in (scene(1), scene(2))] == [0, 0]


def test_large_and_odd_sizes() -> None:
    counter = ShotCounter(THRESHOLD)
    sizes = (1, 3000), (3000, 1), (1080, 1920)
    for height, width in sizes:
        image = np.zeros((height, width, 3), np.uint8)
        counter = ShotCounter(THRESHOLD)
        assert [counter.shot_of(image), counter.shot_of(image)] == [0, 0]


def clips(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "unlabelled" / "jhmdb").glob("*/*.mp4"))


def decoded(path: Path) -> list[NDArray[np.uint8]]:
    with open_video(path) as video:
        return [frame.image for frame in video]


def test_no_cut_in_real_clips_with_fast_motion(shared_data: Path) -> None:
    chosen = clips(shared_data)[::20]
    cut = [path.name for path in chosen if shots(decoded(path))[-1] > 0]
    assert len(cut) <= len(chosen) // 25, cut


def test_real_clips_end_to_end_are_cut_where_they_meet(shared_data: Path) -> None:
    found = clips(shared_data)
    pairs = list(zip(found[5::60], found[35::60], strict=False))
    missed = []
    for first, second in pairs:
        images, others = decoded(first)[-10:], decoded(second)[:10]
        numbers = shots(images + others)
        if numbers[10] == numbers[9]:
            missed.append((first.name, second.name))
    assert len(pairs) >= 8
    assert missed == []
