"""Histograms of gradients: against a loop, mirrored, and under other light."""

import math

import numpy as np
import torch

from stpose.recipes.gradient_histograms import gradient_histograms, mirrored


def drawn(count=2, side=40, seed=0):
    return torch.rand((count, 3, side, side), generator=torch.Generator().manual_seed(seed))


def slow_histograms(image):
    grey = np.tensordot([0.299, 0.587, 0.114], image.double().numpy(), axes=1)
    side = len(grey)
    cells = np.zeros((9, side // 10, side // 10))
    for row in range(side):
        for column in range(side):
            left, right = grey[row, max(0, column - 1)], grey[row, min(side - 1, column + 1)]
            above, below = grey[max(0, row - 1), column], grey[min(side - 1, row + 1), column]
            across, down = right - left, below - above
            place = math.atan2(down, across) % math.pi / math.pi * 9
            lower = int(place)
            strength = math.hypot(across, down) / 100
            cells[lower % 9, row // 10, column // 10] += strength * (1 - (place - lower))
            cells[(lower + 1) % 9, row // 10, column // 10] += strength * (place - lower)
    found = np.empty_like(cells)
    for row in range(side // 10):
        for column in range(side // 10):
            near = cells[:, max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
            energy = (near**2).sum(axis=0).mean()
            found[:, row, column] = cells[:, row, column] / math.sqrt(energy + 1e-5)
    return found


def test_they_are_those_of_a_loop():
    images = drawn()
    found = gradient_histograms(images)
    assert found.shape == (2, 9, 4, 4)
    for image, own in zip(images, found, strict=True):
        np.testing.assert_allclose(own.numpy(), slow_histograms(image), atol=1e-4)


def test_a_mirrored_picture_has_the_mirrored_histograms():
    images = drawn()
    found = gradient_histograms(images.flip(3))
    torch.testing.assert_close(found, mirrored(gradient_histograms(images)), atol=1e-5, rtol=1e-5)
    assert not torch.allclose(found, gradient_histograms(images), atol=0.1)


def test_an_edge_counts_where_it_is_and_as_it_runs():
    image = torch.zeros((1, 3, 40, 40))
    image[..., 25:] = 1  # light to the right: the gradient points across
    (found,) = gradient_histograms(image)
    assert found.amax(dim=(0, 1)).argmax() == 2
    assert found[0, :, 2].min() > 0
    assert found[1:].abs().max() == 0
    (turned,) = gradient_histograms(image.transpose(2, 3))
    assert turned.sum(dim=(1, 2)).topk(2).indices.tolist() in ([4, 5], [5, 4])  # 90 degrees


def test_light_and_contrast_hardly_matter():
    images = drawn()
    torch.testing.assert_close(
        gradient_histograms(images * 0.5 + 0.3), gradient_histograms(images), atol=0.02, rtol=0.02
    )
    even = gradient_histograms(torch.full((1, 3, 40, 40), 0.4))
    assert even.abs().max() < 1e-3
