"""Reading frames back: one by one and by number."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stpose.artefacts.frame_reader import open_frames
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import FRAMES
from stpose.artefacts.stores import create_store
from stpose.errors import ArtefactError
from stpose.frames.stage import write_frames
from stpose.settings.frames import FramesSettings


@pytest.fixture
def stored(make_video: Callable[..., Path], tmp_path: Path) -> Path:
    settings = FramesSettings(stride=3, minimum_frames=1, longest_side=80)
    write_frames(make_video("a.mp4", 20), "a", tmp_path / "a.h5", settings)
    return tmp_path / "a.h5"


def test_one_by_one(stored: Path, picture: Any) -> None:
    with open_frames(stored) as frames:
        assert len(frames) == 7
        assert frames.status.is_ok
        assert frames.scale == (0.5, 0.5)
        found = list(frames)
    assert [frame.number for frame in found] == [0, 3, 6, 9, 12, 15, 18]
    assert [frame.time for frame in found] == pytest.approx(np.arange(0, 20, 3) / 25)
    assert {frame.shot for frame in found} == {0}
    for frame in found:
        small = picture(frame.number).reshape(60, 2, 80, 2, 3).mean(axis=(1, 3))
        assert abs(frame.image - small).mean() < 4


def test_any_by_number(stored: Path) -> None:
    with open_frames(stored) as frames:
        by_number = {frame.number: frame for frame in frames}
        for number in (18, 0, 9):
            frame = frames.at(number)
            assert frame.number == number
            assert frame.time == by_number[number].time
            assert np.array_equal(frame.image, by_number[number].image)
        for number in (-1, 1, 19, 1000):
            with pytest.raises(KeyError, match=f"holds no frame {number}"):
                frames.at(number)


def test_columns(stored: Path) -> None:
    with open_frames(stored) as frames:
        assert frames.numbers.dtype == np.int64
        assert frames.times.dtype == np.float64
        assert frames.shots.tolist() == [0] * 7
        assert frames.attributes["stride"] == 3


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_bytes_that_are_no_picture(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.h5"
    with create_store(path, FRAMES, derive("frames", FramesSettings())) as store:
        store.append(frame=4, time=0.0, shot=0, image=content)
    with open_frames(path) as frames, pytest.raises(ArtefactError, match="frame 4 is no picture"):
        frames.at(4)
