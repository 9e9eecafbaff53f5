"""Cutting boxes out of square crops, batched on the device."""

from typing import Literal

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from stpose.geometry import square_around

CropMode = Literal["warp", "square"]


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


def cut_boxes(
    crops: Tensor, transforms: Tensor, input_px: int, rows: NDArray[np.int64] | None = None
) -> Tensor:
    """Cut boxes out of crops with bilinear interpolation; beyond its edge a crop is repeated.

    Args:
        crops: (M, C, size, size) uint8: pictures in colour, or maps.
        transforms: (N, 2, 3) of `box_transforms`.
        input_px: Side S of the cut-outs.
        rows: (N,) which crop each is cut from; None takes them in their order, M = N.

    Returns:
        (N, C, S, S) float32 in 0 to 1, on the device of the crops.
    """
    if crops.device.type == "cpu":
        return _cut_on_cpu(crops, transforms, input_px, rows)
    if rows is not None:
        crops = crops[torch.from_numpy(rows).to(crops.device)]
    pixels = crops.to(torch.float32, memory_format=torch.contiguous_format)
    grid = picture_grid(transforms.to(crops.device), input_px)
    cut = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    return cut.div_(255)


def _cut_on_cpu(
    crops: Tensor, transforms: Tensor, input_px: int, rows: NDArray[np.int64] | None
) -> Tensor:
    # Only here: a machine that computes on its GPU needs no numba.
    from stpose.crop_kernel import cut_kernel

    rows = np.arange(len(crops)) if rows is None else rows
    out = np.empty((len(rows), crops.shape[1], input_px, input_px), np.float32)
    cut_kernel(crops.numpy(), rows, transforms.numpy(), out)
    return torch.from_numpy(out)


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
