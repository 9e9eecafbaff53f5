import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stpose.errors import InputError
from stpose.flow.ratio import foreground_background_ratio, mean_outside

EPSILON = 0.1

EDGES = st.floats(-20, 40, allow_nan=False)
BOXES = st.lists(st.tuples(EDGES, EDGES, EDGES, EDGES), max_size=4)
MAGNITUDES = arrays(
    np.float32,
    st.tuples(st.integers(1, 12), st.integers(1, 14)),
    elements=st.floats(0, 1000, width=32),
)


def slow_mask(box, height, width):
    """Pixels whose centre is in the box; if none but some of it is in the frame, its middle."""
    x1, y1, x2, y2 = box
    x1, x2, y1, y2 = max(x1, 0), min(x2, width), max(y1, 0), min(y2, height)
    mask = np.zeros((height, width), bool)
    if not (x1 < x2 and y1 < y2):
        return mask
    columns = [x for x in range(width) if x1 <= x + 0.5 < x2]
    rows = [y for y in range(height) if y1 <= y + 0.5 < y2]
    for y in rows or [min(int((y1 + y2) / 2), height - 1)]:
        for x in columns or [min(int((x1 + x2) / 2), width - 1)]:
            mask[y, x] = True
    return mask


@given(magnitude=MAGNITUDES, boxes=BOXES)
def test_against_slow_version(magnitude, boxes):
    masks = [slow_mask(box, *magnitude.shape) for box in boxes]
    anyone = np.any([np.zeros(magnitude.shape, bool), *masks], axis=0)
    results = foreground_background_ratio(magnitude, np.reshape(boxes, (-1, 4)), EPSILON)
    assert len(results) == len(boxes)
    for mask, result in zip(masks, results, strict=True):
        if not mask.any():
            assert (result.inside, result.ratio) == (None, None)
            assert result.note == "box outside the frame"
            continue
        inside = magnitude[mask].astype(float).mean()
        assert result.inside == pytest.approx(inside)
        if (~anyone).mean() < 0.02:
            assert (result.outside, result.ratio) == (None, None)
            assert result.note == "box fills the frame"
        else:
            outside = magnitude[~anyone].astype(float).mean()
            assert result.outside == pytest.approx(outside)
            assert result.ratio == pytest.approx((inside + EPSILON) / (outside + EPSILON))
            assert math.isfinite(result.ratio)
            assert result.note is None


def test_other_people_are_not_background():
    magnitude = np.zeros((10, 20))
    magnitude[:, 10:] = 8
    boxes = np.array([[0, 0, 5, 10], [10, 0, 20, 10]], float)
    first, second = foreground_background_ratio(magnitude, boxes, EPSILON)
    assert first.ratio == pytest.approx(1)
    assert second.ratio == pytest.approx(81)


def test_still_frame_has_ratio_one():
    result = foreground_background_ratio(np.zeros((9, 9)), np.array([[1, 1, 4, 4.0]]), EPSILON)[0]
    assert (result.inside, result.outside, result.ratio) == (0, 0, 1)


def test_tiny_box_covers_one_pixel():
    magnitude = np.zeros((10, 10))
    magnitude[3, 7] = 5
    box = np.array([[7.6, 3.6, 7.7, 3.8]])
    assert foreground_background_ratio(magnitude, box, EPSILON)[0].inside == 5


@pytest.mark.parametrize("box", [(5, 5, 5, 9), (9, 5, 5, 9), (np.nan, 0, 5, 5)])
def test_empty_boxes_hold_nothing(box):
    result = foreground_background_ratio(np.ones((10, 10)), np.array([box], float), EPSILON)[0]
    assert result.note == "box outside the frame"
    assert result.outside == 1


def test_mean_outside():
    magnitude = np.zeros((10, 10))
    magnitude[:, 5:] = 2
    assert mean_outside(magnitude, np.empty((0, 4))) == 1
    assert mean_outside(magnitude, np.array([[0, 0, 5, 10]])) == 2
    assert mean_outside(magnitude, np.array([[0, 0, 10, 10]])) is None


def test_unusable():
    magnitude, boxes = np.ones((4, 4)), np.zeros((1, 4))
    with pytest.raises(InputError, match="epsilon"):
        foreground_background_ratio(magnitude, boxes, 0.0)
    with pytest.raises(InputError, match="boxes"):
        foreground_background_ratio(magnitude, np.zeros(4), EPSILON)
    with pytest.raises(InputError, match="NaN"):
        foreground_background_ratio(magnitude * np.nan, boxes, EPSILON)
