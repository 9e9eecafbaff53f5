"""`stpose check-data` finds what is there and what is wrong with it."""

import json
import shutil
from dataclasses import replace

import cv2
import h5py
import numpy as np
import pytest
import scipy.io
from typer.testing import CliRunner

from stpose.cli.check_data import jhmdb, lsp, middlebury, olympic_sports, repetitions
from stpose.cli.main import app
from stpose.errors import InputError
from stpose.flow.files import write_flow_file


def check(folder, status=1):
    """Return what the command says of each dataset in a folder."""
    done = CliRunner().invoke(app, ["check-data", str(folder), "--json"])
    assert done.exit_code == status, done.output
    return json.loads(done.stdout.splitlines()[-1])["datasets"]


def problems(folder):
    (found,) = check(folder)
    assert not found["good"]
    return " | ".join(found["problems"])


def write_lsp(folder, joints, extended=False):
    flags = np.full((*joints.shape[:2], 1), 1.0 if extended else 0.0)
    rows = np.concatenate([joints, flags], axis=2)
    (folder / "images").mkdir(parents=True)
    axes = (1, 2, 0) if extended else (2, 1, 0)
    scipy.io.savemat(folder / "joints.mat", {"joints": rows.transpose(axes)})
    for number in range(1, len(joints) + 1):
        picture = np.full((60, 80, 3), number, np.uint8)
        assert cv2.imwrite(str(folder / "images" / f"im{number:04d}.jpg"), picture)


@pytest.fixture
def joints():
    return np.random.default_rng(0).uniform((5, 5), (75, 55), (4, 14, 2))


@pytest.fixture
def lsp_folder(tmp_path, joints, monkeypatch):
    """Leeds Sports Pose as if four images had been published."""
    for name in ("LSP", "LSP_EXTENDED"):
        monkeypatch.setattr(lsp, name, replace(getattr(lsp, name), counts={"images": 4}))
    write_lsp(tmp_path / "lsp", joints)
    return tmp_path / "lsp"


def test_a_whole_set_is_good(lsp_folder):
    (found,) = check(lsp_folder, status=0)
    assert found["good"]
    assert found["title"] == "Leeds Sports Pose"
    assert found["counts"] == {"images": 4, "images there": 4, "fully visible": 4}


def test_the_extended_set_is_told_by_its_axes(lsp_folder, joints):
    shutil.rmtree(lsp_folder)
    write_lsp(lsp_folder, joints, extended=True)
    (found,) = check(lsp_folder, status=0)
    assert found["title"] == "Leeds Sports Pose Extended"


def test_lsp_with_gaps(lsp_folder):
    images = lsp_folder / "images"
    (images / "im0002.jpg").rename(images / "im0007.jpg")
    (images / "im0003.jpg").write_text("no picture")
    said = problems(lsp_folder)
    for words in (
        "missing images: 1 (00002)",
        "images without joints: 1 (im0007.jpg)",
        "unreadable images: 1 (im0003.jpg)",
    ):
        assert words in said


def test_joints_of_images_in_another_size(lsp_folder, joints):
    shutil.rmtree(lsp_folder)
    write_lsp(lsp_folder, 5 * joints + 60)
    assert "images whose joints lie outside, as if of another size: 4 (im0001.jpg, " in problems(
        lsp_folder
    )


def test_joints_that_are_no_numbers(lsp_folder, joints):
    shutil.rmtree(lsp_folder)
    joints[2, 5] = np.nan
    write_lsp(lsp_folder, joints)
    assert "visible joints are no numbers" in problems(lsp_folder)


def test_joints_of_another_shape(lsp_folder):
    scipy.io.savemat(lsp_folder / "joints.mat", {"joints": np.zeros((3, 13, 4))})
    assert "(3, 13, 4), expected numbers 3 x 14 x N" in problems(lsp_folder)


def test_another_count_than_the_published(tmp_path, joints):
    write_lsp(tmp_path / "lsp", joints)
    assert problems(tmp_path) == "4 images, published are 2000"


@pytest.fixture
def posture_folder(tmp_path, monkeypatch):
    """Labels of one category, bowling, as if no more had been published."""
    counts = {"categories": 1, "exemplars": 1, "sequences": 1, "frames": 3}
    known = replace(olympic_sports.DATASET, counts=counts)
    monkeypatch.setattr(olympic_sports, "DATASET", known)
    monkeypatch.setattr(olympic_sports, "OLYMPIC_CATEGORIES", ("bowling",))
    folder = tmp_path / "posture"
    for name in ("labels_hdf5", "image_pathes", "bboxes/bowling"):
        (folder / name).mkdir(parents=True)
    with h5py.File(folder / "labels_hdf5" / "labels_bowling.hdf5", "w") as file:
        file["anchors"] = np.array([0], np.int32)
        for name, row in (("pos", [1]), ("neg", [2])):
            file[f"{name}_ids"] = np.array([row], np.int32)
            file[f"{name}_flipvals"] = np.array([[0]], np.int32)
    lines = "".join(f"./a/I0000{number}.png\n" for number in range(3))
    (folder / "image_pathes" / "imagePaths_bowling.txt").write_text(lines)
    boxes = "".join(f"{number} 1 1 9 20\n" for number in (1, 2, 3))
    (folder / "bboxes" / "bowling" / "a.bb").write_text(boxes)
    return folder


def test_posture_labels_without_frames_are_good(posture_folder):
    (found,) = check(posture_folder, status=0)
    assert found["counts"]["labels"] == 2
    assert found["notes"] == ["without frames: only cues that need no pixels"]


def test_labelled_frames_that_are_missing(posture_folder):
    frames = posture_folder / "frames" / "bowling" / "a"
    frames.mkdir(parents=True)
    (frames / "I00000.png").touch()
    (frames / "I00002.jpg").touch()
    assert "missing frames with labels: 1 (bowling/a/I00001)" in problems(posture_folder)
    (frames / "I00001.png").touch()
    assert check(posture_folder, status=0)[0]["notes"] == []


def test_one_spoilt_category_does_not_hide_the_others(posture_folder):
    for name in ("labels_hdf5/labels_bowling.hdf5", "image_pathes/imagePaths_bowling.txt"):
        content = (posture_folder / name).read_bytes()
        (posture_folder / name.replace("bowling", "archery")).write_bytes(content)
    (found,) = check(posture_folder)
    assert found["counts"]["categories"] == 1
    (problem,) = found["problems"]
    assert "bboxes/archery/a.bb: no such file" in problem


def write_pair(folder, side=(20, 30)):
    folder.mkdir(parents=True)
    write_flow_file(folder / "flow10.flo", np.ones((*side, 2)))
    for name in ("frame10.png", "frame11.png"):
        assert cv2.imwrite(str(folder / name), np.zeros((*side, 3), np.uint8))


@pytest.fixture
def flow_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(middlebury, "MIDDLEBURY_PAIRS", ("Venus", "Urban2"))
    monkeypatch.setattr(middlebury, "MIDDLEBURY", replace(middlebury.MIDDLEBURY, counts={}))
    for name in ("Venus", "Urban2"):
        write_pair(tmp_path / "flow" / name)
    return tmp_path / "flow"


def test_pairs_without_flow_are_no_problem(flow_folder):
    write_pair(flow_folder / "Walking")
    (flow_folder / "Walking" / "flow10.flo").unlink()
    (found,) = check(flow_folder, status=0)
    assert found["counts"] == {"pairs": 2}
    assert found["notes"] == ["pairs without published flow: 1 (Walking)"]


def test_spoilt_pairs(flow_folder):
    venus, urban = flow_folder / "Venus", flow_folder / "Urban2"
    (venus / "frame11.png").unlink()
    cv2.imwrite(str(venus / "frame10.png"), np.zeros((20, 31, 3), np.uint8))
    (urban / "flow10.flo").write_bytes((urban / "flow10.flo").read_bytes()[:-8])
    said = problems(flow_folder)
    assert "frame11.png: missing or unreadable" in said
    assert "frame10.png: 31x20 pixels, its flow has 30x20" in said
    assert "Urban2/flow10.flo: 4804 bytes, expected 4812" in said
    shutil.rmtree(urban)
    assert "missing pairs: 1 (Urban2)" in problems(flow_folder)


@pytest.fixture
def cycles_folder(tmp_path):
    folder = tmp_path / "cycles"
    for name in ("videos", "annotations"):
        (folder / name).mkdir(parents=True)
    for name in ("rope_1", "rope_2"):
        (folder / "videos" / f"{name}.mp4").touch()
        np.save(folder / "annotations" / f"{name}.npy", np.array([4, 9, 15]))
    return folder


def test_cycles_of_others_have_no_published_count(cycles_folder):
    (found,) = check(cycles_folder, status=0)
    assert found["title"] == "cycles in the format of QUVA Repetition"
    assert found["counts"] == {"videos": 2, "annotations": 2, "cycles": 6}


def test_cycles_of_quva_are_counted(cycles_folder, monkeypatch):
    for kind, ending in (("videos", "mp4"), ("annotations", "npy")):
        for place, path in enumerate(sorted((cycles_folder / kind).iterdir())):
            path.rename(path.with_name(f"00{place}_rope.{ending}"))
    assert "2 videos, published are 100" in problems(cycles_folder)
    counts = {"videos": 2, "annotations": 2}
    monkeypatch.setattr(repetitions, "QUVA", replace(repetitions.QUVA, counts=counts))
    assert check(cycles_folder, status=0)[0]["title"] == "QUVA Repetition"


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (np.array([4, 9, 9]), "do not grow"),
        (np.array([-1, 9]), "do not grow"),
        (np.array([4.5]), r"float64 (1,), expected whole numbers"),
        (np.array([[4, 9]]), r"(1, 2), expected whole numbers"),
        (np.array([], int), "expected whole numbers"),
        (np.array([{}], object), "unreadable"),
    ],
)
def test_spoilt_cycles(cycles_folder, ends, says):
    np.save(cycles_folder / "annotations" / "rope_2.npy", ends)
    assert says in problems(cycles_folder)


def test_videos_and_annotations_must_pair(cycles_folder):
    (cycles_folder / "videos" / "rope_1.mp4").rename(cycles_folder / "videos" / "rope_3.mp4")
    said = problems(cycles_folder)
    assert "videos without annotation: 1 (rope_3)" in said
    assert "annotations without video: 1 (rope_1)" in said


CLIP = "clap/A_clap_u_nm_np1_fr_med_0"


@pytest.fixture
def jhmdb_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(jhmdb, "JHMDB", replace(jhmdb.JHMDB, counts={"clips": 1}))
    folder = tmp_path / "jhmdb"
    (folder / "videos" / "clap").mkdir(parents=True)
    (folder / "videos" / f"{CLIP}.avi").touch()
    return folder


def write_joints(folder, joints):
    path = folder / "joint_positions" / CLIP / "joint_positions.mat"
    path.parent.mkdir(parents=True)
    scipy.io.savemat(path, {"pos_img": joints})


def test_clips_with_published_joints(jhmdb_folder):
    write_joints(jhmdb_folder, np.ones((2, 15, 7)))
    (found,) = check(jhmdb_folder, status=0)
    assert found["counts"]["annotated frames"] == 7


def test_clips_with_joints_in_one_file(jhmdb_folder):
    np.savez(jhmdb_folder / "joints.npz", **{f"{CLIP}/pos_img": np.ones((9, 15, 2))})
    (found,) = check(jhmdb_folder, status=0)
    assert found["counts"]["annotated frames"] == 9


def test_clips_without_joints_and_joints_of_another_shape(jhmdb_folder):
    assert f"clips without joints: 1 ({CLIP})" in problems(jhmdb_folder)
    write_joints(jhmdb_folder, np.ones((2, 14, 7)))
    assert f"joints of {CLIP} (2, 14, 7), expected" in problems(jhmdb_folder)


RELEASE = "mpii_human_pose_v1_u12_1.mat"


def test_mpii_by_its_files(tmp_path):
    folder = tmp_path / "mpii"
    (folder / "images").mkdir(parents=True)
    scipy.io.savemat(folder / RELEASE, {"RELEASE": np.zeros(1)})
    (found,) = check(folder, status=0)
    assert found["notes"] == ["without images: only what needs no pixels"]
    (folder / "images" / "015601864.jpg").touch()
    assert check(folder, status=0)[0]["counts"] == {"images": 1}
    scipy.io.savemat(folder / RELEASE, {"other": np.zeros(1)})
    assert "no variable RELEASE, found other" in problems(folder)


def test_folders_in_the_folder_are_looked_at(tmp_path, lsp_folder, cycles_folder, flow_folder):
    found = check(tmp_path, status=0)
    folders = [dataset["folder"] for dataset in found]
    assert folders == [str(path) for path in (cycles_folder, flow_folder, lsp_folder)]


def test_what_is_printed(tmp_path, lsp_folder):
    (lsp_folder / "images" / "im0002.jpg").unlink()
    done = CliRunner().invoke(app, ["check-data", str(tmp_path)])
    assert done.exit_code == 1
    assert f"{lsp_folder}: Leeds Sports Pose, 1 problem\n" in done.stdout
    assert "  4 images, 3 images there, 4 fully visible\n" in done.stdout
    assert "  problem: missing images: 1 (00002)\n" in done.stdout


def test_nothing_known_says_what_is(tmp_path):
    done = CliRunner().invoke(app, ["check-data", str(tmp_path)])
    assert done.exit_code == 1
    assert "no dataset that is known here" in done.stdout
    assert "QUVA Repetition: videos/ and annotations/*.npy" in done.stdout


def test_no_folder_at_all(tmp_path):
    done = CliRunner().invoke(app, ["check-data", str(tmp_path / "none")])
    assert isinstance(done.exception, InputError)
    assert "none: no such folder" in str(done.exception)


def test_the_shared_data_is_whole_but_for_what_is_withheld(shared_data):
    found = {dataset["title"]: dataset for dataset in check(shared_data)}
    posture = found["Olympic Sports posture labels"]
    expected = {"categories": 10, "exemplars": 665, "sequences": 311, "frames": 71201}
    assert posture["counts"] == {**expected, "labels": 6860 + 6954}
    assert found["Leeds Sports Pose"]["problems"] == ["1000 images, published are 2000"]
    assert found["QUVA Repetition"]["counts"]["videos"] == 26
    assert found["cycles in the format of QUVA Repetition"]["good"]
    assert found["Middlebury flow, training pairs"]["counts"] == {"pairs": 3}
