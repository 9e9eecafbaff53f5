"""Constancy in pixels: the data terms divided by the gradient that they are measured with.

H. Zimmer, A. Bruhn, J. Weickert: Optic flow in harmony. IJCV 93, 2011, section 3.1. Without it an
edge weighs the more the more contrast it has, and grey levels that nearly agree far away from a
steep edge cost as much as a motion that is wrong by pixels.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.flow import kernels
from stpose.flow.compiled import compiled

Floats = NDArray[Any]


@compiled
def normalise(derivatives: Floats, floor: Any) -> None:
    """Divide each data term by the length of its gradient, so that what is left over is in px.

    The two equations of the gradient's constancy share one divisor, the root mean square of the
    lengths of theirs, since they share one robust weight.

    Args:
        derivatives: (8 fields of `kernels`, height, width), changed in place.
        floor: Grey levels a px below which a gradient is taken for noise; of the arrays' type.
    """
    _, height, width = derivatives.shape
    number = derivatives.dtype.type
    one, half = number(1), number(0.5)
    least = floor * floor
    for row in range(height):
        for column in range(width):
            x, y = derivatives[kernels.X, row, column], derivatives[kernels.Y, row, column]
            factor = one / np.sqrt(x * x + y * y + least)
            derivatives[kernels.T, row, column] *= factor
            derivatives[kernels.X, row, column] *= factor
            derivatives[kernels.Y, row, column] *= factor
            xx, xy = derivatives[kernels.XX, row, column], derivatives[kernels.XY, row, column]
            yy = derivatives[kernels.YY, row, column]
            factor = one / np.sqrt(half * (xx * xx + yy * yy) + xy * xy + least)
            derivatives[kernels.TX, row, column] *= factor
            derivatives[kernels.TY, row, column] *= factor
            derivatives[kernels.XX, row, column] *= factor
            derivatives[kernels.XY, row, column] *= factor
            derivatives[kernels.YY, row, column] *= factor
