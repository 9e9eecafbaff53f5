"""Resizing, differentiating and warping a batch of images in the Brox solver, in PyTorch.

The numbers are those of `steps` and `warping`, up to rounding. Sums are written out: convolutions
are rounded to fewer bits on some devices.
"""

import cv2
import torch
from torch import Tensor
from torch.nn import functional


def smooth(images: Tensor, sigma: float) -> Tensor:
    """Return images (n, count, height, width) after a Gauss filter; sigma in px, 0 for none."""
    if not sigma:
        return images
    radius = round(8 * sigma + 1) // 2  # as OpenCV's
    kernel = cv2.getGaussianKernel(2 * radius + 1, sigma)[:, 0].tolist()
    for axis in (-1, -2):
        smoothed = torch.zeros_like(images)
        for weight, shifted in zip(kernel, _shifted(images, radius, axis), strict=True):
            smoothed.add_(shifted, alpha=weight)
        images = smoothed
    return images


def resize(images: Tensor, height: int, width: int) -> Tensor:
    """Return images (n, count, rows, columns) at another size, interpolated linearly."""
    return functional.interpolate(images, (height, width), mode="bilinear", align_corners=False)


def enlarge(flow: Tensor, height: int, width: int) -> Tensor:
    """Return a flow (2, count, rows, columns) at a finer level's size, in that level's pixels."""
    rows, columns = flow.shape[2:]
    enlarged = resize(flow, height, width)
    enlarged[0] *= width / columns
    enlarged[1] *= height / rows
    return enlarged


def derivatives(first: Tensor, second: Tensor, flow: Tensor) -> Tensor:
    """Return the derivatives that the data terms are linearised with, as `steps.linearise`.

    Args:
        first: (count, height, width).
        second: The same shape.
        flow: (2, count, height, width), px.

    Returns:
        (8, count, height, width): change in time T; derivatives in space X, Y of the mean of both
        images; those of the change TX, TY; second ones in space XX, XY, YY. 0 where the flow leads
        out of the image.
    """
    warped, inside = _warp(second, flow)
    found = first.new_empty((8, *first.shape))
    change = torch.sub(warped, first, out=found[0])
    both = torch.stack([warped.add_(first).mul_(0.5), change])
    _derive(both, -1, found[1:4:2])
    _derive(both, -2, found[2:5:2])
    _derive(found[1:2], -1, found[5:6])
    _derive(found[1:3], -2, found[6:8])
    return found.mul_(inside)


def normalise(derivatives: Tensor, floor: float) -> None:
    """Divide each data term by the length of its gradient, as `normalisation.normalise`.

    Args:
        derivatives: (8, count, height, width) of `derivatives`, changed in place.
        floor: Grey levels a px below which a gradient is taken for noise.
    """
    _, x, y, _, _, xx, xy, yy = derivatives
    grey = torch.rsqrt(x * x + y * y + floor**2)
    gradient = torch.rsqrt((xx * xx + yy * yy) / 2 + xy * xy + floor**2)
    derivatives[:3] *= grey
    derivatives[3:] *= gradient


def _warp(images: Tensor, flow: Tensor) -> tuple[Tensor, Tensor]:
    """Look up images at x + u, y + v, as `warping.warp_bicubic`, whose kernel is PyTorch's.

    In double precision, since PyTorch counts places in halves of the image: those of images that do
    not move would be rounded to neighbouring ones.
    """
    height, width = images.shape[1:]
    x = torch.arange(width, dtype=torch.float64, device=images.device)
    y = torch.arange(height, dtype=torch.float64, device=images.device)[:, None]
    across = (flow[0] + x).add_(0.5).mul_(2 / width).sub_(1)
    down = (flow[1] + y).add_(0.5).mul_(2 / height).sub_(1)
    inside = (across.abs() <= 1) & (down.abs() <= 1)
    warped = functional.grid_sample(
        images[:, None].double(),
        torch.stack([across, down], dim=-1),
        mode="bicubic",
        padding_mode="border",
        align_corners=False,
    )
    return warped[:, 0].to(images.dtype), inside


def _derive(images: Tensor, axis: int, out: Tensor) -> None:
    """Differentiate images (n, count, height, width): central differences of fourth order."""
    before2, before, _, behind, behind2 = _shifted(images, 2, axis)
    torch.sub(behind, before, out=out).mul_(8 / 12)
    out.sub_(behind2, alpha=1 / 12).add_(before2, alpha=1 / 12)


def _shifted(images: Tensor, most: int, axis: int) -> list[Tensor]:
    """Return images shifted by -most ... most pixels; outside, the outermost pixels go on."""
    padding = (most, most, 0, 0) if axis == -1 else (0, 0, most, most)
    padded = functional.pad(images, padding, mode="replicate")
    return [padded.narrow(axis, shift, images.shape[axis]) for shift in range(2 * most + 1)]
