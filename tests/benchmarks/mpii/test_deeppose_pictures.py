"""Pictures and joints of DeepPose stay together, whatever is drawn."""

import numpy as np
import pytest
import torch

from stpose.benchmarks.mpii.data import load_mpii
from stpose.benchmarks.mpii.deeppose.pictures import (
    cut_test_pictures,
    cut_training_pictures,
    draw_batch,
    from_frame,
    in_frame,
    mirrored,
)
from stpose.benchmarks.mpii.people import JOINTS
from stpose.settings.deeppose import DeepPoseSettings

INPUT_PX = 96
RED, BLUE = (220, 30, 30), (30, 30, 220)


@pytest.fixture
def people(tmp_path, mpii):
    """Four people in two pictures; red dots on right joints, blue ones on left joints."""
    import cv2

    generator = np.random.default_rng(6)
    found = []
    for number, middle in enumerate(((150, 150), (400, 160), (200, 300), (450, 320))):
        person = mpii.draw_person(generator, f"{number // 2}.png", number % 2)
        # On a grid, so that no dot covers another.
        cells = generator.permutation(25)[:16]
        joints = np.stack([cells % 5, cells // 5], axis=1) * 30.0 + np.array(middle) - 60
        found.append(
            mpii.replace(person, joints=joints, scale=0.75, centre=(middle[0], middle[1] - 11.25))
        )
    (tmp_path / "images").mkdir()
    for name in ("0.png", "1.png"):
        image = np.full((480, 640, 3), 100, np.uint8)
        for person in found:
            if person.image == name:
                for joint, (x, y) in enumerate(person.joints.astype(int).tolist()):
                    colour = {"r ": RED, "l ": BLUE}.get(JOINTS[joint][:2])
                    if colour:
                        cv2.circle(image, (x - 1, y - 1), 7, colour[::-1], -1)
        assert cv2.imwrite(str(tmp_path / "images" / name), image)
    missing = found[1].present.copy()
    missing[[0, 4]] = False
    found[1] = mpii.replace(found[1], present=missing)
    mpii.write_json(tmp_path / "list.json", found)
    return load_mpii(tmp_path / "list.json")


def colours_at(image, joints):
    """Return "r", "l" or "" by the colour of a picture (3, S, S) where joints (16, 2) are."""
    found = []
    for x, y in joints:
        column, row = (int((value + 0.5) * image.shape[2]) for value in (x, y))
        if not (0 <= column < image.shape[2] and 0 <= row < image.shape[1]):
            found.append("outside")
            continue
        red, _, blue = (255 * image[:, row, column]).tolist()
        found.append("r" if red - blue > 60 else "l" if blue - red > 60 else "")
    return found


def test_frames_are_undone():
    generator = np.random.default_rng(0)
    joints = generator.uniform(0, 100, (3, 16, 2))
    squares = np.array([[0, 0, 10, 10], [5, -5, 25, 15], [1, 2, 3, 4]], dtype=float)
    inside = in_frame(joints, squares)
    np.testing.assert_allclose(from_frame(inside, squares), joints)
    np.testing.assert_allclose(in_frame(squares[:, None, :2], squares), np.full((3, 1, 2), -0.5))


def test_mirroring_twice_is_nothing():
    joints = np.random.default_rng(1).uniform(-0.5, 0.5, (5, 16, 2))
    mirror = np.array([True, False, True, True, False])
    once = mirrored(joints, mirror)
    np.testing.assert_array_equal(once[1], joints[1])
    wrists = [JOINTS.index("r wrist"), JOINTS.index("l wrist")]
    np.testing.assert_array_equal(once[0, wrists[0]], joints[0, wrists[1]] * [-1, 1])
    np.testing.assert_array_equal(mirrored(once, mirror), joints)


def test_joints_lie_on_their_dots_in_test_pictures(tmp_path, people):
    batches = list(cut_test_pictures(tmp_path, people, INPUT_PX, batch=3))
    assert [len(batch) for batch in batches] == [3, 1]
    crops = np.concatenate(batches).transpose(0, 3, 1, 2) / 255
    inside = in_frame(people.joints, people.squares())
    for row in range(4):
        seen = colours_at(crops[row], np.nan_to_num(inside[row]))
        for joint in np.flatnonzero(people.present[row]):
            name = JOINTS[joint]
            assert seen[joint] == (name[0] if name[:2] in ("r ", "l ") else ""), name


@pytest.mark.parametrize(("mirror", "sides"), [(0.0, "rl"), (1.0, "lr")])
def test_joints_lie_on_their_dots_in_training_pictures(tmp_path, people, mirror, sides):
    """In mirrored pictures a right joint lies on what was a left one, and its dot is blue."""
    settings = DeepPoseSettings(mirror=mirror, batch_size=24, shift=0.08, scale=0.3)
    pictures = cut_training_pictures(tmp_path, people, INPUT_PX, settings)
    batch = draw_batch(pictures, INPUT_PX, 5, settings)
    assert batch.images.shape == (24, 3, INPUT_PX, INPUT_PX)
    seen_joints = 0
    for image, joints, present in zip(batch.images, batch.joints, batch.present, strict=True):
        colours = colours_at(image.numpy(), joints.tolist())
        for joint in torch.nonzero(present).flatten().tolist():
            name = JOINTS[joint]
            if colours[joint] != "outside" and name[:2] in ("r ", "l "):
                assert colours[joint] == sides["rl".index(name[0])], name
                seen_joints += 1
    assert seen_joints > 200
    # r ankle and l knee of one person are missing; mirrored, l ankle and r knee.
    lacking = [0, 4] if mirror == 0 else [1, 5]
    rows = ~batch.present.all(dim=1)
    assert 0 < rows.sum() < 24
    for present in batch.present[rows]:
        assert torch.nonzero(~present).flatten().tolist() == lacking
    assert (batch.joints[~batch.present] == 0).all()


def test_squares_are_moved_and_scaled_within_bounds(tmp_path, people):
    settings = DeepPoseSettings(mirror=0.0, batch_size=200, shift=0.1, scale=0.25)
    pictures = cut_training_pictures(tmp_path, people.take(np.array([0])), INPUT_PX, settings)
    batch = draw_batch(pictures, INPUT_PX, 0, settings)
    plain = in_frame(people.joints[:1], people.squares()[:1])[0]
    spread = np.ptp(batch.joints.numpy(), axis=1) / np.ptp(plain, axis=0)
    np.testing.assert_allclose(spread[:, 0], spread[:, 1], rtol=1e-4)
    assert 1 / 1.25 <= spread.min() < 0.85
    assert 1.15 < spread.max() <= 1.25 + 1e-6
    # Of a square moved by up to a tenth of its side, in its own, changed size.
    middle = (batch.joints.numpy() / spread[:, None] - plain).mean(axis=1)
    assert 0.09 < np.abs(middle).max() <= 0.1 + 1e-4


def test_batches_hang_on_seed_and_step_alone(tmp_path, people):
    settings = DeepPoseSettings(batch_size=6)
    pictures = cut_training_pictures(tmp_path, people, INPUT_PX, settings)
    first, again, later = (draw_batch(pictures, INPUT_PX, step, settings) for step in (3, 3, 4))
    assert torch.equal(first.images, again.images)
    assert torch.equal(first.joints, again.joints)
    assert not torch.equal(first.joints, later.joints)
    seed = settings.model_copy(update={"seed": 1})
    assert not torch.equal(first.joints, draw_batch(pictures, INPUT_PX, 3, seed).joints)
