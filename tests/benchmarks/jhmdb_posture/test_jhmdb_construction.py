"""The posture benchmark of J-HMDB as a whole: from a folder to a folder, read by the loader."""

import hashlib

import cv2
import numpy as np
import pytest

from stpose.artefacts.documents import read_document
from stpose.benchmarks.jhmdb_posture import construction
from stpose.benchmarks.jhmdb_posture.construction import make_posture_set
from stpose.benchmarks.jhmdb_posture.evaluation import posture_set
from stpose.benchmarks.jhmdb_posture.rule import Rule
from stpose.benchmarks.olympic_sports.frames import read_frame
from stpose.benchmarks.olympic_sports.protocol import load_categories
from stpose.benchmarks.olympic_sports.sheet import write_posture_sheet
from stpose.errors import InputError


def hashes(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(jhmdb, tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "set"
    return out, make_posture_set(jhmdb[0], out, Rule())


def test_the_loader_reads_it(made):
    out, counts = made
    (category,) = load_categories(out)
    assert category.name == "jhmdb"
    assert counts.exemplars == len(category.labels.anchors) > 0
    assert counts.frames == len(category.frames.paths) == 14 * 14
    assert counts.candidates == 14 * 5
    assert counts.labels == 10
    assert (np.bincount(category.labels.exemplar[category.labels.positive]) == 10).all()
    assert (np.bincount(category.labels.exemplar[~category.labels.positive]) == 10).all()


def test_positives_pose_alike_and_negatives_do_not(made):
    out, _ = made
    (category,) = load_categories(out)
    frames, labels = category.frames, category.labels
    posture = np.array([name.split("--")[0] for name in frames.sequences])[frames.sequence]
    source = np.array([name.split("--")[1] for name in frames.sequences])[frames.sequence]
    anchors = labels.anchors[labels.exemplar]
    assert ((posture[anchors] == posture[labels.frame]) == labels.positive).all()
    assert (source[anchors] != source[labels.frame]).all()
    # The first source is mirrored, and only the reaching posture differs from its mirror image.
    reach = labels.positive & (posture[labels.frame] == "reach")
    either = (source[anchors] == "s0_clip (1)") | (source[labels.frame] == "s0_clip (1)")
    assert (labels.flip[reach] == either[reach]).all()
    assert labels.flip[reach].any()


def test_boxes_hold_the_joints_and_a_tenth_more(made, jhmdb):
    out, _ = made
    (category,) = load_categories(out)
    frames = category.frames
    for frame in range(0, len(frames.paths), 17):
        name = frames.sequences[frames.sequence[frame]].replace("--", "/")
        joints = jhmdb[1][f"{name}/pos_img"][frames.number[frame]]
        low, high = joints.min(axis=0), joints.max(axis=0)
        margin = 0.1 * (high - low).max()
        box = np.clip([*(low - margin), *(high + margin)], 0, [96, 72, 96, 72])
        np.testing.assert_allclose(frames.regions()[frame], box, atol=1)


def test_labelled_frames_have_their_pictures_and_no_others(made, jhmdb):
    out, counts = made
    (category,) = load_categories(out)
    used = sorted({*category.labels.anchors.tolist(), *category.labels.frame.tolist()})
    pictures = list((out / "frames").rglob("*.jpg"))
    assert len(pictures) == len(used) == counts.pictures
    frames = category.frames
    frame = used[len(used) // 2]
    name = frames.sequences[frames.sequence[frame]].replace("--", "/")
    video = cv2.VideoCapture(str(jhmdb[0] / "videos" / f"{name}.avi"))
    for _ in range(int(frames.number[frame]) + 1):
        _, wanted = video.read()
    assert np.abs(read_frame(out, frames, frame).astype(int) - wanted).mean() < 3


def test_the_document_says_how_it_was_made(made):
    out, counts = made
    content = read_document(out / "jhmdb_posture.json", "jhmdb_posture")
    assert content["seed"] == content["numbers"]["seed"] == 0
    assert content["counts"]["exemplars"] == counts.exemplars
    assert content["numbers"]["same_posture"] < content["numbers"]["other_posture"]
    assert any("within 0.25" in sentence for sentence in content["rule"])
    names = [f"source{number}" for number in range(7)]
    assert content["sources"]["names"] == names
    assert content["sources"]["sha256"] == hashlib.sha256("\n".join(names).encode()).hexdigest()


def test_equal_seeds_give_equal_files(made, jhmdb, tmp_path):
    out, _ = made
    make_posture_set(jhmdb[0], tmp_path / "set", Rule())
    assert hashes(tmp_path / "set") == hashes(out)
    make_posture_set(jhmdb[0], tmp_path / "set", Rule(seed=1))
    labels = "labels_hdf5/labels_jhmdb.hdf5"
    assert hashes(tmp_path / "set")[labels] != hashes(out)[labels]


def test_a_failure_leaves_nothing(jhmdb, tmp_path, monkeypatch):
    def fail(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(construction, "_write_summary", fail)
    with pytest.raises(ZeroDivisionError):
        make_posture_set(jhmdb[0], tmp_path / "set", Rule())
    assert list(tmp_path.iterdir()) == []


def test_another_folder_is_not_replaced(jhmdb, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        make_posture_set(jhmdb[0], tmp_path, Rule())
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_joints_beyond_the_picture_or_the_video_are_not_labelled(tmp_path, clips):
    make, usual, clip = clips
    outside = clip("reach/s9_out", "source9", "reach", shift=40)
    arrays = make(tmp_path / "data", [*usual(), outside])
    for key in ("pos_img", "pos_world"):
        # Two rows more than frames, and one frame without joints.
        longer = np.concatenate([arrays[f"reach/s1_clip (1)/{key}"], np.zeros((2, 15, 2))])
        longer[3] = np.nan
        arrays[f"reach/s1_clip (1)/{key}"] = longer
    np.savez(tmp_path / "data" / "joints.npz", **arrays)
    make_posture_set(tmp_path / "data", tmp_path / "set", Rule())
    (category,) = load_categories(tmp_path / "set")
    frames = category.frames
    assert len(frames.paths) == 15 * 14 - 1
    used = {*category.labels.anchors.tolist(), *category.labels.frame.tolist()}
    names = {frames.sequences[frames.sequence[frame]] for frame in used}
    assert "reach--s1_clip (1)" in names
    assert "reach--s9_out" not in names


def test_too_few_sources_are_said(tmp_path, clips):
    make, usual, _ = clips
    make(tmp_path / "data", usual(2))
    with pytest.raises(InputError, match="no exemplars among 20 frames of 2 sources"):
        make_posture_set(tmp_path / "data", tmp_path / "set", Rule())
    make(tmp_path / "more", usual(4))
    assert make_posture_set(tmp_path / "more", tmp_path / "set", Rule()).labels == 6


def test_a_video_that_is_none_is_named(tmp_path, clips):
    make, usual, _ = clips
    make(tmp_path, usual(1))
    video = tmp_path / "videos" / "reach" / "s0_clip (1).avi"
    video.write_bytes(b"no video")
    with pytest.raises(InputError, match=r"s0_clip \(1\).avi: OpenCV cannot open it"):
        make_posture_set(tmp_path, tmp_path / "set", Rule())


def test_the_set_of_a_folder_is_itself_or_made(made, jhmdb):
    out, _ = made
    with posture_set(out) as folder:
        assert folder == out
    with posture_set(jhmdb[0]) as folder:
        assert hashes(folder) == hashes(out)
    assert not folder.exists()


def test_a_sheet_shows_exemplars(made, tmp_path):
    out, counts = made
    categories = load_categories(out)
    write_posture_sheet(tmp_path / "sheet.png", out, categories, exemplars=3)
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet.shape[0] % 3 == 0
    side = sheet.shape[1] // 21
    assert sheet.shape[1] == 21 * side
    # The first line is the first exemplar: white, then ten framed in green and ten in red.
    top = sheet[0, side // 2 :: side].astype(int)
    assert (top[0] == 255).all()
    assert (top[1:11].argmax(axis=1) == 1).all()
    assert (top[11:].argmax(axis=1) == 2).all()
    assert counts.exemplars >= 3
