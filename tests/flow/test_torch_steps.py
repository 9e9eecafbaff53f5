"""The steps in PyTorch against those of the solver on one thread, and against OpenCV."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from scipy import ndimage

from stpose.errors import InputError
from stpose.flow import kernels, steps, torch_median, torch_steps


def batch(height, width, count=3, seed=0):
    noise = np.random.default_rng(seed).random((count, height, width))
    return np.stack([cv2.GaussianBlur(image, (0, 0), 1) for image in noise])


@pytest.mark.parametrize("sigma", [0.0, 0.6, 2.0])
def test_smoothing_is_that_of_opencv(sigma):
    images = batch(9, 14)
    found = torch_steps.smooth(torch.from_numpy(images)[None], sigma)[0]
    for image, smoothed in zip(images, found, strict=True):
        wanted = image
        if sigma:
            wanted = cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        np.testing.assert_allclose(smoothed, wanted, atol=1e-12)


@pytest.mark.parametrize("size", [(21, 30), (19, 27), (10, 15), (1, 27)])
def test_shrinking_and_enlarging_are_those_on_one_thread(size):
    images = batch(21, 30, 2)
    found = torch_steps.resize(torch.from_numpy(images)[None], *size)[0]
    for image, resized in zip(images, found, strict=True):
        np.testing.assert_allclose(resized, steps.shrink(image, *size, 0.9), atol=1e-6)
    flow = np.random.default_rng(0).normal(size=(2, *size))
    found = torch_steps.enlarge(torch.from_numpy(flow)[:, None], 21, 30)[:, 0]
    np.testing.assert_allclose(found, steps.enlarge(flow, 21, 30, 0.9), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("floor", [0.0, 0.02], ids=["grey-levels", "pixels"])
@pytest.mark.parametrize("size", [(20, 31), (16, 16), (3, 40), (1, 9)])
def test_derivatives_are_those_on_one_thread(size, floor):
    first, second = batch(*size), batch(*size, seed=1)
    random = np.random.default_rng(2)
    flow = random.normal(0, 3, (2, 3, *size))
    flow[0, 0] = np.arange(size[1]) - 2  # to the outermost edge and beyond, also by whole pixels
    flow[1, 1] = np.where(random.random(size) < 0.5, -0.5, 1e4)
    found = torch_steps.derivatives(*map(torch.from_numpy, (first, second, flow)))
    if floor:
        torch_steps.normalise(found, floor)
    for n in range(3):
        terms = np.empty((2, size[0], kernels.TERM_FIELDS, (size[1] + 1) // 2))
        steps.linearise(first[n], second[n], flow[:, n], terms, floor)
        order = ["T", "X", "Y", "TX", "TY", "XX", "XY", "YY"]
        for image, name in zip(found[:, n].numpy(), order, strict=True):
            wanted = np.empty(size)
            for y in range(size[0]):
                for x in range(size[1]):
                    wanted[y, x] = terms[(y + x) % 2, y, getattr(kernels, name), x // 2]
            np.testing.assert_allclose(image, wanted, atol=1e-9)


def test_what_does_not_move_is_looked_up_exactly():
    images = torch.from_numpy(batch(123, 321, 1)).float()
    still = torch.zeros(2, *images.shape)
    assert not torch_steps.derivatives(images, images, still)[0].any()


@given(
    images=st_numpy.arrays(
        np.float32,
        st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9)),
        elements=st.integers(-5, 5).map(float),
    ),
    side=st.sampled_from([3, 5]),
)
def test_median_is_that_of_sorted_windows(images, side):
    found = torch_median.median(torch.from_numpy(images), side).numpy()
    wanted = [ndimage.median_filter(image, side, mode="nearest") for image in images]
    np.testing.assert_array_equal(found, np.stack(wanted))


@pytest.mark.parametrize("side", [3, 5])
def test_median_of_all_different_numbers(side, monkeypatch):
    images = np.random.default_rng(0).random((2, 40, 50), np.float32)
    wanted = np.stack([cv2.medianBlur(image, side) for image in images])
    whole = torch_median.median(torch.from_numpy(images), side)
    np.testing.assert_array_equal(whole, wanted)
    monkeypatch.setattr(torch_median, "_NUMBERS_IN_CACHE", 700)
    assert torch.equal(torch_median.median(torch.from_numpy(images), side), whole)


def test_other_medians_are_refused():
    with pytest.raises(InputError, match="side 7, expected 3 or 5"):
        torch_median.median(torch.zeros(1, 9, 9), 7)
