"""Looking up images at displaced places."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.flow.compiled import compiled

Floats = NDArray[Any]

# Replicated pixels that `warp_bicubic` needs around an image.
PADDING = 4


@compiled
def warp_bicubic(image: Floats, flow: Floats, warped: Floats, inside: Floats) -> None:
    """Look up an image at x + u, y + v with Keys' cubic convolution (a = -0.75, as OpenCV's).

    Args:
        image: (height + 8, width + 8), the image with `PADDING` replicated pixels around it.
        flow: (2, height, width): u, v; px.
        warped: (height, width), written.
        inside: (height, width), written: 1 where the place lies in the area of the image (half a
            pixel around the outermost centres), else 0.
    """
    _, height, width = flow.shape
    number = image.dtype.type
    zero, one, two, three = number(0), number(1), number(2), number(3)
    half, a = number(0.5), number(-0.75)
    last_x, last_y = number(width - 1), number(height - 1)
    pixels = image.reshape(-1)
    # Unsigned indices keep numba from testing for negative ones at each look-up.
    stride = np.uint64(image.shape[1])
    next1, next2, next3 = np.uint64(1), np.uint64(2), np.uint64(3)
    for y in range(height):
        for x in range(width):
            # Places are kept as whole and fraction: their sum would cost a float32 five bits.
            u, v = flow[0, y, x], flow[1, y, x]
            left, right = number(-x), last_x - number(x)
            up, down = number(-y), last_y - number(y)
            within_x = left - half <= u <= right + half
            within_y = up - half <= v <= down + half
            inside[y, x] = one if within_x and within_y else zero
            u = min(max(u, left - one), right + one)
            v = min(max(v, up - one), down + one)
            whole_u, whole_v = np.floor(u), np.floor(v)
            column = x + np.int32(whole_u) + PADDING - 1
            row = y + np.int32(whole_v) + PADDING - 1
            t = u - whole_u
            s = one - t
            x0 = a * t * s * s
            x1 = ((a + two) * t - (a + three)) * t * t + one
            x2 = ((a + two) * s - (a + three)) * s * s + one
            x3 = a * s * t * t
            t = v - whole_v
            s = one - t
            y0 = a * t * s * s
            y1 = ((a + two) * t - (a + three)) * t * t + one
            y2 = ((a + two) * s - (a + three)) * s * s + one
            y3 = a * s * t * t
            i = np.uint64(row) * stride + np.uint64(column)
            r0 = x0 * pixels[i] + x1 * pixels[i + next1]
            r0 += x2 * pixels[i + next2] + x3 * pixels[i + next3]
            i += stride
            r1 = x0 * pixels[i] + x1 * pixels[i + next1]
            r1 += x2 * pixels[i + next2] + x3 * pixels[i + next3]
            i += stride
            r2 = x0 * pixels[i] + x1 * pixels[i + next1]
            r2 += x2 * pixels[i + next2] + x3 * pixels[i + next3]
            i += stride
            r3 = x0 * pixels[i] + x1 * pixels[i + next1]
            r3 += x2 * pixels[i + next2] + x3 * pixels[i + next3]
            warped[y, x] = y0 * r0 + y1 * r1 + y2 * r2 + y3 * r3


@compiled
def warp_bilinear(images: Floats, flow: Floats, warped: Floats) -> None:
    """Look up images at x + u, y + v with bilinear interpolation, mirrored at the borders.

    Args:
        images: (n, height, width).
        flow: (2, height, width): u, v; px.
        warped: (n, height, width), written.
    """
    count, height, width = images.shape
    number = images.dtype.type
    half, two = number(0.5), number(2)
    for y in range(height):
        for x in range(width):
            at_x = abs(number(x) + flow[0, y, x] + half) % number(2 * width)
            at_y = abs(number(y) + flow[1, y, x] + half) % number(2 * height)
            at_x = min(at_x, two * number(width) - at_x) - half
            at_y = min(at_y, two * number(height) - at_y) - half
            column, row = int(np.floor(at_x)), int(np.floor(at_y))
            s, t = at_x - number(column), at_y - number(row)
            left, right = max(column, 0), min(column + 1, width - 1)
            above, below = max(row, 0), min(row + 1, height - 1)
            for i in range(count):
                upper = images[i, above, left]
                upper += s * (images[i, above, right] - upper)
                lower = images[i, below, left]
                lower += s * (images[i, below, right] - lower)
                warped[i, y, x] = upper + t * (lower - upper)
