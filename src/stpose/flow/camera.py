"""The camera's motion: what the background shows, taken off everywhere."""

import numpy as np
from numpy.typing import NDArray

_MOST_POINTS = 1500
_ITERATIONS = 10
# Pixels whose flow is off by several times the usual error hardly count: they move by themselves.
_SMALLEST_SCALE = 0.05
_FEWEST_POINTS = 12


def take_off_camera(
    flow: NDArray[np.float32], background: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return the flow less the camera's motion, which is taken for an affine map of the image.

    The six numbers are fitted to the background by iterated least squares in which a pixel
    counts less the worse it fits (weights of Geman and McClure), so that a minority of it may move
    by itself. Where the background is next to nothing, the flow stays as it is.

    Args:
        flow: (height, width, 2) u and v, in any unit of length.
        background: (height, width) pixels that no person covers.

    Returns:
        (height, width, 2) in the same unit.
    """
    height, width = background.shape
    rows, columns = np.nonzero(background)
    if len(rows) < _FEWEST_POINTS:
        return flow
    step = -(-len(rows) // _MOST_POINTS)
    rows, columns = rows[::step], columns[::step]
    design = _design(rows, columns, height, width)
    observed = flow[rows, columns].astype(np.float64)
    weights = np.ones(len(rows))
    motion: NDArray[np.floating] = np.zeros((3, 2))
    for _ in range(_ITERATIONS):
        weighted = design * weights[:, None]
        motion = np.linalg.lstsq(weighted.T @ design, weighted.T @ observed, rcond=None)[0]
        error = np.linalg.norm(observed - design @ motion, axis=1)
        scale = max(_SMALLEST_SCALE, 1.5 * float(np.median(error)))
        weights = 1 / (1 + (error / scale) ** 2) ** 2
    every_row, every_column = np.indices((height, width)).reshape(2, -1)
    every = _design(every_row, every_column, height, width)
    camera = (every @ motion).reshape(height, width, 2)
    return (flow - camera).astype(np.float32)


def _design(
    rows: NDArray[np.int64], columns: NDArray[np.int64], height: int, width: int
) -> NDArray[np.float64]:
    """Return 1, x and y of pixels; x and y from -1 to 1, so that the fit is well conditioned."""
    x = 2 * (columns + 0.5) / width - 1
    y = 2 * (rows + 0.5) / height - 1
    return np.stack([np.ones(len(rows)), x, y], axis=1)
