"""Bad videos get a status and a reason, and cost the others nothing; mistakes end a run early."""

import os
import shutil
import time

import cv2
import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import load_file
from scipy.io import savemat

from stpose.videos.discovery import video_id

pytestmark = pytest.mark.pipeline


def write_video(path, frames, size=(64, 48)):
    random = np.random.default_rng(0)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, size)
    for _ in range(frames):
        writer.write(random.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))
    writer.release()


def spoil(folder, good):
    """Add one video of each bad kind; returns the status that each is to get."""
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("not a video\n" * 100)
    (folder / "folder.mp4").mkdir()
    (folder / "dangling.mp4").symlink_to(folder / "nowhere.mp4")
    content = good.read_bytes()
    (folder / "cut.mp4").write_bytes(content[: len(content) // 2])
    write_video(folder / "one.mp4", 1)
    write_video(folder / "few.mp4", 5)
    write_video(folder / "nobody.mp4", 12)
    write_video(folder / "tiny.mp4", 12, (16, 16))
    return {
        "empty.mp4": "unreadable",
        "text.mp4": "unreadable",
        "folder.mp4": "unreadable",
        "dangling.mp4": "unreadable",
        "cut.mp4": "unreadable",
        "one.mp4": "too_short",
        "few.mp4": "too_short",
        "nobody.mp4": "no_person",
        "tiny.mp4": "no_person",
    }


def test_bad_videos_cost_the_others_nothing(finished, project):
    good = sorted(project.videos.rglob("*.mp4"))
    expected = spoil(project.videos, good[0])
    strange = project.videos / "ein Ordner" / "Übung, naïve (1).mp4"
    strange.parent.mkdir()
    shutil.copy(good[0], strange)
    done = project.run("--until", "videos", "curriculum")
    assert "Traceback" not in done.stderr
    table = pq.read_table(project.results / "videos.parquet").to_pylist()
    found = {row["path"]: row for row in table}
    assert len(found) == len(good) + len(expected) + 1
    for name, status in expected.items():
        assert found[name]["status"] == status, found[name]
        assert found[name]["reason"], name
    assert found["ein Ordner/Übung, naïve (1).mp4"]["status"] == "ok"
    for path in good:
        name = path.relative_to(project.videos).as_posix()
        assert found[name]["status"] == "ok"
        for stage, ending in (("people", ".parquet"), ("flow", ".parquet")):
            file = f"{stage}/{video_id(name)}{ending}"
            before = pq.read_table(finished.results / file)
            assert pq.read_table(project.results / file).equals(before)


def test_a_bad_video_does_not_change_what_is_learned(finished, project):
    (project.videos / "text.mp4").write_text("not a video")
    project.run()
    name = "training/st/2/weights.safetensors"
    before, after = load_file(finished.results / name), load_file(project.results / name)
    for key, values in before.items():
        np.testing.assert_array_equal(values, after[key])
    page = (project.results / "report" / "index.html").read_text(encoding="utf-8")
    assert "text.mp4" in page
    assert "unreadable" in page


def test_a_name_is_only_a_name(project):
    """Nothing in it reaches a shell, and in the report it is text."""
    name = "<img src=x onerror=alert(1)>; touch made; $(touch made) `touch made` '\"&.mp4"
    shutil.copy(next(project.videos.rglob("*.mp4")), project.videos / name)
    project.run()
    rows = pq.read_table(project.results / "videos.parquet").to_pylist()
    assert {row["path"]: row["status"] for row in rows}[name] == "ok"
    assert not list(project.folder.rglob("made"))
    pages = [path.read_text(encoding="utf-8") for path in project.results.rglob("*.html")]
    assert not any("<img src=x" in page for page in pages)
    assert any("&lt;img src=x onerror=alert(1)&gt;" in page for page in pages)


def bad_labels(folder):
    """A posture benchmark whose label file has another shape than the published ones."""
    for name in ("labels_hdf5", "image_pathes", "bboxes/demo"):
        (folder / name).mkdir(parents=True)
    with h5py.File(folder / "labels_hdf5" / "labels_demo.hdf5", "w") as file:
        file["anchors"] = np.zeros((3, 3), dtype=np.int32)
    (folder / "image_pathes" / "imagePaths_demo.txt").write_text("./a/I00000.png\n")
    (folder / "bboxes" / "demo" / "a.bb").write_text("1 1 1 10 20\n")


def bad_joints(folder):
    """An LSP folder whose joints have another shape than the published ones."""
    folder.mkdir()
    savemat(folder / "joints.mat", {"joints": np.zeros((3, 13, 5))})


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"videos": "nowhere"}, ["nowhere", "does not exist", "expected a folder"]),
        ({"videos": "void"}, ["void", "holds no video file"]),
        ({"flows": "{}"}, ["flows", "unknown key", "perhaps 'flow'"]),
        ({"flow": "{longest_side: -1}"}, ["flow.longest_side", "found", "expected"]),
        ({"people": "{detector: darknet}"}, ["people.weights", "expected the .weights file"]),
        ({"people": "{detector: onnx, weights: w.onnx}"}, ["people.weights", "w.onnx"]),
        ({"benchmarks": "{olympic_sports: {folder: labels}}"}, ["labels_demo.hdf5", "anchors"]),
        ({"benchmarks": "{lsp: {folder: joints}}"}, ["joints.mat", "(3, 13, 5)", "expected"]),
        ({"benchmarks": "{lsp: {folder: nowhere}}"}, ["joints.mat", "no such file"]),
    ],
)
def test_mistakes_end_the_run_before_any_work(project, config, says):
    (project.folder / "void").mkdir()
    bad_labels(project.folder / "labels")
    bad_joints(project.folder / "joints")
    done = project.run(config=config, check=False)
    assert done.returncode != 0
    for words in says:
        assert words in done.stderr
    assert "Traceback (most recent call last)" not in done.stderr


def test_results_of_the_future_end_the_run_before_any_work(project):
    ahead = next((project.results / "crops").glob("*.h5"))
    os.utime(ahead, (time.time() + 1e6,) * 2)
    page = project.results / "report" / "index.html"
    page.unlink()
    done = project.run(check=False)
    assert done.returncode != 0
    for words in (f"crops/{ahead.name}: is of", "ahead of the clock"):
        assert words in done.stderr
    assert not page.exists()
