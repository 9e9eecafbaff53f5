"""Random changes of pictures that leave the pose as it is: drawn on the CPU, applied in batches."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stpose.recipes.groups import Floats

# Weights of red, green and blue in brightness (ITU-R BT.601).
BRIGHTNESS = (0.299, 0.587, 0.114)


def jitter_boxes(
    generator: np.random.Generator, boxes: Floats, shift: float, scale: float
) -> Floats:
    """Move and scale boxes, each by itself, aspect kept.

    Args:
        generator: Where chance comes from.
        boxes: (n, 4) px.
        shift: Largest displacement, in sizes of the box.
        scale: The size changes by a factor from 1 / (1 + scale) to 1 + scale.

    Returns:
        (n, 4) px; they may reach beyond the crop.
    """
    extent = boxes[:, 2:] - boxes[:, :2]
    centre = (boxes[:, 2:] + boxes[:, :2]) / 2
    centre = centre + generator.uniform(-shift, shift, centre.shape) * extent
    factor = (1 + scale) ** generator.uniform(-1, 1, (len(boxes), 1))
    return np.concatenate([centre - extent * factor / 2, centre + extent * factor / 2], axis=1)


def draw_turns(
    generator: np.random.Generator, groups: int, mirror: float, rotation: float
) -> tuple[NDArray[np.bool_], Floats]:
    """Draw for each group of pictures whether it is flipped, and by how much it is turned.

    The pictures of a group are changed alike: a flip within a pair would say nothing of the pose.

    Args:
        generator: Where chance comes from.
        groups: How many groups.
        mirror: Share that is flipped.
        rotation: Largest turn to either side (degrees).

    Returns:
        (groups,) flips and (groups,) turns in degrees.
    """
    return generator.random(groups) < mirror, generator.uniform(-rotation, rotation, groups)


def draw_colour_factors(
    generator: np.random.Generator, count: int, strength: float, grey_share: float = 0.0
) -> Floats:
    """Draw brightness, contrast and saturation factors (count, 3) from 1 - to 1 + strength.

    Of a share of the pictures, `grey_share`, the saturation is 0.
    """
    factors = generator.uniform(1 - strength, 1 + strength, (count, 3))
    if grey_share:
        factors[generator.random(count) < grey_share, 2] = 0
    return factors


def jitter_colours(images: Tensor, factors: Tensor) -> Tensor:
    """Change brightness, contrast (about the mean grey) and saturation, in this order.

    All three are linear in the pixels, so they are applied as one colour matrix and offset.

    Args:
        images: (N, 3, S, S) in 0 to 1.
        factors: (N, 3) of `draw_colour_factors`, same device.

    Returns:
        (N, 3, S, S), cut to 0 to 1.
    """
    brightness, contrast, saturation = factors.to(images.dtype).T
    weights = torch.tensor(BRIGHTNESS, dtype=images.dtype, device=images.device)
    mean_grey = images.mean(dim=(2, 3)) @ weights * brightness
    same = torch.eye(3, dtype=images.dtype, device=images.device)
    grey = weights.expand(3, 3)
    mixed = saturation[:, None, None] * same + (1 - saturation)[:, None, None] * grey
    matrix = mixed * (brightness * contrast)[:, None, None]
    offset = ((1 - contrast) * mean_grey)[:, None, None].expand(-1, 3, 1)
    changed = torch.baddbmm(offset, matrix, images.flatten(2))
    return changed.view(images.shape).clamp_(0, 1)
