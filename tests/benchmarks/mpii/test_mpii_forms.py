"""The same people in four forms."""

import json

import h5py
import numpy as np
import pytest
import scipy.io

from stpose.benchmarks.mpii.data import find_annotations, load_mpii, read_picture
from stpose.benchmarks.mpii.people import JOINTS, mirror_order
from stpose.errors import InputError


@pytest.fixture
def folder(tmp_path, mpii, crowd):
    """The crowd in all forms; the table has the first person of each image only."""
    mpii.write_release(tmp_path / "release.mat", crowd)
    mpii.write_json(tmp_path / "list.json", crowd)
    mpii.write_hdf5(tmp_path / "valid.h5", crowd)
    mpii.write_head_boxes(tmp_path / "heads.mat", crowd)
    mpii.write_csv(tmp_path / "first.csv", [one for one in crowd if one.number == 0])
    return tmp_path


def published(people):
    """Joints as the release counts them, 0 where missing."""
    return np.array([np.where(one.present[:, None], one.joints, 0) for one in people])


def in_release(read):
    return np.nan_to_num(read.joints + 0.5)


@pytest.mark.parametrize("name", ["release.mat", "list.json", "valid.h5", "first.csv"])
def test_the_same_person_from_every_form(folder, crowd, name):
    people = [one for one in crowd if one.number == 0] if name == "first.csv" else crowd
    read = load_mpii(folder / name)
    assert read.images == tuple(one.image for one in people)
    np.testing.assert_array_equal(read.present, [one.present for one in people])
    assert np.isnan(read.joints[~read.present]).all()
    truth = published(people)
    if name == "valid.h5":
        # Cut to whole numbers, towards zero.
        lost = np.abs(truth) - np.abs(in_release(read))
        assert lost.min() >= 0
        assert 0 < lost.max() < 1
    else:
        np.testing.assert_allclose(in_release(read), truth, atol=1e-9)
    np.testing.assert_allclose(read.scale, [one.scale for one in people])
    if name == "first.csv":
        assert np.isnan(read.centre).all()
    else:
        np.testing.assert_allclose(read.centre, [one.centre for one in people])
    if name in ("release.mat", "valid.h5"):
        sizes = [0.6 * np.hypot(*np.subtract(one.head[2:], one.head[:2])) for one in people]
        np.testing.assert_allclose(read.head_size, sizes)
    else:
        assert np.isnan(read.head_size).all()


def test_people_are_numbered_as_in_the_release(folder, crowd):
    numbers = [one.number for one in crowd]
    assert load_mpii(folder / "release.mat").person.tolist() == numbers
    assert load_mpii(folder / "valid.h5").person.tolist() == numbers
    # The list does not tell: the second of b.jpg is third in the release.
    assert load_mpii(folder / "list.json").person.tolist() == [0, 0, 1, 0, 0, 1, 0]


def test_hidden_is_not_missing(folder, crowd):
    truth = np.array([one.visible for one in crowd])
    present = np.array([one.present for one in crowd])
    assert (present & ~truth).sum() > 5
    np.testing.assert_array_equal(load_mpii(folder / "valid.h5").visible, truth)
    # The release has no flag for upper neck and head top.
    truth[:, 8:10] = present[:, 8:10]
    np.testing.assert_array_equal(load_mpii(folder / "release.mat").visible, truth)
    np.testing.assert_array_equal(load_mpii(folder / "list.json").visible, present)


@pytest.mark.parametrize("name", ["valid.h5", "list.json"])
def test_head_boxes_mend_what_was_cut(folder, crowd, name):
    read = load_mpii(folder / name, folder / "heads.mat")
    np.testing.assert_allclose(in_release(read), published(crowd), atol=1e-3)
    whole = [joint for joint in range(16) if joint not in (8, 9)]
    np.testing.assert_array_equal(in_release(read)[:, whole], published(crowd)[:, whole])
    sizes = [0.6 * np.hypot(*np.subtract(one.head[2:], one.head[:2])) for one in crowd]
    np.testing.assert_allclose(read.head_size, sizes)


def test_squares_are_the_hourglass_ones(folder):
    """In h5 the centre is lowered and the scale enlarged already: 200 px times that scale."""
    with h5py.File(folder / "valid.h5") as file:
        centre, side = file["center"][()] - 0.5, 200 * file["scale"][()]
    for name in ("release.mat", "list.json", "valid.h5"):
        squares = load_mpii(folder / name).squares()
        np.testing.assert_allclose((squares[:, :2] + squares[:, 2:]) / 2, centre)
        np.testing.assert_allclose(squares[:, 2:] - squares[:, :2], np.stack([side, side], 1))


def test_missing_joints_of_lists_may_be_zeros(tmp_path, mpii, crowd):
    mpii.write_json(tmp_path / "zeros.json", crowd, missing=0.0)
    read = load_mpii(tmp_path / "zeros.json")
    np.testing.assert_array_equal(read.present, [one.present for one in crowd])


def test_people_without_joints_are_no_rows(tmp_path, mpii, crowd):
    nobody = mpii.replace(crowd[0], present=np.zeros(16, bool))
    mpii.write_json(tmp_path / "list.json", [nobody, *crowd])
    mpii.write_hdf5(tmp_path / "valid.h5", [nobody, *crowd])
    assert len(load_mpii(tmp_path / "list.json")) == len(crowd)
    assert len(load_mpii(tmp_path / "valid.h5")) == len(crowd)


def test_mirroring_swaps_sides():
    for joint, other in enumerate(mirror_order()):
        swapped = JOINTS[joint].translate(str.maketrans("rl", "lr"))
        side = JOINTS[joint][1] == " "
        assert JOINTS[other] == (swapped[0] + JOINTS[joint][1:] if side else JOINTS[joint])


def bad_json(path, change):
    content = json.loads(path.read_text())
    path.write_text(json.dumps(change(content)))


def without(key):
    return lambda content: [*content[:2], {k: v for k, v in content[2].items() if k != key}]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda _: {"images": 1, "annotations": 2},
            "an object with images, annotations, exp",
        ),
        (lambda _: [], "holds no people, expected a list"),
        (lambda _: [3], "entry 0 names no image"),
        (without("joints_vis"), r"entry 2 \(b.jpg\): no 'joints_vis'"),
        (
            lambda content: [{**content[0], "joints": content[0]["joints"][:14]}],
            r"entry 0 \(a.jpg\): joints is not numbers of shape \(16, 2\)",
        ),
        (lambda content: [{**content[0], "scale": [1, "x"]}], "scale is not numbers of shape"),
    ],
)
def test_other_json_is_explained(folder, change, message):
    path = folder / "list.json"
    bad_json(path, change)
    with pytest.raises(InputError, match=message) as caught:
        load_mpii(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("part", None, "no dataset 'part', found center"),
        ("scale", None, "no dataset 'scale'"),
        ("part", np.zeros((7, 14, 2)), r"part float64 \(7, 14, 2\), expected numbers \(7, 16, 2\)"),
        ("visible", np.zeros((6, 16)), r"visible float64 \(6, 16\), expected numbers \(7, 16\)"),
        ("imgname", np.zeros((7,)), r"imgname float64 \(7,\), expected names"),
    ],
)
def test_other_hdf5_is_explained(folder, name, values, message):
    path = folder / "valid.h5"
    with h5py.File(path, "a") as file:
        del file[name]
        if values is not None:
            file[name] = values
    with pytest.raises(InputError, match=message) as caught:
        load_mpii(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("r knee_Y", "knee", "no column 'r knee_Y' .1 lacking., found ID, NAME"),
        ("NAME", "FILE", "no column 'NAME'"),
        ("e.jpg,-14,", "e.jpg,left,", "line 6, r ankle_X: 'left', expected a number"),
    ],
)
def test_other_tables_are_explained(folder, old, new, message):
    path = folder / "first.csv"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError, match=message):
        load_mpii(path)


def test_other_files_are_explained(tmp_path, folder):
    for name, content, message in (
        ("none.mat", None, "no such file, expected annotations"),
        ("text.txt", b"no annotations", "holds b'no annotations'..., expected annotations"),
        ("broken.json", b"[{", "unreadable as JSON"),
        ("broken.mat", b"MATLAB 5.0 MAT-file" + bytes(300), "unreadable, expected a MATLAB file"),
        ("broken.h5", (folder / "valid.h5").read_bytes()[:3000], "damaged or truncated HDF5"),
        ("empty.csv", b"NAME\n", "no column 'r ankle_X' .33 lacking."),
    ):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=message):
            load_mpii(tmp_path / name)


def test_head_boxes_of_others_are_refused(folder, mpii, crowd):
    path = folder / "heads.mat"
    with pytest.raises(InputError, match=r"heads.mat: holds headboxes_src.*, expected RELEASE"):
        load_mpii(path)
    for people, message in (
        (crowd[:3], "3 people, expected the 7 of"),
        (crowd[::-1], "of the joints are elsewhere than in .*expected the same people"),
    ):
        mpii.write_head_boxes(path, people)
        with pytest.raises(InputError, match=message):
            load_mpii(folder / "valid.h5", path)
    mpii.write_head_boxes(path, crowd, order=" ".join(["head"] * 16))
    with pytest.raises(InputError, match="joints in the order 'head head"):
        load_mpii(folder / "valid.h5", path)
    scipy.io.savemat(path, {"headboxes_src": np.zeros((2, 2, 7))})
    with pytest.raises(InputError, match="no variable pos_gt_src"):
        load_mpii(folder / "valid.h5", path)


def test_annotations_are_found(tmp_path, folder, mpii, crowd):
    with pytest.raises(InputError, match=r"found first.csv, heads.mat, .*; name one of them"):
        find_annotations(folder)
    named = folder / "list.json"
    assert find_annotations(folder, named) == named
    assert find_annotations(folder, named.relative_to(folder)) == named
    other = tmp_path / "other"
    with pytest.raises(InputError, match=r"found none$"):
        find_annotations(other)
    mpii.write_json(other / "annot" / "valid.json", crowd)
    assert find_annotations(other) == other / "annot" / "valid.json"
    mpii.write_release(other / "mpii_human_pose_v1_u12_1.mat", crowd)
    assert find_annotations(other).suffix == ".mat"


def test_pictures_that_are_none_are_named(tmp_path, mpii, crowd):
    mpii.write_pictures(tmp_path, crowd[:1])
    assert read_picture(tmp_path, "a.jpg").shape == (480, 640, 3)
    (tmp_path / "images" / "a.jpg").write_text("no picture")
    with pytest.raises(InputError, match=r"a\.jpg: unreadable"):
        read_picture(tmp_path, "a.jpg")
    with pytest.raises(InputError, match=r"b\.jpg: no such picture"):
        read_picture(tmp_path, "b.jpg")


def test_published_people_are_the_same_in_list_and_hdf5(shared_data):
    folder = shared_data / "mpii" / "annot"
    listed = load_mpii(folder / "test_mpii.json")
    heads = folder / "valid_first_half_headboxes.mat"
    cut = load_mpii(folder / "valid_first_half.h5")
    mended = load_mpii(folder / "valid_first_half.h5", heads)
    assert (len(listed), len(cut), len(cut.complete())) == (5, 1479, 998)
    row_of = {(name, 0): row for row, name in enumerate(cut.images) if cut.person[row] == 0}
    rows = np.array([row_of[name, 0] for name in listed.images])
    np.testing.assert_array_equal(cut.present[rows], listed.present)
    offset = np.nan_to_num(listed.joints - cut.joints[rows])
    assert (np.flatnonzero(offset.any(axis=(0, 2))) == [8, 9]).all()
    assert offset.min() >= 0
    assert offset.max() < 1
    np.testing.assert_allclose(mended.joints[rows], listed.joints, atol=1e-3)
    np.testing.assert_allclose(cut.scale[rows], listed.scale, atol=1e-6)
    np.testing.assert_allclose(cut.centre[rows], listed.centre, atol=1e-4)
    np.testing.assert_allclose(cut.head_size, mended.head_size, atol=1e-3)
    # 3 coordinates of the file of head boxes are 0, those of the list are kept.
    assert np.abs(np.nan_to_num(mended.joints - cut.joints)).max() < 1.001


def test_the_published_table(shared_data):
    read = load_mpii(shared_data / "mpii" / "annot" / "mpii_human_pose_train_slice.csv")
    assert (len(read), len(read.complete())) == (7500, 4723)
    first = read.joints[0] + 0.5
    assert first[0].tolist() == [620, 394]
    assert first[9].tolist() == [695.9799, 108.1817]
    assert (~read.present).sum() == 8983
