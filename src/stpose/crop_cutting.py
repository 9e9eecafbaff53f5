"""Cutting boxes out of square crops, batched on the device."""

from typing import Literal

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from stpose.geometry import square_around

CropMode = Literal["warp", "square"]
_CROPS_AT_A_TIME = 8


def box_transforms(
    boxes: NDArray[np.floating],
    size_px: int,
    mirror: NDArray[np.bool_],
    rotation: NDArray[np.floating],
    mode: CropMode = "warp",
) -> Tensor:
    """Return the affine maps from cut-out pictures to crops.

    Args:
        boxes: (N, 4) boxes in crop px.
        size_px: Side of the crops.
        mirror: (N,) whether to flip left and right.
        rotation: (N,) turn about the box's centre, degrees.
        mode: "warp" stretches the box to a square; "square" grows its shorter side.

    Returns:
        (N, 2, 3) float32; in pictures and crops alike x and y run from -1 to 1 between the outer
        edges.
    """
    box = square_around(boxes) if mode == "square" else np.asarray(boxes, np.float64)
    half = (box[:, 2:] - box[:, :2]) / size_px
    centre = (box[:, 2:] + box[:, :2]) / size_px - 1
    angle = np.deg2rad(np.asarray(rotation, np.float64))
    cosine, sine = np.cos(angle), np.sin(angle)
    # Flipped and stretched to the box first, then turned: the turn is rigid in crop pixels.
    across, down = half[:, 0] * np.where(mirror, -1.0, 1.0), half[:, 1]
    rows = [
        np.stack([cosine * across, -sine * down, centre[:, 0]], axis=1),
        np.stack([sine * across, cosine * down, centre[:, 1]], axis=1),
    ]
    return torch.from_numpy(np.stack(rows, axis=1)).float()


def cut_boxes(crops: Tensor, transforms: Tensor, input_px: int) -> Tensor:
    """Cut boxes out of crops with bilinear interpolation; beyond its edge a crop is repeated.

    Args:
        crops: (N, C, size, size) uint8: pictures in colour, or maps.
        transforms: (N, 2, 3) of `box_transforms`.
        input_px: Side S of the cut-outs.

    Returns:
        (N, C, S, S) float32 in 0 to 1, on the device of the crops.
    """
    transforms = transforms.to(crops.device)
    out = torch.empty((*crops.shape[:2], input_px, input_px), device=crops.device)
    # On a CPU only a few crops are floats at a time: those stay in its cache (4 times faster).
    few = max(1, len(crops)) if crops.is_cuda else _CROPS_AT_A_TIME
    for start in range(0, len(crops), few):
        part = slice(start, start + few)
        pixels = crops[part].float().contiguous()
        grid = picture_grid(transforms[part], input_px)
        out[part] = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    return out.div_(255)


def inside_boxes(transforms: Tensor, boxes: Tensor, input_px: int) -> Tensor:
    """Return which pixels of cut-outs come from within boxes in their crops.

    Args:
        transforms: (N, 2, 3) of `box_transforms`.
        boxes: (N, 4) in shares of the crop, 0 to 1, on the same device.
        input_px: Side S of the cut-outs.

    Returns:
        (N, S, S) bool.
    """
    places = (picture_grid(transforms, input_px) + 1) / 2
    box = boxes[:, None, None]
    return ((places >= box[..., :2]) & (places < box[..., 2:])).all(dim=-1)


def picture_grid(transforms: Tensor, input_px: int) -> Tensor:
    """Return where in the crops the pixels of the cut-outs lie: (N, S, S, 2), from -1 to 1."""
    shape = [len(transforms), 3, input_px, input_px]
    return functional.affine_grid(transforms, shape, align_corners=False)
