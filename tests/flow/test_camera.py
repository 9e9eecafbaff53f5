"""The camera's motion, fitted to the background and taken off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.flow.camera import take_off_camera

HEIGHT, WIDTH = 40, 60
PERSON = (slice(10, 30), slice(20, 35))


def background():
    pixels = np.ones((HEIGHT, WIDTH), bool)
    pixels[PERSON] = False
    return pixels


def affine(numbers):
    """Flow of an affine camera: numbers are two rows of (constant, by x, by y), in px."""
    rows, columns = np.indices((HEIGHT, WIDTH))
    x, y = columns / WIDTH - 0.5, rows / HEIGHT - 0.5
    u, v = (a + b * x + c * y for a, b, c in np.reshape(numbers, (2, 3)))
    return np.stack([u, v], axis=-1).astype(np.float32)


@given(st.lists(st.floats(-8, 8), min_size=6, max_size=6))
def test_an_affine_camera_is_taken_off_whole(numbers):
    flow = affine(numbers)
    flow[PERSON] += np.float32([3, -1])
    own = take_off_camera(flow, background())
    np.testing.assert_allclose(own[background()], 0, atol=1e-3)
    np.testing.assert_allclose(own[PERSON], np.full((20, 15, 2), [3, -1]), atol=1e-3)


def test_what_moves_in_the_background_does_not_count():
    flow = affine([2, 0.5, 0, -1, 0, 0.5])
    flow[:12, 40:] += np.float32([0, 6])
    own = take_off_camera(flow, background())
    still = background()
    still[:12, 40:] = False
    np.testing.assert_allclose(own[still], 0, atol=0.02)
    plain = flow - flow[background()].mean(axis=0)
    assert np.abs(plain[still]).max() > 0.5


def test_noise_is_averaged_out():
    noise = np.random.default_rng(0).normal(0, 0.3, (HEIGHT, WIDTH, 2)).astype(np.float32)
    own = take_off_camera(affine([4, 1, 1, 0, 0, 0]) + noise, background())
    np.testing.assert_allclose(own, noise, atol=0.1)


@pytest.mark.parametrize("left", [0, 5])
def test_without_a_background_nothing_is_taken_off(left):
    flow = affine([2, 0, 0, 0, 0, 0])
    pixels = np.zeros((HEIGHT, WIDTH), bool)
    pixels.flat[:left] = True
    np.testing.assert_array_equal(take_off_camera(flow, pixels), flow)
