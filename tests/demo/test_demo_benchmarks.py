"""The demo's benchmarks, read by the loaders that real data go through."""

import hashlib

import cv2
import h5py
import numpy as np
import pytest

from stpose.artefacts.documents import read_document
from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.olympic_sports.frames import read_frame, read_frames
from stpose.benchmarks.olympic_sports.labels import find_label_files, read_labels
from stpose.demo.benchmarks import write_demo_benchmarks
from stpose.demo.lsp_set import STATURE, cut_out
from stpose.demo.plan import planned_videos
from stpose.demo.rendering import locate_people, render_frame
from stpose.demo.scene import stage_scene
from stpose.demo.skeleton import INDEX, LSP_JOINTS
from stpose.errors import InputError
from stpose.settings.demo import DemoSettings

SETTINGS = DemoSettings(frames=40, exemplars=10, heldout_videos=14, videos=3, lsp_images=16)


def hashes(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmarks")
    write_demo_benchmarks(SETTINGS, folder, "code")
    return folder


@pytest.fixture(scope="module")
def posture(written):
    folder = written / "posture"
    (category,) = find_label_files(folder)
    frames = read_frames(folder, category)
    labels = read_labels(find_label_files(folder)[category], len(frames.paths))
    return folder, frames, labels


def test_counts_are_told_last(written, posture):
    counts = read_document(written / "benchmarks.json", "demo_benchmarks")
    _, frames, labels = posture
    assert counts["lsp"] == {"images": 16}
    assert counts["posture"]["frames"] == len(frames.paths) == 14 * 40
    assert counts["posture"]["exemplars"] == len(labels.anchors)
    assert counts["posture"]["positives"] == labels.positive.sum()


def test_labelled_frames_have_pixels_and_boxes_around_the_person(posture):
    folder, frames, labels = posture
    videos = {f"{v.motion}-person{v.person}": v for v in planned_videos(SETTINGS, heldout=True)}
    for frame in sorted({*labels.anchors, *labels.frame})[::9]:
        sequence, file = frames.paths[frame].split("/")
        scene = stage_scene(videos[sequence.split("_0")[0]], SETTINGS)
        number = int(file[1:])
        size = (SETTINGS.width, SETTINGS.height)
        picture = render_frame(scene, number, *size)
        np.testing.assert_array_equal(read_frame(folder, frames, frame), picture.image)
        person = locate_people(scene, number, *size)[0]
        np.testing.assert_allclose(frames.regions()[frame], person.box, atol=1.0)


def test_only_labelled_frames_have_pixels(posture):
    folder, _, labels = posture
    pictures = list((folder / "frames").rglob("*.png"))
    assert len(pictures) == len({*labels.anchors, *labels.frame})


def test_label_files_look_like_the_published_ones(posture):
    folder, frames, labels = posture
    with h5py.File(folder / "labels_hdf5" / "labels_demo.hdf5") as file:
        assert set(file.attrs) == {"category_name", "category_offset", "dataset_path"}
        assert file["anchors"].dtype == np.int32
        assert file["pos_ids"][0].dtype == np.int32
        assert len(file["pos_ids"][0]) == len(file["pos_flipvals"][0])
    lines = (folder / "image_pathes" / "imagePaths_demo.txt").read_bytes().splitlines()
    assert lines == sorted(lines)
    own = frames.sequence[labels.anchors[labels.exemplar]]
    assert (frames.sequence[labels.frame] != own).all()


def test_lsp_images_are_read_with_joints_on_the_people(written):
    lsp = load_lsp(written / "lsp")
    assert len(lsp) == 16
    assert 0.02 < 1 - lsp.visible.mean() < 0.3
    for number in (1, 9, 16):
        height, width = lsp.read_image(number).shape[:2]
        joints = lsp.joints[number - 1]
        assert (joints > 15).all()
        assert (joints < [width - 15, height - 15]).all()


def test_cut_out_keeps_pixels_under_the_joints():
    scene = stage_scene(planned_videos(SETTINGS)[1], SETTINGS)
    picture = render_frame(scene, 3, SETTINGS.width, SETTINGS.height)
    person = picture.people[0]
    image, rows = cut_out(picture, person)
    scale = STATURE / person.stature
    larger = cv2.resize(picture.image, None, fx=scale, fy=scale)
    for column, name in enumerate(LSP_JOINTS):
        x, y = person.points[INDEX[name]]
        there = larger[round((y + 0.5) * scale - 0.5), round((x + 0.5) * scale - 0.5)]
        here = image[round(rows[1, column] - 1), round(rows[0, column] - 1)]
        assert np.abs(there.astype(int) - here).mean() < 40
        assert rows[2, column] == (0 if person.visible[INDEX[name]] else 1)
    # Jumping jacks are seen from the front: the right of the person is left in the picture.
    assert rows[0, LSP_JOINTS.index("right_shoulder")] < rows[0, LSP_JOINTS.index("left_shoulder")]
    assert rows[1, LSP_JOINTS.index("right_ankle")] > rows[1, LSP_JOINTS.index("head_top")]


def test_written_again_over_leftovers_it_is_the_same(written, tmp_path):
    leftover = tmp_path / "lsp" / "images" / "im0999.jpg"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"old")
    write_demo_benchmarks(SETTINGS, tmp_path, "code")
    assert hashes(tmp_path) == hashes(written)
    assert not leftover.exists()


def test_too_few_like_postures_are_an_error(tmp_path):
    settings = SETTINGS.model_copy(update={"same_posture": 1e-6})
    with pytest.raises(InputError, match="no exemplars"):
        write_demo_benchmarks(settings, tmp_path)
