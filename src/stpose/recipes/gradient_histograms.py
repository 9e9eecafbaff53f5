"""Histograms of gradients of many pictures at once (after Dalal and Triggs 2005)."""

import math

import torch
import torch.nn.functional as functional
from torch import Tensor

from stpose.recipes.augmentation import BRIGHTNESS

BINS = 9
CELL_PX = 10
_LEAST = 1e-5  # so that noise in an even area is not taken for edges


def gradient_histograms(images: Tensor) -> Tensor:
    """Return how strong edges of each direction are in each cell of pictures.

    A gradient counts in the two bins next to its direction, light to dark or dark to light alike,
    and in its cell of 10 px. A cell is measured against itself and the eight around it.

    Args:
        images: (N, 3, S, S) RGB in 0 to 1, S a multiple of `CELL_PX`.

    Returns:
        (N, 9, S / 10, S / 10). Bin b stands for gradients at b x 20 degrees, counted from right to
        down, and a mirrored picture has the mirrored histograms (`mirrored`).
    """
    weights = torch.tensor(BRIGHTNESS, dtype=images.dtype, device=images.device)
    grey = (images * weights.view(1, 3, 1, 1)).sum(dim=1, keepdim=True)
    grey = functional.pad(grey, (1, 1, 1, 1), mode="replicate")[:, 0]
    across = grey[:, 1:-1, 2:] - grey[:, 1:-1, :-2]
    down = grey[:, 2:, 1:-1] - grey[:, :-2, 1:-1]
    strength = torch.hypot(across, down)
    place = torch.atan2(down, across).remainder(math.pi) * (BINS / math.pi)
    lower = place.floor()
    share = place - lower
    first = lower.long().remainder(BINS)
    found = torch.zeros(
        len(images), BINS, *strength.shape[1:], dtype=images.dtype, device=images.device
    )
    found.scatter_add_(1, first[:, None], (strength * (1 - share))[:, None])
    found.scatter_add_(1, ((first + 1) % BINS)[:, None], (strength * share)[:, None])
    cells = functional.avg_pool2d(found, CELL_PX)
    energy = (cells**2).sum(dim=1, keepdim=True)
    around = functional.avg_pool2d(energy, 3, stride=1, padding=1, count_include_pad=False)
    return cells / (around + _LEAST).sqrt()


def mirrored(histograms: Tensor) -> Tensor:
    """Return the histograms (N, 9, C, C) of the pictures flipped left to right."""
    bins = torch.arange(BINS, device=histograms.device)
    return histograms[:, (-bins) % BINS].flip(3)
