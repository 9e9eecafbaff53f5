"""The nested structures of the release, and what in them can be empty."""

import numpy as np
import pytest
import scipy.io

from stpose.benchmarks.mpii.data import load_mpii
from stpose.errors import InputError

NOTHING = np.zeros((0, 0))


def image(mpii, name, *rectangles):
    return {
        "image": mpii.structures([{"name": name}]),
        "annorect": mpii.structures(list(rectangles)) if rectangles else NOTHING,
    }


def test_what_is_empty_in_the_release(tmp_path, mpii, crowd):
    """Rectangles without joints, of no person, without flags, scale, head box or position."""
    whole = mpii.rectangle(crowd[0])
    one_joint = mpii.structures([{"point": mpii.structures([{"x": 7, "y": 9.5, "id": 13}])}])
    more = [
        image(mpii, "empty.jpg", {**whole, "annopoints": NOTHING}, whole),
        image(mpii, "box.jpg", {"x1": 1, "y1": 2, "x2": 3, "y2": 4}),
        image(mpii, "joint.jpg", {"annopoints": one_joint}),
        image(mpii, "bare.jpg", {**whole, "scale": NOTHING, "objpos": NOTHING, "x1": NOTHING}),
        image(mpii, "points.jpg", {**whole, "annopoints": mpii.structures([{"point": NOTHING}])}),
    ]
    path = tmp_path / "release.mat"
    mpii.write_release(path, crowd, more)
    read = load_mpii(path)
    assert read.images[len(crowd) :] == ("empty.jpg", "joint.jpg", "bare.jpg")
    second, joint, bare = range(len(crowd), len(crowd) + 3)
    assert read.person[[second, joint, bare]].tolist() == [1, 0, 0]
    np.testing.assert_array_equal(read.joints[second], read.joints[0])
    # A single joint, without a flag, without anything about the person.
    assert np.flatnonzero(read.present[joint]).tolist() == [13]
    assert read.joints[joint, 13].tolist() == [6.5, 9.0]
    assert read.visible[joint, 13]
    for row in (joint, bare):
        assert np.isnan([read.head_size[row], read.scale[row], *read.centre[row]]).all()
    assert np.isfinite(read.joints[bare][read.present[bare]]).all()


def test_a_release_of_one_person_in_one_image(tmp_path, mpii, crowd):
    """MATLAB's arrays of length 1 come out of scipy as what they hold."""
    release = {"annolist": mpii.structures([image(mpii, "a.jpg", mpii.rectangle(crowd[0]))])}
    path = tmp_path / "one.mat"
    scipy.io.savemat(path, {"RELEASE": mpii.structures([{**release, "img_train": 1}])})
    read = load_mpii(path)
    assert read.images == ("a.jpg",)
    np.testing.assert_array_equal(read.present[0], crowd[0].present)


def test_test_images_are_left_out(tmp_path, mpii, crowd):
    annolist = [image(mpii, name, mpii.rectangle(crowd[0])) for name in ("a.jpg", "b.jpg")]
    release = {"annolist": mpii.structures(annolist), "img_train": np.array([[0, 1]])}
    scipy.io.savemat(tmp_path / "two.mat", {"RELEASE": mpii.structures([release])})
    assert load_mpii(tmp_path / "two.mat").images == ("b.jpg",)


def test_a_damaged_release_is_said(tmp_path, mpii, crowd):
    path = tmp_path / "release.mat"
    mpii.write_release(path, crowd)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    for damaged in (whole[: len(whole) // 2], bytes(flipped)):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"release\.mat: unreadable, expected a MATLAB file"):
            load_mpii(path)


def joint(mpii, **fields):
    points = mpii.structures([{"x": 7, "y": 9, "id": 3, **fields}])
    return {"annopoints": mpii.structures([{"point": points}])}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: {"img_train": np.ones((1, 2))}, "annolist of 0 images and img_train of 2"),
        (
            lambda mpii: {
                "annolist": mpii.structures([image(mpii, "a.jpg")] * 3),
                "img_train": np.ones((1, 2)),
            },
            "annolist of 3 images and img_train of 2",
        ),
        (
            lambda mpii: {"annolist": mpii.structures([image(mpii, "a.jpg")]), "img_train": 1},
            "no joints in any of 1 images",
        ),
        (
            lambda mpii: {
                "annolist": mpii.structures([image(mpii, "a.jpg", {}, joint(mpii, id=17))]),
                "img_train": 1,
            },
            r"annolist\(1\).annorect\(2\) \(a.jpg\): joint id 17, expected 0 to 15",
        ),
        (
            lambda mpii: {
                "annolist": mpii.structures([image(mpii, "a.jpg", joint(mpii, x=NOTHING))]),
                "img_train": 1,
            },
            r"person 0 of a.jpg: l hip at \[nan  9.\], expected numbers",
        ),
        (
            lambda mpii: {
                "annolist": mpii.structures([image(mpii, NOTHING, joint(mpii))]),
                "img_train": 1,
            },
            r"annolist\(1\).image.name: found .*, expected the name",
        ),
    ],
)
def test_other_structures_are_explained(tmp_path, mpii, make, message):
    path = tmp_path / "release.mat"
    scipy.io.savemat(path, {"RELEASE": mpii.structures([make(mpii)])})
    with pytest.raises(InputError, match=message) as caught:
        load_mpii(path)
    assert str(path) in str(caught.value)
