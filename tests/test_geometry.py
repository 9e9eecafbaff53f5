"""Boxes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stpose.geometry import box_area, box_iou, clip_boxes, square_around

whole = st.integers(0, 20)
box = st.tuples(whole, whole, whole, whole).map(
    lambda c: (min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]), max(c[1], c[3]))
)


def counted(one, two):
    """Overlap of whole-number boxes by counting their pixels one by one."""
    first = {(x, y) for x in range(one[0], one[2]) for y in range(one[1], one[3])}
    second = {(x, y) for x in range(two[0], two[2]) for y in range(two[1], two[3])}
    return len(first & second) / len(first | second) if first | second else 0.0


@given(box, box)
def test_iou_equals_counting_pixels(one, two):
    assert np.isclose(box_iou(one, two), counted(one, two))


@given(box, box)
def test_iou_is_symmetric(one, two):
    assert box_iou(one, two) == box_iou(two, one)


def test_iou_broadcasts_over_many_boxes():
    boxes = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]])
    np.testing.assert_allclose(box_iou(boxes[:1], boxes), [1, 1 / 3, 0])


def test_area_of_an_inverted_box_is_zero():
    assert box_area([3, 0, 1, 5]) == 0


def test_square_keeps_the_centre_and_takes_the_longer_side():
    np.testing.assert_allclose(square_around([10, 20, 14, 40], 1.5), [-3, 15, 27, 45])


def test_clipping_leaves_nothing_outside():
    np.testing.assert_allclose(clip_boxes([-3, 2, 50, 9], 40, 8), [0, 2, 40, 8])
