"""Label files with every trap of the published ones."""

import h5py
import numpy as np
import pytest
import scipy.io

from stpose.benchmarks.olympic_sports.labels import find_label_files, read_labels
from stpose.errors import InputError


def as_written(labels):
    """Rows (exemplar, frame, flip, positive) that the file was written from."""
    return {
        (exemplar, frame, bool(flip), positive)
        for positive, rows in ((True, labels.positives), (False, labels.negatives))
        for exemplar, row in enumerate(rows)
        for frame, flip in row
    }


def as_read(read):
    rows = (read.exemplar, read.frame, read.flip, read.positive)
    return set(zip(*(column.tolist() for column in rows), strict=True))


@pytest.mark.parametrize("plain", [(), ("neg",)], ids=["ragged", "plain negatives"])
def test_hdf5_is_read_as_written(tmp_path, formats, plain):
    labels = formats.Labels()
    path = tmp_path / "labels_jump.hdf5"
    formats.write_hdf5(path, labels, plain)
    with h5py.File(path) as file:
        assert (file["neg_ids"].ndim == 2) == bool(plain)
    read = read_labels(path, frames=7)
    assert as_read(read) == as_written(labels)
    assert read.anchors.tolist() == labels.anchors
    assert len(read.frame) == 7


def test_matlab_gives_the_same_as_hdf5(tmp_path, formats):
    labels = formats.Labels()
    formats.write_mat(tmp_path / "labels_jump.mat", labels)
    formats.write_hdf5(tmp_path / "labels_jump.hdf5", labels)
    one, other = (read_labels(tmp_path / f"labels_jump.{end}", 7) for end in ("mat", "hdf5"))
    for name in ("anchors", "exemplar", "frame", "flip", "positive"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_matlab_with_a_single_exemplar_holds_no_references(tmp_path):
    path = tmp_path / "labels_jump.mat"
    with h5py.File(path, "w") as file:
        file["labels/anchor"] = np.array([[3.0]])
        for name, ids in (("positives", [[1.0]]), ("negatives", [[2.0], [5.0]])):
            file[f"labels/{name}/ids"] = np.array(ids)
            file[f"labels/{name}/flipval"] = np.zeros((len(ids), 1), np.uint8)
    read = read_labels(path, frames=5)
    assert read.anchors.tolist() == [2]
    assert as_read(read) == {(0, 0, False, True), (0, 1, False, False), (0, 4, False, False)}


def test_a_frame_may_be_in_both_classes(tmp_path, formats):
    labels = formats.Labels([1], [[(2, 1)]], [[(2, 1), (3, 0)]])
    formats.write_hdf5(tmp_path / "a.hdf5", labels)
    assert as_read(read_labels(tmp_path / "a.hdf5", 4)) == as_written(labels)


def test_matlab_says_how_it_writes_nothing(tmp_path, formats):
    path = tmp_path / "labels_jump.mat"
    formats.write_mat(path, formats.Labels())
    with h5py.File(path, "r+") as file:
        group = file[file["labels/positives"][1, 0]]
        for key in ("ids", "flipval"):
            del group[key]
            group[key] = np.array([0, 0], np.uint64)
            group[key].attrs["MATLAB_empty"] = np.uint8(1)
    with pytest.raises(InputError, match="no positives of exemplar 1, expected at least one"):
        read_labels(path, 7)


def replace(key, value):
    def change(file):
        del file[key]
        if value is not None:
            file[key] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (replace("anchors", None), r"no dataset anchors, found \['neg_flipvals'"),
        (replace("pos_flipvals", None), "no dataset pos_flipvals"),
        (replace("anchors", np.zeros((2, 2))), r"anchors float64 \(2, 2\)"),
        (replace("anchors", np.array([0.5, 1])), "anchors .* expected whole numbers"),
        (replace("anchors", np.array([0, 7])), "exemplars: frame id 7 .* has 7 frames"),
        (replace("anchors", np.array([0, 1, 2])), r"pos_ids \(2,\), expected \(3,\) arrays"),
        (replace("anchors", np.zeros(0, int)), r"pos_ids \(2,\), expected \(0,\) arrays"),
        (replace("pos_ids", np.zeros((2, 3, 1), int)), r"pos_ids \(2, 3, 1\)"),
        (replace("pos_ids", np.zeros((2, 2), int)), "flips of positives of exemplar 1"),
        (replace("neg_ids", np.full((2, 2), -1)), "negatives of exemplar 0: frame id -1"),
        (replace("neg_flipvals", np.full((2, 2), 2)), "expected 2 times 0 or 1"),
        (replace("neg_ids", np.zeros((2, 0), int)), "no negatives of exemplar 0"),
        (replace("neg_ids", np.array([b"a", b"b"])), "negatives of exemplar 0 .*whole numbers"),
    ],
)
def test_hdf5_of_another_shape_is_explained(tmp_path, formats, change, message):
    path = tmp_path / "labels_jump.hdf5"
    formats.write_hdf5(path, formats.Labels())
    with h5py.File(path, "r+") as file:
        change(file)
    with pytest.raises(InputError, match=message) as caught:
        read_labels(path, frames=7)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (replace("labels", None), "no labels/anchor"),
        (replace("labels", np.zeros(3)), "no labels/anchor"),
        (replace("labels/negatives", None), "no labels/negatives"),
        (replace("labels/anchor", np.ones((2, 1))), "labels/anchor holds arrays"),
        (replace("labels/positives", np.ones((2, 1))), r"labels/positives \(1,\), expected \(2,\)"),
    ],
)
def test_matlab_of_another_shape_is_explained(tmp_path, formats, change, message):
    path = tmp_path / "labels_jump.mat"
    formats.write_mat(path, formats.Labels())
    with h5py.File(path, "r+") as file:
        change(file)
    with pytest.raises(InputError, match=message) as caught:
        read_labels(path, frames=7)
    assert str(path) in str(caught.value)


def test_older_matlab_files_and_other_files_are_explained(tmp_path):
    scipy.io.savemat(tmp_path / "old.mat", {"labels": np.zeros(3)})
    (tmp_path / "text.hdf5").write_text("no")
    for name in ("old.mat", "text.hdf5", "missing.hdf5"):
        with pytest.raises(InputError, match=r"expected HDF5 or MATLAB 7\.3") as caught:
            read_labels(tmp_path / name, 7)
        assert name in str(caught.value)


@pytest.mark.parametrize("names", [("labels_hdf5", "labels_mat"), ("labels_hdf5_19.02.16",) * 2])
def test_label_files_are_found_by_pattern(tmp_path, names):
    wanted = {"-dash": tmp_path / names[0] / "labels_-dash.hdf5"}
    wanted["long_jump"] = tmp_path / names[0] / "labels_long_jump.hdf5"
    wanted["only_mat"] = tmp_path / "labels_mat_19.02.16" / "labels_only_mat.mat"
    for path in (*wanted.values(), tmp_path / "labels_mat_19.02.16" / "labels_long_jump.mat"):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert find_label_files(tmp_path) == wanted


def test_no_labels_or_two_sets_are_explained(tmp_path):
    with pytest.raises(InputError, match="no posture labels, expected labels_hdf5"):
        find_label_files(tmp_path)
    for name in ("labels_hdf5", "labels_hdf5_19.02.16"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "labels_a.hdf5").touch()
    with pytest.raises(InputError, match="a is labelled in"):
        find_label_files(tmp_path)


def test_published_files_say_the_same_in_both_formats(shared_data):
    folder = shared_data / "olympic_sports"
    exemplars = positives = negatives = 0
    for path in sorted(folder.glob("labels_hdf5*/*.hdf5")):
        category = path.stem.removeprefix("labels_")
        listing = folder / "image_pathes" / f"imagePaths_{category}.txt"
        frames = len(listing.read_text().splitlines())
        one = read_labels(path, frames)
        (twin,) = folder.glob(f"labels_mat*/labels_{category}.mat")
        other = read_labels(twin, frames)
        for name in ("anchors", "exemplar", "frame", "flip", "positive"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        exemplars += len(one.anchors)
        positives += int(one.positive.sum())
        negatives += int((~one.positive).sum())
    assert (exemplars, positives, negatives) == (665, 6860, 6954)
