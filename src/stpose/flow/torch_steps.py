"""Resizing, differentiating, warping and filtering a batch of images, in PyTorch."""

import cv2
import torch
from torch import Tensor
from torch.nn import functional


def smooth(images: Tensor, sigma: float) -> Tensor:
    if not sigma:
        return images
    radius = round(sigma * 8 + 1) // 2
    kernel = cv2.getGaussianKernel(2 * radius + 1, sigma)[:, 0].tolist()
    for axis in (-1, -2):
        images = _correlate(images, kernel, axis)
    return images


def _pad(images: Tensor, x: int, y: int) -> Tensor:
    return functional.pad(images, (x, x, y, y), mode="replicate")


def _correlate(images: Tensor, kernel: list[float], axis: int) -> Tensor:
    radius = len(kernel) // 2
    size = images.shape[axis]
    padded = _pad(images, *((radius, 0) if axis == -1 else (0, radius)))
    total = padded.narrow(axis, radius, size) * kernel[radius]
    for i in range(radius):
        pair = padded.narrow(axis, i, size) + padded.narrow(axis, 2 * radius - i, size)
        total.add_(pair, alpha=kernel[i])
    return total


def _derive(images: Tensor, axis: int) -> Tensor:
    size = images.shape[axis]
    padded = _pad(images, *((2, 0) if axis == -1 else (0, 2)))
    m2, m1, _, p1, p2 = (padded.narrow(axis, i, size) for i in range(5))
    total = torch.sub(p1, m1).mul_(8 / 12)
    return total.add_(torch.sub(p2, m2), alpha=-1 / 12)


def resize(images: Tensor, height: int, width: int) -> Tensor:
    return functional.interpolate(images, (height, width), mode="bilinear", align_corners=False)


def enlarge(flow: Tensor, height: int, width: int) -> Tensor:
    rows, columns = flow.shape[-2:]
    flow = resize(flow, height, width)
    flow[0] *= width / columns
    flow[1] *= height / rows
    return flow


def derivatives(first: Tensor, second: Tensor, flow: Tensor) -> Tensor:
    """T,X,Y,TX,TY,XX,XY,YY."""
    out = first.new_empty((8, *first.shape))
    warped, inside = warp(second, flow)
    torch.sub(warped, first, out=out[0])
    both = torch.stack([(warped + first) * 0.5, out[0]])
    out[1::2][:2] = _derive(both, -1)
    out[2:5:2] = _derive(both, -2)
    out[5] = _derive(out[1:2], -1)[0]
    out[6:8] = _derive(out[1:3], -2)
    return out.mul_(inside)


def warp(images: Tensor, flow: Tensor):
    count, height, width = images.shape
    x = torch.arange(width, device=images.device, dtype=images.dtype)
    y = torch.arange(height, device=images.device, dtype=images.dtype)[:, None]
    (u, v) = flow
    left, right, up, down = -x, width - 1 - x, -y, height - 1 - y
    inside = (u >= left - 0.5) & (u <= right + 0.5) & (v >= up - 0.5) & (v <= down + 0.5)
    u = u.clamp(left - 1, right + 1)
    v = v.clamp(up - 1, down + 1)
    whole_u, whole_v = u.floor(), v.floor()
    row = width + 8
    at = (whole_v + (y + 3)).long() * row + (whole_u + (x + 3)).long()
    at = at.view(count, -1)
    pixels = _pad(images[None], 4, 4).view(count, -1)
    xs = keys((u - whole_u).view(count, -1))
    ys = keys((v - whole_v).view(count, -1))
    length = pixels.shape[1] - 3 * row - 3
    warped = torch.zeros_like(xs[0])
    for j in range(4):
        line = torch.zeros_like(warped)
        for i in range(4):
            start = j * row + i
            line.addcmul_(xs[i], torch.gather(pixels[:, start : start + length], 1, at))
        warped.addcmul_(ys[j], line)
    return warped.view_as(images), inside


def keys(t: Tensor):
    a = -0.75
    s = 1 - t
    return (a * t * s * s, ((a + 2) * t - (a + 3)) * t * t + 1, ((a + 2) * s - (a + 3)) * s * s + 1, a * s * t * t)


_SORT3 = [(0,1),(1,2),(0,1)]
_PAIRS = [(0,1),(2,3)]
_SORT5 = [(1,3),(0,2),(1,2),(3,4),(2,3),(1,2),(0,1)]


def _exchange(values, network, wanted):
    live = set(wanted)
    plan = []
    for low, high in reversed(network):
        plan.append((low, high, low in live, high in live))
        if low in live or high in live:
            live |= {low, high}
    values = list(values)
    for low, high, kl, kh in reversed(plan):
        a, b = values[low], values[high]
        if kl:
            values[low] = torch.minimum(a, b)
        if kh:
            values[high] = torch.maximum(a, b)
    return [values[k] for k in wanted]


def median(images: Tensor, side: int) -> Tensor:
    if side == 3:
        return median3(images)
    h, w = images.shape[-2:]
    p = _pad(images, 2, 2)
    lo = torch.minimum(p[..., :-1, :], p[..., 1:, :])
    hi = torch.maximum(p[..., :-1, :], p[..., 1:, :])
    cols = [lo[..., :h, :], hi[..., :h, :], lo[..., 2:h+2, :], hi[..., 2:h+2, :], p[..., 4:, :]]
    cols = _exchange(cols, _SORT5, range(5))
    low, mid, up = [], [], []
    for k, wanted in enumerate([(3, 4), (2, 3, 4), (1, 2, 3), (0, 1, 2), (0, 1)]):
        c = cols[k]
        lo = torch.minimum(c[..., :-1], c[..., 1:])
        hi = torch.maximum(c[..., :-1], c[..., 1:])
        v = [lo[..., :w], hi[..., :w], lo[..., 2:w+2], hi[..., 2:w+2], c[..., 4:]]
        found = dict(zip(wanted, _exchange(v, _SORT5, wanted)))
        for r, x in found.items():
            {3: low, 4: mid, 5: up}[r + k].append(x)
    from functools import reduce
    m, = _exchange(mid, _PAIRS + _SORT5, (2,))
    l = reduce(torch.maximum, low)
    u = reduce(torch.minimum, up)
    return _exchange([l, m, u], _SORT3, (1,))[0]
