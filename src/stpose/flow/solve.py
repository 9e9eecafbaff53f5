"""Optical flow between two images, by any of the solvers."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.flow.parameters import DisParameters, Parameters, VariationalParameters


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
    one, two = grey_levels(first, "first image"), grey_levels(second, "second image")
    if one.shape != two.shape:
        message = f"images of unlike sizes: {_size(one)} and {_size(two)}, expected equal ones"
        raise InputError(message)
    if one.size == 1 or np.array_equal(one, two):
        return np.zeros((*one.shape, 2), np.float32)
    # Imported here because compiled code takes most of a second to load.
    if isinstance(parameters, DisParameters):
        from stpose.flow.dis import dis_flow

        flow = dis_flow(one, two, parameters)
    elif isinstance(parameters, VariationalParameters):
        from stpose.flow.variational import variational_flow

        flow = variational_flow(one, two, parameters)
    else:
        from stpose.flow.brox import brox_flow

        flow = brox_flow(one, two, parameters)
    return np.ascontiguousarray(flow, np.float32)


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


def _size(image: NDArray[Any]) -> str:
    return f"{image.shape[1]}x{image.shape[0]}"
