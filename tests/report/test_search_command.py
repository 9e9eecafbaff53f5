"""`stpose search`, `embed` and `export` on made results."""

import json

import cv2
import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from stpose.artefacts.verification import verify_file
from stpose.cli.main import app
from stpose.errors import InputError
from stpose.videos.discovery import video_id


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def picture(made, tmp_path):
    path = tmp_path / "someone.png"
    cv2.imwrite(str(path), made.figure(0, 3))
    return path


def test_a_moment_of_a_video_is_searched_in_the_others(results, tmp_path):
    sheet = tmp_path / "found.png"
    done = run("search", "a/one.mp4@0.2", "--results", results, "-k", 3, "--sheet", sheet, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["found"]
    assert len(found) == 3
    assert [one["distance"] for one in found] == sorted(one["distance"] for one in found)
    assert video_id("a/one.mp4") not in {one["video_id"] for one in found}
    assert all(one["seconds"] == pytest.approx(one["frame"] / 25) for one in found)
    image = cv2.imread(str(sheet))
    assert image is not None
    assert image.shape[1] > 4 * 110


def test_poses_of_a_video_are_a_second_apart(results):
    done = run("search", "one.mp4@0.2", "--results", results, "-k", 50, "--json")
    frames: dict[str, list[int]] = {}
    for one in json.loads(done.stdout)["found"]:
        frames.setdefault(one["video_id"], []).append(one["frame"])
    for found in frames.values():
        assert (np.diff(sorted(found)) > 25).all()


def test_a_picture_from_elsewhere(made, results, tmp_path):
    """It is a frame of a video, cut as its crops were, so that this video is the nearest."""
    path = tmp_path / "person.png"
    cv2.imwrite(str(path), made.figure(0, 3)[12:92, 32:96])
    done = run("search", path, "--results", results, "--detector", "none", "--json", "-k", 5)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["found"]
    assert found[0]["path"] == "a/one.mp4"
    assert found[0]["distance"] < found[-1]["distance"]


def test_where_nobody_is_found_the_whole_picture_is_taken(results, tmp_path):
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((96, 128, 3), 127, np.uint8))
    done = run("search", path, "--results", results)
    assert done.exit_code == 0, done.output
    assert "found nobody" in done.output


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("a/one.mp4@99", "nobody was found within half a second"),
        ("a/one.mp4@soon", "no time in seconds"),
        ("nothing.jpg", "no such file"),
        ("nothing.mp4@1", "no video of the run, and no such file"),
    ],
)
def test_mistakes_in_a_query_are_named(results, query, words):
    done = run("search", query, "--results", results)
    assert isinstance(done.exception, InputError)
    assert words in str(done.exception)


def test_results_without_vectors_are_named(tmp_path):
    done = run("search", "x.jpg", "--results", tmp_path)
    assert "no vectors" in str(done.exception)


@pytest.mark.parametrize("ending", ["parquet", "h5"])
def test_embed_writes_a_row_for_every_picture(results, picture, tmp_path, ending):
    out = tmp_path / f"e.{ending}"
    done = run("embed", picture.parent, "--weights", "st", "--results", results, "--out", out)
    assert done.exit_code == 0, done.output
    verify_file(out)
    if ending == "parquet":
        (row,) = pq.read_table(out).to_pylist()
        assert (row["input"], row["x1"], row["x2"]) == (str(picture), 0, 128)
        vector = row["vector"]
    else:
        with h5py.File(out) as file:
            vector = file["vector"][0]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_embed_says_in_which_pictures_nobody_was_found(results, tmp_path):
    grey = [tmp_path / f"grey-{number:02d}.png" for number in range(11)]
    for path in grey:
        cv2.imwrite(str(path), np.full((96, 128, 3), 127, np.uint8))
    out = tmp_path / "e.parquet"
    to = ("--detector", "hog", "--weights", "st", "--results", results, "--out", out)
    done = run("embed", *grey[:2], *to)
    assert done.exit_code == 0, done.output
    assert f"nobody found in 2 of 2 files: {grey[0]}, {grey[1]}\n" in done.stderr
    assert pq.read_table(out).num_rows == 0
    done = run("embed", *grey, *to)
    assert f"{grey[9]}, ...\n" in done.stderr
    assert str(grey[10]) not in done.stderr


@pytest.mark.parametrize("name", ["none.png", "folder", "x.txt"])
def test_embed_names_what_it_cannot_read(results, tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "x.txt").touch()
    out = tmp_path / "e.h5"
    done = run("embed", tmp_path / name, "--weights", "st", "--results", results, "--out", out)
    assert isinstance(done.exception, InputError)
    assert name in str(done.exception)


def test_an_exported_network_gives_the_same(results, tmp_path):
    pytest.importorskip("onnxscript", reason="skipped: no onnxscript")
    out = tmp_path / "pose.onnx"
    half = tmp_path / "half.safetensors"
    wanted = ("--onnx", out, "--out", half)
    done = run("export", "--weights", "st", "--results", results, *wanted)
    assert done.exit_code == 0, done.output
    assert "largest difference" in done.stdout
    verify_file(half)
    # Another number of pictures than it was made with.
    network = cv2.dnn.readNetFromONNX(str(out))
    network.setInput(np.zeros((3, 3, 64, 64), np.float32))
    assert len(network.forward()) == 3
