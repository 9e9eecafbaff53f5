"""The frames stage: what is written of good videos, and what of bad ones."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.artefacts.frame_reader import open_frames
from stpose.artefacts.header import Header, read_header
from stpose.frames.stage import stored_size, write_frames
from stpose.settings.frames import FramesSettings

MakeVideo = Callable[..., Path]


def run(path: Path, **settings: Any) -> tuple[Header, Path]:
    out = path.parent / "out" / "a.h5"
    write_frames(path, "a", out, FramesSettings(**settings), "code")
    return read_header(out), out


def test_a_good_video(make_video: MakeVideo, picture: Any) -> None:
    path = make_video("a.mp4", 12)
    header, out = run(path)
    assert header.status.is_ok
    assert header.provenance["code"] == "code"
    assert header.attributes == {
        "video_id": "a",
        "path": str(path),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "fps": 25.0,
        "width": 160,
        "height": 120,
        "stored_width": 160,
        "stored_height": 120,
        "rotation": 0,
        "frames_announced": 12,
        "frames_decoded": 12,
        "frames_lost": 0,
        "stride": 1,
        "warning": "",
    }
    with open_frames(out) as frames:
        assert frames.numbers.tolist() == list(range(12))
        for frame in frames:
            assert abs(frame.image.astype(int) - picture(frame.number)).mean() < 4


def test_the_identity_is_that_of_content_settings_and_code(make_video: MakeVideo) -> None:
    path = make_video("a.mp4", 12)
    first, out = run(path)
    before = out.read_bytes()
    again, _ = run(path)
    assert out.read_bytes() == before
    assert again.identity == first.identity
    renamed, _ = run(path.rename(path.with_name("b.mp4")))
    assert renamed.identity == first.identity
    assert run(make_video("c.mp4", 13))[0].identity != first.identity
    assert run(make_video("a.mp4", 12), quality=90)[0].identity != first.identity


def test_stride_and_size(make_video: MakeVideo) -> None:
    header, out = run(make_video("a.mp4", 30), stride=4, minimum_frames=8, longest_side=100)
    assert header.status.is_ok
    assert (header.attributes["width"], header.attributes["stored_width"]) == (160, 100)
    assert (header.attributes["height"], header.attributes["stored_height"]) == (120, 75)
    with open_frames(out) as frames:
        assert frames.numbers.tolist() == list(range(0, 30, 4))
        assert frames.at(8).image.shape == (75, 100, 3)


def test_cuts_between_kept_frames_are_seen(make_video: MakeVideo) -> None:
    images = [np.full((48, 64, 3), 20 if n < 14 else 200, np.uint8) for n in range(30)]
    with open_frames(run(make_video("a.mp4", images), stride=4, minimum_frames=1)[1]) as frames:
        assert frames.shots.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 6000))
def test_stored_size(width: int, height: int, longest: int) -> None:
    found = stored_size(width, height, longest)
    assert found[0] <= width
    assert found[1] <= height
    assert min(found) >= 1
    if longest == 0 or longest >= max(width, height):
        assert found == (width, height)
    else:
        assert max(found) == longest
        assert found[0] == pytest.approx(width * longest / max(width, height), abs=1)
        assert found[1] == pytest.approx(height * longest / max(width, height), abs=1)


def test_16_by_16(make_video: MakeVideo) -> None:
    header, out = run(make_video("a.mp4", [np.full((16, 16, 3), 99, np.uint8)] * 10))
    assert header.status.is_ok
    with open_frames(out) as frames:
        assert frames.at(3).image.shape == (16, 16, 3)


@pytest.mark.parametrize(
    ("frames", "code", "reason"),
    [
        (0, "no_frames", "a container in which no frame can be found"),
        (1, "too_short", "1 frame, 9 needed"),
        (8, "too_short", "8 frames, 9 needed"),
        (9, "ok", ""),
    ],
)
def test_short_videos(make_video: MakeVideo, frames: int, code: str, reason: str) -> None:
    header, out = run(make_video("a.mp4", frames))
    assert (header.status.code, header.status.reason) == (code, reason)
    with open_frames(out) as reader:
        assert len(reader) == frames


def _empty(path: Path) -> None:
    path.touch()


def _text(path: Path) -> None:
    path.write_text("This is not a video.\n" * 50)


def _folder(path: Path) -> None:
    path.mkdir()


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere.mp4")


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _missing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_empty, "the file is empty"),
        (_text, "OpenCV cannot open it: moov atom not found"),
        (_folder, "it is a folder, expected a video file"),
        (_dangling, "the link points to nowhere.mp4, which is missing"),
        (_loop, "the link points to"),
        (_pipe, "it is not an ordinary file, expected a video file"),
        (_missing, "there is no such file"),
    ],
)
def test_what_is_no_video(
    tmp_path: Path,
    make: Callable[[Path], None],
    reason: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "a.mp4"
    make(path)
    header, out = run(path)
    assert header.status.code == "unreadable"
    assert header.status.reason.startswith(reason)
    assert header.attributes["frames_decoded"] == header.attributes["width"] == 0
    with open_frames(out) as frames:
        assert list(frames) == []
    assert capfd.readouterr().err == ""


def test_a_file_that_may_not_be_read(make_video: MakeVideo, monkeypatch: Any) -> None:
    path = make_video("a.mp4", 10)

    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("stpose.frames.stage.hashlib.file_digest", refuse)
    header, _ = run(path)
    assert (header.status.code, header.attributes["sha256"]) == ("unreadable", "")
    assert header.status.reason == "the file cannot be read: Permission denied"


def test_half_a_video(make_video: MakeVideo) -> None:
    path = make_video("a.avi", 40, "MJPG")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    header, out = run(path)
    assert header.status.is_ok
    with open_frames(out) as frames:
        came = len(frames)
    assert header.attributes["frames_announced"] == 40
    assert header.attributes["frames_decoded"] == came < 30
    assert header.attributes["warning"].startswith(f"40 frames announced, {came} came")


def test_too_little_of_a_video(make_video: MakeVideo) -> None:
    path = make_video("a.avi", 40, "MJPG")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 5])
    status = run(path)[0].status
    assert status.code == "too_short"
    assert "9 needed; 40 frames announced, " in status.reason


def test_an_mp4_that_lost_its_index(make_video: MakeVideo) -> None:
    path = make_video("a.mp4", 20)
    path.write_bytes(path.read_bytes()[:1000])
    assert run(path)[0].status.reason == "OpenCV cannot open it: moov atom not found"


def test_nothing_is_written_to_standard_error(
    jpeg_stream: MakeVideo, picture: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    good = [picture(n) for n in range(12)]
    damaged = cv2.imencode(".jpg", good[0])[1].tobytes()[:60] + bytes(200)
    header, _ = run(jpeg_stream("a.mjpeg", [*good[:6], damaged, *good[6:]]))
    assert header.attributes["frames_lost"] == 1
    assert "the decoder said: " in header.attributes["warning"]
    assert " @ 0x" not in header.attributes["warning"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("pattern", ["unlabelled/jhmdb/*/*.mp4", "annotated/jhmdb/videos/*/*.avi"])
def test_real_clips(shared_data: Path, tmp_path: Path, pattern: str) -> None:
    path = sorted(shared_data.glob(pattern))[7]
    write_frames(path, "a", tmp_path / "a.h5", FramesSettings())
    with open_frames(tmp_path / "a.h5") as frames:
        assert frames.status.is_ok
        assert (frames.attributes["width"], frames.attributes["height"]) == (320, 240)
        assert len(frames) == frames.attributes["frames_decoded"] > 10
        assert (np.diff(frames.times) > 0).all()
        # Some frames of these clips were dropped as repeats: their times tell, not their numbers.
        assert (np.diff(frames.times) > 0.06).any()
        # The old AVI files announce more frames than there are.
        announced = f"{frames.attributes['frames_announced']} frames announced"
        assert frames.attributes["warning"].startswith(announced) == (path.suffix == ".avi")
