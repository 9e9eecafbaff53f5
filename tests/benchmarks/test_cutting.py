"""Cutting regions out of pictures."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.benchmarks.cutting import cut_region

PICTURE = np.random.default_rng(0).integers(0, 255, (30, 40, 3)).astype(np.uint8)


def test_whole_pixels_are_copied():
    cut = cut_region(PICTURE, (5, 3, 21, 19), 16)
    np.testing.assert_array_equal(cut, PICTURE[3:19, 5:21, ::-1])


def test_mirroring_is_of_the_result():
    cut = cut_region(PICTURE, (5, 3, 21, 19), 16, mirror=True)
    np.testing.assert_array_equal(cut, PICTURE[3:19, 5:21, ::-1][:, ::-1])


def test_pixels_beyond_the_picture_are_replicated():
    cut = cut_region(PICTURE, (-4, -6, 12, 10), 16)
    padded = cv2.copyMakeBorder(PICTURE, 6, 0, 4, 0, cv2.BORDER_REPLICATE)
    np.testing.assert_array_equal(cut, padded[:16, :16, ::-1])


def test_shrinking_averages():
    cut = cut_region(PICTURE, (0, 0, 40, 30), 10)
    expected = PICTURE.reshape(10, 3, 10, 4, 3).mean(axis=(1, 3))[..., ::-1]
    np.testing.assert_allclose(cut, expected, atol=1)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(-20, 30),
    st.floats(-20, 20),
    st.floats(2, 90),
    st.floats(2, 90),
    st.integers(4, 50),
)
def test_a_ramp_stays_a_ramp(x1, y1, width, height, side):
    """The value of a ramp at the middle of every output pixel, within rounding."""
    columns = np.arange(200, dtype=np.float64)
    ramp = np.repeat((columns[None] + 0.5), 200, axis=0)[..., None].repeat(3, axis=2)
    picture = ramp.astype(np.uint8)  # value = column number: its centre is half a pixel more
    region = np.array([x1 + 60, y1 + 60, x1 + 60 + width, y1 + 60 + height])
    cut = cut_region(picture, region, side)[0, :, 0].astype(float)
    centres = region[0] + (np.arange(side) + 0.5) * width / side
    assert np.abs(cut + 0.5 - centres).max() <= 1.05


@pytest.mark.parametrize("side", [1, 7, 227])
def test_sizes(side):
    assert cut_region(PICTURE, (1.5, 2.5, 8, 30), side).shape == (side, side, 3)
