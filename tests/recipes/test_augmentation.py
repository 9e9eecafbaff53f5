"""Augmentation, against slow versions."""

import numpy as np
import torch
from torchvision.transforms.v2 import functional

from stpose.recipes.augmentation import (
    draw_colour_factors,
    draw_turns,
    jitter_boxes,
    jitter_colours,
)


def test_colours_are_changed_as_torchvision_does():
    generator = torch.Generator().manual_seed(0)
    # Away from black and white, where torchvision cuts after each of the three changes.
    images = 0.35 + 0.2 * torch.rand((6, 3, 9, 7), generator=generator)
    factors = 0.8 + 0.4 * torch.rand((6, 3), generator=generator)
    changed = jitter_colours(images, factors)
    for image, (brightness, contrast, saturation), result in zip(
        images, factors.tolist(), changed, strict=True
    ):
        slow = functional.adjust_brightness(image, brightness)
        slow = functional.adjust_contrast(slow, contrast)
        slow = functional.adjust_saturation(slow, saturation)
        torch.testing.assert_close(result, slow, atol=2e-4, rtol=0)


def test_colours_stay_between_black_and_white():
    images = torch.rand((4, 3, 5, 5), generator=torch.Generator().manual_seed(1))
    changed = jitter_colours(images, torch.full((4, 3), 3.0))
    assert changed.min() == 0
    assert changed.max() == 1


def test_factors_of_one_change_nothing():
    images = torch.rand((2, 3, 5, 5), generator=torch.Generator().manual_seed(1))
    factors = draw_colour_factors(np.random.default_rng(0), 2, 0.0)
    torch.testing.assert_close(jitter_colours(images, torch.from_numpy(factors).float()), images)


def test_boxes_move_and_grow_within_their_limits():
    boxes = np.tile([10.0, 20, 50, 40], (4000, 1))
    changed = jitter_boxes(np.random.default_rng(0), boxes, shift=0.1, scale=0.25)
    extent = changed[:, 2:] - changed[:, :2]
    factor = extent / [40, 20]
    np.testing.assert_allclose(factor[:, 0], factor[:, 1])
    assert 0.8 <= factor.min() < 0.81
    assert 1.24 < factor.max() <= 1.25
    offset = ((changed[:, :2] + changed[:, 2:]) / 2 - [30, 30]) / [40, 20]
    assert np.abs(offset).max() <= 0.1 + 1e-9
    assert np.abs(offset).max() > 0.095
    assert np.abs(offset.mean(axis=0)).max() < 0.01
    unchanged = jitter_boxes(np.random.default_rng(0), boxes, shift=0, scale=0)
    np.testing.assert_allclose(unchanged, boxes)


def test_turns_have_their_share_and_range():
    mirror, rotation = draw_turns(np.random.default_rng(0), 4000, 0.25, 12.0)
    assert abs(mirror.mean() - 0.25) < 0.03
    assert 11.9 < np.abs(rotation).max() <= 12
    assert not draw_turns(np.random.default_rng(0), 50, 0.0, 0.0)[0].any()


def test_a_share_of_the_pictures_loses_its_colours():
    plain = draw_colour_factors(np.random.default_rng(0), 400, 0.5)
    factors = draw_colour_factors(np.random.default_rng(0), 400, 0.5, 0.25)
    grey = factors[:, 2] == 0
    assert 60 < grey.sum() < 140
    assert (factors[~grey] == plain[~grey]).all()
    assert (factors[:, :2] == plain[:, :2]).all()
    images = torch.rand((400, 3, 4, 4))
    found = jitter_colours(images, torch.from_numpy(factors).float())
    even = (found.amax(dim=1) - found.amin(dim=1)).amax(dim=(1, 2)) < 1e-5
    assert (even.numpy() == grey).all()
