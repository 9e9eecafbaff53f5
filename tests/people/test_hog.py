"""OpenCV's people detector."""

import cv2
import numpy as np
import pytest

from stpose.geometry import box_iou
from stpose.people.detections import Detections
from stpose.people.hog import HogDetector, person_of, without_parts


@pytest.fixture(scope="module")
def detector():
    return HogDetector()


@pytest.mark.parametrize("height", [120, 212, 424, 848])
def test_finds_the_person_at_every_size(shared_data, detector, height):
    picture = cv2.imread(str(shared_data / "detector" / "person.jpg"))
    scale = height / picture.shape[0]
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = detector.detect(small)
    person = np.array([188, 98, 275, 372]) * scale
    best = found.boxes[np.argmax(box_iou(found.boxes, person))]
    assert box_iou(best, person) > 0.5
    assert found.scores[0] >= detector.threshold


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (8, 500), (500, 8)])
def test_small_pictures_hold_nobody(detector, shape):
    assert len(detector.detect(np.full((*shape, 3), 128, np.uint8))) == 0


def test_scores_are_shares_and_fall(detector):
    coarse = np.random.default_rng(0).integers(0, 255, (24, 32, 3), dtype=np.uint8)
    noise = cv2.resize(coarse, (320, 240))
    low = HogDetector(threshold=0.01)
    scores = low.detect(noise).scores
    assert len(scores)
    assert ((scores > 0) & (scores < 1)).all()
    assert (np.diff(scores) <= 0).all()
    assert len(detector.detect(noise)) <= len(scores)


def test_the_person_stands_in_the_middle_of_the_window():
    np.testing.assert_allclose(
        person_of(np.array([[10.0, 20, 64, 128]])), [[22.8, 32.8, 61.2, 131.36]], atol=1e-6
    )


def test_parts_of_people_are_dropped():
    boxes = np.array([[10, 50, 30, 100], [5, 0, 35, 105], [60, 0, 90, 100]], np.float32)
    found = without_parts(Detections(boxes, np.array([0.9, 0.8, 0.7], np.float32)))
    np.testing.assert_array_equal(found.boxes, boxes[1:])
    np.testing.assert_allclose(found.scores, [0.8, 0.7])
    assert len(without_parts(Detections.none())) == 0
