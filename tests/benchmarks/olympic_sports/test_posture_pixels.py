"""Which pictures are cut out, and which are mirrored, for the posture benchmark."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from stpose.benchmarks.embedders import Hog, Pixels
from stpose.benchmarks.olympic_sports.pixels import posture_distances
from stpose.benchmarks.olympic_sports.protocol import load_categories


@dataclass(frozen=True)
class WholeCrop:
    """Every value of a small colour picture."""

    name: str = "whole"
    input_px: int = 24

    def __call__(self, crops):
        """Return all values of each crop."""
        assert crops.dtype == np.uint8
        return crops.reshape(len(crops), -1).astype(np.float32)


def slow_crop(posture_folder, category, frame, flip):
    """Cut a box out with plain indexing."""
    sequence = category.frames.sequences[category.frames.sequence[frame]]
    number = int(category.frames.number[frame])
    image = cv2.imread(str(posture_folder.path / f"frames/jump/{sequence}/I{number:05d}.png"))
    x1, y1, x2, y2 = posture_folder.boxes[sequence, number]
    crop = image[y1 - 1 : y2, x1 - 1 : x2]
    crop = cv2.resize(crop, (24, 24), interpolation=cv2.INTER_AREA)[..., ::-1]
    return (crop[:, ::-1] if flip else crop).astype(np.float64).ravel()


def test_distances_follow_boxes_numbers_and_flips(posture_folder):
    (category,) = load_categories(posture_folder.path)
    found = posture_distances(
        posture_folder.path, category, [WholeCrop()], {"whole": ["none"]}, "warp", "euclidean"
    )["whole", "none"]
    labels = category.labels
    rows = zip(labels.exemplar, labels.frame, labels.flip, found, strict=True)
    for exemplar, frame, flip, distance in rows:
        anchor = slow_crop(posture_folder, category, labels.anchors[exemplar], False)
        right, wrong = (
            np.linalg.norm(slow_crop(posture_folder, category, frame, mirrored) - anchor)
            for mirrored in (flip, not flip)
        )
        # Two ways of resampling differ a little, two pictures by much more.
        assert distance == pytest.approx(right, rel=0.1)
        assert abs(distance - right) < 0.5 * abs(distance - wrong)


def test_a_frame_compared_with_itself_mirrored_is_not_at_zero(posture_folder):
    (category,) = load_categories(posture_folder.path)
    labels = category.labels
    found = posture_distances(
        posture_folder.path, category, [Pixels()], {"pixels": ["none"]}, "warp", "euclidean"
    )["pixels", "none"]
    same = (labels.frame == 5) & (labels.exemplar == 0)
    assert labels.flip[same].all()
    assert found[same][0] > 0


@pytest.mark.parametrize("crop", ["warp", "square"])
def test_correlation_is_numpys(posture_folder, crop):
    (category,) = load_categories(posture_folder.path)
    embedders = [WholeCrop(), Hog()]
    found = posture_distances(
        posture_folder.path,
        category,
        embedders,
        {"whole": ["none"], "hog": ["none", "l2"]},
        crop,
        "correlation",
    )
    assert set(found) == {("whole", "none"), ("hog", "none"), ("hog", "l2")}
    np.testing.assert_allclose(found["hog", "none"], found["hog", "l2"], atol=1e-6)
    if crop == "warp":
        labels = category.labels
        anchor = slow_crop(posture_folder, category, labels.anchors[0], False)
        other = slow_crop(posture_folder, category, labels.frame[0], labels.flip[0])
        expected = 1 - np.corrcoef(anchor, other)[0, 1]
        assert found["whole", "none"][0] == pytest.approx(expected, abs=0.1)


def test_square_shows_more_than_warp(posture_folder):
    (category,) = load_categories(posture_folder.path)
    values = [
        posture_distances(
            posture_folder.path, category, [Pixels()], {"pixels": ["l2"]}, crop, "euclidean"
        )["pixels", "l2"]
        for crop in ("warp", "square")
    ]
    assert not np.allclose(*values)
