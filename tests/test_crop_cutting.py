"""Cutting boxes out of crops, against a loop over pixels."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.crop_cutting import box_transforms, cut_boxes

SIZE, OUT = 12, 5


def crops(count, seed=0):
    picture = np.random.default_rng(seed).integers(0, 256, (count, 3, SIZE, SIZE), dtype=np.uint8)
    return torch.from_numpy(picture)


def slow_pixel(picture, x, y):
    """Bilinear look-up; pixel k has its centre at k + 0.5, and the border repeats."""
    x, y = (min(max(side - 0.5, 0), SIZE - 1) for side in (x, y))
    left, top = math.floor(x), math.floor(y)
    right, low = min(left + 1, SIZE - 1), min(top + 1, SIZE - 1)
    across, down = x - left, y - top
    above = picture[:, top, left] * (1 - across) + picture[:, top, right] * across
    below = picture[:, low, left] * (1 - across) + picture[:, low, right] * across
    return (above * (1 - down) + below * down) / 255


def slow_cut(picture, box, mirror, degrees, mode):
    x1, y1, x2, y2 = box
    centre_x, centre_y, width, height = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
    if mode == "square":
        width = height = max(width, height)
    angle = math.radians(degrees)
    out = np.empty((3, OUT, OUT))
    for row in range(OUT):
        for column in range(OUT):
            right = ((column + 0.5) / OUT - 0.5) * width * (-1 if mirror else 1)
            low = ((row + 0.5) / OUT - 0.5) * height
            x = centre_x + math.cos(angle) * right - math.sin(angle) * low
            y = centre_y + math.sin(angle) * right + math.cos(angle) * low
            out[:, row, column] = slow_pixel(picture, x, y)
    return out


side = st.floats(-4, 14)
case = st.tuples(
    side, side, st.floats(1, 14), st.floats(1, 14), st.booleans(), st.floats(-180, 180)
)


@settings(max_examples=30, deadline=None)
@given(st.lists(case, min_size=1, max_size=10), st.sampled_from(["warp", "square"]))
def test_cut_is_the_slow_cut(cases, mode):
    boxes = np.array([[x, y, x + w, y + h] for x, y, w, h, _, _ in cases])
    mirror = np.array([each[4] for each in cases])
    rotation = np.array([each[5] for each in cases])
    pictures = crops(len(cases))
    fast = cut_boxes(pictures, box_transforms(boxes, SIZE, mirror, rotation, mode), OUT)
    for number, picture in enumerate(pictures.numpy().astype(float)):
        slow = slow_cut(picture, boxes[number], mirror[number], rotation[number], mode)
        np.testing.assert_allclose(fast[number].numpy(), slow, atol=2e-4)


def test_a_box_of_whole_pixels_is_copied():
    pictures = crops(1)
    box = np.array([[3, 2, 3 + OUT, 2 + OUT]])
    cut = cut_boxes(pictures, box_transforms(box, SIZE, np.array([False]), np.zeros(1)), OUT)
    expected = pictures[:, :, 2 : 2 + OUT, 3 : 3 + OUT] / 255
    torch.testing.assert_close(cut, expected, atol=1e-5, rtol=0)
    flipped = cut_boxes(pictures, box_transforms(box, SIZE, np.array([True]), np.zeros(1)), OUT)
    torch.testing.assert_close(flipped, expected.flip(-1), atol=1e-5, rtol=0)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 20])
def test_any_number_of_crops(count):
    boxes = np.tile([1.0, 2.0, 9.0, 11.0], (count, 1))
    transforms = box_transforms(boxes, SIZE, np.zeros(count, bool), np.zeros(count))
    together = cut_boxes(crops(count), transforms, OUT)
    assert together.shape == (count, 3, OUT, OUT)
    for number in range(count):
        part = slice(number, number + 1)
        alone = cut_boxes(crops(count)[part], transforms[part], OUT)
        torch.testing.assert_close(together[part], alone)
