"""A file that breaks the decoder costs one video."""

import os
import resource
import signal
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from stpose.artefacts.files import PART
from stpose.artefacts.frame_reader import open_frames
from stpose.child_process import value_from_child
from stpose.frames import stage
from stpose.frames.guarded import write_frames_guarded
from stpose.settings.frames import FramesSettings

SETTINGS = FramesSettings()


@pytest.fixture
def video(tmp_path):
    """No video, but a file: what the decoder does with it is up to the test."""
    path = tmp_path / "a.mp4"
    path.write_bytes(b"something")
    return path


def status_with(monkeypatch, video, decode, **options):
    """Run the stage with another decoder; return the status that it leaves."""
    monkeypatch.setattr(stage, "_decode", decode)
    out = video.with_name("a.h5")
    write_frames_guarded(video, "a-00000000", out, SETTINGS, **options)
    left = [path for path in out.parent.iterdir() if PART in path.name]
    assert left == []
    with open_frames(out) as frames:
        assert len(frames) == 0
        assert len(frames.attributes["sha256"]) == 64
        return frames.status


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE"])
def test_a_crash(monkeypatch, video, name):
    def crash(*_):
        signal.signal(signal.Signals[name], signal.SIG_DFL)
        os.kill(os.getpid(), signal.Signals[name])

    status = status_with(monkeypatch, video, crash)
    assert (status.code, status.reason) == ("unreadable", f"the decoder crashed ({name})")


def test_a_hang(monkeypatch, video):
    status = status_with(monkeypatch, video, lambda *_: time.sleep(600), patience=0.3)
    assert (status.code, status.reason) == (
        "unreadable",
        "the decoder hung: no frame in 0.3 s",
    )


def test_more_memory_than_any_video_needs(monkeypatch, video):
    def ask(*_):
        np.zeros(1 << 36, np.uint8)

    status = status_with(monkeypatch, video, ask)
    assert (status.code, status.reason) == (
        "unreadable",
        "the decoder asked for more than 4 GiB",
    )


def test_where_less_memory_is_allowed_that_is_the_limit(monkeypatch, make_video):
    allowed = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + (2 << 30)  # half of what a decoder may have
    monkeypatch.setattr(resource, "getrlimit", lambda _: (allowed[0], most))
    path = make_video("a.mp4", 12)
    write_frames_guarded(path, "a-00000000", path.with_name("a.h5"), SETTINGS)
    with open_frames(path.with_name("a.h5")) as frames:
        assert len(frames) == 12


def test_frames_that_come_slowly_are_no_hang(monkeypatch, video):
    def slow(path, settings, store, on_frame):  # noqa: ARG001
        for _ in range(6):
            time.sleep(0.2)
            on_frame()
        return stage.Status("too_short", "6 frames")

    status = status_with(monkeypatch, video, slow, patience=0.6)
    assert status.code == "too_short"


@pytest.mark.parametrize("how", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0])
def test_what_is_not_the_videos_fault_fails_the_job(monkeypatch, video, capfd, how):
    monkeypatch.setattr(stage, "_decode", lambda *_: how())
    with pytest.raises(RuntimeError, match=r"a\.mp4: decoding ended with (-9|1), expected 0"):
        write_frames_guarded(video, "a-00000000", video.with_name("a.h5"), SETTINGS)
    assert not video.with_name("a.h5").exists()
    capfd.readouterr()


def test_a_good_video_is_decoded_as_without_a_guard(make_video, tmp_path):
    path = make_video("a.mp4", 12)
    for name, write in (("one", write_frames_guarded), ("two", stage.write_frames)):
        write(path, "a-00000000", tmp_path / f"{name}.h5", SETTINGS, "code", "a.mp4")
    with h5py.File(tmp_path / "one.h5") as one, h5py.File(tmp_path / "two.h5") as two:
        assert dict(one.attrs) == dict(two.attrs)
        for name in two:
            np.testing.assert_array_equal(one[name][()], two[name][()])


def decode_where_the_disk_is_full(path):
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
    try:
        write_frames_guarded(path, "a-00000000", path.with_name("a.h5"), SETTINGS)
    except RuntimeError as error:
        return str(error)
    return "nothing"


def test_a_full_disk_is_not_the_videos_fault(make_video, capfd):
    path = make_video("a.mp4", 12)
    said = value_from_child(lambda: decode_where_the_disk_is_full(path))
    assert said == f"{path}: decoding ended with 1, expected 0"
    assert not path.with_name("a.h5").exists()
    assert "File too large" in capfd.readouterr().err
