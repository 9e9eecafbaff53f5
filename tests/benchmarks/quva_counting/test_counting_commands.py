"""`stpose count` and `stpose evaluate quva-counting`, as a user calls them."""

import json

import cv2
import pytest
from typer.testing import CliRunner

from stpose.cli.main import app
from stpose.errors import InputError


def run(*arguments):
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


@pytest.fixture
def detector(counted):
    return ("--detector", "precomputed", "--boxes", counted / "boxes")


def test_a_video_is_counted(counted, detector):
    command = ("count", counted / "videos" / "000_wave.mp4", "--embedding", "pixels", *detector)
    found = json.loads(run(*command, "--json"))
    assert found["count"] == 6
    assert found["period"] == pytest.approx(15, rel=0.05)
    assert found["status"] == "ok"
    assert run(*command).startswith("6 cycles of 1")


def test_a_count_is_drawn(counted, detector, tmp_path):
    out = tmp_path / "count.png"
    video = counted / "videos" / "000_wave.mp4"
    words = run("count", video, "--embedding", "pixels", *detector, "--picture", out)
    assert words.startswith("6 cycles of 1")
    image = cv2.imread(str(out))
    assert image.shape[1] > 640  # the matrix, and beside it people
    kept = tmp_path / "work"
    run("count", video, "--embedding", "pixels", *detector, "--picture", out, "--work", kept)
    assert (cv2.imread(str(out)) == image).all()
    assert len(list(kept.iterdir())) == 1


def test_nobody_is_not_drawn(counted, detector, tmp_path):
    out = tmp_path / "count.png"
    video = counted / "videos" / "002_still.mp4"
    assert run("count", video, *detector, "--picture", out).startswith("0 cycles: ")
    assert not out.exists()
    with pytest.raises(InputError, match=r"count.gif: ends in '.gif', expected .png or .jpg"):
        run("count", video, *detector, "--picture", tmp_path / "count.gif")


def test_nobody_is_counted_as_none(counted, detector):
    command = ("count", counted / "videos" / "002_still.mp4", *detector)
    found = json.loads(run(*command, "--json"))
    assert (found["count"], found["period"], found["status"]) == (0, 0, "no_person")
    assert run(*command).startswith("0 cycles: ")


def test_what_is_no_video_is_an_error(detector, tmp_path):
    with pytest.raises(InputError, match=r"none.mp4: no such file"):
        run("count", tmp_path / "none.mp4", *detector)
    (tmp_path / "some.mp4").write_bytes(b"no video")
    with pytest.raises(InputError, match=r"some.mp4: unreadable, OpenCV cannot open it"):
        run("count", tmp_path / "some.mp4", *detector)
    with pytest.raises(InputError, match="crop: 'round'"):
        run("count", tmp_path / "some.mp4", "--crop", "round")


def test_videos_are_evaluated(counted, detector, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("001_slow_wave\n")
    command = ("evaluate", "quva-counting", "--data", counted, "--videos", "000", "--list", names)
    more = ("--work", tmp_path / "work", "--against", "mean-count", "--json")
    found = json.loads(run(*command, "--embedding", "pixels", *detector, *more))
    assert found["off_by_one"] == 1
    assert list(found["videos"]) == ["000_wave", "001_slow_wave"]
    assert found["difference"]["against"] == "mean-count"
    assert len(list((tmp_path / "work").iterdir())) == 2
    steps = json.loads(
        run(*command, "--embedding", "pixel-peak", "--labels-per-cycle", 2, "--json")
    )
    assert steps["videos"]["000_wave"]["true"] == 3


def test_a_table_for_a_person(counted):
    words = run("evaluate", "quva-counting", "--data", counted, "--embedding", "mean-count")
    assert "off_by_one: " in words
    assert "000_wave" in words
