"""Optical flow between images, by any of the solvers."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.flow.parameters import (
    BroxParameters,
    DisParameters,
    Parameters,
    TorchParameters,
    VariationalParameters,
)


def optical_flow(
    first: NDArray[Any], second: NDArray[Any], parameters: Parameters
) -> NDArray[np.float32]:
    """Compute the optical flow between two images.

    Identical images give exactly zero. How many threads OpenCV uses is left to the caller.

    Args:
        first: (height, width) grey levels or (height, width, 3) BGR: uint8, uint16, or floating
            point numbers in [0, 1]. All is computed on grey levels.
        second: The same shape.
        parameters: Their type chooses the solver; `presets.find_preset` has named ones.

    Returns:
        (height, width, 2): u to the right and v downwards, px; first(x, y) = second(x + u, y + v).

    Raises:
        InputError: The images are of unlike or unusable shapes or types, or hold NaN, infinity or
            numbers out of range.
    """
    pair = grey_levels(first, "first image"), grey_levels(second, "second image")
    flow: NDArray[np.float32] = _solve([pair], parameters)[0]
    return flow


def optical_flow_batch(
    first: Sequence[NDArray[Any]], second: Sequence[NDArray[Any]], parameters: Parameters
) -> NDArray[np.float32]:
    """Compute the optical flow between the images of many pairs.

    This is the same as calling `optical_flow` for each pair, but `TorchParameters` have them
    solved together.

    Args:
        first: An image of each pair, all of one size; see `optical_flow`.
        second: The other ones, as many and of the same size.
        parameters: Their type chooses the solver.

    Returns:
        (count, height, width, 2): the flow of each pair.

    Raises:
        InputError: There are no images or not equally many, or `optical_flow` would refuse one.
    """
    if not 0 < len(first) == len(second):
        message = f"{len(first)} first and {len(second)} second images, expected equally many"
        raise InputError(message)
    pairs = [
        (
            grey_levels(one, f"first image of pair {n}"),
            grey_levels(two, f"second image of pair {n}"),
        )
        for n, (one, two) in enumerate(zip(first, second, strict=True))
    ]
    return _solve(pairs, parameters)


def _solve(
    pairs: list[tuple[NDArray[np.float32], NDArray[np.float32]]], parameters: Parameters
) -> NDArray[np.float32]:
    """Return the flows (count, height, width, 2) of pairs of grey levels."""
    shape = pairs[0][0].shape
    for image in (image for pair in pairs for image in pair):
        if image.shape != shape:
            message = f"images of unlike sizes: {_size(shape)} and {_size(image.shape)}, expected "
            message += "equal ones"
            raise InputError(message)
    flows = np.zeros((len(pairs), *shape, 2), np.float32)
    moving = [
        n for n, (one, two) in enumerate(pairs) if one.size > 1 and not np.array_equal(one, two)
    ]
    # Imported here because compiled code takes most of a second to load, and PyTorch some.
    if isinstance(parameters, TorchParameters):
        if moving:
            from stpose.flow.torch_solver import torch_flow

            first, second = (np.stack([pairs[n][i] for n in moving]) for i in (0, 1))
            flows[moving] = torch_flow(first, second, parameters)
        return flows
    for n in moving:
        flows[n] = _solve_pair(*pairs[n], parameters)
    return flows


def _solve_pair(
    one: NDArray[np.float32],
    two: NDArray[np.float32],
    parameters: BroxParameters | VariationalParameters | DisParameters,
) -> NDArray[Any]:
    if isinstance(parameters, DisParameters):
        from stpose.flow.dis import dis_flow

        return dis_flow(one, two, parameters)
    if isinstance(parameters, VariationalParameters):
        from stpose.flow.variational import variational_flow

        return variational_flow(one, two, parameters)
    from stpose.flow.brox import brox_flow

    return brox_flow(one, two, parameters)


def grey_levels(image: NDArray[Any], name: str) -> NDArray[np.float32]:
    """Return an image (height, width) or (height, width, 3) as grey levels in [0, 1].

    Raises:
        InputError: Its shape, type or values are unusable; the message begins with `name`.
    """
    image = np.asarray(image)
    if image.size == 0 or not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)):
        message = f"{name}: shape {image.shape}, expected (height, width) or (height, width, 3)"
        raise InputError(message)
    if np.issubdtype(image.dtype, np.floating):
        if not np.isfinite(image).all():
            message = f"{name}: holds NaN or infinity, expected finite grey levels"
            raise InputError(message)
        low, high = float(image.min()), float(image.max())
        if low < 0 or high > 1:
            message = f"{name}: values from {low:g} to {high:g}, expected 0 to 1 (or whole numbers)"
            raise InputError(message)
        scale = 1.0
    elif image.dtype in (np.uint8, np.uint16):
        scale = 1.0 / np.iinfo(image.dtype).max
    else:
        message = f"{name}: type {image.dtype}, expected uint8, uint16 or floating point"
        raise InputError(message)
    if image.ndim == 3:
        if image.dtype not in (np.uint8, np.uint16):
            image = image.astype(np.float32)
        image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.ascontiguousarray(image, np.float32) * np.float32(scale)


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[1]}x{shape[0]}"
