"""Resizing, differentiating and warping as OpenCV's CUDA solver does it.

Its pictures lie with their corner, not their edge, at the origin; it shrinks with a box filter of
its own, and at the left and upper border it mirrors one pixel too far. All of that is visible
in its results, which the preset "opencv" is to reproduce.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.flow import kernels, warping

Floats = NDArray[Any]

_DERIVATIVE = ((-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12))


def level_sizes(
    height: int, width: int, scale: float, smallest_side: int, levels: int
) -> list[tuple[int, int]]:
    """Return the (height, width) of all levels of a pyramid, the finest first.

    Args:
        height: Of the finest level, px.
        width: Of the finest level, px.
        scale: Size of a level by that of the finer one, in (0, 1).
        smallest_side: A level with a shorter side than this is the last one.
        levels: At most so many levels.
    """
    sizes = [(height, width)]
    factor = np.float32(scale)
    while min(sizes[-1]) >= smallest_side and len(sizes) < levels:
        sizes.append(
            (math.ceil(np.float32(height) * factor), math.ceil(np.float32(width) * factor))
        )
        factor *= np.float32(scale)
    return sizes


def shrink(image: Floats, height: int, width: int, scale: float) -> Floats:
    """Return an image at the next level's size."""
    rows, columns = image.shape
    return _resample(image, _box_filter(height, rows, scale), _box_filter(width, columns, scale))


def enlarge(flow: Floats, height: int, width: int, scale: float) -> Floats:
    """Return a flow (2, rows, columns) at a finer level's size, in that level's pixels."""
    _, rows, columns = flow.shape
    enlarged = _resample(flow, _cubic(height, rows, scale), _cubic(width, columns, scale))
    return np.asarray(enlarged * flow.dtype.type(1 / scale))


def linearise(
    first: Floats,
    second: Floats,
    flow: Floats,
    terms: Floats,
    floor: float,  # noqa: ARG001
) -> None:
    """Linearise the data terms around a flow: differentiate the second image, then warp.

    Args:
        first: (height, width).
        second: (height, width).
        flow: (2, height, width), px.
        terms: Written, see `kernels`.
        floor: Not used: OpenCV's data terms are in grey levels.
    """
    x, y = _derive(second, 1), _derive(second, 0)
    images = np.stack([second, x, y, _derive(x, 1), _derive(y, 1), _derive(y, 0)])
    warped = np.empty_like(images)
    warping.warp_bilinear(images, flow, warped)
    derivatives = np.empty((kernels.TERM_FIELDS, *first.shape), first.dtype)
    derivatives[kernels.T] = warped[0] - first
    derivatives[kernels.TX] = warped[1] - _derive(first, 1)
    derivatives[kernels.TY] = warped[2] - _derive(first, 0)
    derivatives[kernels.X :] = warped[1:]
    kernels.pack_terms(derivatives, np.ones_like(first), terms)


def _derive(image: Floats, axis: int) -> Floats:
    size = image.shape[axis]
    total = np.zeros_like(image)
    for offset, weight in _DERIVATIVE:
        at = np.arange(size) + offset
        at = np.where(at < 0, 1 - at, at)
        at = np.where(at >= size, 2 * size - 1 - at, at)
        total += image.dtype.type(weight) * image.take(at.clip(0, size - 1), axis)
    return total


def _resample(image: Floats, rows: Floats, columns: Floats) -> Floats:
    """Apply weights (size, source) along the last two axes."""
    return _apply(_apply(image, rows, -2), columns, -1)


def _apply(image: Floats, weights: Floats, axis: int) -> Floats:
    """Apply weights, of which only a few in a row are not 0, along an axis."""
    first = (weights != 0).argmax(axis=1)
    taps = int((weights != 0).sum(axis=1).max())
    shape = (-1, 1) if axis == -2 else (-1,)
    total = np.zeros((), image.dtype)
    for tap in range(taps + 1):
        at = np.minimum(first + tap, weights.shape[1] - 1)
        weight = np.where(first + tap == at, weights[np.arange(len(at)), at], 0)
        total = total + image.take(at, axis) * weight.astype(image.dtype).reshape(shape)
    return total


def _box_filter(size: int, source: int, scale: float) -> Floats:
    """Weights (size, source) of an average over 2 / scale source pixels around each place."""
    at = np.arange(size)[:, None] / scale
    begin = np.maximum(at - 1 / scale, 0)
    end = np.minimum(at + 1 / scale, source - 1)
    pixel = np.arange(source)[None, :]
    weights = ((pixel > np.floor(begin)) & (pixel < np.ceil(end))).astype(np.float64)
    weights += (pixel == np.floor(begin)) * (1 - begin + np.floor(begin))
    weights += (pixel == np.ceil(end)) * (np.ceil(end) - end)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _cubic(size: int, source: int, scale: float) -> Floats:
    """Weights (size, source) of Catmull-Rom interpolation, cut off at the borders."""
    distance = np.abs(np.arange(size)[:, None] * scale - np.arange(source)[None, :])
    near = distance**2 * (1.5 * distance - 2.5) + 1
    far = distance * (distance * (2.5 - 0.5 * distance) - 4) + 2
    weights = np.where(distance <= 1, near, np.where(distance < 2, far, 0))
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total != 0))
